// SPDX-License-Identifier: BSD-3-Clause
// Neighbor Solicitation and Advertisement: RFC 4861 §4.3, §4.4.
// Any thread.
#include "wire/nd.h"

#include <gtest/gtest.h>

#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using wire::NeighborAdvertisementFields;
using wire::NeighborSolicitationFields;
using wire::NeighborView;

// The ICMPv6 message of a packet, its checksum zeroed.
Frame Message(const Ip6& packet) {
  const Frame bytes = packet.Checksum(0);
  return {bytes.begin() + 40, bytes.end()};
}

template <typename Fields>
Frame Written(const Fields& fields) {
  Frame out(Fields::kMaxSize, 0xee);
  const size_t size = fields.WriteTo(out);
  EXPECT_LE(size, Fields::kMaxSize);
  return Cut(out, size);
}

struct WriteCase {
  const char* name;
  const char* section;
  Frame written;
  Frame want;
};

const Station kMac = "02:00:00:00:00:01";
const Address kTarget = "2001:db8::1";
const Frame kNonce = {14, 1, 1, 2, 3, 4, 5, 6};

// clang-format off
const WriteCase kWriteCases[] = {
    {"Solicitation",          "RFC 4861 §4.3", Written(NeighborSolicitationFields{kTarget}),
                                               Message(Ip6().NeighborSolicitation(kTarget))},
    {"SolicitationWithMac",   "RFC 4861 §4.3", Written(NeighborSolicitationFields{kTarget, kMac}),
                                               Message(Ip6().NeighborSolicitation(kTarget, kMac))},
    {"SolicitationWithNonce", "RFC 7527 §4.1", Written(NeighborSolicitationFields{kTarget, {}, wire::Nonce{1, 2, 3, 4, 5, 6}}),
                                               Message(Ip6().NeighborSolicitation(kTarget).Append(kNonce))},
    {"SolicitationWithBoth",  "RFC 7527 §4.1", Written(NeighborSolicitationFields{kTarget, kMac, wire::Nonce{1, 2, 3, 4, 5, 6}}),
                                               Message(Ip6().NeighborSolicitation(kTarget, kMac).Append(kNonce))},
    {"Advertisement",         "RFC 4861 §4.4", Written(NeighborAdvertisementFields{kTarget}),
                                               Message(Ip6().NeighborAdvertisement(kTarget, 0))},
    {"Router",                "RFC 4861 §4.4", Written(NeighborAdvertisementFields{kTarget, true, false, false}),
                                               Message(Ip6().NeighborAdvertisement(kTarget, kRouterFlag))},
    {"Solicited",             "RFC 4861 §4.4", Written(NeighborAdvertisementFields{kTarget, false, true, false}),
                                               Message(Ip6().NeighborAdvertisement(kTarget, kSolicitedFlag))},
    {"Override",              "RFC 4861 §4.4", Written(NeighborAdvertisementFields{kTarget, false, false, true}),
                                               Message(Ip6().NeighborAdvertisement(kTarget, kOverrideFlag))},
    {"AdvertisementWithMac",  "RFC 4861 §4.4", Written(NeighborAdvertisementFields{kTarget, true, true, true, kMac}),
                                               Message(Ip6().NeighborAdvertisement(kTarget, 0xe0, kMac))},
};
// clang-format on

class NdWriteTest : public testing::TestWithParam<WriteCase> {};

TEST_P(NdWriteTest, BytesAreTheRfcs) {
  EXPECT_EQ(GetParam().written, GetParam().want) << GetParam().section;
}

INSTANTIATE_TEST_SUITE_P(Rfc4861, NdWriteTest, testing::ValuesIn(kWriteCases), kNameOf);

// Each flag alone and all together: read back as they were written.
TEST(NdTest, FlagsComeBack) {
  for (unsigned flags = 0; flags < 8; ++flags) {
    const bool router = (flags & 4) != 0;
    const bool solicited = (flags & 2) != 0;
    const bool override_flag = (flags & 1) != 0;
    const Frame message =
        Written(NeighborAdvertisementFields{kTarget, router, solicited, override_flag, kMac});
    const auto view = NeighborView::Parse(message);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->router(), router);
    EXPECT_EQ(view->solicited(), solicited);
    EXPECT_EQ(view->override_flag(), override_flag);
    EXPECT_EQ(view->target(), kTarget);
    EXPECT_EQ(view->options().size(), 8U);
    EXPECT_EQ(wire::NdOptions::Parse(view->options())->target_link_layer, kMac);
  }
}

TEST(NdTest, SolicitationComesBack) {
  const NeighborSolicitationFields fields{kTarget, kMac, wire::Nonce{6, 5, 4, 3, 2, 1}};
  const Frame message = Written(fields);
  const auto view = NeighborView::Parse(message);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->target(), fields.target);
  const auto options = wire::NdOptions::Parse(view->options());
  ASSERT_TRUE(options);
  EXPECT_EQ(options->source_link_layer, fields.source_link_layer);
  EXPECT_EQ(options->nonce, fields.nonce);
  EXPECT_FALSE(options->target_link_layer.has_value());
}

// RFC 4861 §7.1.1, §7.1.2: 24 bytes at least.
TEST(NdTest, TruncatedAtEveryLength) {
  const Frame message = Message(Ip6().NeighborSolicitation(kTarget, kMac));
  for (size_t size = 0; size <= message.size(); ++size) {
    const Frame cut = Cut(message, size);
    const auto view = NeighborView::Parse(cut);
    ASSERT_EQ(static_cast<bool>(view), size >= 24) << size;
    if (!view) {
      ASSERT_EQ(view.reason(), DropReason::kNdTruncated);
    }
    if (view) {
      ASSERT_EQ(view->options().size(), size - 24);
    }
  }
}

}  // namespace
}  // namespace sextant::test
