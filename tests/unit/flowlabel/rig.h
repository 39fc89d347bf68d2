// SPDX-License-Identifier: BSD-3-Clause
// LabelRig: a flow-label manager with three sockets, on virtual time.
// Owned by one Core.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "flowlabel/manager.h"
#include "support/core.h"

namespace sextant::test {

using flowlabel::Action;
using flowlabel::Caller;
using flowlabel::kFlagCreate;
using flowlabel::kFlagExclusive;
using flowlabel::kFlagReflect;
using flowlabel::kFlagRemote;
using flowlabel::kLabelMask;
using flowlabel::Request;
using flowlabel::Share;

inline Ipv6Address Ip(const char* text) { return *Ipv6Address::Parse(text); }

constexpr uint16_t kMake = kFlagCreate;
constexpr uint16_t kMakeNew = kFlagCreate | kFlagExclusive;

constexpr Caller kUser1 = {.pid = 101, .user = 1001};
constexpr Caller kUser1Again = {.pid = 102, .user = 1001};  // another process of the same user
constexpr Caller kUser2 = {.pid = 103, .user = 1002};
constexpr Caller kRoot = {.pid = 1, .user = 0, .net_admin = true, .net_raw = true};

inline Request GetRequest(uint32_t label, Share share, uint16_t flags, uint16_t expires = 0,
                          uint16_t linger = 0) {
  Request request;
  request.destination = Ip("2001:db8::1");
  request.label = label;
  request.share = share;
  request.flags = flags;
  request.expires = expires;
  request.linger = linger;
  return request;
}

struct LabelRig {
  explicit LabelRig(const flowlabel::Policy& policy = flowlabel::kRfcPolicy)
      : manager(t.core, policy) {}
  ~LabelRig() { CloseAll(); }

  Errno Get(flowlabel::SocketLabels& socket, const Caller& caller, const Request& request) {
    const flowlabel::Grant grant = manager.Set(socket, caller, request);
    label = grant.label;
    EXPECT_FALSE(grant.is_pending()) << "there is no journal";
    return grant.error;
  }
  Errno Get(flowlabel::SocketLabels& socket, uint32_t number, Share share, uint16_t flags,
            const Caller& caller = kUser1) {
    return Get(socket, caller, GetRequest(number, share, flags));
  }
  Errno Put(flowlabel::SocketLabels& socket, uint32_t number, uint16_t flags = 0) {
    Request request;
    request.action = Action::kPut;
    request.label = number;
    request.flags = flags;
    return manager.Set(socket, kUser1, request).error;
  }
  Errno Renew(flowlabel::SocketLabels& socket, const Caller& caller, uint32_t number,
              Share share = Share::kNone, uint16_t expires = 0, uint16_t linger = 0) {
    Request request = GetRequest(number, share, 0, expires, linger);
    request.action = Action::kRenew;
    return manager.Set(socket, caller, request).error;
  }
  // Null when there is no such label.
  const flowlabel::Entry* Find(uint32_t number) const { return manager.table().Find(number); }
  int64_t SecondsLeft(uint32_t number) const {
    return (Find(number)->expiry - t.core.now()).milliseconds() / 1000;
  }
  // A little more than these seconds: timers fire up to a tick late.
  void Pass(int64_t seconds) { t.Pass(Duration::Seconds(seconds) + TimerWheel::kTick); }
  void CloseAll() {
    for (auto* socket : {&a, &b, &c, &tcp}) manager.Release(*socket);
  }

  TestCore t;
  flowlabel::Manager manager;
  flowlabel::SocketLabels a{false};
  flowlabel::SocketLabels b{false};
  flowlabel::SocketLabels c{false};
  flowlabel::SocketLabels tcp{true};
  uint32_t label = 0;  // what the last GET was granted
};

class LabelTest : public testing::Test, protected LabelRig {};

}  // namespace sextant::test
