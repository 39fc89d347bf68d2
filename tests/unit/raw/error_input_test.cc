// SPDX-License-Identifier: BSD-3-Clause
// What an ICMPv6 error does to raw sockets: RFC 4443 §2.4(d), RFC 8201 §4.
#include "raw/error_input.h"

#include "nd/rig.h"
#include "wire/ipv6.h"

namespace sextant {
namespace {

using test::Frame;
using test::Ip6;
using test::Pattern;

constexpr const char* kHost = "fd00:6::2";
constexpr const char* kPeer = "fd00:6::1";
constexpr uint8_t kProtocol = 253;

class RawErrorTest : public test::Rig {
 protected:
  RawErrorTest() {
    AddAddress(kHost, iface::AddressState::kPreferred);
    EXPECT_EQ(routes.Add({*Ipv6Prefix::Parse("fd00:6::/64"), test::kLan, {}}), Errno::kOk);
    for (raw::Socket* socket : {&one, &two}) {
      socket->set_receive_limit(1 << 20);
      table.Add(*socket);
    }
  }
  ~RawErrorTest() override {
    for (raw::Socket* socket : {&one, &two}) {
      table.Remove(*socket);
      socket->Stop();
    }
    EXPECT_EQ(core.counters().held(), 0U);
  }

  static Ip6 Ours(size_t size = 8) {
    return Ip6().From(kHost).To(kPeer).Upper(kProtocol, Pattern(size));
  }
  DropReason Hear(uint8_t type, uint8_t code, uint32_t value, const Frame& quote) {
    PacketPtr packet =
        pool->Copy(Frame(Ip6().From("fd00:6::ff").To(kHost).Icmp6(type, code, value, quote)));
    core.Received(*packet);
    Meta& meta = packet->meta();
    meta.interface = test::kLan;
    meta.upper_offset = wire::Ipv6View::kSize;
    meta.upper_length = static_cast<uint16_t>(packet->length() - wire::Ipv6View::kSize);
    const auto verdict = input.Take(packet, core);
    if (!verdict.held()) core.Drop(std::move(packet), verdict.reason());
    return verdict.reason();
  }
  void Connect(raw::Socket& socket) {
    table.Connect(socket, {test::Ip(kPeer), 0}, test::Ip(kHost), 0);
  }
  uint32_t Mtu() { return routes.Resolve(test::Ip(kPeer), 0)->mtu; }
  // "error destination payload".
  static std::string Kept(raw::Socket& socket) {
    QueuedError error = socket.TakeKeptError();
    Frame payload(error.payload_length);
    EXPECT_TRUE(error.packet->CopyOut(error.payload_offset, payload));
    error.packet.Free();
    return std::string(strerrorname_np(static_cast<int>(error.error))) + ' ' +
           error.destination.ToString() + ' ' + std::to_string(payload.size()) + " from " +
           std::to_string(payload.empty() ? -1 : payload[0]);
  }

  route::RouteTable routes{core, interfaces};
  raw::Table table;
  raw::ErrorInput input{table, routes};
  raw::Socket one{kProtocol};
  raw::Socket two{kProtocol};
};

TEST_F(RawErrorTest, UnconnectedOnesHearNothing) {
  EXPECT_EQ(Hear(1, 1, 0, Ours()), DropReason::kNone);
  EXPECT_EQ(one.TakeError(), Errno::kOk);
}

TEST_F(RawErrorTest, ConnectedOnesHearWhatIsFatal) {
  Connect(one);
  EXPECT_EQ(Hear(1, 1, 0, Ours()), DropReason::kNone);
  EXPECT_EQ(one.TakeError(), Errno::kAccess);
  EXPECT_EQ(two.TakeError(), Errno::kOk);
  EXPECT_EQ(Hear(3, 0, 0, Ours()), DropReason::kNone);
  EXPECT_EQ(one.TakeError(), Errno::kOk) << "not fatal";
}

TEST_F(RawErrorTest, AllThatReadTheQueueHearAll) {
  one.KeepErrors(true);
  two.KeepErrors(true);
  two.header_included = true;
  EXPECT_EQ(Hear(3, 0, 0, Ours()), DropReason::kNone);
  EXPECT_EQ(Kept(one), "EHOSTUNREACH fd00:6::1 8 from 0");
  EXPECT_EQ(Kept(two), "EHOSTUNREACH fd00:6::1 48 from 96") << "with its IPv6 header";
  EXPECT_EQ(core.counters().delivered, 1U);
}

TEST_F(RawErrorTest, SomebodyElses) {
  Connect(one);
  Connect(two);
  EXPECT_EQ(Hear(1, 1, 0, Ours().To("fd00:6::9")), DropReason::kIcmp6ErrorNotOurs);
  EXPECT_EQ(Hear(1, 1, 0, Ours().Upper(252, Pattern(8))), DropReason::kIcmp6ErrorNotOurs);
  EXPECT_EQ(one.TakeError(), Errno::kOk);
}

TEST_F(RawErrorTest, LearnsThePathMtuOfWhatItHasSent) {
  Connect(one);
  Connect(two);
  EXPECT_EQ(Hear(2, 0, 1400, Ours(1452).Upper(252, Pattern(1452))), DropReason::kIcmp6ErrorNotOurs);
  EXPECT_EQ(Mtu(), 1500U);
  EXPECT_EQ(Hear(2, 0, 1400, Ours(1452)), DropReason::kNone);
  EXPECT_EQ(Mtu(), 1400U);
}

}  // namespace
}  // namespace sextant
