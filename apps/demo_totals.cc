// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "demo_totals.h"

#include <algorithm>
#include <cstring>

namespace sextant {
namespace {

constexpr size_t kMinSize = 16;
constexpr size_t kMaxSize = 1'200;

size_t SizeOf(uint64_t number) { return kMinSize + number * 37 % (kMaxSize - kMinSize + 1); }

}  // namespace

std::vector<uint8_t> DemoPayload(uint64_t number) {
  std::vector<uint8_t> payload(SizeOf(number));
  std::memcpy(payload.data(), &number, sizeof number);
  for (size_t i = sizeof number; i < payload.size(); ++i) {
    payload[i] = static_cast<uint8_t>(number + i);
  }
  return payload;
}

uint64_t DemoNumber(const uint8_t* data, size_t size) {
  uint64_t number = 0;
  if (size < sizeof number) return DemoPlan::kEchoes;
  std::memcpy(&number, data, sizeof number);
  if (number >= DemoPlan::kEchoes) return DemoPlan::kEchoes;
  const std::vector<uint8_t> sent = DemoPayload(number);
  return std::equal(sent.begin(), sent.end(), data, data + size) ? number : DemoPlan::kEchoes;
}

uint64_t RoundTrips::Below(double share) {
  if (times_.empty()) return 0;
  const auto rank = static_cast<size_t>(share * static_cast<double>(times_.size() - 1));
  const auto at = times_.begin() + static_cast<ptrdiff_t>(rank);
  std::nth_element(times_.begin(), at, times_.end());
  return static_cast<uint64_t>(*at);
}

}  // namespace sextant
