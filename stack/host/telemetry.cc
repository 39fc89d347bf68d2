// SPDX-License-Identifier: BSD-3-Clause
// DPDK's callbacks have no handle to whom they ask, so the process keeps one
// list of its hosts here, behind a lock that no core takes while it polls: only
// when a host starts or ends, and when somebody asks.
// Any thread.
#include "host/telemetry.h"

#include <rte_telemetry.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <mutex>

#include "host/graph.h"
#include "host/report.h"

namespace sextant {
namespace {

using report::Field;
using report::Record;
using report::Records;
using report::Window;

// LIMIT: an answer of DPDK's socket has 16 KiB; what exceeds it would be cut.
constexpr size_t kMaxRows = 64;
constexpr Duration kPatience = Duration::Seconds(1);

// DPDK's arrays hold no dictionaries, so lists are dictionaries, too.
enum class Shape {
  kOne,       // exactly one record
  kNamed,     // each record under the value of its first field
  kNumbered,  // each under its place in the list
};

struct Topic {
  const char* command;
  const char* help;
  Shape shape;
  Records (*ask)(Graph& graph, const Window& window);
};

// Without the explanations, which docs/drops.md has: all reasons are to fit.
Records BriefDrops(Graph& graph) {
  Records records = report::Drops(graph, true);
  for (Record& record : records) {
    std::erase_if(record, [](const Field& field) { return field.name == "text"; });
  }
  return records;
}

// clang-format off
constexpr Topic kTopics[] = {
    {"/sextant/interfaces", "All interfaces: state, addresses, link, counters.", Shape::kNamed,
     [](Graph& graph, const Window&) { return report::Interfaces(graph); }},
    {"/sextant/neighbors", "The neighbor cache. Parameters: first, 0 by default, and count, up to 64.", Shape::kNumbered,
     [](Graph& graph, const Window& window) { return report::Neighbors(graph, window).records; }},
    {"/sextant/sockets", "All sockets. Parameters: first, 0 by default, and count, up to 64.", Shape::kNumbered,
     [](Graph& graph, const Window& window) { return report::Sockets(graph, window).records; }},
    {"/sextant/routes", "All routes. Parameters: first, 0 by default, and count, up to 64.", Shape::kNumbered,
     [](Graph& graph, const Window& window) { return report::Routes(graph, window).records; }},
    {"/sextant/groups", "All groups: members, filters. Parameters: first, 0 by default, and count, up to 64.", Shape::kNumbered,
     [](Graph& graph, const Window& window) { return report::Groups(graph, window).records; }},
    {"/sextant/path_mtus", "Path MTUs below their links'. Parameters: first, 0 by default, and count, up to 64.", Shape::kNumbered,
     [](Graph& graph, const Window& window) { return report::PathMtus(graph, window).records; }},
    {"/sextant/drops", "Packets dropped, by reason: received, refused, made here.", Shape::kNamed,
     [](Graph& graph, const Window&) { return BriefDrops(graph); }},
    {"/sextant/tunables", "All tunables, with their ranges and defaults.", Shape::kNamed,
     [](Graph& graph, const Window&) { return report::Tunables(graph); }},
    {"/sextant/stats", "What became of all packets.", Shape::kOne,
     [](Graph& graph, const Window&) { return Records{report::Stats(graph)}; }},
    {"/sextant/pool", "The packet pool.", Shape::kOne,
     [](Graph& graph, const Window&) { return Records{report::Pool(graph)}; }},
};
// clang-format on

class Question final : public Mail {
 public:
  Question(Graph& graph, const Topic& topic, const Window& window)
      : graph_(graph), topic_(topic), window_(window) {}
  void Run() override { answer_ = topic_.ask(graph_, window_); }
  const Records& answer() const { return answer_; }

 private:
  Graph& graph_;
  const Topic& topic_;
  const Window window_;
  Records answer_;
};

struct Asked {
  Graph* graph = nullptr;
  Mailbox* mailbox = nullptr;
};

struct Registry {
  std::mutex mutex;
  std::vector<Asked> hosts;
  bool registered = false;
};

// Never destroyed: the telemetry thread may outlive static objects.
Registry& TheRegistry() {
  static Registry* const registry = new Registry;
  return *registry;
}

// "FIRST,COUNT", each of them optional. False for anything else.
bool ParseWindow(const char* parameters, Window& window) {
  window = {0, kMaxRows};
  if (parameters == nullptr || *parameters == '\0') return true;
  const char* const end = parameters + std::strlen(parameters);
  auto [at, error] = std::from_chars(parameters, end, window.first);
  if (error != std::errc()) return false;
  if (at != end && *at == ',') {
    const auto second = std::from_chars(at + 1, end, window.count);
    if (second.ec != std::errc()) return false;
    at = second.ptr;
  }
  window.count = std::min(window.count, kMaxRows);
  return at == end;
}

// Sends the question while the host cannot go away, and waits when it can.
std::shared_ptr<Question> Ask(const Topic& topic, const Window& window) {
  Registry& registry = TheRegistry();
  std::shared_ptr<Question> question;
  {
    const std::lock_guard<std::mutex> lock(registry.mutex);
    if (registry.hosts.empty()) return nullptr;
    const Asked& host = registry.hosts.front();
    question = std::make_shared<Question>(*host.graph, topic, window);
    if (!host.mailbox->Send(question)) return nullptr;
  }
  return Mailbox::Await(*question, kPatience) ? question : nullptr;
}

// DPDK's JSON has no characters beyond ASCII.
std::string Ascii(std::string text) {
  constexpr std::string_view kSection = "\u00a7";
  for (size_t at = 0; (at = text.find(kSection, at)) != std::string::npos;) {
    text.replace(at, kSection.size(), "section ");
  }
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return text;
}

void AddField(rte_tel_data* dict, const Field& field) {
  const char* const name = field.name.c_str();
  if (const auto* number = std::get_if<uint64_t>(&field.value)) {
    rte_tel_data_add_dict_u64(dict, name, *number);
  } else if (const auto* text = std::get_if<std::string>(&field.value)) {
    rte_tel_data_add_dict_string(dict, name, Ascii(*text).c_str());
  } else {
    rte_tel_data* const list = rte_tel_data_alloc();
    if (list == nullptr) return;
    rte_tel_data_start_array(list, RTE_TEL_STRING_VAL);
    for (const std::string& line : std::get<std::vector<std::string>>(field.value)) {
      rte_tel_data_add_array_string(list, Ascii(line).c_str());
    }
    rte_tel_data_add_dict_container(dict, name, list, 0);
  }
}

void FillDict(rte_tel_data* dict, const Record& record) {
  rte_tel_data_start_dict(dict);
  for (const Field& field : record) AddField(dict, field);
}

// DPDK accepts few characters in names.
std::string KeyOf(const Record& record) {
  std::string key = std::get<std::string>(record.front().value);
  std::ranges::replace_if(
      key, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return key;
}

void FillList(rte_tel_data* list, const Records& records, const Topic& topic, size_t number) {
  rte_tel_data_start_dict(list);
  for (const Record& record : records) {
    rte_tel_data* const dict = rte_tel_data_alloc();
    if (dict == nullptr) return;
    FillDict(dict, record);
    const std::string key = topic.shape == Shape::kNamed ? KeyOf(record) : std::to_string(number++);
    rte_tel_data_add_dict_container(list, key.c_str(), dict, 0);
  }
}

int Answer(const char* command, const char* parameters, rte_tel_data* out) {
  const auto topic = std::ranges::find(kTopics, std::string_view(command), &Topic::command);
  Window window;
  if (topic == std::end(kTopics) || !ParseWindow(parameters, window)) return -EINVAL;
  const std::shared_ptr<Question> question = Ask(*topic, window);
  if (!question) return -ETIMEDOUT;
  if (topic->shape == Shape::kOne) {
    FillDict(out, question->answer().front());
  } else {
    FillList(out, question->answer(), *topic, window.first);
  }
  return 0;
}

}  // namespace

Telemetry::Telemetry(Graph& graph, Mailbox& mailbox) : graph_(graph) {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  registry.hosts.push_back({&graph, &mailbox});
  if (std::exchange(registry.registered, true)) return;
  for (const Topic& topic : kTopics) rte_telemetry_register_cmd(topic.command, Answer, topic.help);
}

Telemetry::~Telemetry() {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  std::erase_if(registry.hosts, [&](const Asked& host) { return host.graph == &graph_; });
}

}  // namespace sextant
