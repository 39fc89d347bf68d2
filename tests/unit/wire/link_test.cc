// SPDX-License-Identifier: BSD-3-Clause
// The Ethernet header: RFC 2464 §3. (Parsed<T> too, which every view comes in.)
// Any thread.
#include <gtest/gtest.h>

#include "support/frames.h"
#include "wire/ethernet.h"

namespace sextant::test {
namespace {

using wire::EthernetFields;
using wire::EthernetView;
using wire::EtherType;

consteval bool RoundTrips() {
  const EthernetFields fields{MacAddress({1, 2, 3, 4, 5, 6}), MacAddress({7, 8, 9, 10, 11, 12}),
                              EtherType::kIp6};
  std::array<uint8_t, EthernetView::kSize> bytes{};
  fields.WriteTo(bytes);
  const auto view = EthernetView::Parse(bytes);
  return view && view->destination() == fields.destination && view->source() == fields.source &&
         view->type() == fields.type && view.reason() == DropReason::kNone;
}
static_assert(RoundTrips());

TEST(EthernetTest, BytesAreWhereRfc2464PutsThem) {
  Frame out(EthernetView::kSize);
  EthernetFields{Mac("33:33:00:00:00:01"), Mac("02:00:00:00:00:02"), EtherType::kIp6}.WriteTo(
      std::span(out).first<EthernetView::kSize>());
  EXPECT_EQ(out, Ethernet("33:33:00:00:00:01", "02:00:00:00:00:02", {}));
}

TEST(EthernetTest, TruncatedAtEveryLength) {
  const Frame frame = Ethernet("33:33:00:00:00:01", "02:00:00:00:00:02", Pattern(6));
  for (size_t size = 0; size <= frame.size(); ++size) {
    const Frame cut = Cut(frame, size);
    const auto view = EthernetView::Parse(cut);
    ASSERT_EQ(static_cast<bool>(view), size >= 14) << size;
    if (!view) {
      ASSERT_EQ(view.reason(), DropReason::kEthernetTruncated);
    }
  }
}

// RFC 2464 §3: anything may stand in the type field; the view only reads it.
TEST(EthernetTest, AnyTypeIsRead) {
  const Frame frame = Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02", Pattern(4), 0x0806);
  EXPECT_EQ(EthernetView::Parse(frame)->type(), EtherType{0x0806});
}

}  // namespace
}  // namespace sextant::test
