// SPDX-License-Identifier: BSD-3-Clause
// Text forms of addresses: RFC 4291 §2.2 in, RFC 5952 §4 out.
// Any thread.
#include "base/ipv6_address.h"

#include <charconv>

#include "base/mac_address.h"

namespace sextant {
namespace {

constexpr size_t kGroups = 8;

// One dotted quad, as the last 32 bits: four decimals 0..255 without leading zeros.
bool ParseQuad(std::string_view text, std::array<uint16_t, 2>& out) {
  std::array<uint8_t, 4> octets{};
  for (size_t i = 0; i < octets.size(); ++i) {
    const size_t end = i + 1 < octets.size() ? text.find('.') : text.size();
    if (end == std::string_view::npos || end == 0 || end > 3) return false;
    const std::string_view digits = text.substr(0, end);
    if (digits.size() > 1 && digits[0] == '0') return false;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + end, octets[i]);
    if (error != std::errc() || rest != digits.data() + end) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out = {Load16(octets, 0), Load16(octets, 2)};
  return true;
}

bool ParseGroup(std::string_view text, uint16_t& out) {
  if (text.empty() || text.size() > 4) return false;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, out, 16);
  return error == std::errc() && rest == end;
}

// Groups separated by single colons, a dotted quad allowed at the end.
// Returns how many 16-bit groups were read, or nothing.
std::optional<size_t> ParseGroups(std::string_view text, std::array<uint16_t, kGroups>& out,
                                  bool quad_allowed) {
  size_t count = 0;
  if (text.empty()) return count;
  while (count < kGroups) {
    const size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (part.find('.') != std::string_view::npos) {
      std::array<uint16_t, 2> quad{};
      const bool last = colon == std::string_view::npos;
      if (!quad_allowed || !last || count + 2 > kGroups || !ParseQuad(part, quad)) return {};
      out[count] = quad[0];
      out[count + 1] = quad[1];
      return count + 2;
    }
    if (!ParseGroup(part, out[count++])) return {};
    if (colon == std::string_view::npos) return count;
    text.remove_prefix(colon + 1);
  }
  return {};
}

struct Run {
  size_t begin = kGroups;
  size_t length = 0;
};

// RFC 5952 §4.2.2, §4.2.3: the longest run of two or more zero groups, the first of equals.
Run LongestZeroRun(const std::array<uint16_t, kGroups>& groups) {
  Run best;
  for (size_t i = 0; i < kGroups; ++i) {
    size_t length = 0;
    while (i + length < kGroups && groups[i + length] == 0) ++length;
    if (length >= 2 && length > best.length) best = {i, length};
    i += length;
  }
  return best;
}

void AppendNumber(std::string& out, unsigned value, int base) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::optional<Ipv6Address> Ipv6Address::Parse(std::string_view text) {
  std::array<uint16_t, kGroups> head{};
  std::array<uint16_t, kGroups> tail{};
  const size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    const auto count = ParseGroups(text, head, true);
    return count == kGroups ? std::optional(FromGroups(head)) : std::nullopt;
  }
  const auto before = ParseGroups(text.substr(0, gap), head, false);
  const auto after = ParseGroups(text.substr(gap + 2), tail, true);
  // "::" stands for at least one group (RFC 4291 §2.2), so at most seven are written.
  if (!before || !after || *before + *after >= kGroups) return {};
  for (size_t i = 0; i < *after; ++i) head[kGroups - *after + i] = tail[i];
  return FromGroups(head);
}

std::string Ipv6Address::ToString() const {
  std::string out;
  if (is_v4_mapped()) {
    out = "::ffff:";
    for (size_t i = 12; i < kSize; ++i) {
      if (i > 12) out += '.';
      AppendNumber(out, bytes_[i], 10);
    }
    return out;
  }
  std::array<uint16_t, kGroups> groups{};
  for (size_t i = 0; i < kGroups; ++i) groups[i] = Load16(bytes_, 2 * i);
  const Run zeros = LongestZeroRun(groups);
  for (size_t i = 0; i < kGroups; ++i) {
    if (i == zeros.begin) {
      out += "::";
      i += zeros.length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    AppendNumber(out, groups[i], 16);
  }
  return out;
}

std::optional<Ipv6Prefix> Ipv6Prefix::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const auto address = Ipv6Address::Parse(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  int length = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  const bool whole = error == std::errc() && rest == digits.data() + digits.size();
  if (!address || !whole || digits[0] == '-' || length > 128) return {};
  return Ipv6Prefix{*address, length};
}

std::string Ipv6Prefix::ToString() const {
  std::string out = address.ToString() + '/';
  AppendNumber(out, static_cast<unsigned>(length), 10);
  return out;
}

Ipv6Prefix Ipv6Prefix::Masked() const {
  std::array<uint8_t, Ipv6Address::kSize> bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) {
    const int keep = length - static_cast<int>(8 * i);
    const int mask = keep >= 8 ? 0xff : keep <= 0 ? 0 : 0xff << (8 - keep);
    bytes[i] = static_cast<uint8_t>(address.bytes()[i] & mask);
  }
  return {Ipv6Address(bytes), length};
}

std::optional<MacAddress> MacAddress::Parse(std::string_view text) {
  constexpr size_t kTextSize = 17;
  if (text.size() != kTextSize) return {};
  std::array<uint8_t, kSize> bytes{};
  for (size_t i = 0; i < kSize; ++i) {
    const std::string_view digits = text.substr(3 * i, 2);
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + 2, bytes[i], 16);
    if (error != std::errc() || rest != digits.data() + 2) return {};
    if (i + 1 < kSize && text[3 * i + 2] != ':') return {};
  }
  return MacAddress(bytes);
}

std::string MacAddress::ToString() const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : bytes_) {
    if (!out.empty()) out += ':';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace sextant
