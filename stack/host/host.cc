// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "sextant/host.h"

#include "host/capture.h"
#include "host/graph.h"
#include "host/parts.h"
#include "host/telemetry.h"

namespace sextant {
namespace {

// How stale the knowledge of a link's state may be.
constexpr Duration kLinkCheckInterval = Duration::Milliseconds(100);
// RFC 7527 §4.1 goes on probing while its own probes come back. On a link that
// is a loop for good that is for ever.
constexpr Duration kAddressPatience = Duration::Seconds(60);

}  // namespace

Host::Host(std::unique_ptr<HostParts> parts)
    : parts_(std::move(parts)), graph_(std::make_unique<Graph>(*parts_)) {}

Host::~Host() = default;

bool Host::PollOnce() {
  graph_->Tick();
  const bool mail = parts_->mailbox && parts_->mailbox->Drain() != 0;
  const bool received = graph_->Receive();
  const bool timers = graph_->Timers();
  const bool sent = graph_->Transmit();
  const int64_t now = now_ns();
  if (now >= next_link_check_ns_) {
    graph_->RefreshLinks();
    next_link_check_ns_ = now + kLinkCheckInterval.nanoseconds();
  }
  return mail || received || timers || sent;
}

void Host::Poll(int64_t patience_ns) {
  if (PollOnce()) {
    last_work_ns_ = now_ns();
    return;
  }
  if (parts_->idle == IdleMode::kPoll || !parts_->waiter) return;
  // Right after traffic more of it is likely, and sleeping costs a wake-up.
  const int64_t spin = graph_->core().tunables().idle_spin_us * 1'000;
  const int64_t idle_for = now_ns() - last_work_ns_;
  if (idle_for < spin) return;
  const Instant patience = Instant::FromNanoseconds(now_ns()) + Duration::Nanoseconds(patience_ns);
  parts_->waiter->Wait(std::min(patience, graph_->NextDeadline()), Duration::Nanoseconds(idle_for));
}

void Host::Flush() { graph_->Transmit(); }

bool Host::WaitForAddresses(std::string& error) {
  const Instant patience = Instant::FromNanoseconds(now_ns()) + kAddressPatience;
  while (graph_->neighbors().dad().busy()) {
    Poll();
    if (Instant::FromNanoseconds(now_ns()) < patience) continue;
    error =
        "duplicate address detection does not end: probes keep coming back (a loop in the link?)";
    return false;
  }
  graph_->Transmit();
  for (const auto& interface : graph_->interfaces().all()) {
    for (const iface::InterfaceAddress& address : interface->addresses()) {
      if (address.state != iface::AddressState::kDuplicate) continue;
      error = interface->name() + ": address " + address.address.ToString() +
              " is a duplicate: another node on the link has it";
      return false;
    }
  }
  return true;
}

bool Host::StartCapture(const std::string& path, std::string& error) {
  if (capture_) {
    error = "a capture is being written already";
    return false;
  }
  capture_ = Capture::Start(path, *graph_, *parts_->clock, error);
  return capture_ != nullptr;
}

bool Host::StopCapture(std::string& error) {
  if (!capture_) {
    error = "there is no capture to stop";
    return false;
  }
  const std::unique_ptr<Capture> ending = std::move(capture_);
  return ending->Finish(error);
}

int64_t Host::now_ns() const { return graph_->core().now().nanoseconds(); }

}  // namespace sextant
