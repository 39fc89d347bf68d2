// SPDX-License-Identifier: BSD-3-Clause
// ReassemblyRig: a Reassembly on a core of its own, whose counters and memory
// must come out even in the end.
// Owned by one Core.
#pragma once

#include <gtest/gtest.h>

#include "support/fragments.h"

namespace sextant::test {

struct ReassemblyRig {
  explicit ReassemblyRig(size_t packets = 256) : core{TestPool(packets), {}} {}
  ~ReassemblyRig() {
    ExpectEven();
    reassembly.Stop(core.core);
    EXPECT_EQ(reassembly.statistics().bytes, reassembly.statistics().table_bytes);
    EXPECT_EQ(core.core.counters().held(), 0U);
    for (const Refusal& refusal : TakeRefused(core.core)) static_cast<void>(refusal);
  }
  // received == delivered + held + refused + dropped, what is held being here.
  void ExpectEven() const {
    EXPECT_EQ(core.core.counters().held(), reassembly.statistics().fragments);
    EXPECT_LE(reassembly.statistics().bytes,
              static_cast<size_t>(core.core.tunables().reassembly_bytes));
  }

  FragmentOutcome Take(const FragmentSpec& spec) { return test::Give(reassembly, spec, core); }
  FragmentOutcome Take(std::string_view text) { return Take(FragmentSpec::Parse(text)); }
  // One fragment after the other, the outcomes with a space between.
  std::string Run(std::string_view fragments) {
    std::string all;
    for (const FragmentSpec& spec : ParseFragments(fragments)) {
      last = Take(spec);
      ExpectEven();
      all += (all.empty() ? "" : " ") + last.text();
    }
    return all;
  }
  Tunables& tunables() { return core.core.tunables(); }
  ip6::ReassemblyStatistics statistics() const { return reassembly.statistics(); }

  TestCore core;
  ip6::Reassembly reassembly{core.core};
  const size_t empty_bytes = reassembly.statistics().bytes;
  FragmentOutcome last;
};

}  // namespace sextant::test
