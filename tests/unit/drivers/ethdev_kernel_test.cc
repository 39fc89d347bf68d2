// SPDX-License-Identifier: BSD-3-Clause
// DPDK ports whose other end is the host kernel: net_tap, and veth pairs by
// way of AF_PACKET, libpcap and AF_XDP. They need a network namespace.
// Owned by one Core.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "drivers/ethdev/ethdev_link.h"
#include "kernel_side.h"
#include "link_host.h"
#include "support/describe.h"
#include "support/seed.h"

// The AF_XDP driver forgets what it has got from libxdp when it is closed.
extern "C" const char* __lsan_default_suppressions() { return "leak:libxdp"; }

namespace sextant::test {
namespace {

constexpr uint16_t kPort = 4000;
constexpr char kKernelEnd[] = "sxk0";

struct KernelPort {
  const char* name;
  const char* prepare;  // shell; makes kKernelEnd, unless the port does
  const char* device;
  bool interrupts;
  bool keeps_buffers;  // some of them, when it is closed
  bool needs_root;     // of the machine; a user namespace will not do
};

// clang-format off
const KernelPort kPorts[] = {
    {"Tap",      "true",                                      "net_tap0,iface=sxk0",                      true,  false, false},
    {"AfPacket", "ip link add sxk0 type veth peer name sxu0", "net_af_packet0,iface=sxu0",                false, false, false},
    {"Pcap",     "ip link add sxk0 type veth peer name sxu0", "net_pcap0,rx_iface_in=sxu0,tx_iface=sxu0", false, false, false},
    {"AfXdp",    "ip link add sxk0 type veth peer name sxu0", "net_af_xdp0,iface=sxu0",                   false, true,  true},
};
// clang-format on

class KernelPortTest : public testing::TestWithParam<KernelPort> {
 protected:
  void SetUp() override {
    kernel_ = KernelSide::Enter();
    if (!kernel_) GTEST_SKIP() << "not allowed to make a network namespace";
    if (GetParam().needs_root && !KernelSide::IsMachineRoot()) GTEST_SKIP() << "not root";
    if (!KernelSide::Run(GetParam().prepare)) GTEST_SKIP() << "no veth in this kernel";
    // A veth leaves checksums unfinished, and cannot say so to these drivers.
    KernelSide::Run("ip link set sxu0 up; ethtool -K sxk0 tx off");
    auto link = EthdevLink::Create(GetParam().device, 1500, *pool_);
    ASSERT_TRUE(link.ok()) << link.status();
    link_ = *std::move(link);
    link_made_ = true;
    ASSERT_TRUE(KernelSide::Run("ip link set sxk0 up; ip addr add fd00:6::1/64 dev sxk0 nodad"));
  }

  void TearDown() override {
    link_.reset();
    EXPECT_EQ(pool_->available() < pool_->capacity(), link_made_ && GetParam().keeps_buffers);
  }

  // UDP datagrams that come within a second, until there are `count`.
  std::vector<std::string> TakeUdp(size_t count) {
    std::vector<std::string> found;
    for (int i = 0; i < 100 && found.size() < count; ++i) {
      for (const Frame& frame : host_.Take(*link_)) {
        const std::string text = Describe(frame);
        if (text.find("udp") != std::string::npos) found.push_back(text);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return found;
  }

  std::unique_ptr<KernelSide> kernel_;
  const std::unique_ptr<PacketPool> pool_ = PacketPool::Create("kernel-port", 8192);
  LinkHost host_;
  bool link_made_ = false;
  std::unique_ptr<Link> link_;
};

TEST_P(KernelPortTest, CarriesBothWays) {
  const Ipv6Address kernel = Ip("fd00:6::1");
  KernelUdp udp(kernel, kPort);
  ASSERT_TRUE(udp.SendToAllNodes(kKernelEnd, kPort, "hello"));
  const auto found = TakeUdp(1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0], testing::HasSubstr("4000 > 4000 \"hello\""));

  const Frame frame = Ethernet(KernelSide::MacOf(kKernelEnd), link_->mac_address(),
                               Ip6().From("fd00:6::2").To(kernel).Udp(1000, kPort, "answer"));
  for (const bool partial : {false, true}) {
    host_.Send(*link_, partial ? host_.MakePartial(frame) : host_.Make(frame));
    host_.Take(*link_);  // some drivers send no sooner than they are polled
    EXPECT_EQ(udp.Receive(), "answer") << (partial ? "partial" : "complete");
  }
  EXPECT_TRUE(host_.Dropped().empty());
  link_->RefreshStatistics();
  EXPECT_EQ(link_->statistics().tx_packets, 2U);
}

TEST_P(KernelPortTest, WakesUpWhereItCan) {
  ASSERT_EQ(link_->wait_descriptor() >= 0, GetParam().interrupts);
  if (!GetParam().interrupts) return;
  KernelUdp udp(Ip("fd00:6::1"), kPort);
  for (int i = 0; i < 3; ++i) {
    while (!link_->PrepareToWait()) host_.Take(*link_);  // what the kernel says of itself
    ASSERT_TRUE(udp.SendToAllNodes(kKernelEnd, kPort, "wake up"));
    EXPECT_TRUE(BecomesReadable(link_->wait_descriptor(), 1000));
    link_->DoneWaiting();
    EXPECT_EQ(TakeUdp(1).size(), 1U);
  }
  ASSERT_TRUE(udp.SendToAllNodes(kKernelEnd, kPort, "too early to wait"));
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(link_->PrepareToWait());
  EXPECT_EQ(TakeUdp(1).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Ethdev, KernelPortTest, testing::ValuesIn(kPorts), kNameOf);

}  // namespace
}  // namespace sextant::test
