// SPDX-License-Identifier: BSD-3-Clause
// ParseConfigFile: from an INI file to a Config, or to one line that says why not.
// Any thread.
#include <algorithm>

#include "host/config_keys.h"
#include "host/config_text.h"
#include "sextant/config.h"

namespace sextant {
namespace {

// A section's name is its kind, and for some kinds a name of what it describes.
struct Heading {
  std::string_view kind;
  std::string_view name;
};

Heading HeadingOf(const ConfigSection& section) {
  const std::string_view text = section.name;
  const size_t space = text.find_first_of(" \t");
  if (space == std::string_view::npos) return {text, {}};
  return {text.substr(0, space), text.substr(text.find_first_not_of(" \t", space))};
}

struct Kind {
  std::string_view kind;
  bool named;
};
constexpr Kind kKinds[] = {
    {"stack", false}, {"interface", true}, {"engine", true}, {"tunables", false}};

std::string JudgeHeading(const Heading& heading) {
  const auto kind = std::ranges::find(kKinds, heading.kind, &Kind::kind);
  if (kind == std::end(kKinds)) {
    std::vector<std::string_view> known;
    for (const Kind& each : kKinds) known.push_back(each.kind);
    return "unknown section" + DidYouMean(heading.kind, known);
  }
  if (kind->named && heading.name.empty()) {
    return "a name is missing: [" + std::string(heading.kind) + " NAME]";
  }
  if (!kind->named && !heading.name.empty()) {
    return "this section has no name: [" + std::string(heading.kind) + "]";
  }
  return {};
}

// Where a section's keys go.
class Section {
 public:
  Section(Config& config, const Heading& heading) : config_(config), kind_(heading.kind) {
    if (kind_ == "interface") config.interfaces.emplace_back().name = heading.name;
    if (kind_ == "engine") config.engines.emplace_back().name = heading.name;
  }

  std::string Set(const ConfigEntry& entry) {
    if (kind_ == "stack") return SetStackKey(config_, entry.key, entry.value);
    if (kind_ == "engine") return SetEngineKey(config_.engines.back(), entry.key, entry.value);
    if (kind_ == "tunables") return SetTunableKey(config_, entry.key, entry.value);
    return SetInterfaceKey(config_.interfaces.back(), entry.key, entry.value);
  }

 private:
  Config& config_;
  const std::string_view kind_;
};

std::string ReadSection(const ConfigSection& text, Config& config) {
  const Heading heading = HeadingOf(text);
  const std::string where = "[" + text.name + "]";
  std::string reason = JudgeHeading(heading);
  if (!reason.empty()) return where + ": " + reason;
  Section section(config, heading);
  std::vector<std::string_view> seen;
  for (const ConfigEntry& entry : text.entries) {
    reason = section.Set(entry);
    if (reason.empty() && !IsListKey(entry.key) && std::ranges::count(seen, entry.key) != 0) {
      reason = "given twice";
    }
    if (!reason.empty()) return where + " " + entry.key + ": " + reason;
    seen.push_back(entry.key);
  }
  return {};
}

std::string ReadSections(const std::vector<ConfigSection>& sections, Config& config) {
  for (const ConfigSection& section : sections) {
    if (std::ranges::count(sections, section.name, &ConfigSection::name) > 1) {
      return "[" + section.name + "]: given twice";
    }
    std::string reason = ReadSection(section, config);
    if (!reason.empty()) return reason;
  }
  return CheckConfig(config);
}

}  // namespace

bool ParseConfigFile(const std::string& path, Config& config, std::string& error) {
  std::vector<ConfigSection> sections;
  if (!ReadConfigText(path, sections, error)) return false;
  Config read;
  read.file = path;
  const std::string reason = ReadSections(sections, read);
  if (!reason.empty()) {
    error = path + ": " + reason;
    return false;
  }
  config = std::move(read);
  return true;
}

}  // namespace sextant
