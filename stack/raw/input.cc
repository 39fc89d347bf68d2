// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "raw/input.h"

#include <optional>

#include "packet/sum.h"

namespace sextant::raw {
namespace {

Flow FlowOf(const Packet& packet) {
  const auto ip = wire::Ipv6View::Trusted(packet.bytes());
  return {ip.destination(), ip.source(), packet.meta().interface};
}

// One packet on its way to several sockets.
class Copies {
 public:
  Copies(Packet& packet, Core& core) : packet_(packet), core_(core) {}

  void GiveTo(Socket& socket);
  bool taken() const { return taken_; }
  bool matched() const { return matched_; }

 private:
  bool IsIntactFor(const Socket& socket);
  bool Verifies() const;

  Packet& packet_;
  Core& core_;
  std::optional<bool> intact_;  // summed at most once
  bool matched_ = false;
  bool taken_ = false;
};

void Copies::GiveTo(Socket& socket) {
  matched_ = true;
  // RFC 3542 §3.1: silently discarded, for this socket.
  if (!IsIntactFor(socket)) return core_.NeverMade(DropReason::kRawBadChecksum);
  PacketPtr copy = core_.pool().Share(packet_);
  if (!copy) return core_.NeverMade(DropReason::kNoBuffer);
  copy->meta().origin = Origin::kMade;
  if (socket.Push(copy, core_)) {
    taken_ = true;
  } else {
    core_.Drop(std::move(copy), DropReason::kRawSocketFull);
  }
}

bool Copies::IsIntactFor(const Socket& socket) {
  // ICMPv6 messages were verified before anybody got to see them.
  if (socket.checksum_offset < 0 || socket.protocol() == kIcmp6) return true;
  const size_t end = static_cast<size_t>(socket.checksum_offset) + sizeof(uint16_t);
  if (end > packet_.meta().upper_length) return false;
  // Wherever the field lies, the sum over everything is the same.
  if (!intact_) intact_ = Verifies();
  return *intact_;
}

bool Copies::Verifies() const {
  const Meta& meta = packet_.meta();
  if (meta.looped && meta.checksum == ChecksumState::kGood) return true;
  wire::Sum sum = SumOf(packet_, meta.upper_offset, meta.upper_length);
  sum.AddPseudoHeader(wire::Ipv6View::Trusted(packet_.bytes()).addresses(), meta.upper_length,
                      meta.upper);
  return sum.Verifies();
}

Copies CopyToAll(Packet& packet, Table& table, Core& core) {
  const Meta& meta = packet.meta();
  const bool icmp6 = meta.upper == kIcmp6;
  const uint8_t type = icmp6 ? packet.bytes()[meta.upper_offset] : uint8_t{0};
  Copies copies(packet, core);
  // The bit test comes before all else.
  if (icmp6 && !table.WantsType(type)) return copies;
  table.ForEachReader(wire::NextHeader{meta.upper}, type, FlowOf(packet),
                      [&](Socket& socket) { copies.GiveTo(socket); });
  if (copies.taken()) core.Delivered(packet);
  return copies;
}

// Where the field lies that names what follows the last header that is known.
uint32_t NamedAt(const Packet& packet) {
  if (packet.meta().has_extensions) return packet.extensions().last_next_header;
  return wire::Ipv6View::kNextHeaderOffset;
}

}  // namespace

bool Input::Copy(Packet& packet, Core& core) { return CopyToAll(packet, table_, core).taken(); }

Verdict<Input::Next> Input::Take(PacketPtr& packet, Core& core) {
  const Copies copies = CopyToAll(*packet, table_, core);
  if (copies.taken()) {
    core.Consume(std::move(packet));
    return Verdict<Next>::Held();
  }
  if (copies.matched()) return DropReason::kRawNotTaken;
  // RFC 8200 §4: an unrecognised next header is told to the sender.
  return Verdict<Next>::Refuse(DropReason::kIp6UnknownNextHeader,
                               wire::Icmp6Error::ParameterProblem(
                                   wire::ParameterCode::kUnknownNextHeader, NamedAt(*packet)));
}

}  // namespace sextant::raw
