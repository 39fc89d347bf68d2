// SPDX-License-Identifier: BSD-3-Clause
// Environment: the rooms that socket calls reach into, and who calls.
// Owned by one Core.
#pragma once

#include "core/core.h"
#include "core/outbox.h"
#include "iface/interface_table.h"
#include "raw/table.h"
#include "route/route_table.h"
#include "socket/credentials.h"
#include "socket/profile.h"
#include "udp/table.h"

namespace sextant::socket {

struct Environment {
  Core& core;
  iface::InterfaceTable& interfaces;
  route::RouteTable& routes;
  udp::Table& udp;
  raw::Table& raw;
  Outbox& outbox;
  const Profile& profile;
  Credentials caller{};
};

}  // namespace sextant::socket
