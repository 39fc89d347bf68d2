// SPDX-License-Identifier: BSD-3-Clause
// SocketRig: what the tests of the facade stand on: a whole graph on manual time with the loopback
// interface, lan0 (index 2, fd00:6::2/64 and a link-local address) over a link that leads nowhere,
// and a SocketLayer of either profile. When it ends every packet must be back and accounted for.
// CallCase: one row of a table of calls and what each profile answers.
// Owned by one Core.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph.h"
#include "socket/layer.h"
#include "support/seed.h"
#include "unit/nd/rig.h"

namespace sextant::test {

using socket::SocketLayer;

inline constexpr const char* kOurGlobal = "fd00:6::2";
inline constexpr const char* kPeerGlobal = "fd00:6::1";
inline constexpr const char* kPeerLinkLocal = "fe80::1";
inline constexpr int kNoFd = 999;

inline sockaddr_in6 At(const char* address, uint16_t port, uint32_t zone = 0) {
  sockaddr_in6 out{};
  out.sin6_family = AF_INET6;
  out.sin6_addr = socket::ToC(Ip(address));
  out.sin6_port = htons(port);
  out.sin6_scope_id = zone;
  return out;
}

class SocketRig : public testing::Test {
 public:
  explicit SocketRig(ProfileName profile = ProfileName::kRfc) {
    parts_.clock = std::make_unique<ManualClock>();
    parts_.rng = std::make_unique<SeededRng>(Seed());
    parts_.pool = PacketPool::Create("socket", 1023);
    graph_ = std::make_unique<Graph>(parts_);
    auto link = std::make_unique<IdleLink>(up_);
    link_ = link.get();
    iface::Interface* const lan = graph_->AddInterface("lan0", std::move(link));
    SX_CHECK(lan->RefreshLinkState() || lan->is_up());
    SX_CHECK(graph_->AddLinkLocal(*lan, 0) == Errno::kOk);
    SX_CHECK(graph_->AddAddress(*lan, *Ipv6Prefix::Parse("fd00:6::2/64"), 0) == Errno::kOk);
    layer_ = std::make_unique<SocketLayer>(graph_->core(), graph_->interfaces(), graph_->routes(),
                                           graph_->udp(), graph_->raw(), graph_->outbox(),
                                           socket::ProfileOf(profile));
  }
  ~SocketRig() override {
    layer_.reset();
    Settle();
    const Counters& counters = graph_->core().counters();
    EXPECT_EQ(counters.held(), 0U);
    graph_.reset();
    EXPECT_EQ(parts_.pool->available(), parts_.pool->capacity()) << "packets were lost";
  }

  SocketLayer& layer() { return *layer_; }
  Graph& graph() { return *graph_; }
  PacketPool& pool() { return *parts_.pool; }
  IdleLink& link() { return *link_; }
  iface::Interface& lan() { return *graph_->interfaces().at(kLan); }

  // Polls until what was sent over the loopback interface has arrived.
  void Settle() {
    for (int i = 0; i < 8; ++i) {
      graph_->Tick();
      graph_->Receive();
      graph_->Timers();
      graph_->Transmit();
    }
  }

  int Open(int flags = 0) {
    const auto fd = layer().Socket(AF_INET6, SOCK_DGRAM | flags, 0);
    SX_CHECK(fd.ok());
    return *fd;
  }
  int OpenAt(const char* address, uint16_t port, uint32_t zone = 0) {
    const int fd = Open();
    SX_CHECK(Bind(fd, At(address, port, zone)) == Errno::kOk);
    return fd;
  }
  Errno Bind(int fd, const sockaddr_in6& at, socklen_t length = sizeof(sockaddr_in6)) {
    return layer().Bind(fd, Cast(at), length);
  }
  Errno Connect(int fd, const sockaddr_in6& to, socklen_t length = sizeof(sockaddr_in6)) {
    return layer().Connect(fd, Cast(to), length);
  }
  Errno SendTo(int fd, std::string_view data, const sockaddr_in6& to, int flags = 0,
               socklen_t length = sizeof(sockaddr_in6)) {
    return layer().SendTo(fd, data.data(), data.size(), flags, Cast(to), length).error();
  }
  Errno Send(int fd, std::string_view data, int flags = 0) {
    return layer().SendTo(fd, data.data(), data.size(), flags, nullptr, 0).error();
  }
  // The next datagram, or the name of the error in brackets.
  std::string Receive(int fd, int flags = 0) {
    std::string data(70'000, '\0');
    const auto size = layer().ReceiveFrom(fd, data.data(), data.size(), flags, nullptr, nullptr);
    if (!size) return "[" + std::string(strerrorname_np(static_cast<int>(size.error()))) + "]";
    data.resize(*size);
    return data;
  }
  template <typename T>
  Errno Set(int fd, int level, int option, const T& value) {
    return layer().SetSockOpt(fd, level, option, &value, sizeof value);
  }
  template <typename T = int>
  T Get(int fd, int level, int option) {
    T value{};
    socklen_t length = sizeof value;
    EXPECT_EQ(layer().GetSockOpt(fd, level, option, &value, &length), Errno::kOk);
    return value;
  }
  sockaddr_in6 NameOf(int fd) {
    sockaddr_in6 name{};
    socklen_t length = sizeof name;
    EXPECT_EQ(layer().GetSockName(fd, reinterpret_cast<sockaddr*>(&name), &length), Errno::kOk);
    return name;
  }
  // fd00:6::2%0 port 7
  static std::string Text(const sockaddr_in6& address) {
    return socket::FromC(address.sin6_addr).ToString() + "%" +
           std::to_string(address.sin6_scope_id) + " port " +
           std::to_string(ntohs(address.sin6_port));
  }

  static const sockaddr* Cast(const sockaddr_in6& address) {
    return reinterpret_cast<const sockaddr*>(&address);
  }

 private:
  HostParts parts_;
  bool up_ = true;
  IdleLink* link_ = nullptr;
  std::unique_ptr<Graph> graph_;
  std::unique_ptr<SocketLayer> layer_;
};

struct CallCase {
  const char* name;
  const char* section;
  Errno (*call)(SocketRig& rig);
  Errno rfc;
  Errno on_linux;
};

// Every row in both profiles.
class CallTest : public SocketRig,
                 public testing::WithParamInterface<std::tuple<CallCase, ProfileName>> {
 public:
  CallTest() : SocketRig(std::get<1>(GetParam())) {}

 protected:
  void Check() {
    const auto& [row, profile] = GetParam();
    const Errno want = profile == ProfileName::kLinux ? row.on_linux : row.rfc;
    EXPECT_EQ(row.call(*this), want) << row.section;
  }
};

inline constexpr auto kNameOfCall = [](const auto& info) {
  return std::string(std::get<0>(info.param).name) +
         (std::get<1>(info.param) == ProfileName::kLinux ? "Linux" : "Rfc");
};

template <size_t kCount>
auto InBothProfiles(const CallCase (&rows)[kCount]) {
  return testing::Combine(testing::ValuesIn(rows),
                          testing::Values(ProfileName::kRfc, ProfileName::kLinux));
}

}  // namespace sextant::test
