// SPDX-License-Identifier: BSD-3-Clause
// Sums of long spans: 32-bit words are added in 64-bit lanes, so that no carry
// is lost for any span below 16 GiB; the widest unit is chosen at run time.
// Any thread.
#include "wire/checksum.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sextant::wire {
namespace {

constexpr size_t kBlock = 64;

uint64_t FoldCarry(uint64_t a, uint64_t b) {
  const uint64_t sum = a + b;
  return sum + (sum < a);
}

uint64_t SumBlocksPlain(const uint8_t* at, size_t blocks) {
  uint64_t sum = 0;
  for (const uint8_t* const end = at + blocks * kBlock; at != end; at += 8) {
    sum = FoldCarry(sum, LoadWord64(at));
  }
  return sum;
}

#if defined(__x86_64__)

[[gnu::target("avx2")]] uint64_t SumBlocksAvx2(const uint8_t* at, size_t blocks) {
  const __m256i zero = _mm256_setzero_si256();
  __m256i even = zero;
  __m256i odd = zero;
  for (const uint8_t* const end = at + blocks * kBlock; at != end; at += kBlock) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32));
    even = _mm256_add_epi64(
        even, _mm256_add_epi64(_mm256_unpacklo_epi32(a, zero), _mm256_unpackhi_epi32(a, zero)));
    odd = _mm256_add_epi64(
        odd, _mm256_add_epi64(_mm256_unpacklo_epi32(b, zero), _mm256_unpackhi_epi32(b, zero)));
  }
  alignas(32) std::array<uint64_t, 4> lanes;
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes.data()), _mm256_add_epi64(even, odd));
  return FoldCarry(FoldCarry(lanes[0], lanes[1]), FoldCarry(lanes[2], lanes[3]));
}

[[gnu::target("avx512f")]] uint64_t SumBlocksAvx512(const uint8_t* at, size_t blocks) {
  // The masked form: GCC 12 warns inside its own header about the plain one.
  constexpr __mmask8 kAllLanes = 0xff;
  const __m512i low_mask = _mm512_set1_epi64(0xffff'ffff);
  __m512i low = _mm512_setzero_si512();
  __m512i high = _mm512_setzero_si512();
  for (const uint8_t* const end = at + blocks * kBlock; at != end; at += kBlock) {
    const __m512i v = _mm512_loadu_si512(at);
    low = _mm512_add_epi64(low, _mm512_and_si512(v, low_mask));
    high = _mm512_add_epi64(high, _mm512_maskz_srli_epi64(kAllLanes, v, 32));
  }
  alignas(64) std::array<uint64_t, 8> lanes;
  _mm512_store_si512(lanes.data(), _mm512_add_epi64(low, high));
  uint64_t sum = 0;
  for (const uint64_t lane : lanes) sum = FoldCarry(sum, lane);
  return sum;
}

constexpr auto kUnits = std::to_array<SumUnit>(
    {{"plain", SumBlocksPlain}, {"avx2", SumBlocksAvx2}, {"avx512", SumBlocksAvx512}});

size_t UnitsHere() {
  if (__builtin_cpu_supports("avx512f")) return 3;
  return __builtin_cpu_supports("avx2") ? 2 : 1;
}

#else

constexpr auto kUnits = std::to_array<SumUnit>({{"plain", SumBlocksPlain}});

size_t UnitsHere() { return kUnits.size(); }

#endif

}  // namespace

std::span<const SumUnit> SumUnits() { return std::span(kUnits).first(UnitsHere()); }

uint64_t Sum::SumLarge(Bytes bytes) {
  static const auto kSumBlocks = SumUnits().back().sum;
  const size_t blocks = bytes.size() / kBlock;
  Sum rest;
  rest.AddSmall(bytes.subspan(blocks * kBlock));
  return FoldCarry(kSumBlocks(bytes.data(), blocks), rest.sum_);
}

}  // namespace sextant::wire
