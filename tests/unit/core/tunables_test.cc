// SPDX-License-Identifier: BSD-3-Clause
// The table of tunables: what configuration, `set` and telemetry are made of.
// Owned by one Core.
#include "core/tunables.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cstring>
#include <set>

#include "support/seed.h"

namespace sextant::test {
namespace {

class TunableTest : public testing::TestWithParam<TunableRow> {};

TEST_P(TunableTest, DefaultIsInRange) {
  EXPECT_LE(GetParam().low, GetParam().initial);
  EXPECT_LE(GetParam().initial, GetParam().high);
  EXPECT_LT(GetParam().low, GetParam().high) << "else it cannot be tuned";
}

TEST_P(TunableTest, IsFoundByItsName) {
  const TunableRow* const row = FindTunable(GetParam().name);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->field, GetParam().field);
  EXPECT_EQ(FindTunable(std::string(GetParam().name) + "x"), nullptr);
}

TEST_P(TunableTest, DefaultIsSet) {
  EXPECT_EQ(Tunables::Defaults().*GetParam().field, GetParam().initial);
}

TEST_P(TunableTest, SaysWhy) {
  EXPECT_FALSE(GetParam().why.empty());
  for (const char c : GetParam().name) EXPECT_TRUE(std::islower(c) || std::isdigit(c) || c == '_');
}

INSTANTIATE_TEST_SUITE_P(Table, TunableTest,
                         testing::ValuesIn(TunableRows().begin(), TunableRows().end()), kNameOf);

TEST(TunablesTest, NamesAndFieldsAreUnique) {
  std::set<std::string_view> names;
  Tunables touched;
  for (const TunableRow& row : TunableRows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(touched.*row.field, 0) << row.name << " shares its field";
    touched.*row.field = 1;
  }
}

// Every field has a row: a Tunables of ones is what touching all rows makes of zeros.
TEST(TunablesTest, EveryFieldHasARow) {
  EXPECT_EQ(TunableRows().size() * sizeof(int64_t), sizeof(Tunables));
}

TEST(TunablesTest, UnknownNames) {
  for (const char* name : {"", "hop-limit", "HOP_LIMIT", "hop_limit ", "hop_limi"}) {
    EXPECT_EQ(FindTunable(name), nullptr) << name;
  }
}

struct DefaultCase {
  const char* name;
  const char* section;
  int64_t want;
};

// Values that an RFC gives.
// clang-format off
const DefaultCase kDefaultCases[] = {
    {"multicast_hop_limit",         "RFC 3493 §5.2",    1},
    {"nd_reachable_ms",             "RFC 4861 §10",     30'000},
    {"nd_retrans_ms",               "RFC 4861 §10",     1'000},
    {"nd_delay_first_probe_ms",     "RFC 4861 §10",     5'000},
    {"nd_multicast_solicits",       "RFC 4861 §10",     3},
    {"nd_unicast_solicits",         "RFC 4861 §10",     3},
    {"mld_robustness",              "RFC 3810 §9.14.1", 2},
    {"mld_unsolicited_interval_ms", "RFC 3810 §9.11",   1'000},
    {"ephemeral_first",             "RFC 6335 §6",      49'152},
    {"ephemeral_last",              "RFC 6335 §6",      65'535},
};
// clang-format on

class TunableDefaultTest : public testing::TestWithParam<DefaultCase> {};

TEST_P(TunableDefaultTest, IsTheRfcs) {
  const TunableRow* const row = FindTunable(GetParam().name);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->initial, GetParam().want) << GetParam().section;
}

INSTANTIATE_TEST_SUITE_P(Rfcs, TunableDefaultTest, testing::ValuesIn(kDefaultCases), kNameOf);

}  // namespace
}  // namespace sextant::test
