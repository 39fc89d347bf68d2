// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "host/config_keys.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <span>

#include "core/tunables.h"

namespace sextant {
namespace {

template <typename T>
struct KeyRow {
  std::string_view key;
  // Returns why the value cannot be, or nothing.
  std::string (*set)(T& target, const std::string& value);
};

std::optional<int64_t> ParseNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

template <typename Integer>
std::string SetNumber(const std::string& text, int64_t low, int64_t high, Integer& out) {
  const auto number = ParseNumber(text);
  if (!number) return text + " is not a decimal number";
  if (*number < low || *number > high) {
    return text + " is not between " + std::to_string(low) + " and " + std::to_string(high);
  }
  out = static_cast<Integer>(*number);
  return {};
}

template <typename Enum>
struct Word {
  std::string_view text;
  Enum value;
};

template <typename Enum>
std::string SetWord(const std::string& text, std::span<const Word<Enum>> words, Enum& out) {
  std::string known;
  for (const Word<Enum>& word : words) {
    if (word.text == text) {
      out = word.value;
      return {};
    }
    known += (known.empty() ? "" : " or ") + std::string(word.text);
  }
  return text + " is unknown; it may be " + known;
}

constexpr Word<ProfileName> kProfiles[] = {{"rfc", ProfileName::kRfc},
                                           {"linux", ProfileName::kLinux}};
constexpr Word<IdleMode> kIdleModes[] = {{"adaptive", IdleMode::kAdaptive},
                                         {"poll", IdleMode::kPoll}};
constexpr Word<CredentialMode> kCredentials[] = {{"all", CredentialMode::kAll},
                                                 {"process", CredentialMode::kProcess}};

// Adds the parts between commas, without the space around them.
std::string AddList(const std::string& text, std::vector<std::string>& out) {
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const size_t first = std::min(text.find_first_not_of(" \t", begin), end);
    size_t last = end;
    while (last > first && (text[last - 1] == ' ' || text[last - 1] == '\t')) --last;
    if (first == last) return "an empty place in the list: " + text;
    out.push_back(text.substr(first, last - first));
    begin = end + 1;
  }
  return {};
}

std::string SetText(const std::string& text, std::string& out) {
  out = text;
  return {};
}

// clang-format off
constexpr KeyRow<Config> kStackKeys[] = {
    {"profile", [](Config& c, const std::string& v) { return SetWord<ProfileName>(v, kProfiles, c.profile); }},
    {"idle", [](Config& c, const std::string& v) { return SetWord<IdleMode>(v, kIdleModes, c.idle); }},
    {"credentials", [](Config& c, const std::string& v) { return SetWord<CredentialMode>(v, kCredentials, c.credentials); }},
    {"packets", [](Config& c, const std::string& v) { return SetNumber(v, 255, 16'777'215, c.packets); }},
};

constexpr KeyRow<InterfaceConfig> kInterfaceKeys[] = {
    {"device", [](InterfaceConfig& i, const std::string& v) { return SetText(v, i.device); }},
    {"addresses", [](InterfaceConfig& i, const std::string& v) { return AddList(v, i.addresses); }},
    {"gateway", [](InterfaceConfig& i, const std::string& v) { return SetText(v, i.gateway); }},
    {"routes", [](InterfaceConfig& i, const std::string& v) { return AddList(v, i.routes); }},
    {"peer", [](InterfaceConfig& i, const std::string& v) { return SetText(v, i.peer); }},
    {"dad", [](InterfaceConfig& i, const std::string& v) { return SetNumber(v, 0, 16, i.dad); }},
    {"mtu", [](InterfaceConfig& i, const std::string& v) { return SetNumber(v, 1280, 65'535, i.mtu); }},
};

constexpr KeyRow<EngineConfig> kEngineKeys[] = {
    {"type", [](EngineConfig& e, const std::string& v) { return SetText(v, e.type); }},
    {"port", [](EngineConfig& e, const std::string& v) { return SetNumber(v, 1, 65'535, e.port); }},
};
// clang-format on

template <typename T>
std::string SetKey(std::span<const KeyRow<T>> rows, T& target, std::string_view key,
                   const std::string& value) {
  const auto row = std::ranges::find(rows, key, &KeyRow<T>::key);
  if (row != rows.end()) return row->set(target, value);
  std::vector<std::string_view> names;
  for (const KeyRow<T>& known : rows) names.push_back(known.key);
  return "unknown key" + DidYouMean(key, names);
}

// How many letters have to be changed, added or left out to make one of the other.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string DidYouMean(std::string_view name, const std::vector<std::string_view>& names) {
  std::string_view nearest;
  size_t best = name.size() / 3 + 2;  // farther than that is another word
  for (const std::string_view candidate : names) {
    const size_t distance = EditDistance(name, candidate);
    if (distance >= best) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest.empty() ? "" : "; did you mean " + std::string(nearest) + "?";
}

bool IsListKey(std::string_view key) { return key == "addresses" || key == "routes"; }

std::string SetStackKey(Config& config, std::string_view key, const std::string& value) {
  return SetKey<Config>(kStackKeys, config, key, value);
}

std::string SetInterfaceKey(InterfaceConfig& interface, std::string_view key,
                            const std::string& value) {
  return SetKey<InterfaceConfig>(kInterfaceKeys, interface, key, value);
}

std::string SetEngineKey(EngineConfig& engine, std::string_view key, const std::string& value) {
  return SetKey<EngineConfig>(kEngineKeys, engine, key, value);
}

std::string SetTunableKey(Config& config, std::string_view key, const std::string& value) {
  const TunableRow* const row = FindTunable(key);
  if (row == nullptr) {
    std::vector<std::string_view> names;
    for (const TunableRow& known : TunableRows()) names.push_back(known.name);
    return "unknown key" + DidYouMean(key, names);
  }
  int64_t number = 0;
  std::string reason = SetNumber(value, row->low, row->high, number);
  if (reason.empty()) config.tunables.emplace_back(key, number);
  return reason;
}

}  // namespace sextant
