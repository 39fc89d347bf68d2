// SPDX-License-Identifier: BSD-3-Clause
// sextant-bench-reassembly: fragments to datagrams, by the stage alone. Frames
// are copied into fresh mbufs, put together, and freed without a copy; that
// feeding is in every figure, and is printed as `null`.
//   speed   2, 16 and 53 fragments, in order and reversed, hot and cold buffers
//   attack  one good datagram per A attack fragments, its two halves A/2 apart
// Owned by the measuring thread.
#include <rte_cycles.h>
#include <rte_eal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "port.h"
#include "reassembly_load.h"

namespace sextant::bench {
namespace {

constexpr size_t kPoolPackets = 65'535;  // 150 MB
constexpr unsigned kRounds = 9;
constexpr uint64_t kOwnPrefix = 1;
constexpr size_t kAttackBytes = 4 << 20;  // for everybody, in the attacks

struct Shape {
  const char* name;
  size_t fragments;
  size_t bytes;  // of data in each; the last one may be shorter
  size_t total;
};
constexpr Shape kShapes[] = {{"2 x 64 B", 2, 64, 128},
                             {"2 x 1232 B", 2, 1232, 2464},
                             {"8 x 1232 B", 8, 1232, 8 * 1232},
                             {"16 x 1232 B", 16, 1232, 16 * 1232},
                             {"54 x 1232 B", 54, 1232, 65'535}};

class BenchPool final : public PacketPool {
 public:
  explicit BenchPool(rte_mempool* pool) : PacketPool(pool) {}
};

// Without a cache it rotates through all its buffers, which keeps them cold.
std::unique_ptr<PacketPool> MakePacketPool(const char* name, bool cold) {
  constexpr uint16_t kPrivate = RTE_ALIGN_CEIL(kPrivateRoom, RTE_MBUF_PRIV_ALIGN);
  return std::make_unique<BenchPool>(
      MakePool(name, kPoolPackets, cold ? 0 : RTE_MEMPOOL_CACHE_MAX_SIZE, kPrivate).release());
}

rte_mbuf* Copy(PacketPool& pool, const std::vector<uint8_t>& packet, uint64_t prefix,
               uint32_t identification) {
  rte_mbuf* const m = rte_pktmbuf_alloc(pool.mempool());
  if (m == nullptr) return nullptr;
  auto* const at = rte_pktmbuf_mtod(m, uint8_t*);
  std::memcpy(at, packet.data(), packet.size());
  Label(at, prefix, identification);
  m->data_len = static_cast<uint16_t>(packet.size());
  m->pkt_len = static_cast<uint32_t>(packet.size());
  return m;
}

class Speed {
 public:
  Speed(const Shape& shape, bool reversed, PacketPool& pool) : shape_(shape), pool_(pool) {
    for (size_t i = 0; i < shape.fragments; ++i) {
      const size_t offset = i * shape.bytes;
      packets_.push_back(MakeFragmentPacket(offset, std::min(shape.bytes, shape.total - offset),
                                            i + 1 < shape.fragments));
    }
    if (reversed) std::ranges::reverse(packets_);
  }

  // Nanoseconds per datagram.
  double Run(Reassembler& who, size_t datagrams) {
    const uint64_t begin = rte_rdtsc_precise();
    size_t whole = 0;
    for (size_t i = 0; i < datagrams; ++i) {
      ++identification_;
      for (const auto& packet : packets_) {
        rte_mbuf* const datagram = who.Take(Copy(pool_, packet, kOwnPrefix, identification_));
        if (datagram == nullptr) continue;
        whole += datagram->pkt_len;
        who.Free(datagram);
      }
    }
    const uint64_t ticks = rte_rdtsc_precise() - begin;
    const bool alone = who.name() == "null";
    SX_CHECK(alone || whole == datagrams * (40 + shape_.total));
    return static_cast<double>(ticks) * 1e9 / static_cast<double>(rte_get_tsc_hz()) /
           static_cast<double>(datagrams);
  }
  // Every octet of one.
  void Verify(Reassembler& who) {
    ++identification_;
    for (const auto& packet : packets_) {
      rte_mbuf* const datagram = who.Take(Copy(pool_, packet, kOwnPrefix, identification_));
      if (datagram == nullptr) continue;
      std::vector<uint8_t> room(datagram->pkt_len);
      const auto* const bytes = static_cast<const uint8_t*>(
          rte_pktmbuf_read(datagram, 0, datagram->pkt_len, room.data()));
      SX_CHECK(bytes != nullptr && room.size() == 40 + shape_.total && bytes[6] == 17);
      for (size_t i = 0; i < shape_.total; ++i) SX_CHECK(bytes[40 + i] == i % 251);
      who.Free(datagram);
    }
  }

 private:
  const Shape& shape_;
  PacketPool& pool_;
  std::vector<std::vector<uint8_t>> packets_;
  uint32_t identification_ = 0;
};

struct Median {
  double median, min, max;
};
Median MedianOf(std::vector<double> values) {
  std::ranges::sort(values);
  return {values[values.size() / 2], values.front(), values.back()};
}

void RunShape(const Shape& shape, bool reversed, bool cold, PacketPool& pool, size_t datagrams) {
  std::vector<std::unique_ptr<Reassembler>> all;
  all.push_back(MakeNullReassembler());
  all.push_back(MakeSextantReassembler(pool));
  all.push_back(MakeDpdkReassembler());
  Speed speed(shape, reversed, pool);
  std::vector<std::vector<double>> times(all.size());
  const size_t count = std::max<size_t>(datagrams / shape.fragments, 1);
  for (unsigned round = 0; round <= kRounds; ++round) {
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i]->max_fragments() < shape.fragments) continue;
      if (round == 0 && i != 0) speed.Verify(*all[i]);
      const double ns = speed.Run(*all[i], count);
      if (round != 0) times[i].push_back(ns);  // the first one warms up
    }
  }
  std::printf("%-12s %-8s %-4s", shape.name, reversed ? "reversed" : "in order",
              cold ? "cold" : "hot");
  for (size_t i = 0; i < all.size(); ++i) {
    if (times[i].empty()) {
      std::printf("  %14s n/a", all[i]->name().data());
      continue;
    }
    const Median m = MedianOf(times[i]);
    std::printf("  %s %.1f (%.1f-%.1f)", all[i]->name().data(), m.median, m.min, m.max);
  }
  if (!times[2].empty()) {
    std::vector<double> ratios;
    for (size_t i = 0; i < times[1].size(); ++i) ratios.push_back(times[2][i] / times[1][i]);
    std::printf("  R %.2f", MedianOf(ratios).median);
  }
  std::printf("  ns per fragment %.1f\n",
              MedianOf(times[1]).median / static_cast<double>(shape.fragments));
}

struct Attack {
  const char* name;
  uint32_t prefixes;  // 0: one for each fragment
};
constexpr Attack kAttacks[] = {{"one /64", 1}, {"256 /64", 256}, {"random", 0}};

struct Goodput {
  double survived = 0;  // per cent
  double ns = 0;        // per attack fragment
  size_t bytes = 0;
};

Goodput RunAttack(Reassembler& who, const Attack& attack, size_t attack_bytes, size_t good_bytes,
                  size_t per_good, size_t good, PacketPool& pool) {
  const auto hostile = MakeFragmentPacket(0, attack_bytes, true);
  const auto first = MakeFragmentPacket(0, good_bytes, true);
  const auto second = MakeFragmentPacket(good_bytes, good_bytes, false);
  std::mt19937_64 random(1);
  uint32_t identification = 1 << 20;
  uint64_t attacks = 0;
  Goodput result;
  const auto give = [&](const std::vector<uint8_t>& packet, uint64_t prefix, uint32_t id) {
    rte_mbuf* const m = Copy(pool, packet, prefix, id);
    rte_mbuf* const datagram = m == nullptr ? nullptr : who.Take(m);
    if (datagram == nullptr) return false;
    who.Free(datagram);
    return true;
  };
  const auto flood = [&](size_t count) {
    for (size_t i = 0; i < count; ++i, ++attacks) {
      const uint64_t number = random();
      const uint64_t prefix = attack.prefixes == 0 ? number >> 32 : number % attack.prefixes;
      give(hostile, 0x8000'0000 | prefix, ++identification);
    }
  };
  flood(20'000);
  attacks = 0;
  const uint64_t begin = rte_rdtsc();
  size_t survived = 0;
  for (uint32_t i = 0; i < good; ++i) {
    give(first, kOwnPrefix, i);
    flood(per_good / 2);
    survived += give(second, kOwnPrefix, i) ? 1 : 0;
    flood(per_good - per_good / 2);
  }
  const auto ticks = static_cast<double>(rte_rdtsc() - begin);
  result.survived = 100.0 * static_cast<double>(survived) / static_cast<double>(good);
  result.ns = ticks * 1e9 / static_cast<double>(rte_get_tsc_hz()) / static_cast<double>(attacks);
  result.bytes = who.bytes();
  return result;
}

void RunAttacks(PacketPool& pool, size_t fragments) {
  for (const size_t attack_bytes : {size_t{8}, size_t{1232}}) {
    for (const size_t good_bytes : {size_t{64}, size_t{1232}}) {
      for (const Attack& attack : kAttacks) {
        for (const size_t per_good : {10, 200, 1000, 10'000}) {
          const size_t good = std::max<size_t>(fragments / per_good, 20);
          std::printf("attack %4zu B  good 2 x %4zu B  %-8s A %5zu", attack_bytes, good_bytes,
                      attack.name, per_good);
          for (const bool dpdk : {false, true}) {
            const auto who =
                dpdk ? MakeDpdkReassembler(kAttackBytes) : MakeSextantReassembler(pool);
            const Goodput g =
                RunAttack(*who, attack, attack_bytes, good_bytes, per_good, good, pool);
            std::printf("  %s %5.1f %% %6.1f ns", who->name().data(), g.survived, g.ns);
            if (g.bytes != 0) std::printf(" %.2f MiB", static_cast<double>(g.bytes) / (1 << 20));
          }
          std::printf("\n");
          SX_CHECK(pool.available() == pool.capacity());
        }
      }
    }
  }
}

bool StartEal() {
  std::vector<std::string> words = {"sextant-bench-reassembly",
                                    "--no-pci",
                                    "--no-huge",
                                    "--no-shconf",
                                    "-m",
                                    "768",
                                    "--lcores",
                                    "0@(0,1)",
                                    "--no-telemetry",
                                    "--log-level=*:error"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return rte_eal_init(static_cast<int>(argv.size()), argv.data()) >= 0;
}

// For an instruction count: one contestant, one shape, nothing else.
int RunOne(const char* who, size_t shape, size_t datagrams) {
  const auto pool = MakePacketPool("hot", false);
  const auto one = std::strcmp(who, "sextant") == 0 ? MakeSextantReassembler(*pool)
                   : std::strcmp(who, "dpdk") == 0  ? MakeDpdkReassembler()
                                                    : MakeNullReassembler();
  Speed speed(kShapes[shape], false, *pool);
  std::printf("%.1f ns\n", speed.Run(*one, datagrams));
  return EXIT_SUCCESS;
}

int Main(int argc, char** argv) {
  if (!StartEal()) return EXIT_FAILURE;
  if (argc == 4) {
    return RunOne(argv[1], static_cast<size_t>(std::atoi(argv[2])),
                  static_cast<size_t>(std::atoi(argv[3])));
  }
  const bool quick = argc == 2 && std::strcmp(argv[1], "--quick") == 0;
  for (const bool cold : {false, true}) {
    const auto pool = MakePacketPool(cold ? "cold" : "hot", cold);
    for (const Shape& shape : kShapes) {
      for (const bool reversed : {false, true}) {
        RunShape(shape, reversed, cold, *pool, quick ? 20'000 : 200'000);
      }
    }
    if (!cold) RunAttacks(*pool, quick ? 20'000 : 200'000);
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace sextant::bench

// usage: sextant-bench-reassembly [--quick | CONTESTANT SHAPE DATAGRAMS]
int main(int argc, char** argv) { return sextant::bench::Main(argc, argv); }
