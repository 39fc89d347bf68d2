// SPDX-License-Identifier: BSD-3-Clause
// Pinger: sends echo requests, and finds out whose request a reply answers.
// RFC 4443 §4.1, §4.2.
// Owned by one Core.
#pragma once

#include <array>
#include <optional>

#include "base/intrusive_list.h"
#include "core/outbox.h"
#include "core/verdict.h"
#include "route/route_table.h"

namespace sextant::icmp6 {

// What came back for a request: its reply, or an ICMPv6 error about it.
struct EchoReply {
  uint16_t sequence = 0;
  std::optional<wire::Icmp6Error> error;
  Ipv6Address from;
  uint8_t hop_limit = 0;
  size_t size = 0;  // of the ICMPv6 message
  Duration round_trip;
};

struct EchoClientTag;

// One who pings: what it has sent, and the replies it has not read yet.
class EchoClient : public ListNode<EchoClientTag> {
 public:
  // LIMIT: requests that are remembered, and replies that wait to be read; a
  // group's members may send more, which are then lost like any packet.
  static constexpr size_t kRemembered = 64;

  // The reply that has waited longest.
  std::optional<EchoReply> Take();

 private:
  friend class Pinger;

  struct Request {
    uint16_t sequence = 0;
    Instant at;
  };

  uint16_t identifier_ = 0;
  uint64_t secret_ = 0;  // in the data of each request: nobody else can answer
  uint16_t last_sequence_ = 0;
  std::array<Request, kRemembered> requests_{};
  std::array<EchoReply, kRemembered> replies_{};
  size_t first_reply_ = 0;
  size_t reply_count_ = 0;
};

class Pinger {
 public:
  enum class Next : uint8_t { kNone };  // a sink: echo replies end here

  Pinger(Core& core, route::RouteTable& routes, Outbox& outbox)
      : core_(core), routes_(routes), outbox_(outbox) {}
  Pinger(const Pinger&) = delete;
  Pinger& operator=(const Pinger&) = delete;

  // The client leaves when it dies.
  void Add(EchoClient& client);
  // Sends the next request, with `data_size` bytes of data; `interface` 0 leaves
  // the choice to the routes. kMessageSize when it does not fit into one packet.
  Errno Send(EchoClient& client, const Ipv6Address& destination, uint32_t interface,
             size_t data_size);

  Verdict<Next> Take(PacketPtr& packet, Core& core);
  // `packet` is an ICMPv6 error; the echo request that it quotes begins at
  // `offset` and is `length` long as far as it is quoted. False: not one of ours.
  bool TakeError(const Packet& packet, size_t offset, size_t length);

 private:
  // An echo message, ours or not, in a packet.
  struct Echo {
    size_t offset = 0;
    size_t length = 0;
  };

  // The client and the request that the echo message belongs to; false when
  // there are none.
  bool Match(const Packet& packet, const Echo& echo, EchoClient*& client,
             EchoClient::Request& request);
  void Remember(EchoClient& client, const EchoReply& reply);

  Core& core_;
  route::RouteTable& routes_;
  Outbox& outbox_;
  IntrusiveList<EchoClient, EchoClientTag> clients_;  // as many as the program makes
};

}  // namespace sextant::icmp6
