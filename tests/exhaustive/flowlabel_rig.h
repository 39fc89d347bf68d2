// SPDX-License-Identifier: BSD-3-Clause
// LabelPair: the label manager and its model, side by side.
// Owned by one Core.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <string>

#include "flowlabel/manager.h"
#include "support/core.h"
#include "support/flowlabel_model.h"

namespace sextant::test {

// One thing that happens to both.
struct LabelStep {
  enum class Kind : uint8_t { kGet, kPut, kRenew, kClose, kPass };
  Kind kind = Kind::kGet;
  size_t socket = 0;
  flowlabel::Caller caller{};
  flowlabel::Request request{};
  int64_t seconds = 0;

  std::string ToString() const {
    static constexpr const char* kNames[] = {"get", "put", "renew", "close", "pass"};
    std::ostringstream text;
    text << kNames[static_cast<size_t>(kind)] << " socket " << socket;
    if (kind == Kind::kPass) text << ' ' << seconds << " s";
    text << " label " << std::hex << request.label << std::dec << " share "
         << static_cast<int>(request.share) << " flags " << request.flags << " expires "
         << request.expires << " linger " << request.linger << " pid " << caller.pid << " user "
         << caller.user << (caller.net_admin ? " admin" : "");
    return text.str();
  }
};

class LabelPair {
 public:
  static constexpr size_t kSockets = 3;

  LabelPair() { model.leases.resize(kSockets); }
  ~LabelPair() { Reset(); }

  // Back to where it began, but later.
  void Reset() {
    for (auto& socket : sockets_) manager_.Release(socket);
    for (int64_t s = 16; manager_.table().size() > 0; s *= 8) t_.Pass(Duration::Seconds(s));
    start_ = t_.core.now();
    model = LabelModel{.leases = std::vector<std::vector<uint32_t>>(kSockets)};
    model.now = 0;
    Limit(4096, 4096);
  }
  void Limit(size_t most, size_t most_per_user) {
    model.most = most;
    model.most_per_user = most_per_user;
    t_.core.tunables().flowlabel_entries = static_cast<int64_t>(most);
    t_.core.tunables().flowlabel_user_max = static_cast<int64_t>(most_per_user);
  }

  // Both take the step. Says whether they agree.
  bool Take(const LabelStep& step) {
    const flowlabel::Grant grant = TakeAlone(step);
    LabelModel::Outcome want;
    switch (step.kind) {
      case LabelStep::Kind::kGet:
        want = model.Get(step.socket, step.caller, step.request, grant.label);
        break;
      case LabelStep::Kind::kPut:
        want.error = model.Put(step.socket, step.request.label);
        break;
      case LabelStep::Kind::kRenew:
        want.error = model.Renew(step.socket, step.caller, step.request);
        break;
      case LabelStep::Kind::kClose:
        model.Close(step.socket);
        break;
      case LabelStep::Kind::kPass:
        model.Pass(step.seconds);
    }
    const bool same = grant.error == want.error &&
                      (step.kind != LabelStep::Kind::kGet || grant.label == want.label);
    EXPECT_TRUE(same) << step.ToString() << ": errno " << static_cast<int>(grant.error) << ", not "
                      << static_cast<int>(want.error);
    return same && Agree(step);
  }
  // Only the manager does; its model is put in place by the caller.
  flowlabel::Grant TakeAlone(const LabelStep& step) {
    flowlabel::Request request = step.request;
    switch (step.kind) {
      case LabelStep::Kind::kClose:
        manager_.Release(sockets_[step.socket]);
        return {};
      case LabelStep::Kind::kPass:
        // A little more, for timers fire late; too little to make a second of all steps.
        t_.Pass(Duration::Seconds(step.seconds) + TimerWheel::kTick * 2);
        return {};
      case LabelStep::Kind::kPut:
        request.action = flowlabel::Action::kPut;
        break;
      case LabelStep::Kind::kRenew:
        request.action = flowlabel::Action::kRenew;
        break;
      case LabelStep::Kind::kGet:
        break;
    }
    return manager_.Set(sockets_[step.socket], step.caller, request);
  }

  LabelModel model;

 private:
  bool Agree(const LabelStep& step) const {
    bool same = manager_.table().size() == model.labels.size();
    for (const LabelModel::Label& want : model.labels) {
      const flowlabel::Entry* const entry = manager_.table().Find(want.number);
      same = same && entry != nullptr && entry->share == want.share && entry->pid == want.pid &&
             entry->user == want.user && entry->linger == want.linger &&
             entry->references == static_cast<uint32_t>(want.references) &&
             entry->destination == want.destination &&
             (entry->expiry - start_).milliseconds() / 1000 == want.expiry;
      for (size_t i = 0; same && i < kSockets; ++i) {
        const auto held = static_cast<size_t>(std::ranges::count(model.leases[i], want.number));
        same =
            sockets_[i].Count(want.number) == held && sockets_[i].size() == model.leases[i].size();
      }
    }
    EXPECT_TRUE(same) << "different after " << step.ToString() << ": " << Describe();
    return same;
  }

  // Both, with times against the beginning.
  std::string Describe() const {
    std::ostringstream text;
    text << "at " << model.now << " s, the model:";
    for (const LabelModel::Label& label : model.labels) {
      text << ' ' << std::hex << label.number << std::dec << '*' << label.references << " to "
           << label.expiry;
    }
    text << "; the manager:";
    manager_.table().ForEach([&](const flowlabel::Entry& entry) {
      text << ' ' << std::hex << entry.label << std::dec << '*' << entry.references << " to "
           << (entry.expiry - start_).milliseconds() / 1000;
    });
    return text.str();
  }

  TestCore t_;
  flowlabel::Manager manager_{t_.core, flowlabel::kRfcPolicy};
  std::array<flowlabel::SocketLabels, kSockets> sockets_ = {flowlabel::SocketLabels(false),
                                                            flowlabel::SocketLabels(false),
                                                            flowlabel::SocketLabels(false)};
  Instant start_ = t_.core.now();
};

}  // namespace sextant::test
