// SPDX-License-Identifier: BSD-3-Clause
// The label manager's table as text, in the columns of Linux's
// /proc/net/ip6_flowlabel.
// Owned by one Core.
#pragma once

#include <string>

#include "flowlabel/table.h"

namespace sextant::flowlabel {

// Without the line's end.
std::string ListingHeader();
std::string ListingRow(const Entry& entry, Instant now);
// All of it, by label.
std::string Listing(const Table& table, Instant now);

}  // namespace sextant::flowlabel
