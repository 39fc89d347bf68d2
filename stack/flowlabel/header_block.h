// SPDX-License-Identifier: BSD-3-Clause
// HeaderBlock: the extension headers that go out with every packet of a label.
// RFC 8200 §4.1 (their order): all of them belong before the fragment header.
// Immutable once made.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "flowlabel/request.h"

namespace sextant::flowlabel {

class HeaderBlock {
 public:
  HeaderBlock() = default;
  explicit HeaderBlock(const HeaderSpans& spans) {
    const Bytes parts[] = {spans.hop_by_hop, spans.destination, spans.routing};
    for (size_t i = 0; i < ends_.size(); ++i) {
      bytes_.insert(bytes_.end(), parts[i].begin(), parts[i].end());
      ends_[i] = bytes_.size();
    }
  }

  HeaderSpans spans() const {
    const Bytes all(bytes_);
    return {all.first(ends_[0]), all.subspan(ends_[0], ends_[1] - ends_[0]), all.subspan(ends_[1])};
  }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  bool operator==(const HeaderBlock&) const = default;
  bool operator==(const HeaderSpans& other) const {
    const HeaderSpans ours = spans();
    return std::ranges::equal(ours.hop_by_hop, other.hop_by_hop) &&
           std::ranges::equal(ours.destination, other.destination) &&
           std::ranges::equal(ours.routing, other.routing);
  }

 private:
  std::vector<uint8_t> bytes_;
  std::array<size_t, 3> ends_{};
};

}  // namespace sextant::flowlabel
