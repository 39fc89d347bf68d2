// SPDX-License-Identifier: BSD-3-Clause
// HostParts: what a host is handed from outside: time, randomness, memory,
// waiting. Programs get real ones (MakeParts), simulations their own.
// Owned by one Core.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/rng.h"
#include "core/arena.h"
#include "core/mailbox.h"
#include "core/waiter.h"
#include "packet/pool.h"
#include "sextant/config.h"

namespace sextant {

// Where the sockets of the burst interface lie.
std::unique_ptr<Arena> MakeUdpSocketArena();

struct HostParts {
  std::unique_ptr<Clock> clock;
  std::unique_ptr<Rng> rng;
  std::unique_ptr<PacketPool> pool;
  std::unique_ptr<Waiter> waiter;    // may be null: then Poll() never sleeps
  std::unique_ptr<Mailbox> mailbox;  // may be null: then nobody else asks
  std::unique_ptr<Arena> udp_sockets = MakeUdpSocketArena();
  ProfileName profile = ProfileName::kRfc;
  IdleMode idle = IdleMode::kAdaptive;
  CredentialMode credentials = CredentialMode::kAll;
};

}  // namespace sextant
