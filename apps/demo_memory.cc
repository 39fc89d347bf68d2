// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "demo_memory.h"

#include <arpa/inet.h>

#include <algorithm>

#include "demo_address.h"

namespace sextant {

DemoMemoryClient::DemoMemoryClient(Host& host, DemoTotals& totals)
    : host_(host),
      totals_(totals),
      echoes_(totals),
      socket_(host),
      pinger_(host),
      start_(host.now_ns()) {
  target_.sin6_family = AF_INET6;
  target_.sin6_port = htons(DemoPlan::kPort);
  inet_pton(AF_INET6, kDemoAddress, &target_.sin6_addr);
  const int failed = socket_.Bind(in6addr_any, 0);
  if (failed != 0) totals_.client_failed = static_cast<uint64_t>(failed);
}

bool DemoMemoryClient::Turn() {
  const int64_t now = host_.now_ns();
  const size_t count = socket_.Receive(burst_);
  for (Datagram& datagram : std::span(burst_).first(count)) {
    echoes_.Returned(datagram.payload, now);
    datagram = Datagram();
  }
  while (const auto answer = pinger_.Take()) {
    ++pings_answered_;
    ping_times_.Add(answer->round_trip_ns);
    last_answer_ = now;
  }
  SendDue(now);
  const bool done = Done(now) || totals_.client_failed != 0;
  if (done || now - published_ > DemoPlan::kTick / 2) Publish(now);
  return !done;
}

bool DemoMemoryClient::Done(int64_t now) const {
  const bool all = pings_sent_ == DemoPlan::kTicks && echoes_.all_returned();
  const int64_t last = std::max({echoes_.last_return(), last_answer_, start_});
  return (all && pings_answered_ == pings_sent_) || now - last > DemoPlan::kPatience;
}

void DemoMemoryClient::SendDue(int64_t now) {
  const int64_t elapsed = now - start_;
  if (pings_sent_ < DemoPlan::TicksAt(elapsed) && pinger_.Send(target_, 0) == 0) ++pings_sent_;
  size_t count = 0;
  // A queue for an unknown neighbor is short (RFC 4861 §7.2.2): the first ping's
  // answer says that the other host is known.
  while (pings_answered_ > 0 && count < burst_.size() && echoes_.MaySend(elapsed)) {
    const std::vector<uint8_t> payload = DemoPayload(echoes_.next());
    Datagram datagram = socket_.Make(payload.size());
    if (datagram.empty()) break;
    std::ranges::copy(payload, datagram.payload.begin());
    datagram.peer = target_;
    burst_[count++] = std::move(datagram);
    echoes_.Sent(now);
  }
  socket_.Send(std::span(burst_).first(count));
  host_.Flush();
}

void DemoMemoryClient::Publish(int64_t now) {
  published_ = now;
  totals_.pings_sent = pings_sent_;
  totals_.pings_answered = pings_answered_;
  totals_.ping_median_ns = ping_times_.Below(0.5);
  echoes_.Publish();
}

}  // namespace sextant
