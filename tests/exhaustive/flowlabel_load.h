// SPDX-License-Identifier: BSD-3-Clause
// LabelLoad: programs of three users that ask for long-lived labels, renew, release and claim
// them, on a stack that keeps dying. What was granted is remembered outside of it.
// Owned by one Core.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "flowlabel/manager.h"
#include "support/core.h"

namespace sextant::test {

// A long-lived label that somebody was told to have; all the others may not have it.
struct GrantedLabel {
  uint32_t label = 0;
  uint32_t user = 0;
};
using GrantedLabels = std::map<uint32_t, uint32_t>;  // label -> user

inline constexpr uint32_t kLoadLabels = 200;
inline constexpr uint16_t kLoadSeconds = 60'000;  // far longer than any run

inline flowlabel::Request LoadRequest(uint32_t label, flowlabel::Share share) {
  static const std::vector<uint8_t> headers(64, 7);
  flowlabel::Request request;
  request.destination = *Ipv6Address::Parse("2001:db8::1");
  request.label = label;
  request.share = share;
  request.flags = flowlabel::kFlagCreate;
  request.expires = kLoadSeconds;
  request.linger = 100;
  if (label % 3 == 0) request.headers.hop_by_hop = headers;
  return request;
}

// The same label always has the same share, so that its owner can claim it.
inline flowlabel::Share LoadShare(uint32_t label) {
  using flowlabel::Share;
  static constexpr Share kAll[] = {Share::kExclusive, Share::kProcess, Share::kUser};
  return kAll[label % 3];
}

inline flowlabel::Caller LoadCaller(uint32_t user) {
  return {.pid = static_cast<int32_t>(user), .user = user, .net_admin = true, .net_raw = true};
}

// One life of the stack.
class LabelLoad {
 public:
  static constexpr uint32_t kUsers = 3;

  LabelLoad(Core& core, JournalFile& file) {
    std::vector<flowlabel::SavedLabel> labels;
    auto opened = flowlabel::Journal::Open(core, file, labels);
    EXPECT_TRUE(opened.ok()) << opened.status();
    if (!opened.ok()) return;
    journal_ = std::move(*opened);
    manager_.emplace(core, flowlabel::kRfcPolicy, journal_.get(), labels);
  }
  ~LabelLoad() {
    if (!manager_) return;
    for (auto& socket : sockets_) manager_->Release(socket);
  }
  bool is_open() const { return manager_.has_value(); }

  // Whether every label that was granted is kept for its user.
  bool Keeps(const GrantedLabels& granted) {
    bool all = true;
    for (const auto& [label, user] : granted) {
      const flowlabel::Entry* const entry = manager_->table().Find(label);
      const bool kept = entry != nullptr && entry->user == user && entry->is_restored;
      EXPECT_TRUE(kept) << "label " << label << " of user " << user << " is lost";
      const uint32_t other = user % kUsers + 1;
      const flowlabel::Grant stolen = manager_->Set(sockets_[other - 1], LoadCaller(other),
                                                    LoadRequest(label, LoadShare(label)));
      EXPECT_EQ(stolen.error, Errno::kPermission) << "label " << label << " of user " << user;
      all = all && kept && stolen.error == Errno::kPermission;
    }
    return all;
  }

  // Something happens. `told(label, user)` is called when a lease is granted, for good.
  template <typename Poll, typename Told>
  void Step(Rng& rng, Poll&& poll, Told&& told) {
    const uint32_t user = 1 + rng.Below(kUsers);
    auto& socket = sockets_[user - 1];
    flowlabel::Request request;
    request.label = 1 + rng.Below(kLoadLabels);
    const uint32_t kind = rng.Below(8);
    if (kind == 0) {
      // It lingers for longer than the run, so that it stays its user's.
      request.action = flowlabel::Action::kPut;
      (void)manager_->Set(socket, LoadCaller(user), request);
      return;
    }
    request = LoadRequest(request.label, LoadShare(request.label));
    if (kind == 1) request.action = flowlabel::Action::kRenew;
    if (kind == 2) request.label = kLoadLabels + 1 + rng.Below(100);
    if (kind == 2) request.expires = request.linger = 1;  // not in the journal
    if (kind == 2) request.share = flowlabel::Share::kAny;
    const flowlabel::Grant grant = manager_->Set(socket, LoadCaller(user), request);
    const Errno result = manager_->Await(socket, grant, poll);
    if (result == Errno::kOk && kind > 2) told(request.label, user);
  }

  flowlabel::Manager& manager() { return *manager_; }

 private:
  std::unique_ptr<flowlabel::Journal> journal_;
  std::optional<flowlabel::Manager> manager_;
  std::array<flowlabel::SocketLabels, kUsers> sockets_ = {flowlabel::SocketLabels(false),
                                                          flowlabel::SocketLabels(false),
                                                          flowlabel::SocketLabels(false)};
};

}  // namespace sextant::test
