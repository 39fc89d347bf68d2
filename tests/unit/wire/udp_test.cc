// SPDX-License-Identifier: BSD-3-Clause
// The UDP header: RFC 768.
// Any thread.
#include "wire/udp.h"

#include <gtest/gtest.h>

#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using wire::UdpFields;
using wire::UdpView;

consteval bool RoundTrips() {
  const UdpFields fields{0x0102, 0x0304, 0x0506, 0x0708};
  std::array<uint8_t, UdpView::kSize> bytes{};
  fields.WriteTo(bytes);
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != i + 1) return false;
  }
  const auto view = UdpView::Parse(bytes, 0x0506);
  return view && view->source_port() == fields.source_port && view->length() == fields.length &&
         view->destination_port() == fields.destination_port &&
         view->checksum() == fields.checksum && UdpView::Trusted(bytes).length() == 0x0506;
}
static_assert(RoundTrips());

// A header with this length field.
Frame WithLength(uint16_t length) { return Poke16(Pattern(8), 4, length); }

struct ParseCase {
  const char* name;
  const char* section;
  Frame head;
  size_t payload_length;  // what the IPv6 header leaves for UDP
  DropReason want;
};

// clang-format off
const ParseCase kParseCases[] = {
    {"HeaderOnly",       "RFC 768",            WithLength(8),         8,      DropReason::kNone},
    {"WithData",         "RFC 768",            WithLength(100),       100,    DropReason::kNone},
    {"Longest",          "RFC 768",            WithLength(65535),     65535,  DropReason::kNone},
    {"TrailingBytes",    "RFC 768",            WithLength(90),        100,    DropReason::kNone},
    {"LengthBeyond",     "RFC 768",            WithLength(101),       100,    DropReason::kUdpTruncated},
    {"Length7",          "RFC 768",            WithLength(7),         100,    DropReason::kUdpTruncated},
    // RFC 2675 §4: zero means a jumbogram, which Sextant does not speak.
    {"Length0",          "RFC 2675 §4",        WithLength(0),         100,    DropReason::kUdpTruncated},
    {"NoPayload",        "RFC 768",            WithLength(8),         0,      DropReason::kUdpTruncated},
    {"PayloadShort",     "RFC 768",            WithLength(8),         7,      DropReason::kUdpTruncated},
    {"HeadCut",          "RFC 768",            Cut(WithLength(8), 7), 8,      DropReason::kUdpTruncated},
    {"Empty",            "RFC 768",            {},                    8,      DropReason::kUdpTruncated},
};
// clang-format on

class UdpParseTest : public testing::TestWithParam<ParseCase> {};

TEST_P(UdpParseTest, Judges) {
  const auto view = UdpView::Parse(GetParam().head, GetParam().payload_length);
  EXPECT_EQ(view.reason(), GetParam().want) << GetParam().section;
  EXPECT_EQ(static_cast<bool>(view), GetParam().want == DropReason::kNone);
}

INSTANTIATE_TEST_SUITE_P(Rfc768, UdpParseTest, testing::ValuesIn(kParseCases), kNameOf);

TEST(UdpParseTest, TruncatedAtEveryLength) {
  const Frame whole = Join(WithLength(20), Pattern(12));
  for (size_t size = 0; size < whole.size(); ++size) {
    ASSERT_EQ(UdpView::Parse(Cut(whole, size), size).reason(), DropReason::kUdpTruncated) << size;
  }
  EXPECT_TRUE(UdpView::Parse(whole, whole.size()));
}

}  // namespace
}  // namespace sextant::test
