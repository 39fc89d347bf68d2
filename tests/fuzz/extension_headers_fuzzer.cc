// SPDX-License-Identifier: BSD-3-Clause
// Any bytes behind an IPv6 header, whole and in two segments: the chain of extension headers is
// judged alike, what is recorded lies inside the packet, the walk that only looks for the upper
// layer agrees, and errors about errors are never allowed.
// The input: where to cut, flags, the first next header, and the payload.
// Owned by one Core.
#include <algorithm>
#include <memory>

#include "icmp6/error_output.h"
#include "ip6/extension_headers.h"
#include "support/chain.h"
#include "support/core.h"
#include "support/eal.h"
#include "wire/extension_header.h"

namespace sextant::test {
namespace {

using Next = ip6::ExtensionHeaders::Next;

constexpr size_t kControlBytes = 4;
constexpr size_t kMaxPayload = 2048 - 40;  // one segment holds it
constexpr uint8_t kToGroup = 1;
constexpr uint8_t kLengthZero = 2;
constexpr uint8_t kReassembled = 4;
constexpr uint8_t kLargeLimits = 8;
constexpr uint8_t kTrailer = 16;

struct World {
  TestCore core;
  ip6::ExtensionHeaders stage{core.core.tunables()};
};

struct Outcome {
  Verdict<Next> verdict = DropReason::kNone;
  Meta meta = {};
  ExtensionPlaces places = {};
};

Outcome Run(World& world, PacketPtr packet, uint8_t flags) {
  Outcome out;
  if ((flags & kReassembled) != 0) {
    packet->meta().reassembled = packet->meta().has_extensions = true;
    packet->extensions() = {};
  }
  out.verdict = world.stage.Take(packet, world.core.core);
  out.meta = packet->meta();
  if (out.meta.has_extensions) out.places = packet->extensions();
  SX_CHECK(IsConsistent(*packet));
  if (out.verdict.passed() && out.verdict.next() != Next::kFragment) {
    SX_CHECK(packet->bytes().size() >=
             out.meta.upper_offset + std::min<size_t>(out.meta.upper_length, 8));
  }
  packet->meta().error = {};
  packet.Free();
  return out;
}

void CheckSame(const Outcome& whole, const Outcome& split) {
  SX_CHECK(whole.verdict == split.verdict);
  if (!whole.verdict.passed()) return;
  SX_CHECK(whole.meta.upper_offset == split.meta.upper_offset);
  SX_CHECK(whole.meta.upper_length == split.meta.upper_length);
  SX_CHECK(whole.meta.upper == split.meta.upper);
  SX_CHECK(whole.meta.reassembled == split.meta.reassembled);
  SX_CHECK(std::memcmp(&whole.places, &split.places, sizeof whole.places) == 0);
}

void CheckRecord(const Outcome& out, const Frame& packet) {
  const size_t end = 40 + size_t{Load16(packet, 4)};
  const auto upper = wire::WalkToUpper(packet);
  if (out.verdict.refused()) SX_CHECK(out.verdict.error().value < std::max<size_t>(end, 41));
  if (!out.verdict.passed()) return;
  SX_CHECK(size_t{out.meta.upper_offset} + out.meta.upper_length == end);
  SX_CHECK(packet[out.places.last_next_header] ==
           (out.verdict.next() == Next::kFragment ? 44 : out.meta.upper));
  if (out.verdict.next() == Next::kFragment) return SX_CHECK(!out.meta.reassembled);
  SX_CHECK(upper && upper->offset == out.meta.upper_offset);
  SX_CHECK(static_cast<uint8_t>(upper->next) == out.meta.upper);
}

void CheckErrors(World& world, const Frame& packet) {
  const auto upper = wire::WalkToUpper(packet);
  const bool about_error = upper && !upper->is_later_fragment() &&
                           upper->next == wire::NextHeader::kIcmp6 && !upper->bytes.empty() &&
                           wire::IsError(wire::Icmp6Type{upper->bytes[0]});
  PacketPtr copy = world.core.pool->Copy(packet);
  for (const uint8_t code : Frame{0, 1, 2, 3}) {
    const auto error = wire::Icmp6Error::ParameterProblem(wire::ParameterCode{code}, 42);
    const bool may = icmp6::MayAnswer(*copy, error);
    SX_CHECK(!(may && about_error));
  }
  copy.Free();
}

Frame MakePacket(const uint8_t* data, size_t size) {
  const uint8_t flags = data[2];
  Frame packet = Ip6()
                     .From("fd00:6::1")
                     .To((flags & kToGroup) != 0 ? "ff02::1" : "fd00:6::2")
                     .Upper(data[3], Bytes(data + kControlBytes, size - kControlBytes));
  if ((flags & kLengthZero) != 0) packet = Poke16(std::move(packet), 4, 0);
  if ((flags & kTrailer) != 0 && Load16(packet, 4) > 7) {
    packet = Poke16(packet, 4, static_cast<uint16_t>(Load16(packet, 4) - 7));
  }
  return packet;
}

void Try(World& world, const uint8_t* data, size_t size) {
  const uint8_t flags = data[2];
  Tunables& tunables = world.core.core.tunables();
  tunables = Tunables::Defaults();
  if ((flags & kLargeLimits) != 0) {
    tunables.ip6_max_headers = tunables.ip6_max_headers_of_a_kind = 64;
    tunables.ip6_max_options = 1024;
    tunables.ip6_max_pad = 257;
  }
  const Frame packet = MakePacket(data, size);
  const Outcome whole = Run(world, world.core.pool->Copy(packet), flags);
  CheckRecord(whole, packet);
  CheckErrors(world, packet);
  if (packet.size() == 40) return;
  const size_t first = 40 + Load16(Bytes(data, 2), 0) % (packet.size() - 40);
  const std::vector<size_t> sizes = {first, packet.size() - first};
  CheckSame(whole, Run(world, Chain(*world.core.pool, packet, sizes), flags));
}

}  // namespace
}  // namespace sextant::test

extern "C" int LLVMFuzzerInitialize(int*, char*** argv) {
  sextant::test::StartEal((*argv)[0]);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sextant::test::World;
  // One for the whole run: the EAL does not like pools to come and go.
  static const std::unique_ptr<World> world = std::make_unique<World>();
  if (size >= sextant::test::kControlBytes &&
      size - sextant::test::kControlBytes <= sextant::test::kMaxPayload) {
    sextant::test::Try(*world, data, size);
  }
  return 0;
}
