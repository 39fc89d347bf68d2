// SPDX-License-Identifier: BSD-3-Clause
// DemoMemoryClient: does with another Sextant host what DemoKernelClient does
// with the kernel.
// Owned by one Core.
#pragma once

#include <array>

#include "demo_echoes.h"
#include "sextant/control.h"

namespace sextant {

class DemoMemoryClient {
 public:
  DemoMemoryClient(Host& host, DemoTotals& totals);

  // Sends what is due and takes what has come, between two polls. False when
  // it has finished.
  bool Turn();

 private:
  bool Done(int64_t now) const;
  void SendDue(int64_t now);
  void Publish(int64_t now);

  Host& host_;
  DemoTotals& totals_;
  DemoEchoes echoes_;
  UdpSocket socket_;
  Pinger pinger_;
  sockaddr_in6 target_{};
  std::array<Datagram, 32> burst_;
  RoundTrips ping_times_;
  uint64_t pings_sent_ = 0;
  uint64_t pings_answered_ = 0;
  const int64_t start_;
  int64_t last_answer_ = 0;
  int64_t published_ = 0;
};

}  // namespace sextant
