// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "flowlabel/listing.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace sextant::flowlabel {
namespace {

int64_t OwnerOf(const Entry& entry) {
  if (entry.share == Share::kProcess) return entry.pid;
  return entry.share == Share::kUser ? int64_t{entry.user} : 0;
}

}  // namespace

std::string ListingHeader() {
  return "Label S Owner  Users  Linger Expires  Dst                              Opt";
}

std::string ListingRow(const Entry& entry, Instant now) {
  std::string destination;
  for (const uint8_t byte : entry.destination.bytes()) {
    absl::StrAppendFormat(&destination, "%02x", byte);
  }
  const int64_t seconds = (entry.expiry - now).milliseconds() / 1000;
  return absl::StrFormat("%05X %-1d %-6d %-6d %-6d %-8d %s %-4d", entry.label,
                         static_cast<int>(entry.share), OwnerOf(entry), entry.references,
                         entry.linger, seconds, destination, entry.headers_size());
}

std::string Listing(const Table& table, Instant now) {
  std::string text = ListingHeader() + "\n";
  table.ForEach([&](const Entry& entry) { absl::StrAppend(&text, ListingRow(entry, now), "\n"); });
  return text;
}

}  // namespace sextant::flowlabel
