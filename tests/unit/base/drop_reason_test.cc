// SPDX-License-Identifier: BSD-3-Clause
// The table of drop reasons: what counters, telemetry and documents are printed from.
// Any thread.
#include "base/drop_reason.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>

#include "support/seed.h"

namespace sextant::test {
namespace {

class DropReasonTest : public testing::TestWithParam<DropReasonRow> {};

TEST_P(DropReasonTest, RowIsComplete) {
  const DropReasonRow& row = GetParam();
  EXPECT_EQ(&Describe(row.reason), &kDropReasons[static_cast<size_t>(row.reason)]);
  for (const char c : row.name) {
    EXPECT_TRUE(std::islower(c) || std::isdigit(c) || c == '-') << row.name;
  }
  EXPECT_NE(row.name.front(), '-');
  EXPECT_NE(row.name.back(), '-');
  EXPECT_FALSE(row.text.empty());
  EXPECT_NE(row.text.back(), '.') << "a clause, not a sentence";
}

TEST_P(DropReasonTest, SaysWhereTheRuleIsWritten) {
  const std::string section(GetParam().section);
  if (section == "-") return;
  EXPECT_TRUE(section.starts_with("RFC ")) << section;
  EXPECT_TRUE(std::isdigit(section.at(4))) << section;
}

std::string NameOfRow(const testing::TestParamInfo<DropReasonRow>& info) {
  std::string name(info.param.name);
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Table, DropReasonTest, testing::ValuesIn(kDropReasons), NameOfRow);

TEST(DropReasonTest, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const DropReasonRow& row : kDropReasons) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
  }
  EXPECT_EQ(names.size(), kDropReasonCount);
}

}  // namespace
}  // namespace sextant::test
