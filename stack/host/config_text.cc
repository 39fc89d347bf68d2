// SPDX-License-Identifier: BSD-3-Clause
// rte_cfgfile ignores lines without a "=", cuts long names, and drops what
// follows a "]". So a file is looked through line by line before it is loaded.
// Any thread.
#include "host/config_text.h"

#include <rte_cfgfile.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>

namespace sextant {
namespace {

constexpr char kComment = '#';
// What rte_cfgfile keeps of a section's or key's name, and of a value.
constexpr size_t kMaxName = CFG_NAME_LEN - 1;
constexpr size_t kMaxValue = CFG_VALUE_LEN - 1;
// And the longest line it reads, without its end.
constexpr size_t kMaxLine = CFG_NAME_LEN + CFG_VALUE_LEN + 2;
// LIMIT: no honest configuration is longer; a device or a wrong file may be.
constexpr size_t kMaxLines = 100'000;

std::string_view Strip(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string JudgeSection(std::string_view line) {
  const size_t end = line.find(']');
  if (end == std::string_view::npos) return "a section without its \"]\"";
  if (end + 1 != line.size()) return "text behind the \"]\" of a section";
  const std::string_view name = Strip(line.substr(1, end - 1));
  if (name.empty()) return "a section without a name";
  if (name.size() > kMaxName) return "a section's name of more than 63 characters";
  return {};
}

std::string JudgeEntry(std::string_view line, bool in_section) {
  const size_t equals = line.find('=');
  if (equals == std::string_view::npos) return "neither [section] nor key = value";
  const std::string_view key = Strip(line.substr(0, equals));
  const std::string_view value = Strip(line.substr(equals + 1));
  if (key.empty()) return "no key before the \"=\"";
  if (!in_section) return std::string(key) + " is in no [section]";
  if (value.empty()) return std::string(key) + " has no value";
  if (key.size() > kMaxName) return "a key of more than 63 characters";
  if (value.size() > kMaxValue) {
    return std::string(key) + " has more than 255 characters; lists may be given in several lines";
  }
  return {};
}

// What is wrong with a line, if anything. `in_section` becomes true with the first section.
std::string JudgeLine(std::string_view line, bool& in_section) {
  if (line.size() > kMaxLine) return "longer than 320 characters";
  if (line.find('\0') != std::string_view::npos) return "a zero byte; is this a text file?";
  if (line.find('\\') != std::string_view::npos) return "a backslash, which has no meaning here";
  line = Strip(line.substr(0, line.find(kComment)));
  if (line.empty()) return {};
  if (line[0] != '[') return JudgeEntry(line, in_section);
  in_section = true;
  return JudgeSection(line);
}

bool JudgeLines(std::istream& file, std::string& error) {
  bool in_section = false;
  size_t number = 0;
  for (std::string line; number < kMaxLines && std::getline(file, line);) {
    ++number;
    error = JudgeLine(line, in_section);
    if (error.empty()) continue;
    error = "line " + std::to_string(number) + ": " + error;
    return false;
  }
  if (number < kMaxLines) return true;
  error = "more than " + std::to_string(kMaxLines) + " lines";
  return false;
}

struct CloseFile {
  void operator()(rte_cfgfile* file) const { rte_cfgfile_close(file); }
};

std::vector<ConfigEntry> EntriesOf(rte_cfgfile* file, int section) {
  char name[CFG_NAME_LEN];
  const int count = rte_cfgfile_section_num_entries_by_index(file, name, section);
  std::vector<rte_cfgfile_entry> raw(static_cast<size_t>(std::max(count, 0)));
  rte_cfgfile_section_entries_by_index(file, section, name, raw.data(), count);
  std::vector<ConfigEntry> entries;
  for (const rte_cfgfile_entry& entry : raw) entries.push_back({entry.name, entry.value});
  return entries;
}

std::vector<ConfigSection> SectionsOf(rte_cfgfile* file) {
  const int count = rte_cfgfile_num_sections(file, nullptr, 0);
  std::vector<std::vector<char>> names(static_cast<size_t>(count), std::vector<char>(CFG_NAME_LEN));
  std::vector<char*> raw;
  for (std::vector<char>& name : names) raw.push_back(name.data());
  rte_cfgfile_sections(file, raw.data(), count);
  std::vector<ConfigSection> sections;
  for (int i = 0; i < count; ++i) {
    sections.push_back({std::string(Strip(raw[static_cast<size_t>(i)])), EntriesOf(file, i)});
  }
  return sections;
}

}  // namespace

bool ReadConfigText(const std::string& path, std::vector<ConfigSection>& sections,
                    std::string& error) {
  errno = 0;
  std::ifstream lines(path);
  // A folder can be opened, but not read.
  if (!lines || lines.peek() == std::ifstream::traits_type::eof()) {
    if (errno != 0) {
      error = path + ": cannot read it: " + std::strerror(errno);
      return false;
    }
  }
  lines.clear();
  if (!JudgeLines(lines, error)) {
    error = path + ": " + error;
    return false;
  }
  rte_cfgfile_parameters parameters{};
  parameters.comment_character = kComment;
  const std::unique_ptr<rte_cfgfile, CloseFile> file(
      rte_cfgfile_load_with_params(path.c_str(), 0, &parameters));
  if (!file) {
    error = path + ": cannot read it as an INI file";
    return false;
  }
  sections = SectionsOf(file.get());
  return true;
}

}  // namespace sextant
