// SPDX-License-Identifier: BSD-3-Clause
// Report as text: aligned columns, and paragraphs.
// Any thread.
#include <algorithm>

#include "host/report.h"

namespace sextant::report {
namespace {

constexpr std::string_view kGap = "  ";

// As wide as it looks: bytes that continue a UTF-8 character take no room.
size_t Width(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

std::string Label(const std::string& name) {
  std::string label = name;
  std::ranges::replace(label, '_', ' ');
  return label;
}

std::vector<std::string> Lines(const Value& value) {
  if (const auto* number = std::get_if<uint64_t>(&value)) return {std::to_string(*number)};
  if (const auto* text = std::get_if<std::string>(&value)) return {*text};
  return std::get<std::vector<std::string>>(value);
}

std::string Cell(const Value& value) {
  std::string cell;
  for (const std::string& line : Lines(value)) cell += (cell.empty() ? "" : ", ") + line;
  return cell;
}

// Numbers stand to the right.
std::string Pad(const std::string& text, size_t width, bool right) {
  const std::string space(width - std::min(width, Width(text)), ' ');
  return right ? space + text : text + space;
}

struct Column {
  size_t width = 0;
  bool numeric = true;
};

std::vector<Column> Measure(const Records& records) {
  std::vector<Column> columns(records.front().size());
  for (size_t i = 0; i < columns.size(); ++i) columns[i].width = Width(records.front()[i].name);
  for (const Record& record : records) {
    for (size_t i = 0; i < columns.size(); ++i) {
      columns[i].width = std::max(columns[i].width, Width(Cell(record[i].value)));
      columns[i].numeric &= std::holds_alternative<uint64_t>(record[i].value);
    }
  }
  return columns;
}

std::string Trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace

std::string Table(const Records& records) {
  if (records.empty()) return "none\n";
  const std::vector<Column> columns = Measure(records);
  std::string head;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string label = Label(records.front()[i].name);
    head += (i == 0 ? "" : kGap);
    head += Pad(label, columns[i].width, columns[i].numeric);
  }
  std::string text = Trimmed(head);
  for (const Record& record : records) {
    std::string line;
    for (size_t i = 0; i < columns.size(); ++i) {
      line += (i == 0 ? "" : kGap);
      line += Pad(Cell(record[i].value), columns[i].width, columns[i].numeric);
    }
    text += Trimmed(line);
  }
  return text;
}

std::string Paragraphs(const Records& records) {
  std::string text;
  for (const Record& record : records) {
    size_t width = 0;
    for (const Field& field : record) width = std::max(width, Width(field.name));
    text += Cell(record.front().value) + '\n';
    for (size_t i = 1; i < record.size(); ++i) {
      std::string label = Label(record[i].name);
      for (const std::string& line : Lines(record[i].value)) {
        text += Trimmed("  " + Pad(label, width, false) + std::string(kGap) + line);
        label.clear();
      }
    }
  }
  return text;
}

}  // namespace sextant::report
