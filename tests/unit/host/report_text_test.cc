// SPDX-License-Identifier: BSD-3-Clause
// Records as text: aligned columns, and paragraphs.
// Owned by one Core.
#include <gtest/gtest.h>

#include "host/report.h"

namespace sextant::report {
namespace {

using Lines = std::vector<std::string>;

TEST(ReportText, TableAlignsNumbersToTheRight) {
  const Records records = {
      {{"name", std::string("a")}, {"count_of", uint64_t{7}}, {"text", std::string("one")}},
      {{"name", std::string("longer")}, {"count_of", uint64_t{123456789}}, {"text", std::string()}},
  };
  EXPECT_EQ(Table(records),
            "name     count of  text\n"
            "a               7  one\n"
            "longer  123456789\n");
}

TEST(ReportText, TableCountsCharactersNotBytes) {
  const Records records = {
      {{"rule", std::string("RFC 8200 §3")}, {"n", uint64_t{1}}},
      {{"rule", std::string("RFC 8200 3.1")}, {"n", uint64_t{2}}},
  };
  EXPECT_EQ(Table(records),
            "rule          n\n"
            "RFC 8200 §3   1\n"
            "RFC 8200 3.1  2\n");
}

TEST(ReportText, TableOfNothing) { EXPECT_EQ(Table({}), "none\n"); }

TEST(ReportText, TableJoinsLists) {
  const Records records = {{{"list", Lines{"a", "b"}}, {"empty", Lines{}}}};
  EXPECT_EQ(Table(records), "list  empty\na, b\n");
}

TEST(ReportText, ParagraphsGiveListsALineEach) {
  const Records records = {
      {{"name", std::string("lan0")},
       {"mtu", uint64_t{1500}},
       {"addresses", Lines{"fe80::1/64 preferred", "fd00::1/64 tentative"}},
       {"rx_packets", uint64_t{3}}},
      {{"name", std::string("lan1")}, {"addresses", Lines{}}},
  };
  EXPECT_EQ(Paragraphs(records),
            "lan0\n"
            "  mtu         1500\n"
            "  addresses   fe80::1/64 preferred\n"
            "              fd00::1/64 tentative\n"
            "  rx packets  3\n"
            "lan1\n");
}

}  // namespace
}  // namespace sextant::report
