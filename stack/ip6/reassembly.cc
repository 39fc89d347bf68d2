// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly.h"

#include "ip6/reassembly_assemble.h"

namespace sextant::ip6 {
namespace {

using Verdict = Verdict<Reassembly::Next>;

// RFC 8200 §3: what a Payload Length field can say.
constexpr uint32_t kMaxPayload = UINT16_MAX;
constexpr uint32_t kIp6Size = wire::Ipv6View::kSize;
// RFC 4443 §3.3.
constexpr wire::Icmp6Error kReassemblyTimeExceeded = {wire::Icmp6Type::kTimeExceeded, 1, 0};
// Datagrams that one call of the timer ends; the next follows a tick later.
constexpr size_t kExpiredAtOnce = 256;

Verdict RefuseField(DropReason reason, uint32_t pointer) {
  return Verdict::Refuse(
      reason, wire::Icmp6Error::ParameterProblem(wire::ParameterCode::kErroneousField, pointer));
}

Verdict RefuseTooLong(const Fragment& f) {
  return RefuseField(DropReason::kFragmentTooLong,
                     f.header + uint32_t{wire::FragmentView::kOffsetOffset});
}

// RFC 8200 §4.5: whether the datagram's payload could be told, behind an
// unfragmentable part that ends at `unfragmentable`.
bool IsTooLong(const Fragment& f, uint32_t unfragmentable) {
  return f.end() + (unfragmentable - kIp6Size) > kMaxPayload;
}

// What a fragment says by itself.
Verdict JudgeAlone(const Fragment& f) {
  // RFC 8200 §4.5: all but the last are multiples of eight octets long.
  if (f.more && f.length % wire::FragmentView::kUnit != 0) {
    return RefuseField(DropReason::kFragmentUnaligned, wire::Ipv6View::kPayloadLengthOffset);
  }
  if (IsTooLong(f, f.is_first() ? f.header : kIp6Size)) return RefuseTooLong(f);
  if (f.length == 0) return DropReason::kFragmentEmpty;
  return Reassembly::Next::kWhole;
}

// RFC 3168 §5.3, by the set of values seen; Not-ECT among others is not of one
// sender. kMixed drops, kAsFirst keeps the first fragment's.
enum class Ecn : uint8_t { kAsFirst, kCongestion, kMixed };
Ecn EcnOf(uint8_t seen) {
  constexpr uint8_t kNotCapable = 1 << 0;
  constexpr uint8_t kExperienced = 1 << 3;
  if ((seen & kNotCapable) != 0) return seen == kNotCapable ? Ecn::kAsFirst : Ecn::kMixed;
  return (seen & kExperienced) != 0 ? Ecn::kCongestion : Ecn::kAsFirst;
}

void Note(Datagram& d, const Fragment& f, const Meta& meta) {
  d.received += f.length;
  d.ecn_seen = static_cast<uint8_t>(d.ecn_seen | 1U << f.ecn);
  d.largest = std::max(d.largest, static_cast<uint16_t>(std::min(f.packet_length, kMaxPayload)));
  d.vouched = d.vouched && meta.looped && meta.checksum == ChecksumState::kGood;
  if (!f.more) d.total = f.end();
  if (f.is_first()) d.unfragmentable = static_cast<uint16_t>(f.header);
}

// What the datagram's fragments have told, for its one packet.
struct Outcome {
  uint32_t total = 0;
  uint16_t largest = 0;
  bool congestion = false;
  bool vouched = false;
};

void Mend(Packet& packet, const Outcome& outcome, Instant arrived) {
  Meta& meta = packet.meta();
  ExtensionPlaces& extensions = packet.extensions();
  const MutableBytes bytes = packet.Writable();
  const uint16_t behind = extensions.fragment;
  const auto payload = static_cast<uint16_t>(behind - kIp6Size + outcome.total);
  Store16(bytes, wire::Ipv6View::kPayloadLengthOffset, payload);
  // The lowest bits of the traffic class are the upper ones of the second octet's lower half.
  if (outcome.congestion) bytes[1] |= 0x30;
  meta.arrived = arrived;
  meta.next = nullptr;
  meta.upper = bytes[extensions.last_next_header];
  meta.upper_offset = behind;
  meta.upper_length = static_cast<uint16_t>(outcome.total);
  meta.checksum = outcome.vouched ? ChecksumState::kGood : ChecksumState::kUnknown;
  extensions.fragment = 0;
  extensions.largest_fragment = outcome.largest;
  if (packet.is_chained()) packet.Pull(std::min(packet.length(), kMaxHeaderBytes));
}

}  // namespace

Reassembly::Reassembly(Core& core)
    : hash_(core.rng()), store_(core), timer_(Timer::Calling<&Reassembly::OnTimer>(this)) {}

Verdict Reassembly::Take(PacketPtr& packet, Core& core) {
  const Fragment fragment = Fragment::Of(*packet);
  const Verdict alone = JudgeAlone(fragment);
  if (!alone.passed()) return alone;
  packet->Trim(fragment.packet_length);

  const uint64_t hash = hash_(fragment.key.words());
  Handle datagram = store_.Find(static_cast<uint32_t>(hash), fragment.key);
  if (datagram != kNoHandle) return TakeFor(datagram, packet, fragment, hash, core);
  // RFC 5722 §4: including those not yet received.
  if (tombstones_.Holds(hash, fragment.key.identification, core.now())) {
    return DropReason::kFragmentTombstone;
  }
  datagram = Open(fragment, hash, core);
  if (datagram == kNoHandle) return DropReason::kFragmentEvicted;
  return Hold(datagram, packet, fragment, core);
}

Handle Reassembly::Open(const Fragment& fragment, uint64_t hash, Core& core) {
  const Tunables& tunables = core.tunables();
  const auto stones = static_cast<size_t>(tunables.reassembly_tombstones);
  if (stones != tombstones_.capacity()) tombstones_.Resize(stones);
  const Handle datagram = store_.Open(static_cast<uint32_t>(hash), fragment.key, core);
  const Duration timeout = Duration::Milliseconds(tunables.reassembly_timeout_ms);
  if ((!timer_.is_armed() || timeout < timeout_) && datagram != kNoHandle) [[unlikely]] {
    core.timers().Arm(timer_, store_[store_.oldest()].born + timeout);
  }
  timeout_ = timeout;
  return datagram;
}

DropReason Reassembly::JudgeAgainst(const Datagram& d, const Fragment& f, Core& core) const {
  // RFC 8200 §4.5 knows one last fragment, whose end is the datagram's.
  const bool total_known = d.total != Datagram::kUnknown;
  if (total_known && (f.more ? f.end() > d.total : f.end() != d.total)) {
    return DropReason::kFragmentLength;
  }
  if (!f.more && !total_known && store_.End(d) > f.end()) return DropReason::kFragmentLength;
  switch (store_.Probe(d, f)) {
    case Intervals::Fit::kDuplicate: {
      // RFC 8200 §4.5: exact duplicates may be ignored; that takes in the M flag.
      const bool held_is_last = total_known && f.end() == d.total;
      return held_is_last == !f.more ? DropReason::kFragmentDuplicate
                                     : DropReason::kFragmentOverlap;
    }
    case Intervals::Fit::kOverlap:
      return DropReason::kFragmentOverlap;
    case Intervals::Fit::kFree:
      break;
  }
  const auto most = static_cast<size_t>(core.tunables().reassembly_max_fragments);
  return d.held.size() < most ? DropReason::kNone : DropReason::kFragmentTooMany;
}

Verdict Reassembly::TakeFor(Handle datagram, PacketPtr& packet, const Fragment& fragment,
                            uint64_t hash, Core& core) {
  Datagram& d = store_[datagram];
  if (d.has_first() && IsTooLong(fragment, d.unfragmentable) && !fragment.is_first()) {
    return RefuseTooLong(fragment);
  }
  const DropReason reason = JudgeAgainst(d, fragment, core);
  if (reason == DropReason::kFragmentDuplicate) return reason;
  if (reason != DropReason::kNone) [[unlikely]]
    return Bury(datagram, reason, hash, core);
  if (fragment.is_first()) store_.RefuseBeyond(datagram, fragment.header, core);
  // The last one to come need not be held.
  const uint32_t total = fragment.more ? d.total : fragment.end();
  if (d.received + fragment.length == total) return Complete(datagram, packet, fragment, core);
  return Hold(datagram, packet, fragment, core);
}

// The datagram and this fragment of it go.
Verdict Reassembly::Bury(Handle datagram, DropReason reason, uint64_t hash, Core& core) {
  const Datagram& d = store_[datagram];
  if (reason == DropReason::kFragmentOverlap) {
    tombstones_.Add(hash, d.key.identification, d.born + timeout_);
  }
  store_.Discard(datagram, reason, core);
  return reason;
}

Verdict Reassembly::Hold(Handle datagram, PacketPtr& packet, const Fragment& fragment, Core& core) {
  Note(store_[datagram], fragment, packet->meta());
  if (!store_.Hold(datagram, packet, fragment, core)) return DropReason::kFragmentEvicted;
  return Verdict::Held();
}

Verdict Reassembly::Complete(Handle datagram, PacketPtr& packet, const Fragment& fragment,
                             Core& core) {
  Datagram& d = store_[datagram];
  Note(d, fragment, packet->meta());
  const Ecn ecn = EcnOf(d.ecn_seen);
  if (ecn == Ecn::kMixed) {
    store_.Discard(datagram, DropReason::kFragmentEcn, core);
    return DropReason::kFragmentEcn;
  }
  const Outcome outcome{d.total, d.largest, ecn == Ecn::kCongestion, d.vouched};
  const Instant arrived = packet->meta().arrived;
  size_t rank = 0;
  const auto pieces = store_.TakeAll(datagram, *packet, fragment, rank);
  if (!Assemble(store_.compact(), pieces, rank, packet, core)) return DropReason::kNoBuffer;
  Mend(*packet, outcome, arrived);
  ++completed_;
  return Next::kWhole;
}

void Reassembly::OnTimer(Core& core) {
  const Duration timeout = Duration::Milliseconds(core.tunables().reassembly_timeout_ms);
  for (size_t budget = kExpiredAtOnce; store_.oldest() != kNoHandle; --budget) {
    const Instant deadline = store_[store_.oldest()].born + timeout;
    if (deadline > core.now() || budget == 0) return core.timers().Arm(timer_, deadline);
    Expire(store_.oldest(), core);
  }
}

void Reassembly::Expire(Handle datagram, Core& core) {
  ++expired_;
  // RFC 8200 §4.5: told to the source if the first fragment has been received.
  PacketPtr first = store_.TakeFirst(datagram, core);
  const bool group = store_[datagram].key.destination.is_multicast();
  store_.Discard(datagram, DropReason::kFragmentTimeout, core);
  if (!first) return;
  if (group) return core.Drop(std::move(first), DropReason::kFragmentTimeout);
  core.Refuse(std::move(first), DropReason::kFragmentTimeout, kReassemblyTimeExceeded);
}

void Reassembly::Stop(Core& core) {
  timer_.Cancel();
  while (store_.oldest() != kNoHandle) {
    store_.Discard(store_.oldest(), DropReason::kHostStopped, core);
  }
}

ReassemblyStatistics Reassembly::statistics() const {
  return {store_.bytes(),
          store_.table_bytes(),
          store_.datagrams(),
          store_.fragments(),
          store_.prefixes(),
          completed_,
          expired_};
}

}  // namespace sextant::ip6
