// SPDX-License-Identifier: BSD-3-Clause
// The ICMPv6 header and error messages: RFC 4443 §2.1, §3.
// Any thread.
#include "wire/icmpv6.h"

#include <gtest/gtest.h>

#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using wire::Icmp6Error;
using wire::Icmp6Type;
using wire::Icmp6View;
using wire::ParameterCode;
using wire::UnreachableCode;

consteval bool RoundTrips() {
  std::array<uint8_t, Icmp6View::kErrorSize> bytes{};
  Icmp6Error{Icmp6Type::kPacketTooBig, 3, 0x0102'0304}.WriteTo(bytes);
  const auto view = Icmp6View::Parse(bytes, bytes.size());
  return view && view->type() == Icmp6Type::kPacketTooBig && view->code() == 3 &&
         view->checksum() == 0 && Load32(bytes, 4) == 0x0102'0304;
}
static_assert(RoundTrips());

// RFC 4443 §2.1: the high bit of the type tells errors from informational messages.
static_assert(IsError(Icmp6Type{0}) && IsError(Icmp6Type{127}) && !IsError(Icmp6Type{128}) &&
              !IsError(Icmp6Type{255}));

TEST(Icmp6Test, TruncatedAtEveryLength) {
  const Frame message = {128, 0, 0x12, 0x34, 0, 0, 0, 0};
  for (size_t size = 0; size <= message.size(); ++size) {
    const Frame cut = Cut(message, size);
    const auto view = Icmp6View::Parse(cut, size);
    ASSERT_EQ(static_cast<bool>(view), size >= 4) << size;
    if (!view) {
      ASSERT_EQ(view.reason(), DropReason::kIcmp6Truncated);
    }
    if (view) {
      ASSERT_EQ(view->checksum(), 0x1234);
    }
  }
  EXPECT_EQ(Icmp6View::Parse(message, 3).reason(), DropReason::kIcmp6Truncated);
}

struct ErrorCase {
  const char* name;
  const char* section;
  Icmp6Error error;
  Frame bytes;
};

// clang-format off
const ErrorCase kErrorCases[] = {
    {"NoRoute",         "RFC 4443 §3.1", Icmp6Error::Unreachable(UnreachableCode::kNoRoute),     {1, 0, 0, 0, 0, 0, 0, 0}},
    {"Prohibited",      "RFC 4443 §3.1", Icmp6Error::Unreachable(UnreachableCode::kProhibited),  {1, 1, 0, 0, 0, 0, 0, 0}},
    {"BeyondScope",     "RFC 4443 §3.1", Icmp6Error::Unreachable(UnreachableCode::kBeyondScope), {1, 2, 0, 0, 0, 0, 0, 0}},
    {"Address",         "RFC 4443 §3.1", Icmp6Error::Unreachable(UnreachableCode::kAddress),     {1, 3, 0, 0, 0, 0, 0, 0}},
    {"Port",            "RFC 4443 §3.1", Icmp6Error::Unreachable(UnreachableCode::kPort),        {1, 4, 0, 0, 0, 0, 0, 0}},
    {"Policy",          "RFC 4443 §3.1", Icmp6Error::Unreachable(UnreachableCode::kPolicy),      {1, 5, 0, 0, 0, 0, 0, 0}},
    {"RejectRoute",     "RFC 4443 §3.1", Icmp6Error::Unreachable(UnreachableCode::kRejectRoute), {1, 6, 0, 0, 0, 0, 0, 0}},
    {"TooBig",          "RFC 4443 §3.2", {Icmp6Type::kPacketTooBig, 0, 1280},                    {2, 0, 0, 0, 0, 0, 5, 0}},
    {"HopLimit",        "RFC 4443 §3.3", {Icmp6Type::kTimeExceeded, 0, 0},                       {3, 0, 0, 0, 0, 0, 0, 0}},
    {"ErroneousField",  "RFC 4443 §3.4", Icmp6Error::ParameterProblem(ParameterCode::kErroneousField, 4),    {4, 0, 0, 0, 0, 0, 0, 4}},
    {"UnknownHeader",   "RFC 4443 §3.4", Icmp6Error::ParameterProblem(ParameterCode::kUnknownNextHeader, 6), {4, 1, 0, 0, 0, 0, 0, 6}},
    {"UnknownOption",   "RFC 4443 §3.4", Icmp6Error::ParameterProblem(ParameterCode::kUnknownOption, 42),    {4, 2, 0, 0, 0, 0, 0, 42}},
    {"FarPointer",      "RFC 4443 §3.4", Icmp6Error::ParameterProblem(ParameterCode::kErroneousField, 0x1020304), {4, 0, 0, 0, 1, 2, 3, 4}},
};
// clang-format on

class Icmp6ErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(Icmp6ErrorTest, IsWritten) {
  Frame out(Icmp6View::kErrorSize, 0xee);
  GetParam().error.WriteTo(std::span(out).first<Icmp6View::kErrorSize>());
  EXPECT_EQ(out, GetParam().bytes) << GetParam().section;
}

INSTANTIATE_TEST_SUITE_P(Rfc4443, Icmp6ErrorTest, testing::ValuesIn(kErrorCases), kNameOf);

}  // namespace
}  // namespace sextant::test
