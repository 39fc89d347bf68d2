// SPDX-License-Identifier: BSD-3-Clause
// The unusual options of SOL_SOCKET.
// POSIX, socket(7).
// Owned by one Core.
#include <net/if.h>
#include <sys/time.h>

#include <algorithm>

#include "socket/open_socket.h"
#include "socket/option_functions.h"

namespace sextant::socket {
namespace {

constexpr int64_t kMicroseconds = 1'000'000;

// Asking for too much or too little gets the nearest that there is, as on Linux and BSD.
uint32_t BufferSize(const OptionTarget& target, int64_t asked, int64_t low, int64_t high) {
  const int64_t factor = target.environment.profile.doubles_buffers ? 2 : 1;
  return static_cast<uint32_t>(std::max(low, std::min(asked, high) * factor));
}

Errno SetTimeout(const Value& value, Duration& out) {
  timeval time{};
  std::memcpy(&time, value.bytes.data(), sizeof time);
  // POSIX: EDOM for a time that does not fit.
  const bool fits = time.tv_usec >= 0 && time.tv_usec < kMicroseconds && time.tv_sec >= 0 &&
                    time.tv_sec < Duration::Infinite().nanoseconds() / 1'000'000'000;
  if (!fits) return Errno::kDomain;
  const bool for_ever = time.tv_sec == 0 && time.tv_usec == 0;
  out = for_ever ? Duration::Infinite()
                 : Duration::Seconds(time.tv_sec) + Duration::Microseconds(time.tv_usec);
  return Errno::kOk;
}

Errno GetTimeout(Duration timeout, Reply& reply) {
  timeval time{};
  if (timeout != Duration::Infinite()) {
    time.tv_sec = timeout.microseconds() / kMicroseconds;
    time.tv_usec = timeout.microseconds() % kMicroseconds;
  }
  reply.Put(&time, sizeof time);
  return Errno::kOk;
}

}  // namespace

Errno SetReceiveBuffer(const OptionTarget& target, const Value& value) {
  const Tunables& tunables = target.environment.core.tunables();
  constexpr int64_t kLeast = SocketCore::kBufferCost;  // one packet always fits
  const uint32_t size = BufferSize(target, value.number, kLeast, tunables.udp_receive_buffer_max);
  target.options.socket.receive_buffer = size;
  target.socket->endpoint().set_receive_limit(size);
  return Errno::kOk;
}

Errno SetSendBuffer(const OptionTarget& target, const Value& value) {
  const Tunables& tunables = target.environment.core.tunables();
  constexpr int64_t kLeast = 2 * SocketCore::kBufferCost;
  target.options.socket.send_buffer =
      BufferSize(target, value.number, kLeast, tunables.udp_send_buffer_max);
  return Errno::kOk;
}

Errno SetReceiveTimeout(const OptionTarget& target, const Value& value) {
  return SetTimeout(value, target.options.socket.receive_timeout);
}
Errno GetReceiveTimeout(const OptionTarget& target, Reply& reply) {
  return GetTimeout(target.options.socket.receive_timeout, reply);
}
Errno SetSendTimeout(const OptionTarget& target, const Value& value) {
  return SetTimeout(value, target.options.socket.send_timeout);
}
Errno GetSendTimeout(const OptionTarget& target, Reply& reply) {
  return GetTimeout(target.options.socket.send_timeout, reply);
}

Errno GetPendingError(const OptionTarget& target, Reply& reply) {
  reply.PutInt(static_cast<int>(target.socket->endpoint().TakeError()));
  return Errno::kOk;
}

Errno SetReuseAddress(const OptionTarget& target, const Value& value) {
  target.socket->udp.reuse_address = value.number != 0;
  return Errno::kOk;
}
Errno GetReuseAddress(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.socket->udp.reuse_address ? 1 : 0);
  return Errno::kOk;
}
Errno SetReusePort(const OptionTarget& target, const Value& value) {
  target.socket->udp.reuse_port = value.number != 0;
  return Errno::kOk;
}
Errno GetReusePort(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.socket->udp.reuse_port ? 1 : 0);
  return Errno::kOk;
}

Errno SetDevice(const OptionTarget& target, const Value& value) {
  const auto end = std::ranges::find(value.bytes, uint8_t{0});
  const std::string name(value.bytes.begin(), end);
  uint32_t index = 0;
  if (!name.empty()) {
    const iface::Interface* const interface = target.environment.interfaces.Find(name);
    if (interface == nullptr) return Errno::kNoDevice;
    index = interface->index();
  }
  OpenSocket& socket = *target.socket;
  // A socket stays in the zone of its own address, and of its peer's.
  const bool zoned = socket.bound_interface != 0 || socket.options.socket.device == 0;
  const uint32_t zone = zoned ? socket.endpoint().interface() : 0;
  if (zone != 0 && index != zone) return Errno::kInvalid;
  target.options.socket.device = index;
  if (socket.udp.is_bound()) target.environment.udp.SetInterface(socket.udp, index);
  if (socket.raw != nullptr) target.environment.raw.SetInterface(*socket.raw, index);
  return Errno::kOk;
}

Errno GetDevice(const OptionTarget& target, Reply& reply) {
  const uint32_t index = target.socket->interface();
  if (index == 0) return Errno::kOk;  // length 0
  const std::string& name = target.environment.interfaces.at(index)->name();
  reply.Put(name.c_str(), name.size() + 1);
  return Errno::kOk;
}

}  // namespace sextant::socket
