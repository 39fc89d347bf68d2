// SPDX-License-Identifier: BSD-3-Clause
// Compile: a HeaderSet as the chain of bytes that is sent. StickyHeaders: the
// set that a socket keeps, compiled once. Ancillary: the options of one
// datagram, whose headers are compiled on the caller's stack.
// RFC 8200 §4, RFC 3542 §4.2 and §6 to §9, RFC 2292 §4.
// Owned by one Core.
#pragma once

#include <vector>

#include "socket/option_table.h"
#include "wire/header_chain.h"

namespace sextant::socket {

// RFC 3542 leaves it open; Linux takes no more in one header.
inline constexpr size_t kMaxHeader = 255 * 8;
inline constexpr size_t kMaxChain = kHeaderPlaces * kMaxHeader;
// LIMIT: headers longer than this are EMSGSIZE: they, the IPv6 and the UDP
// header lie in one packet buffer.
inline constexpr size_t kMaxSentChain = 1952;

// Writes the headers into `room`. REQUIRES: room.size() >= set.size(), and each
// header is well-formed.
wire::HeaderChain Compile(const HeaderSet& set, wire::NextHeader upper, MutableBytes room);

class StickyHeaders {
 public:
  // Takes a copy; an empty one clears the place.
  void Set(HeaderPlace place, Bytes header);
  // All at once; `set` may borrow from anywhere but here.
  void Replace(const HeaderSet& set);
  // Lets `options` refer to what there is now.
  void Publish(Ip6Options& options, wire::NextHeader upper);

 private:
  std::array<std::vector<uint8_t>, kHeaderPlaces> headers_;
  std::vector<uint8_t> block_;
  wire::HeaderChain chain_;
};

// Where headers that are given in pieces are joined (RFC 2292 §4.5). Left
// uninitialised: only what is written is read.
struct HeaderScratch {
  std::array<uint8_t, kMaxHeader> hop_by_hop;
  std::array<uint8_t, kMaxHeader> destination;
  std::array<uint8_t, kMaxHeader> behind_routing;  // destination options, once there are others
};

// Applies each control message of `control`, as ancillary data.
Errno ApplyControl(Bytes control, const OptionTarget& target, SocketKind kind);

// RFC 2292 §4.5.2: as if nothing had been set but basic options.
void ClearSticky(Ip6Options& options);

class Ancillary {
 public:
  Ancillary(const Options& sticky, Environment& environment)
      : options_(sticky), environment_(environment) {}
  Ancillary(const Ancillary&) = delete;
  Ancillary& operator=(const Ancillary&) = delete;

  // RFC 3542 §4.2: ancillary data holds for this datagram, over the sticky options.
  Errno Read(Bytes control, SocketKind kind, wire::NextHeader upper);
  const Options& options() const { return options_; }

 private:
  Options options_;
  Environment& environment_;
  wire::HeaderChain chain_;
  HeaderScratch scratch_;                 // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::array<uint8_t, kMaxChain> block_;  // the same
};

}  // namespace sextant::socket
