// SPDX-License-Identifier: BSD-3-Clause
// A whole host with raw sockets: what becomes of packets that they read, beside
// the protocols of the host and in place of those that it does not speak.
// RFC 3542 §3, RFC 8200 §4.
// Owned by one Core.
#include "packet/host_rig.h"
#include "raw/socket.h"

namespace sextant::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr uint8_t kProtocol = 253;

class RawEnd {
 public:
  RawEnd(HostRig& rig, uint8_t protocol) : rig_(rig), socket_(protocol) {
    socket_.set_receive_limit(1 << 20);
    rig_.graph().raw().Add(socket_);
  }
  ~RawEnd() {
    rig_.graph().raw().Remove(socket_);
    socket_.Stop();
  }
  raw::Socket* operator->() { return &socket_; }
  raw::Socket& operator*() { return socket_; }
  // The data of what waits.
  Lines Received() {
    Lines lines;
    while (PacketPtr packet = socket_.Pop()) {
      const raw::Payload payload = raw::PayloadOf(*packet);
      std::string data(payload.length, '\0');
      EXPECT_TRUE(packet->CopyOut(
          payload.offset, MutableBytes(reinterpret_cast<uint8_t*>(data.data()), data.size())));
      lines.push_back(data);
      packet.Free();
    }
    return lines;
  }

 private:
  HostRig& rig_;
  raw::Socket socket_;
};

class RawScenario : public testing::Test {
 protected:
  static Ip6 FromPeer() { return Ip6().From(kPeer).To(kHost); }
  HostRig rig_;
};

TEST_F(RawScenario, AProtocolThatNobodyElseSpeaks) {
  const Frame packet = OnWire(FromPeer().Upper(kProtocol, "hello"));
  {
    RawEnd one(rig_, kProtocol);
    RawEnd two(rig_, kProtocol);
    rig_.Hear(packet);
    EXPECT_THAT(rig_.Fates(), ElementsAre("delivered"));
    EXPECT_THAT(rig_.Sent(), IsEmpty());
    EXPECT_THAT(one.Received(), ElementsAre("hello"));
    EXPECT_THAT(two.Received(), ElementsAre("hello"));
  }
  rig_.Hear(packet);
  EXPECT_THAT(rig_.Fates(), ElementsAre("refused ip6-unknown-next-header"));
  EXPECT_THAT(rig_.Sent(), SizeIs(1));
}

TEST_F(RawScenario, PingsAreAnsweredAllTheSame) {
  RawEnd end(rig_, raw::kIcmp6);
  rig_.Hear(OnWire(FromPeer().Icmp6Echo(1, 2, "data")));
  EXPECT_THAT(rig_.Fates(), ElementsAre("delivered"));
  EXPECT_THAT(rig_.Sent(), SizeIs(1));
  EXPECT_THAT(end.Received(), SizeIs(1));
  rig_.Hear(OnWire(FromPeer().Icmp6Echo(1, 3, "data").Checksum(1)));
  EXPECT_THAT(rig_.Fates(), ElementsAre("icmp6-bad-checksum"));
  EXPECT_THAT(end.Received(), IsEmpty());
}

TEST_F(RawScenario, ABlockedTypeCostsNoBuffer) {
  RawEnd end(rig_, raw::kIcmp6);
  raw::Filter filter;
  filter.words().fill(~0U);
  rig_.graph().raw().SetFilter(*end, filter);
  const size_t before = rig_.pool().available();
  rig_.Hear(OnWire(FromPeer().Icmp6(200, 0, 0, "x")));
  EXPECT_THAT(rig_.Fates(), ElementsAre("icmp6-unknown-type"));
  EXPECT_EQ(rig_.pool().available(), before);
  rig_.graph().raw().SetFilter(*end, {});
  rig_.Hear(OnWire(FromPeer().Icmp6(200, 0, 0, "x")));
  EXPECT_THAT(rig_.Fates(), ElementsAre("delivered"));
  EXPECT_THAT(end.Received(), SizeIs(1));
}

TEST_F(RawScenario, FragmentsAreNeverSeen) {
  RawEnd end(rig_, kProtocol);
  const Frame data = Pattern(16);
  const auto fragment = [&](uint8_t field, size_t from) {
    return OnWire(FromPeer()
                      .Upper(kProtocol, Bytes(data).subspan(from, 8))
                      .Extension(44, {0, field, 0, 0, 0, 9}));
  };
  rig_.Hear(fragment(8, 8));
  EXPECT_THAT(end.Received(), IsEmpty());
  rig_.Hear(fragment(1, 0));
  EXPECT_THAT(end.Received(), ElementsAre(std::string(data.begin(), data.end())));
}

TEST_F(RawScenario, UdpGoesToBoth) {
  RawEnd end(rig_, 17);
  TestSocket socket(rig_, 7);
  rig_.Hear(OnWire(FromPeer().Udp(1000, 7, "hello")));
  EXPECT_THAT(rig_.Fates(), ElementsAre("delivered"));
  EXPECT_THAT(socket.Received(), SizeIs(1));
  EXPECT_THAT(end.Received(), SizeIs(1));
}

}  // namespace
}  // namespace sextant::test
