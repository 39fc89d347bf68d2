// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "ip6/options.h"

#include <algorithm>

namespace sextant::ip6 {
namespace {

// RFC 8200 §4.2: what becomes of a packet with an option that is not known
// here. The pointer is the option's type.
Verdict<GoOn> JudgeUnknown(const wire::Option& option, const OptionsPlace& place,
                           DropReason reason) {
  const wire::OptionAction action = wire::ActionOf(option.type);
  if (action == wire::OptionAction::kSkip) return GoOn::kYes;
  const bool report = action == wire::OptionAction::kReport ||
                      (action == wire::OptionAction::kReportUnlessGroup && !place.to_group);
  if (!report) return reason;
  const auto pointer = static_cast<uint32_t>(place.offset + option.offset);
  return Verdict<GoOn>::Refuse(
      reason, wire::Icmp6Error::ParameterProblem(wire::ParameterCode::kUnknownOption, pointer));
}

Verdict<GoOn> JudgeOption(const wire::Option& option, const OptionsPlace& place) {
  // The options known here are for hop-by-hop headers alone.
  if (place.hop_by_hop && option.type == wire::OptionType::kRouterAlert) {
    // RFC 2711 §2.1. A host need not do anything about it.
    if (option.data.size() != wire::kRouterAlertSize) return DropReason::kIp6RouterAlert;
    return GoOn::kYes;
  }
  // RFC 2675 §3: links whose MTU is 65575 or less need no jumbograms, so that
  // the option is unknown.
  const bool jumbo = place.hop_by_hop && option.type == wire::OptionType::kJumboPayload;
  return JudgeUnknown(option, place, jumbo ? DropReason::kIp6Jumbo : DropReason::kIp6UnknownOption);
}

bool IsZero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](uint8_t byte) { return byte == 0; });
}

}  // namespace

Verdict<GoOn> JudgeOptions(const wire::ExtensionView& header, const OptionsPlace& place,
                           const Tunables& tunables) {
  wire::OptionReader options(header);
  int64_t count = 0;
  int64_t padding = 0;  // octets of it in a row
  while (!options.done()) {
    const auto option = options.Next();
    if (!option) return option.reason();
    if (wire::IsPadding(option->type)) {
      padding += static_cast<int64_t>(option->size());
      // DEVIATES RFC 8200 §4.2: more padding than alignment needs, and padding
      // that says something, is dropped, as RFC 8504 §5.3 allows.
      if (padding > tunables.ip6_max_pad || !IsZero(option->data)) return DropReason::kIp6Padding;
      continue;
    }
    padding = 0;
    if (++count > tunables.ip6_max_options) return DropReason::kIp6TooManyOptions;
    const Verdict<GoOn> verdict = JudgeOption(*option, place);
    if (!verdict.passed()) return verdict;
  }
  return GoOn::kYes;
}

}  // namespace sextant::ip6
