// SPDX-License-Identifier: BSD-3-Clause
// IPV6_PKTOPTIONS, and the mode of sources written for RFC 2292.
// RFC 2292 §8, requirements C-8 and C-9.
// Owned by one Core.
#include "socket/control.h"
#include "socket/header_block.h"
#include "socket/open_socket.h"
#include "socket/option_functions.h"
#include "socket/receive_items.h"

namespace sextant::socket {
namespace {

// LIMIT: as sendmsg() takes.
constexpr size_t kMaxPacketOptions = size_t{64} << 10;
// Room for every item of a packet; its headers are kMaxHeaderBytes at most.
constexpr size_t kMaxItems = 4 * kMaxHeaderBytes;

}  // namespace

Errno SetPacketOptions(const OptionTarget& target, const Value& value) {
  if (value.bytes.size() > kMaxPacketOptions) return Errno::kInvalid;
  OpenSocket& socket = *target.socket;
  Options fresh = target.options;
  ClearSticky(fresh.ip6);
  HeaderScratch scratch;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const Errno wrong =
      ApplyControl(value.bytes, {fresh, nullptr, target.environment, &scratch}, socket.type());
  if (wrong != Errno::kOk) return wrong;
  if (socket.sticky_headers == nullptr) socket.sticky_headers = std::make_unique<StickyHeaders>();
  socket.sticky_headers->Replace(fresh.ip6.headers);
  target.options.ip6 = fresh.ip6;
  target.options.ip6.keep_last_packet = true;
  socket.sticky_headers->Publish(target.options.ip6, socket.upper());
  return Errno::kOk;
}

Errno GetPacketOptions(const OptionTarget& target, Reply& reply) {
  if (target.environment.profile.packet_options_on_streams_only) return Errno::kNoProtoOpt;
  OpenSocket& socket = *target.socket;
  // From now on there is a last packet to tell of.
  target.options.ip6.keep_last_packet = true;
  if (!socket.last_packet) return Errno::kOk;  // length 0
  socket.packet_options.resize(kMaxItems);
  ControlWriter out(socket.packet_options.data(), socket.packet_options.size());
  WriteReceiveItems(*socket.last_packet, target.options.ip6, out);
  reply.Refer(Bytes(socket.packet_options).first(out.used()));
  return Errno::kOk;
}

Errno SetRfc2292(const OptionTarget& target, const Value& value) {
  target.options.ip6.rfc2292 = value.number != 0;
  if (value.number != 0) target.options.ip6.keep_last_packet = true;
  return Errno::kOk;
}

}  // namespace sextant::socket
