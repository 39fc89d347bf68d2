// SPDX-License-Identifier: BSD-3-Clause
// All sequences of up to four fragments over six slots, each with and without
// the M flag, duplicates among them: 36 fragments, 1 727 604 sequences. What
// comes of every fragment, and every octet of every datagram, is what the
// reference reassembler says. Four times: slots that are copied into compact
// storage and slots that keep their packets, ends on a multiple of eight and not.
// RFC 8200 §4.5, RFC 5722.
// Any thread.
#include "support/reference_reassembler.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

constexpr uint32_t kSlots = 6;
constexpr size_t kLongest = 4;

struct Layout {
  const char* name;
  uint32_t slot;  // octets
  uint32_t cut;   // off the end of last fragments
};

class ExhaustiveTest : public testing::TestWithParam<Layout> {
 protected:
  // Every fragment that reassembly may see; atomic ones do not come there.
  static std::vector<FragmentSpec> Alphabet(const Layout& layout) {
    std::vector<FragmentSpec> all;
    for (uint32_t first = 0; first < kSlots; ++first) {
      for (uint32_t end = first + 1; end <= kSlots; ++end) {
        for (const bool more : {true, false}) {
          FragmentSpec spec;
          spec.offset = first * layout.slot;
          spec.length = (end - first) * layout.slot - (more ? 0 : layout.cut);
          spec.more = more;
          if (first != 0 || more) all.push_back(spec);
        }
      }
    }
    return all;
  }

  // The sequence of this number: its digits in base `alphabet.size()`, after the
  // shorter ones. Returns an empty one behind the last.
  static std::vector<FragmentSpec> Sequence(uint64_t number,
                                            const std::vector<FragmentSpec>& alphabet) {
    uint64_t count = alphabet.size();
    for (size_t length = 1; length <= kLongest; ++length, count *= alphabet.size()) {
      if (number >= count) {
        number -= count;
        continue;
      }
      std::vector<FragmentSpec> sequence;
      for (size_t i = 0; i < length; ++i, number /= alphabet.size()) {
        sequence.push_back(alphabet[number % alphabet.size()]);
        // Tells whose octets the result has.
        sequence.back().fill = static_cast<uint8_t>(64 * i);
      }
      return sequence;
    }
    return {};
  }

  void Compare(uint64_t number, std::vector<FragmentSpec> sequence) {
    ReferenceReassembler reference;
    for (size_t i = 0; i < sequence.size(); ++i) {
      sequence[i].identification = static_cast<uint32_t>(number);
      const FragmentOutcome want = reference.Take(sequence[i]).outcome;
      const FragmentOutcome got = Give(reassembly_, sequence[i], core_);
      const bool same = got.kind == want.kind && got.reason == want.reason &&
                        got.pointer == want.pointer &&
                        (got.kind != FragmentOutcome::Kind::kWhole || got.whole == want.whole);
      ASSERT_TRUE(same) << "sequence " << number << ", fragment " << i << ": " << got.text()
                        << " instead of " << want.text();
      ASSERT_EQ(core_.core.counters().held(), reassembly_.statistics().fragments);
    }
    reassembly_.Stop(core_.core);
    ASSERT_EQ(core_.core.counters().held(), 0U);
  }

  TestCore core_;
  ip6::Reassembly reassembly_{core_.core};
};

TEST_P(ExhaustiveTest, AgreesWithTheReference) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  const std::vector<FragmentSpec> alphabet = Alphabet(GetParam());
  ASSERT_EQ(alphabet.size(), 36U);
  // A prime, so that slices of different seeds together are everything.
  const uint64_t stride = Rounds(1) == 1 ? 11 : 1;
  uint64_t compared = 0;
  for (uint64_t number = Seed() % stride;; number += stride) {
    std::vector<FragmentSpec> sequence = Sequence(number, alphabet);
    if (sequence.empty()) break;
    Compare(number, std::move(sequence));
    if (HasFatalFailure()) return;
    ++compared;
  }
  RecordProperty("sequences", std::to_string(compared));
  EXPECT_GE(compared * stride, 1'727'604U);
}

constexpr Layout kLayouts[] = {
    {"Compact", 8, 0}, {"CompactOdd", 8, 3}, {"Packets", 304, 0}, {"PacketsOdd", 304, 3}};
INSTANTIATE_TEST_SUITE_P(UpToFourFragments, ExhaustiveTest, testing::ValuesIn(kLayouts), kNameOf);

}  // namespace
}  // namespace sextant::test
