// SPDX-License-Identifier: BSD-3-Clause
// What may leave the node: RFC 4291 §2.5.3, RFC 8200 §5.
#include "ip6/output.h"

#include "nd/rig.h"

namespace sextant {
namespace {

using test::Frame;
using test::Ip6;

constexpr const char* kHost = "fd00:6::2";
constexpr const char* kPeer = "fd00:6::1";
constexpr size_t kMtu = 1500;

struct OutputCase {
  const char* name;
  const char* section;
  Frame packet;
  DropReason want;
};

Ip6 Good() { return Ip6().From(kHost).To(kPeer).Udp(7, 1000, "hello"); }
Frame OfLength(size_t length) { return Good().Udp(7, 1000, test::Pattern(length - 48)); }

// clang-format off
const OutputCase kOutputCases[] = {
    {"Plain",               "RFC 8200 §3",     Good(),                DropReason::kNone},
    {"FromUnspecified",     "RFC 4862 §5.4.2", Good().From("::"),     DropReason::kNone},
    {"FromLoopback",        "RFC 4291 §2.5.3", Good().From("::1"),    DropReason::kOutputMartian},
    {"ToLoopback",          "RFC 4291 §2.5.3", Good().To("::1"),      DropReason::kOutputMartian},
    {"AsLongAsTheMtu",      "RFC 8200 §5",     OfLength(kMtu),        DropReason::kNone},
    {"LongerThanTheMtu",    "RFC 8200 §5",     OfLength(kMtu + 1),    DropReason::kOutputTooBig},
};
// clang-format on

class Ip6OutputTest : public test::Rig, public testing::WithParamInterface<OutputCase> {};

TEST_P(Ip6OutputTest, Judges) {
  PacketPtr packet = MakePacket(GetParam().packet);
  packet->meta().interface = test::kLan;
  const auto verdict = ip6::Output(interfaces).Take(packet, core);
  EXPECT_EQ(verdict.reason(), GetParam().want) << GetParam().section;
  packet.Free();
}

INSTANTIATE_TEST_SUITE_P(Rfc8200, Ip6OutputTest, testing::ValuesIn(kOutputCases), test::kNameOf);

}  // namespace
}  // namespace sextant
