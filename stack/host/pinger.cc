// SPDX-License-Identifier: BSD-3-Clause
// The public Pinger: an echo client of the host's icmp6 room.
// Owned by one Core.
#include "host/graph.h"
#include "sextant/control.h"

namespace sextant {

class PingerImpl {
 public:
  explicit PingerImpl(Host& host) : host_(host) { host.graph().pinger().Add(client_); }

  Errno Send(const sockaddr_in6& destination, size_t data_size) {
    const Ipv6Address address(std::span<const uint8_t, 16>(destination.sin6_addr.s6_addr));
    if (address.is_unspecified()) return Errno::kInvalid;
    // The time of the last poll may be long ago, and would count as the network's.
    host_.graph().Tick();
    const Errno error =
        host_.graph().pinger().Send(client_, address, destination.sin6_scope_id, data_size);
    host_.Flush();
    return error;
  }

  std::optional<EchoAnswer> Take() {
    const auto reply = client_.Take();
    if (!reply) return {};
    EchoAnswer answer;
    answer.sequence = reply->sequence;
    if (const auto& error = reply->error) {
      answer.error = {static_cast<uint8_t>(error->type), error->code, error->value};
    }
    std::ranges::copy(reply->from.bytes(), answer.from.s6_addr);
    answer.hop_limit = reply->hop_limit;
    answer.size = reply->size;
    answer.round_trip_ns = reply->round_trip.nanoseconds();
    return answer;
  }

 private:
  Host& host_;
  icmp6::EchoClient client_;
};

Pinger::Pinger(Host& host) : impl_(std::make_unique<PingerImpl>(host)) {}
Pinger::~Pinger() = default;

int Pinger::Send(const sockaddr_in6& destination, size_t data_size) {
  return static_cast<int>(impl_->Send(destination, data_size));
}

std::optional<EchoAnswer> Pinger::Take() { return impl_->Take(); }

}  // namespace sextant
