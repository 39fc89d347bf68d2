// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/make_link.h"

#include "absl/strings/str_cat.h"
#include "drivers/ethdev/ethdev_link.h"
#include "drivers/tap/tap_link.h"

namespace sextant {
namespace {

constexpr char kTapPrefix[] = "tap:";

absl::Status CheckSpec(const LinkSpec& spec, bool tap) {
  if (spec.device.empty()) return absl::InvalidArgumentError("the device has no name");
  if (spec.mtu < kMinMtu || spec.mtu > UINT16_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(
        spec.device, ": MTU ", spec.mtu, " is not between ", kMinMtu, " and ", UINT16_MAX));
  }
  if (spec.peer && !tap) {
    return absl::InvalidArgumentError(
        absl::StrCat(spec.device, ": only a tap has a kernel side that peer could be given to"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Link>> MakeLink(const LinkSpec& spec, PacketPool& pool) {
  const bool tap = spec.device.starts_with(kTapPrefix);
  if (const absl::Status status = CheckSpec(spec, tap); !status.ok()) return status;
  if (tap) {
    return TapLink::Create(spec.device.substr(sizeof kTapPrefix - 1), spec.mtu, spec.peer);
  }
  return EthdevLink::Create(spec.device, spec.mtu, pool);
}

}  // namespace sextant
