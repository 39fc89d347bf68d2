// SPDX-License-Identifier: BSD-3-Clause
// What an ICMPv6 error does to the socket that has sent what it is about:
// RFC 4443 §2.4(d), RFC 8085 §5.2, RFC 8201 §4.
#include "udp/error_input.h"

#include "nd/rig.h"
#include "wire/ipv6.h"

namespace sextant {
namespace {

using test::Frame;
using test::Ip6;
using test::Pattern;
using udp::Endpoint;

constexpr const char* kHost = "fd00:6::2";
constexpr const char* kPeer = "fd00:6::1";
constexpr const char* kRouter = "fd00:6::ff";

struct MeaningCase {
  const char* name;
  const char* section;
  uint8_t type;
  uint8_t code;
  Errno error;
  bool fatal;
};

// clang-format off
const MeaningCase kMeaningCases[] = {
    {"NoRoute",        "RFC 4443 §3.1", 1,   0,   Errno::kNetworkUnreachable, false},
    {"Prohibited",     "RFC 4443 §3.1", 1,   1,   Errno::kAccess,             true},
    {"BeyondScope",    "RFC 4443 §3.1", 1,   2,   Errno::kHostUnreachable,    false},
    {"Address",        "RFC 4443 §3.1", 1,   3,   Errno::kHostUnreachable,    false},
    {"Port",           "RFC 4443 §3.1", 1,   4,   Errno::kConnectionRefused,  true},
    {"Policy",         "RFC 4443 §3.1", 1,   5,   Errno::kAccess,             true},
    {"RejectRoute",    "RFC 4443 §3.1", 1,   6,   Errno::kAccess,             true},
    {"LaterCode",      "RFC 4443 §3.1", 1,   7,   Errno::kProtocol,           true},
    {"LastCode",       "RFC 4443 §3.1", 1,   255, Errno::kProtocol,           true},
    {"TooBig",         "RFC 4443 §3.2", 2,   0,   Errno::kMessageSize,        false},
    {"HopLimit",       "RFC 4443 §3.3", 3,   0,   Errno::kHostUnreachable,    false},
    {"Reassembly",     "RFC 4443 §3.3", 3,   1,   Errno::kHostUnreachable,    false},
    {"Field",          "RFC 4443 §3.4", 4,   0,   Errno::kProtocol,           true},
    {"NextHeader",     "RFC 4443 §3.4", 4,   1,   Errno::kProtocol,           true},
    {"Option",         "RFC 4443 §3.4", 4,   2,   Errno::kProtocol,           true},
    {"TypeZero",       "RFC 4443 §2.4", 0,   0,   Errno::kProtocol,           false},
    {"UnknownType",    "RFC 4443 §2.4", 100, 1,   Errno::kProtocol,           false},
};
// clang-format on

class UdpErrorTest : public test::Rig, public testing::WithParamInterface<MeaningCase> {
 protected:
  UdpErrorTest() {
    AddAddress(kHost, iface::AddressState::kPreferred);
    EXPECT_EQ(routes.Add({*Ipv6Prefix::Parse("fd00:6::/64"), test::kLan, {}}), Errno::kOk);
    socket.set_receive_limit(1 << 20);
    EXPECT_EQ(table.Bind(socket, {{}, 5000}, 0), Errno::kOk);
  }
  ~UdpErrorTest() override {
    table.Remove(socket);
    socket.Stop();
    EXPECT_EQ(core.counters().held(), 0U);
  }

  void Connect() {
    EXPECT_EQ(table.Connect(socket, {test::Ip(kPeer), 53}, test::Ip(kHost), 0), Errno::kOk);
  }
  Ip6 Question(size_t size = 8) { return Ip6().From(kHost).To(kPeer).Udp(5000, 53, Pattern(size)); }
  // What becomes of the error.
  DropReason Hear(uint8_t type, uint8_t code, uint32_t value, const Frame& quote) {
    PacketPtr packet =
        pool->Copy(Frame(Ip6().From(kRouter).To(kHost).Icmp6(type, code, value, quote)));
    core.Received(*packet);
    Meta& meta = packet->meta();
    meta.interface = test::kLan;
    meta.upper_offset = wire::Ipv6View::kSize;
    meta.upper_length = static_cast<uint16_t>(packet->length() - wire::Ipv6View::kSize);
    const auto verdict = input.Take(packet, core);
    if (!verdict.held()) core.Drop(std::move(packet), verdict.reason());
    return verdict.reason();
  }
  // "error type code value destination port payload-length"
  std::string Kept() {
    QueuedError error = socket.TakeKeptError();
    std::string line = std::string(strerrorname_np(static_cast<int>(error.error))) + ' ' +
                       std::to_string(static_cast<int>(error.cause.type)) + ' ' +
                       std::to_string(error.cause.code) + ' ' + std::to_string(error.cause.value) +
                       ' ' + error.destination.ToString() + ' ' + std::to_string(error.port) + ' ' +
                       std::to_string(error.payload_length);
    std::vector<uint8_t> payload(error.payload_length);
    EXPECT_TRUE(error.packet->CopyOut(error.payload_offset, payload));
    EXPECT_EQ(payload, Pattern(payload.size()));
    error.packet.Free();
    return line;
  }

  route::RouteTable routes{core, interfaces};
  udp::Table table{core};
  udp::ErrorInput input{table, routes};
  udp::Socket socket;
};

TEST_P(UdpErrorTest, TellsTheConnectedSocketWhatIsFatal) {
  const MeaningCase& c = GetParam();
  Connect();
  EXPECT_EQ(Hear(c.type, c.code, 1280, Question(1300)), DropReason::kNone) << c.section;
  EXPECT_EQ(socket.TakeError(), c.fatal ? c.error : Errno::kOk) << c.section;
  EXPECT_EQ(socket.readiness().events(), uint32_t{kReadyOut});
}

TEST_P(UdpErrorTest, TellsTheUnconnectedSocketNothing) {
  const MeaningCase& c = GetParam();
  EXPECT_EQ(Hear(c.type, c.code, 1280, Question(1300)), DropReason::kNone);
  EXPECT_EQ(socket.TakeError(), Errno::kOk) << c.section;
}

TEST_P(UdpErrorTest, TellsWhoeverReadsTheQueueAll) {
  const MeaningCase& c = GetParam();
  socket.KeepErrors(true);
  EXPECT_EQ(Hear(c.type, c.code, 1280, Question(1300)), DropReason::kNone);
  EXPECT_EQ(socket.pending_error(), c.error) << c.section;
  EXPECT_EQ(Kept(), std::string(strerrorname_np(static_cast<int>(c.error))) + ' ' +
                        std::to_string(c.type) + ' ' + std::to_string(c.code) +
                        " 1280 fd00:6::1 53 1300");
  EXPECT_EQ(socket.pending_error(), Errno::kOk) << "the queue was read";
  EXPECT_EQ(socket.readiness().events(), uint32_t{kReadyOut});
}

INSTANTIATE_TEST_SUITE_P(Rfc4443, UdpErrorTest, testing::ValuesIn(kMeaningCases), test::kNameOf);

TEST_F(UdpErrorTest, NobodyHasSentIt) {
  Connect();
  EXPECT_EQ(Hear(1, 4, 0, Question().Udp(5001, 53)), DropReason::kIcmp6ErrorNotOurs);
  EXPECT_EQ(Hear(1, 4, 0, Question().Udp(5000, 54)), DropReason::kIcmp6ErrorNotOurs);
  EXPECT_EQ(Hear(1, 4, 0, Question().To("fd00:6::9")), DropReason::kIcmp6ErrorNotOurs);
  EXPECT_EQ(socket.TakeError(), Errno::kOk);
}

TEST_F(UdpErrorTest, FindsPortsBehindQuotedHeaders) {
  socket.KeepErrors(true);
  EXPECT_EQ(
      Hear(4, 2, 42, Question().Extension(0, {1, 4, 0, 0, 0, 0}).Extension(44, {0, 1, 0, 0, 0, 9})),
      DropReason::kNone);
  EXPECT_EQ(Kept(), "EPROTO 4 2 42 fd00:6::1 53 8");
}

// The quoted packet was found in a socket before anything is believed.
TEST_F(UdpErrorTest, LearnsThePathMtu) {
  EXPECT_EQ(routes.Resolve(test::Ip(kPeer), 0)->mtu, 1500U);
  EXPECT_EQ(Hear(2, 0, 1400, Question(1452)), DropReason::kNone);
  EXPECT_EQ(routes.Resolve(test::Ip(kPeer), 0)->mtu, 1400U);
  EXPECT_EQ(Hear(2, 0, 1450, Question(1452)), DropReason::kNone);
  EXPECT_EQ(routes.Resolve(test::Ip(kPeer), 0)->mtu, 1400U) << "never raised";
}

TEST_F(UdpErrorTest, ForgedPacketTooBig) {
  Connect();
  EXPECT_EQ(Hear(2, 0, 1280, Question(1452).Udp(5001, 53, Pattern(1452))),
            DropReason::kIcmp6ErrorNotOurs);
  EXPECT_EQ(Hear(2, 0, 1280, Question(1452).To("fd00:6::9")), DropReason::kIcmp6ErrorNotOurs);
  EXPECT_EQ(routes.Resolve(test::Ip(kPeer), 0)->mtu, 1500U);
  EXPECT_EQ(routes.Resolve(test::Ip("fd00:6::9"), 0)->mtu, 1500U);
}

TEST_F(UdpErrorTest, AFullQueueKeepsTheOldest) {
  socket.KeepErrors(true);
  constexpr size_t kMore = 3;
  for (size_t i = 0; i < ErrorQueue::kCapacity + kMore; ++i) {
    EXPECT_EQ(Hear(4, 0, static_cast<uint32_t>(i), Question()), DropReason::kNone);
  }
  EXPECT_EQ(socket.errors()->size(), ErrorQueue::kCapacity);
  EXPECT_EQ(socket.errors()->dropped_full(), kMore);
  EXPECT_EQ(Kept(), "EPROTO 4 0 0 fd00:6::1 53 8");
  EXPECT_EQ(core.counters().delivered, ErrorQueue::kCapacity + kMore);
}

TEST_F(UdpErrorTest, TheQueueCostsNoMoreThanTheReceiveBuffer) {
  socket.KeepErrors(true);
  socket.set_receive_limit(2 * udp::Socket::kBufferCost);
  for (int i = 0; i < 3; ++i) Hear(1, 4, 0, Question());
  EXPECT_EQ(socket.errors()->size(), 2U);
  socket.set_receive_limit(0);
  while (!socket.errors()->empty()) Kept();
  Hear(1, 4, 0, Question());
  EXPECT_EQ(socket.errors()->size(), 1U) << "one always fits";
  EXPECT_EQ(socket.errors()->bytes(), udp::Socket::kBufferCost);
}

TEST_F(UdpErrorTest, SwitchedOffItForgets) {
  socket.KeepErrors(true);
  Hear(1, 4, 0, Question());
  EXPECT_NE(socket.readiness().events() & kReadyError, 0U);
  socket.KeepErrors(false);
  EXPECT_EQ(pool->available(), pool->capacity());
  EXPECT_NE(socket.readiness().events() & kReadyError, 0U) << "the pending error stays";
  EXPECT_EQ(socket.TakeError(), Errno::kConnectionRefused);
  EXPECT_EQ(socket.readiness().events(), uint32_t{kReadyOut});
}

}  // namespace
}  // namespace sextant
