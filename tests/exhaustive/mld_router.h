// SPDX-License-Identifier: BSD-3-Clause
// MldRouter: what a multicast router with one listener on its link learns from reports, as slow
// and as clear as can be: for every group a mode and a set of sources. It decodes the bytes itself.
// With a single listener the router's timers need no modelling: what a record takes back, nobody
// else wants (RFC 3810 §7.4.2, once the queries it provokes have gone unanswered).
// Owned by one Core.
#pragma once

#include <map>
#include <set>

#include "support/frames.h"

namespace sextant::test {

class MldRouter {
 public:
  // Returns false when the report is not legal.
  bool Hear(const Frame& packet) {
    constexpr size_t kRecords = 56;  // IPv6, hop-by-hop, the report's head
    if (packet.size() < kRecords || packet[7] != 1 || packet[48] != 143) return false;
    if (packet[42] != 5 || packet[43] != 2 || Load16(packet, 44) != 0) return false;
    if (AddressAt(packet, 24) != Ip("ff02::16") || packet.size() > 1500) return false;
    size_t at = kRecords;
    for (unsigned left = Load16(packet, 54); left > 0; --left) {
      if (packet.size() - at < 20) return false;
      const size_t count = Load16(packet, at + 2);
      if (packet.size() - at < 20 + 16 * count) return false;
      std::set<Ipv6Address> sources;
      for (size_t i = 0; i < count; ++i) sources.insert(AddressAt(packet, at + 20 + 16 * i));
      if (sources.size() != count) return false;
      if (!Record(packet[at], AddressAt(packet, at + 4), sources)) return false;
      at += 20 + 16 * count;
    }
    return at == packet.size();
  }
  bool Forwards(const Ipv6Address& group, const Ipv6Address& source) const {
    const auto found = groups_.find(group);
    if (found == groups_.end()) return false;
    return found->second.sources.contains(source) != found->second.exclude;
  }
  size_t groups() const { return groups_.size(); }
  bool Knows(const Ipv6Address& group) const { return groups_.contains(group); }
  void Forget(const Ipv6Address& group) { groups_.erase(group); }

  // A general query: what is not reported until its end is wanted no longer.
  void BeginQuery() { answered_.clear(); }
  void EndQuery() {
    std::erase_if(groups_, [&](const auto& entry) { return !answered_.contains(entry.first); });
  }

 private:
  struct Group {
    bool exclude = false;
    std::set<Ipv6Address> sources;
  };

  static Ipv6Address AddressAt(Bytes packet, size_t offset) {
    return Ipv6Address(packet.subspan(offset).first<Ipv6Address::kSize>());
  }
  bool Record(uint8_t type, const Ipv6Address& name, const std::set<Ipv6Address>& sources) {
    if (!name.is_multicast() || name == Ip("ff02::1") || name.multicast_scope() < 2) return false;
    answered_.insert(name);
    Group& group = groups_[name];
    switch (type) {
      case 1:  // MODE_IS_INCLUDE, and the changes of mode
      case 3:
        group = {false, sources};
        break;
      case 2:
      case 4:
        group = {true, sources};
        break;
      case 5:  // ALLOW_NEW_SOURCES: into an INCLUDE list, out of an EXCLUDE list
      case 6:  // BLOCK_OLD_SOURCES
        if (sources.empty()) return false;
        for (const Ipv6Address& source : sources) {
          if (group.exclude == (type == 6)) {
            group.sources.insert(source);
          } else {
            group.sources.erase(source);
          }
        }
        break;
      default:
        return false;
    }
    if (!group.exclude && group.sources.empty()) groups_.erase(name);
    return true;
  }

  std::map<Ipv6Address, Group> groups_;
  std::set<Ipv6Address> answered_;
};

}  // namespace sextant::test
