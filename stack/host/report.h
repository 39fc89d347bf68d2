// SPDX-License-Identifier: BSD-3-Clause
// Report: what a host knows about itself, as records of named values. The
// tables of `show` and the answers of telemetry are printed from the same ones.
// Owned by one Core.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sextant {

class Graph;

namespace report {

using Value = std::variant<uint64_t, std::string, std::vector<std::string>>;
struct Field {
  std::string name;  // lower case, words joined by "_"
  Value value;
};
using Record = std::vector<Field>;
using Records = std::vector<Record>;

// Which part of a long list is wanted.
struct Window {
  size_t first = 0;
  size_t count = SIZE_MAX;
};

struct Listing {
  Records records;
  size_t total = 0;  // as many as there are, whatever the window shows
};

Records Interfaces(Graph& graph);
// Not reachable for everybody and always: bounded by their own tables.
Listing Neighbors(Graph& graph, const Window& window);
Listing Sockets(Graph& graph, const Window& window);
Listing Routes(Graph& graph, const Window& window);
Listing Groups(Graph& graph, const Window& window);
Listing PathMtus(Graph& graph, const Window& window);
// Reasons that have occurred; all of them when `all` is set.
Records Drops(Graph& graph, bool all);
Records Tunables(Graph& graph);
Record Stats(Graph& graph);
Record Pool(Graph& graph);

// One line per record, under a line with the names of the first one's fields.
std::string Table(const Records& records);
// One paragraph per record: the first field is its title, the others follow in
// lines of their own.
std::string Paragraphs(const Records& records);

}  // namespace report
}  // namespace sextant
