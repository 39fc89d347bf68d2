// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/tap/tap_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel_side.h"
#include "link_host.h"
#include "support/describe.h"

namespace sextant::test {
namespace {

using testing::HasSubstr;
using Drops = std::map<DropReason, uint64_t>;

constexpr char kDevice[] = "sxtest0";
const Ipv6Prefix kPeer{Ip("fd00:6::1"), 64};
constexpr uint16_t kPort = 4000;
const Ip6 kToKernel = Ip6().From("fd00:6::2").To("fd00:6::1");

class TapLinkTest : public testing::Test {
 protected:
  void SetUp() override {
    kernel_ = KernelSide::Enter();
    if (!kernel_) GTEST_SKIP() << "not allowed to make a network namespace";
    Open(1500);
  }

  void Open(size_t mtu) {
    link_.reset();
    auto link = TapLink::Create(kDevice, mtu, kPeer);
    ASSERT_TRUE(link.ok()) << link.status();
    link_ = *std::move(link);
    // The kernel makes the address's route from a work queue.
    bool ready = false;
    for (int i = 0; i < 100 && !ready; ++i) {
      ready = KernelSide::Run("ip -6 route show table local | grep -q fd00:6::1");
    }
    ASSERT_TRUE(ready);
  }
  Frame FromUs(const Ip6& packet) {
    return Ethernet(KernelSide::MacOf(kDevice), link_->mac_address(), packet);
  }
  // UDP datagrams to kPort, as Describe() has them, and the last one's state.
  std::vector<std::string> TakeUdp() {
    std::vector<std::string> found;
    for (const Frame& frame : host_.Take(*link_)) {
      const std::string text = Describe(frame);
      if (text.find("udp") != std::string::npos) found.push_back(text);
    }
    return found;
  }

  std::unique_ptr<KernelSide> kernel_;
  LinkHost host_;
  std::unique_ptr<Link> link_;
};

TEST_F(TapLinkTest, HasTheNameAndAStableMac) {
  EXPECT_EQ(link_->description(), "tap:sxtest0");
  EXPECT_TRUE(link_->is_up());
  const MacAddress mac = link_->mac_address();
  EXPECT_EQ(mac.bytes()[0] & 3, 2) << "locally administered, not a group";
  EXPECT_NE(mac, KernelSide::MacOf(kDevice));
  Open(1500);
  EXPECT_EQ(link_->mac_address(), mac);
}

TEST_F(TapLinkTest, ReceivesAndVouches) {
  KernelUdp udp(kPeer.address, 1000);
  host_.Take(*link_);
  ASSERT_TRUE(udp.SendToAllNodes(kDevice, kPort, "hello"));
  ASSERT_TRUE(BecomesReadable(link_->wait_descriptor(), 1000));
  EXPECT_EQ(host_.TakeStates(*link_), std::vector{ChecksumState::kGood});
  ASSERT_TRUE(udp.SendToAllNodes(kDevice, kPort, "again"));
  const auto found = TakeUdp();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0], HasSubstr("fd00:6::1 > ff02::1"));
  EXPECT_THAT(found[0], HasSubstr("\"again\""));
  EXPECT_FALSE(BecomesReadable(link_->wait_descriptor(), 0));
}

TEST_F(TapLinkTest, ReceivesManyPolls) {
  KernelUdp udp(kPeer.address, 1000);
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(udp.SendToAllNodes(kDevice, kPort, "hello"));
  EXPECT_EQ(TakeUdp().size(), 300U);
  EXPECT_GE(link_->statistics().rx_packets, 300U);
}

TEST_F(TapLinkTest, LosesWhatItHasNoBufferFor) {
  host_.Take(*link_);
  // What the link has taken in advance is used first.
  KernelUdp udp(kPeer.address, 1000);
  const Drought drought(host_.pool(), 0);
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(udp.SendToAllNodes(kDevice, kPort, "hello"));
  std::vector<Packet*> held;
  for (int i = 0; i < 12; ++i) {
    Burst burst;
    link_->Receive(burst, host_.core());
    burst.Drain([&](PacketPtr packet) { held.push_back(packet.release()); });
  }
  EXPECT_FALSE(BecomesReadable(link_->wait_descriptor(), 0));
  EXPECT_GE(link_->statistics().rx_no_buffer + held.size(), 300U);
  EXPECT_GT(link_->statistics().rx_no_buffer, 0U);
  for (Packet* const packet : held) PacketPtr(packet).Free();
}

struct SendCase {
  const char* name;
  bool partial;
  size_t segment;
  bool spoil;
  bool arrives;
};

TEST_F(TapLinkTest, SendsWithFinishedAndUnfinishedChecksums) {
  // clang-format off
  const SendCase cases[] = {
      {"complete",         false, 2048, false, true},
      {"complete, wrong",  false, 2048, true,  false},
      {"complete, chained", false, 100, false, true},
      {"partial",          true,  2048, false, true},
      {"partial, chained", true,  100,  false, true},
  };
  // clang-format on
  KernelUdp udp(kPeer.address, kPort);
  const std::string data(1000, 'x');
  for (const SendCase& row : cases) {
    SCOPED_TRACE(row.name);
    Frame frame = FromUs(kToKernel.Udp(1000, kPort, Data(data)));
    if (row.spoil) frame.back() = 'y';
    host_.Send(*link_, row.partial ? host_.MakePartial(frame, row.segment)
                                   : host_.Make(frame, row.segment));
    EXPECT_EQ(udp.Receive(row.arrives ? 1000 : 50) == data, row.arrives);
  }
  EXPECT_EQ(link_->statistics().tx_packets, 5U);
}

TEST_F(TapLinkTest, KernelFinishesIcmp6Too) {
  host_.Take(*link_);
  host_.Send(*link_, host_.MakePartial(FromUs(kToKernel.Icmp6Echo(1, 1, "ping"))));
  // The reply needs our link-layer address first; who asks for it has accepted.
  bool asked = false;
  for (const Frame& frame : host_.Take(*link_)) {
    asked |= Describe(frame).find("ns target fd00:6::2") != std::string::npos;
  }
  EXPECT_TRUE(asked);
}

TEST_F(TapLinkTest, CarriesJumboFrames) {
  for (const size_t mtu : {2030, 9000, 65521}) {
    SCOPED_TRACE(mtu);
    Open(mtu);
    EXPECT_EQ(link_->mtu(), mtu);
    KernelUdp udp(kPeer.address, kPort);
    const std::string data(mtu - 48, 'j');
    host_.Send(*link_, host_.MakePartial(FromUs(kToKernel.Udp(1000, kPort, Data(data)))));
    EXPECT_TRUE(udp.Receive() == data);
    host_.Take(*link_);
    ASSERT_TRUE(udp.SendToAllNodes(kDevice, kPort, data));
    const auto frames = host_.Take(*link_);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0].size(), mtu + 14);
    EXPECT_TRUE(std::string(frames[0].begin() + 62, frames[0].end()) == data);
  }
}

TEST_F(TapLinkTest, ChangesItsMtu) {
  EXPECT_TRUE(link_->SetMtu(9000));
  KernelUdp udp(kPeer.address, kPort);
  host_.Take(*link_);
  ASSERT_TRUE(udp.SendToAllNodes(kDevice, kPort, std::string(8000, 'j')));
  EXPECT_EQ(TakeUdp().size(), 1U);
  EXPECT_FALSE(link_->SetMtu(65530)) << "the kernel's limit is 65521";
  EXPECT_EQ(link_->mtu(), 9000U);
}

TEST_F(TapLinkTest, DropsByName) {
  host_.Send(*link_, Pad(FromUs(kToKernel), 1514 + 1 - 54));
  EXPECT_EQ(host_.Dropped(), (Drops{{DropReason::kLinkTooBig, 1}}));
  ASSERT_TRUE(KernelSide::Run("ip link set sxtest0 down"));
  EXPECT_FALSE(link_->is_up());
  host_.Send(*link_, FromUs(kToKernel));
  EXPECT_EQ(host_.Dropped()[DropReason::kOutputInterfaceDown], 1U);
  EXPECT_EQ(link_->statistics().tx_dropped, 2U);
}

TEST_F(TapLinkTest, NoticesThatItsDeviceIsGone) {
  ASSERT_TRUE(KernelSide::Run("ip link delete sxtest0"));
  EXPECT_TRUE(host_.Take(*link_).empty());
  EXPECT_FALSE(link_->is_up());
}

struct FailureCase {
  const char* name;
  const char* device;
  size_t mtu;
  const char* message;
};

TEST_F(TapLinkTest, SaysWhatIsWrong) {
  const FailureCase cases[] = {
      {"busy", kDevice, 1500,
       "tap:sxtest0: in use by another interface or program: Device or resource busy"},
      {"another kind", "lo", 1500,
       "tap:lo: there is a device of this name that is no single-queue tap: Invalid argument"},
      {"no name", "", 1500, "tap:: not a name that a network device can have"},
      {"long", "sixteen-letters-", 1500,
       "tap:sixteen-letters-: not a name that a network device can have"},
      {"slash", "a/b", 1500, "tap:a/b: not a name that a network device can have"},
      {"template", "tap%d", 1500, "tap:tap%d: not a name that a network device can have"},
      {"mtu", "sxtest1", 65535, "tap:sxtest1: cannot set MTU 65535: Invalid argument"},
  };
  for (const FailureCase& row : cases) {
    SCOPED_TRACE(row.name);
    const auto link = TapLink::Create(row.device, row.mtu, std::nullopt);
    EXPECT_EQ(std::string(link.status().message()), row.message);
  }
}

TEST_F(TapLinkTest, PeerAddressNeedsIp6) {
  ASSERT_TRUE(KernelSide::Run("sysctl -w net.ipv6.conf.default.disable_ipv6=1"));
  const auto link = TapLink::Create("sxtest1", 1500, kPeer);
  EXPECT_EQ(std::string(link.status().message()),
            "tap:sxtest1: peer address fd00:6::1/64 (IPv6 is disabled on it): Permission denied");
}

}  // namespace
}  // namespace sextant::test
