// SPDX-License-Identifier: BSD-3-Clause
// For the tests of sextant/inet6.h: the names without sx_ are the C library's there.
// Any thread.
#pragma once

#include <gtest/gtest.h>

#define SEXTANT_NO_INET6_NAMES
#include "sextant/inet6.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {

// "01 ff"
inline std::string Hex(Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t octet : bytes) {
    if (!text.empty()) text += ' ';
    text += {kDigits[octet >> 4], kDigits[octet & 15]};
  }
  return text;
}

// One rule: what calls that break or use it answer.
struct HelperCase {
  const char* name;
  const char* section;
  std::string (*call)();
  const char* want;
};

class HelperTest : public testing::TestWithParam<HelperCase> {
 public:
  void Check() { EXPECT_EQ(GetParam().call(), GetParam().want) << GetParam().section; }
};

// One thing that the C library does otherwise, with the reason why.
struct DifferenceCase {
  const char* name;
  const char* reason;
  std::string (*ours)();
  std::string (*theirs)();
  const char* want_ours;
  const char* want_theirs;
};

class DifferenceTest : public testing::TestWithParam<DifferenceCase> {
 public:
  void Check() {
    EXPECT_EQ(GetParam().ours(), GetParam().want_ours) << GetParam().reason;
    EXPECT_EQ(GetParam().theirs(), GetParam().want_theirs) << GetParam().reason;
  }
};

// Memory with an ancillary data object in it, as far from alignment as asked.
class ItemMemory {
 public:
  explicit ItemMemory(size_t skew = 0, uint8_t fill = 0xee) : memory_(8192, fill), skew_(skew) {}

  // A received object: `data` behind a cmsghdr.
  static ItemMemory With(int type, const Frame& data, int level = IPPROTO_IPV6) {
    ItemMemory memory;
    cmsghdr header{};
    header.cmsg_len = CMSG_LEN(data.size());
    header.cmsg_level = level;
    header.cmsg_type = type;
    memory.SetHeader(header);
    std::copy(data.begin(), data.end(), memory.data());
    return memory;
  }

  void* at() { return memory_.data() + skew_; }
  cmsghdr* cmsg() { return static_cast<cmsghdr*>(at()); }
  uint8_t* data() { return memory_.data() + skew_ + CMSG_LEN(0); }
  cmsghdr header() {
    cmsghdr header{};
    std::memcpy(&header, at(), sizeof header);
    return header;
  }
  void SetHeader(const cmsghdr& header) { std::memcpy(at(), &header, sizeof header); }
  void SetLength(size_t length) {
    cmsghdr changed = header();
    changed.cmsg_len = length;
    SetHeader(changed);
  }
  Bytes item() { return {data(), header().cmsg_len - CMSG_LEN(0)}; }
  Bytes all() const { return memory_; }

 private:
  Frame memory_;
  size_t skew_;
};

}  // namespace sextant::test
