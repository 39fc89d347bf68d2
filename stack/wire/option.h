// SPDX-License-Identifier: BSD-3-Clause
// The options inside hop-by-hop and destination options headers: read one after
// the other, and written with their padding.
// RFC 8200 §4.2 and appendix A, RFC 2711 (Router Alert), RFC 2675 (Jumbo Payload).
// Any thread.
#pragma once

#include "wire/extension_header.h"

namespace sextant::wire {

// Those that Sextant knows; other values are legal too.
enum class OptionType : uint8_t {
  kPad1 = 0,
  kPadN = 1,
  kRouterAlert = 5,
  kJumboPayload = 0xc2,
};

// RFC 8200 §4.2: what the two highest bits of a type ask of who does not know it.
enum class OptionAction : uint8_t {
  kSkip = 0,
  kDiscard = 1,
  kReport = 2,
  kReportUnlessGroup = 3,
};

constexpr OptionAction ActionOf(OptionType type) {
  return static_cast<OptionAction>(static_cast<uint8_t>(type) >> 6);
}
constexpr bool IsPadding(OptionType type) {
  return type == OptionType::kPad1 || type == OptionType::kPadN;
}

// RFC 2711 §2.1.
inline constexpr size_t kRouterAlertSize = 2;
inline constexpr uint16_t kRouterAlertMld = 0;

struct Option {
  OptionType type = OptionType::kPad1;
  size_t offset = 0;  // of its type, in the header
  Bytes data = {};    // behind type and length

  constexpr size_t size() const { return type == OptionType::kPad1 ? 1 : 2 + data.size(); }
};

// Options in the order in which they stand. Each call moves on, so that a header
// of n octets gives at most n - 2 options.
class OptionReader {
 public:
  // REQUIRES: at is where an option begins, or the header's size.
  explicit constexpr OptionReader(const ExtensionView& header,
                                  size_t at = ExtensionView::kBodyOffset)
      : header_(header.bytes()), at_(at) {}

  constexpr bool done() const { return at_ == header_.size(); }
  // Where the next option begins, in the header.
  constexpr size_t offset() const { return at_; }
  // REQUIRES: !done(). After a failure there is nothing more to read.
  constexpr Parsed<Option> Next() {
    Option option{OptionType{header_[at_]}, at_, {}};
    const size_t left = header_.size() - at_;
    if (option.type != OptionType::kPad1) {
      if (left < 2 || left - 2 < header_[at_ + 1]) return DropReason::kIp6OptionTruncated;
      option.data = header_.subspan(at_ + 2, header_[at_ + 1]);
    }
    at_ += option.size();
    return option;
  }

 private:
  Bytes header_;
  size_t at_;
};

// The value of the first Router Alert in a hop-by-hop header, if there is a good one.
constexpr std::optional<uint16_t> RouterAlertIn(const ExtensionView& hop_by_hop) {
  OptionReader options(hop_by_hop);
  while (!options.done()) {
    const Parsed<Option> option = options.Next();
    if (!option) return {};
    if (option->type != OptionType::kRouterAlert) continue;
    if (option->data.size() != kRouterAlertSize) return {};
    return Load16(option->data, 0);
  }
  return {};
}

// How much lies between `at` and the next place that is a multiple of x, plus y.
// REQUIRES: x is 1, 2, 4 or 8.
constexpr size_t PaddingTo(size_t at, size_t x, size_t y) { return (y - at) & (x - 1); }

// RFC 8200 §4.2: fills `out` with one Pad1 or PadN. REQUIRES: at most 257 octets.
constexpr void WritePadding(MutableBytes out) {
  for (uint8_t& octet : out) octet = 0;
  if (out.size() < 2) return;
  out[0] = static_cast<uint8_t>(OptionType::kPadN);
  out[1] = static_cast<uint8_t>(out.size() - 2);
}

// Writes an options header: its two first octets, options where their alignment
// wants them (RFC 8200 §4.2: xn + y, counted from the header's start), and the
// least padding that makes this so. What does not fit makes the result empty.
class OptionWriter {
 public:
  explicit constexpr OptionWriter(MutableBytes out) : out_(out) {
    fits_ = out_.size() >= ExtensionView::kMinSize;
  }

  constexpr void Add(OptionType type, Bytes data, size_t x = 1, size_t y = 0) {
    PadTo(x, y);
    fits_ = fits_ && data.size() <= UINT8_MAX && data.size() + 2 <= Room();
    if (!fits_) return;
    out_[at_] = static_cast<uint8_t>(type);
    out_[at_ + 1] = static_cast<uint8_t>(data.size());
    for (size_t i = 0; i < data.size(); ++i) out_[at_ + 2 + i] = data[i];
    at_ += 2 + data.size();
  }
  // The whole header, or an empty span.
  constexpr MutableBytes Finish(NextHeader next) {
    PadTo(ExtensionView::kUnit, 0);
    if (!fits_) return {};
    out_[ExtensionView::kNextHeaderOffset] = static_cast<uint8_t>(next);
    out_[ExtensionView::kLengthOffset] = static_cast<uint8_t>(at_ / ExtensionView::kUnit - 1);
    return out_.first(at_);
  }

 private:
  constexpr size_t Room() const { return std::min(out_.size(), ExtensionView::kMaxSize) - at_; }
  constexpr void PadTo(size_t x, size_t y) {
    const size_t count = PaddingTo(at_, x, y);
    fits_ = fits_ && count <= Room();
    if (!fits_) return;
    WritePadding(out_.subspan(at_, count));
    at_ += count;
  }

  MutableBytes out_;
  size_t at_ = ExtensionView::kBodyOffset;
  bool fits_ = true;
};

}  // namespace sextant::wire
