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
  bool held = false;  // to be split
  uint32_t path_mtu = 0;
};

Ip6 Good() { return Ip6().From(kHost).To(kPeer).Udp(7, 1000, "hello"); }
Frame OfLength(size_t length) { return Good().Udp(7, 1000, test::Pattern(length - 48)); }
Frame LongSolicitation() { return Good().NeighborSolicitation(kPeer).Append(test::Pattern(kMtu)); }

// clang-format off
const OutputCase kOutputCases[] = {
    {"Plain",               "RFC 8200 §3",     Good(),                DropReason::kNone},
    {"FromUnspecified",     "RFC 4862 §5.4.2", Good().From("::"),     DropReason::kNone},
    {"FromLoopback",        "RFC 4291 §2.5.3", Good().From("::1"),    DropReason::kOutputMartian},
    {"ToLoopback",          "RFC 4291 §2.5.3", Good().To("::1"),      DropReason::kOutputMartian},
    {"AsLongAsTheMtu",      "RFC 8200 §5",     OfLength(kMtu),        DropReason::kNone},
    {"LongerThanTheMtu",    "RFC 8200 §5",     OfLength(kMtu + 1),    DropReason::kNone, true},
    {"AsLongAsThePath",     "RFC 8201 §4",     OfLength(1400),        DropReason::kNone, false, 1400},
    {"LongerThanThePath",   "RFC 8201 §4",     OfLength(1401),        DropReason::kNone, true, 1400},
    {"PathBeyondTheLink",   "RFC 8200 §5",     OfLength(kMtu + 1),    DropReason::kNone, true, 9000},
    {"LongSolicitation",    "RFC 6980 §5",     LongSolicitation(),    DropReason::kOutputTooBig},
    {"LongEcho",            "RFC 6980 §5",     Good().Icmp6Echo(1, 1, test::Pattern(1453)), DropReason::kNone, true},
    {"LongFromLoopback",    "RFC 4291 §2.5.3", Good().From("::1").Udp(7, 1000, test::Pattern(1453)), DropReason::kOutputMartian},
};
// clang-format on

class Ip6OutputTest : public test::Rig, public testing::WithParamInterface<OutputCase> {};

TEST_P(Ip6OutputTest, Judges) {
  PacketPtr packet = MakePacket(GetParam().packet);
  packet->meta().interface = test::kLan;
  packet->meta().path_mtu = GetParam().path_mtu;
  packet->meta().upper_offset = 40;
  packet->meta().upper = GetParam().packet[6];
  ip6::Fragmentation fragmentation(core, interfaces);
  const auto verdict = ip6::Output(interfaces, fragmentation).Take(packet, core);
  EXPECT_EQ(verdict.reason(), GetParam().want) << GetParam().section;
  EXPECT_EQ(verdict.held(), GetParam().held) << GetParam().section;
  if (verdict.held()) packet = fragmentation.Pop();
  packet.Free();
  EXPECT_FALSE(fragmentation.Pop());
}

INSTANTIATE_TEST_SUITE_P(Rfc8200, Ip6OutputTest, testing::ValuesIn(kOutputCases), test::kNameOf);

}  // namespace
}  // namespace sextant
