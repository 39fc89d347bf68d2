// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "support/fragments.h"

#include <charconv>
#include <ostream>

namespace sextant::test {
namespace {

// Takes a number off the front.
uint32_t TakeNumber(std::string_view& text) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  SX_CHECK(error == std::errc());
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

void TakeOption(FragmentSpec& spec, std::string_view& text) {
  const char option = text.front();
  text.remove_prefix(1);
  if (option == 'm') {
    spec.more = true;
    return;
  }
  const uint32_t value = TakeNumber(text);
  switch (option) {
    case 'e':
      spec.ecn = static_cast<uint8_t>(value);
      break;
    case 'u':
      spec.headers = value;
      break;
    case 'i':
      spec.identification = value;
      break;
    case 'f':
      spec.fill = static_cast<uint8_t>(value);
      break;
    case 's':
      spec.source = static_cast<uint16_t>(value);
      break;
    case 'z':
      spec.hop_limit = static_cast<uint8_t>(value);
      break;
    default:
      SX_CHECK(false);
  }
}

}  // namespace

FragmentSpec FragmentSpec::Parse(std::string_view text) {
  FragmentSpec spec;
  spec.offset = TakeNumber(text);
  SX_CHECK(text.starts_with('+'));
  text.remove_prefix(1);
  spec.length = TakeNumber(text);
  while (!text.empty()) TakeOption(spec, text);
  return spec;
}

std::vector<FragmentSpec> ParseFragments(std::string_view text) {
  std::vector<FragmentSpec> all;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end != 0) all.push_back(FragmentSpec::Parse(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

Ipv6Address FragmentSpec::from() const {
  return Ipv6Address::FromGroups({0x2001, 0xdb8, 0, source, 0, 0, 0, 7});
}

Frame FragmentSpec::bytes() const {
  constexpr uint8_t kFragment = 44, kUdp = 17, kDestinationOptions = 60;
  Frame packet(header() + 8 + length);
  packet[0] = 0x60;
  packet[1] = static_cast<uint8_t>(ecn << 4);
  Store16(packet, 4, static_cast<uint16_t>(packet.size() - 40));
  packet[6] = headers == 0 ? kFragment : kDestinationOptions;
  packet[7] = hop_limit;
  std::ranges::copy(from().bytes(), packet.begin() + 8);
  std::ranges::copy(destination.bytes(), packet.begin() + 24);
  if (headers != 0) {
    packet[40] = kFragment;
    packet[41] = static_cast<uint8_t>(headers / 8 - 1);
  }
  const size_t at = header();
  packet[at] = kUdp;
  Store16(packet, at + 2, static_cast<uint16_t>(offset | (more ? 1 : 0)));
  Store32(packet, at + 4, identification);
  for (uint32_t i = 0; i < length; ++i) {
    packet[at + 8 + i] = static_cast<uint8_t>(fill + offset + i);
  }
  return packet;
}

void MarkFragment(Packet& packet, const FragmentSpec& spec) {
  packet.meta().has_extensions = true;
  ExtensionPlaces& extensions = packet.extensions();
  extensions = {};
  extensions.fragment = static_cast<uint16_t>(spec.header());
  extensions.last_next_header = static_cast<uint16_t>(spec.next_header_at());
  if (spec.headers != 0) extensions.destination_first = 40;
}

std::string FragmentOutcome::text() const {
  switch (kind) {
    case Kind::kHeld:
      return "held";
    case Kind::kWhole:
      return "whole";
    case Kind::kDropped:
      return std::string(Describe(reason).name);
    case Kind::kRefused:
      return "refuse:" + std::string(Describe(reason).name) + "@" + std::to_string(pointer);
  }
  return "?";
}

void PrintTo(const FragmentOutcome& outcome, std::ostream* out) {
  *out << outcome.text() << " (" << outcome.whole.size() << " octets)";
}

FragmentOutcome Give(ip6::Reassembly& reassembly, PacketPtr packet, Core& core) {
  using Kind = FragmentOutcome::Kind;
  const auto verdict = reassembly.Take(packet, core);
  FragmentOutcome outcome;
  outcome.reason = verdict.reason();
  if (verdict.held()) {
    SX_CHECK(!packet);
  } else if (verdict.passed()) {
    outcome.kind = Kind::kWhole;
    outcome.whole = Contents(*packet);
    SX_CHECK(IsConsistent(*packet));
    core.Consume(std::move(packet));
  } else if (verdict.refused()) {
    outcome.kind = Kind::kRefused;
    outcome.pointer = verdict.error().value;
    SX_CHECK(verdict.error().type == wire::Icmp6Type::kParameterProblem);
    // Others may have been refused before; this one is answered at once.
    PacketQueue earlier;
    while (PacketPtr other = core.refused().Pop()) earlier.Push(std::move(other));
    core.Refuse(std::move(packet), verdict.reason(), verdict.error());
    core.refused().Pop().Free();
    while (PacketPtr other = earlier.Pop()) core.refused().Push(std::move(other));
  } else {
    outcome.kind = Kind::kDropped;
    core.Drop(std::move(packet), verdict.reason());
  }
  return outcome;
}

FragmentOutcome Give(ip6::Reassembly& reassembly, const FragmentSpec& spec, TestCore& core) {
  PacketPtr packet = core.Received(spec.bytes());
  MarkFragment(*packet, spec);
  return Give(reassembly, std::move(packet), core.core);
}

std::vector<Refusal> TakeRefused(Core& core) {
  std::vector<Refusal> all;
  while (PacketPtr packet = core.refused().Pop()) {
    all.push_back({packet->meta().error, Contents(*packet)});
    packet.Free();
  }
  return all;
}

}  // namespace sextant::test
