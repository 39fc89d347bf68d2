// SPDX-License-Identifier: BSD-3-Clause
// LabelModel: what the flow-label manager must do, written down as plainly as can be: lists that
// are searched from the front, and one rule after the other. Times in whole seconds.
// Owned by one Core.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "flowlabel/request.h"

namespace sextant::test {

struct LabelModel {
  using Share = flowlabel::Share;

  struct Label {
    uint32_t number = 0;
    Ipv6Address destination{};
    Share share{};
    int32_t pid = 0;
    uint32_t user = 0;
    int64_t linger = 0;
    int64_t expiry = 0;
    int references = 0;
  };
  struct Outcome {
    Errno error = Errno::kOk;
    uint32_t label = 0;
  };

  int64_t longest = 60;  // without CAP_NET_ADMIN
  size_t most = 4096;
  size_t most_per_user = 4096;
  int64_t now = 1;
  std::vector<Label> labels{};
  std::vector<std::vector<uint32_t>> leases{};  // by socket, the newest first

  Label* Find(uint32_t number) {
    const auto found = std::ranges::find(labels, number, &Label::number);
    return found == labels.end() ? nullptr : &*found;
  }

  // `drawn`: what was chosen, if the request leaves it open.
  Outcome Get(size_t socket, const flowlabel::Caller& who, const flowlabel::Request& what,
              uint32_t drawn = 0) {
    if (what.label > 0xf'ffff) return {Errno::kInvalid};
    if (std::max(what.linger, what.expires) > longest && !who.net_admin) {
      return {Errno::kPermission};
    }
    const int64_t linger = std::max<int64_t>(what.linger, 6);
    const int64_t span = std::max<int64_t>({what.expires, 6, linger});
    if (what.destination.is_unspecified() || what.destination.is_v4_mapped()) {
      return {Errno::kInvalid};
    }
    if (what.share == Share::kNone ||
        (static_cast<int>(what.share) > 3 && what.share != Share::kAny)) {
      return {Errno::kInvalid};
    }
    Label* const there = what.label == 0 ? nullptr : Find(what.label);
    if (there == nullptr || there->references == 0) {
      if ((what.flags & flowlabel::kFlagCreate) == 0) return {Errno::kNoEntry};
      if (const Errno error = Room(socket, who); error != Errno::kOk) return {error};
    }
    if (there != nullptr) return Join(socket, who, what, linger, now + span, *there);
    labels.push_back({what.label == 0 ? drawn : what.label, what.destination, what.share, who.pid,
                      who.user, linger, now + span, 1});
    leases[socket].insert(leases[socket].begin(), labels.back().number);
    return {Errno::kOk, labels.back().number};
  }

  Errno Put(size_t socket, uint32_t number) {
    const auto lease = std::ranges::find(leases[socket], number);
    if (lease == leases[socket].end()) return Errno::kNoProcess;
    leases[socket].erase(lease);
    End(number);
    return Errno::kOk;
  }

  Errno Renew(size_t socket, const flowlabel::Caller& who, const flowlabel::Request& what) {
    const auto lease = std::ranges::find(leases[socket], what.label);
    if (lease == leases[socket].end()) {
      if (what.share != Share::kNone || !who.net_admin) return Errno::kNoProcess;
      if (Find(what.label) == nullptr || Find(what.label)->references == 0) {
        return Errno::kNoProcess;
      }
    }
    if (std::max(what.linger, what.expires) > longest && !who.net_admin) {
      return Errno::kPermission;
    }
    Label& label = *Find(what.label);
    label.linger = std::max<int64_t>({label.linger, what.linger, 6});
    const int64_t span = std::max<int64_t>({what.expires, 6, label.linger});
    label.expiry = std::max(label.expiry, now + span);
    return Errno::kOk;
  }

  void Close(size_t socket) {
    for (const uint32_t number : leases[socket]) End(number);
    leases[socket].clear();
  }

  void Pass(int64_t seconds) {
    now += seconds;
    std::erase_if(labels, [this](const Label& label) {
      return label.references == 0 && label.expiry <= now;
    });
  }

  // Equal for states that behave alike from now on.
  std::string Key() const {
    std::vector<Label> sorted = labels;
    std::ranges::sort(sorted, {}, &Label::number);
    std::string key;
    const auto add = [&key](int64_t value) {
      key.append(reinterpret_cast<const char*>(&value), sizeof value);
    };
    for (const Label& label : sorted) {
      add(label.number);
      add(static_cast<int64_t>(label.share));
      add(label.pid);
      add(label.user);
      add(label.linger);
      // How long ago something expired that is still leased does not matter.
      add(std::max<int64_t>(label.expiry - now, 0));
      for (const auto& socket : leases) add(std::ranges::count(socket, label.number));
    }
    return key;
  }

 private:
  Errno Room(size_t socket, const flowlabel::Caller& who) const {
    const size_t used = labels.size();
    const size_t mine = leases[socket].size();
    if (used < 32) return Errno::kOk;
    if (used >= most) return Errno::kNoBuffers;
    if (who.net_admin) return Errno::kOk;
    if (mine >= 32) return Errno::kNoBuffers;
    if (mine >= 1 && 2 * used > most) return Errno::kNoBuffers;
    if (4 * used > 3 * most) return Errno::kNoBuffers;
    const auto made = static_cast<size_t>(std::ranges::count(labels, who.user, &Label::user));
    return made < most_per_user ? Errno::kOk : Errno::kNoBuffers;
  }

  Outcome Join(size_t socket, const flowlabel::Caller& who, const flowlabel::Request& what,
               int64_t linger, int64_t expiry, Label& label) {
    if ((what.flags & flowlabel::kFlagExclusive) != 0) return {Errno::kExists};
    if (label.share == Share::kExclusive) return {Errno::kPermission};
    if (label.share != what.share) return {Errno::kPermission};
    if (label.share == Share::kProcess && label.pid != who.pid) return {Errno::kPermission};
    if (label.share == Share::kUser && label.user != who.user) return {Errno::kPermission};
    if (leases[socket].size() >= 32 && !who.net_admin) return {Errno::kNoBuffers};
    label.linger = std::max(label.linger, linger);
    label.expiry = std::max(label.expiry, expiry);
    ++label.references;
    leases[socket].insert(leases[socket].begin(), label.number);
    return {Errno::kOk, label.number};
  }

  void End(uint32_t number) {
    Label& label = *Find(number);
    if (--label.references == 0) label.expiry = std::max(label.expiry, now + label.linger);
  }
};

}  // namespace sextant::test
