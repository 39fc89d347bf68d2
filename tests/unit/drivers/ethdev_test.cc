// SPDX-License-Identifier: BSD-3-Clause
// DPDK ports that need no privileges: rings, null, files, shared memory.
// Owned by one Core.
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rte_dev.h>
#include <rte_eth_ring.h>
#include <rte_ring.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "drivers/ethdev/ethdev_link.h"
#include "link_host.h"

namespace sextant::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Drops = std::map<DropReason, uint64_t>;

const Ip6 kPacket = Ip6().From("fd00::1").To("fd00::2").Udp(1000, 7, Pattern(100));
const Frame kFrame = Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01", kPacket);

// Another one for each process, which may belong to another user.
std::string TemporaryPath(const std::string& name) {
  return testing::TempDir() + "sextant-" + std::to_string(getpid()) + "-" + name;
}

// The ring driver is a plugin, which nobody links; null when it is not there.
auto RingMaker() {
  void* const plugin = dlopen("librte_net_ring.so.23", RTLD_LAZY | RTLD_NOLOAD);
  void* const symbol = plugin == nullptr ? nullptr : dlsym(plugin, "rte_eth_from_rings");
  return reinterpret_cast<decltype(&rte_eth_from_rings)>(symbol);
}

class EthdevLinkTest : public testing::Test {
 protected:
  std::unique_ptr<Link> Open(const std::string& device, size_t mtu = 1500) {
    auto link = EthdevLink::Create(device, mtu, host_.pool());
    EXPECT_TRUE(link.ok()) << link.status();
    return link.ok() ? *std::move(link) : nullptr;
  }

  LinkHost host_;
};

TEST_F(EthdevLinkTest, NullGivesEmptyFramesAndTakesAll) {
  const auto link = Open("net_null0,size=60");
  ASSERT_TRUE(link);
  EXPECT_EQ(link->description(), "net_null0,size=60");
  EXPECT_TRUE(link->is_up());
  EXPECT_EQ(link->wait_descriptor(), -1);
  const std::vector<Frame> frames = host_.Take(*link, 1);
  ASSERT_EQ(frames.size(), kBurstSize);
  EXPECT_EQ(frames[0].size(), 60U);
  host_.Send(*link, kFrame);
  EXPECT_EQ(link->statistics().tx_packets, 1U);
  EXPECT_EQ(link->statistics().tx_bytes, kFrame.size());
  EXPECT_EQ(link->statistics().rx_bytes, 60 * kBurstSize);
}

TEST_F(EthdevLinkTest, RingGivesBackWhatItGot) {
  const auto link = Open("net_ring0");
  ASSERT_TRUE(link);
  EXPECT_EQ(link->mac_address().bytes()[0] & 3, 2) << "a ring has no MAC; one is derived";
  for (int i = 0; i < 3; ++i) host_.Send(*link, kFrame);
  EXPECT_THAT(host_.Take(*link), ElementsAre(kFrame, kFrame, kFrame));
}

TEST_F(EthdevLinkTest, FinishesChecksumsWhereThePortCannot) {
  const auto link = Open("net_ring0");
  ASSERT_TRUE(link);
  EXPECT_FALSE(link->capabilities().transmit_checksum);
  host_.Send(*link, host_.MakePartial(kFrame));
  EXPECT_THAT(host_.Take(*link), ElementsAre(kFrame));
}

TEST_F(EthdevLinkTest, DropsByName) {
  const auto link = Open("net_ring0");
  ASSERT_TRUE(link);
  host_.Send(*link, Pad(kFrame, 1514 + 1 - kFrame.size()));
  EXPECT_EQ(host_.Dropped(), (Drops{{DropReason::kLinkTooBig, 1}}));
  for (int i = 0; i < 1500; ++i) host_.Send(*link, kFrame);
  const Drops dropped = host_.Dropped();
  ASSERT_TRUE(dropped.contains(DropReason::kLinkFull)) << "the ring holds 1024";
  const uint64_t full = dropped.at(DropReason::kLinkFull);
  EXPECT_EQ(link->statistics().tx_packets, 1500 - full);
  EXPECT_EQ(link->statistics().tx_bytes, (1500 - full) * kFrame.size());
  EXPECT_EQ(link->statistics().tx_dropped, full + 1);
  EXPECT_EQ(host_.Take(*link).size(), 1500 - full);
}

TEST_F(EthdevLinkTest, BelongsToOneInterfaceAtATime) {
  auto link = Open("net_ring0");
  ASSERT_TRUE(link);
  const auto second = EthdevLink::Create("net_ring0", 1500, host_.pool());
  EXPECT_EQ(second.status().message(), "net_ring0: in use by another interface");
  host_.Send(*link, kFrame);
  EXPECT_EQ(host_.Take(*link).size(), 1U) << "the first is unharmed";
  link.reset();
  EXPECT_TRUE(Open("net_ring0")) << "a closed port can be opened again";
}

TEST_F(EthdevLinkTest, OpensPortsThatSomebodyElseHasMade) {
  const auto from_rings = RingMaker();
  if (from_rings == nullptr) GTEST_SKIP() << "the ring driver is not a plugin here";
  rte_ring* const there =
      rte_ring_create("there", 256, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
  rte_ring* const back = rte_ring_create("back", 256, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
  ASSERT_TRUE(there != nullptr && back != nullptr);
  ASSERT_GE(from_rings("left", &back, 1, &there, 1, 0), 0);
  ASSERT_GE(from_rings("right", &there, 1, &back, 1, 0), 0);
  {
    const auto left = Open("net_ring_left");
    const auto right = Open("net_ring_right");
    ASSERT_TRUE(left && right);
    EXPECT_NE(left->mac_address(), right->mac_address());
    host_.Send(*left, kFrame);
    EXPECT_TRUE(host_.Take(*left).empty());
    EXPECT_THAT(host_.Take(*right), ElementsAre(kFrame));
  }
  EXPECT_TRUE(Open("net_ring_left")) << "now a new ring, and gone with its link";
  EXPECT_EQ(rte_eal_hotplug_remove("vdev", "net_ring_right"), 0);
  rte_ring_free(there);
  rte_ring_free(back);
}

TEST_F(EthdevLinkTest, CountsWhenItsGroupFilterIsOpened) {
  const auto link = Open("net_null0");
  ASSERT_TRUE(link);
  const std::vector groups = {Mac("33:33:00:00:00:01")};
  link->SetGroups(groups);
  link->SetGroups(groups);
  EXPECT_LE(link->statistics().all_multicast_fallbacks, 1U);
}

TEST_F(EthdevLinkTest, ChangesItsMtu) {
  const auto link = Open("net_ring0");
  ASSERT_TRUE(link);
  EXPECT_TRUE(link->SetMtu(1400));
  EXPECT_EQ(link->mtu(), 1400U);
  host_.Send(*link, Pad(kFrame, 1414 + 1 - kFrame.size()));
  EXPECT_EQ(host_.Dropped(), (Drops{{DropReason::kLinkTooBig, 1}}));
  EXPECT_TRUE(link->SetMtu(9000));
  const Frame jumbo = Pad(kFrame, 9014 - kFrame.size());
  host_.Send(*link, jumbo);
  EXPECT_TRUE(host_.Take(*link) == std::vector<Frame>{jumbo});
  EXPECT_TRUE(link->SetMtu(1500));
  host_.Send(*link, kFrame);
  EXPECT_THAT(host_.Take(*link), ElementsAre(kFrame));
}

TEST_F(EthdevLinkTest, ReadsAndWritesCaptureFiles) {
  const std::string in = TemporaryPath("in.pcap");
  const std::string out = TemporaryPath("out.pcap");
  {
    // A file header (microseconds, Ethernet), and one packet.
    const auto length = static_cast<uint32_t>(kFrame.size());
    const uint32_t header[] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1, 0, 0, length, length};
    std::ofstream file(in, std::ios::binary);
    file.write(reinterpret_cast<const char*>(header), sizeof header);
    file.write(reinterpret_cast<const char*>(kFrame.data()), length);
  }
  {
    const auto link = Open("net_pcap0,rx_pcap=" + in + ",tx_pcap=" + out);
    ASSERT_TRUE(link);
    EXPECT_THAT(host_.Take(*link), ElementsAre(kFrame));
    host_.Send(*link, host_.MakePartial(kFrame));
    host_.Send(*link, host_.Make(kFrame, 60));
  }
  std::ifstream file(out, std::ios::binary);
  const std::string written((std::istreambuf_iterator<char>(file)), {});
  const std::string frame(kFrame.begin(), kFrame.end());
  ASSERT_EQ(written.size(), 24 + 2 * (16 + frame.size()));
  EXPECT_EQ(written.substr(40, frame.size()), frame);
  EXPECT_EQ(written.substr(56 + frame.size()), frame);
  std::remove(in.c_str());
  std::remove(out.c_str());
}

TEST_F(EthdevLinkTest, MemifCarriesBothWays) {
  const std::string path = TemporaryPath("memif.sock");
  const std::string socket = ",socket=" + path + ",socket-abstract=no";
  const auto server = Open("net_memif0,role=server,id=0" + socket);
  const auto client = Open("net_memif1,role=client,id=0" + socket);
  ASSERT_TRUE(server && client);
  // They find each other on the EAL's interrupt thread.
  for (int i = 0; i < 300 && !(server->is_up() && client->is_up()); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_TRUE(server->is_up() && client->is_up());
  // A receiver shows its buffers when it is polled first.
  EXPECT_TRUE(host_.Take(*client).empty());
  host_.Send(*server, kFrame);
  EXPECT_THAT(host_.Take(*client), ElementsAre(kFrame));
  host_.Send(*client, host_.MakePartial(kFrame));
  EXPECT_THAT(host_.Take(*server), ElementsAre(kFrame));
}

}  // namespace
}  // namespace sextant::test
