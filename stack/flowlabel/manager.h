// SPDX-License-Identifier: BSD-3-Clause
// Manager: leases flow labels to sockets, as Linux's IPV6_FLOWLABEL_MGR does.
// RFC 6437 §3 (labels are drawn at random), RFC 3697 §3 (a label is not given
// to another flow for a while).
// Principle: a decision is an ordered list of checks, each with its errno; the
// first that fails is the answer, and then nothing has changed. Times only grow.
// DEVIATES Linux: a GET that was refused does not lengthen a label's linger.
// Owned by one Core: the coordinator.
#pragma once

#include <span>

#include "flowlabel/collector.h"
#include "flowlabel/journal.h"
#include "flowlabel/leases.h"
#include "flowlabel/table.h"

namespace sextant::flowlabel {

// LIMIT: leases of one socket without CAP_NET_ADMIN, as Linux has it; also how
// many labels are there for everybody.
inline constexpr size_t kSocketMax = 32;

// How a request ended.
struct [[nodiscard]] Grant {
  Errno error = Errno::kOk;
  uint32_t label = 0;       // GET: the one granted
  bool is_lease = false;    // a lease was added, ...
  bool is_created = false;  // ... of a label that was not there before
  // Not null: it is granted once the journal has it. Wait for `ticket->done`, then call Finish().
  Ticket ticket{};
  bool is_pending() const { return ticket != nullptr; }
};

// What a query tells.
struct Answer {
  uint32_t label = 0;
  Ipv6Address destination{};
  Share share = Share::kNone;
  uint16_t expires = 0;  // seconds left
  uint16_t linger = 0;
};

class Manager final : private CollectorHandler {
 public:
  // `journal` may be null: then labels do not outlive the program. `restored` is what it held.
  Manager(Core& core, const Policy& policy, Journal* journal = nullptr,
          std::span<const SavedLabel> restored = {});

  // setsockopt(): GET, PUT, RENEW, or EINVAL.
  Grant Set(SocketLabels& socket, const Caller& caller, const Request& request);
  // REQUIRES: grant.ticket->done. Says whether it is granted after all, and takes it back if not.
  Errno Finish(SocketLabels& socket, const Grant& grant);
  // The same for a caller that polls: `poll()` runs the core once.
  template <typename F>
  Errno Await(SocketLabels& socket, const Grant& grant, F&& poll) {
    if (!grant.is_pending()) return grant.error;
    for (Pump(); !grant.ticket->done; Pump()) poll();
    return Finish(socket, grant);
  }
  // The socket is closed.
  void Release(SocketLabels& socket);
  // getsockopt(). `remote`: the label of the packet that was received last.
  Result<Answer> Query(const SocketLabels& socket, const Request& request, uint32_t remote) const;

  // Whether the socket may send this label to this destination.
  Errno MaySend(const SocketLabels& socket, uint32_t label, const Ipv6Address& destination) const;
  // A leased label is about to be sent: its headers, or null. They stay as long as the lease.
  const HeaderBlock* Use(const SocketLabels& socket, uint32_t label);
  // Moves when what was true of leases and MaySend() may be so no more.
  uint32_t generation() const { return generation_; }

  // Once per poll: moves the journal on.
  void Pump() {
    if (journal_ != nullptr) journal_->Pump();
  }
  const Table& table() const { return table_; }
  // Labels that only their lessees may send.
  size_t guarded() const { return guarded_; }

 private:
  // The times of a request, in seconds, as they are granted.
  struct Times {
    uint16_t linger = 0;
    uint16_t span = 0;  // from now to the expiry
  };

  Grant Get(SocketLabels& socket, const Caller& caller, const Request& request);
  Errno Put(SocketLabels& socket, const Request& request);
  Grant Renew(SocketLabels& socket, const Caller& caller, const Request& request);
  Errno Reflect(SocketLabels& socket) const;
  Errno EndReflecting(SocketLabels& socket) const;

  Errno Validate(const Caller& caller, const Request& request, Times& times) const;
  Result<Times> Normalize(const Caller& caller, const Request& request) const;
  Errno HasRoom(const SocketLabels& socket, const Caller& caller) const;
  Grant Join(SocketLabels& socket, const Caller& caller, const Request& request, const Times& times,
             Entry& entry);
  Errno MayJoin(const SocketLabels& socket, const Caller& caller, const Request& request,
                const Entry& entry) const;
  Grant Create(SocketLabels& socket, const Caller& caller, const Request& request,
               const Times& times);
  void Lease(SocketLabels& socket, Entry& entry);
  void Drop(Entry& entry);

  bool Raise(Entry& entry, uint16_t linger, uint16_t span) const;
  Ticket Persist(Entry& entry, bool changed);
  void Restore(const SavedLabel& saved);
  void Count(Entry& entry);
  void OnLapse(Entry& entry) override;

  Core& core_;
  const Policy policy_;
  Journal* const journal_;
  Table table_;
  Collector collector_{core_, table_, *this};
  absl::flat_hash_map<uint32_t, uint32_t> users_;  // labels that each has made
  size_t guarded_ = 0;
  uint32_t generation_ = 0;
};

}  // namespace sextant::flowlabel
