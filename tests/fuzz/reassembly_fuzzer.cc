// SPDX-License-Identifier: BSD-3-Clause
// Reassembly under libFuzzer: six octets of input are one fragment, or the end
// of a minute. Whatever comes of it must be what the reference reassembler says,
// and in the end every packet buffer must be back.
// RFC 8200 §4.5.
// Owned by one Core.
#include "support/eal.h"
#include "support/reference_reassembler.h"

namespace sextant::test {
namespace {

constexpr size_t kStep = 6;
constexpr size_t kSteps = 48;
constexpr size_t kPackets = 8191;

// Offsets and lengths of all sizes, those at the edges more often than others.
FragmentSpec SpecOf(Bytes step) {
  const uint16_t place = Load16(step, 2);
  const uint16_t size = Load16(step, 4);
  FragmentSpec spec;
  spec.identification = step[0] & 3;
  spec.source = step[0] >> 2 & 1;
  spec.more = (step[0] & 0x08) != 0;
  spec.headers = uint32_t{step[0]} >> 4 & 3U;
  spec.headers *= 8;
  spec.ecn = step[1] & 3;
  const uint32_t reach = (step[1] & 4) != 0 ? 8191 : 15;
  spec.offset = (place & reach) * 8;
  if ((step[1] & 8) != 0) spec.offset = 65'528 - (place & 15) * 8U;
  const uint32_t most = (step[1] & 16) != 0 ? 2047 : 63;
  spec.length = size & most;
  if ((step[1] & 32) != 0) spec.length = (size & 15) * 8U;
  spec.fill = step[5];
  if (spec.offset == 0) spec.more = true;  // atomic ones do not come here
  return spec;
}

class Subject {
 public:
  Subject() {
    Tunables& tunables = core_.core.tunables();
    // Enough for every step, so that nothing is evicted, and little to clear each time.
    tunables.reassembly_bytes = 1 << 20;
    tunables.reassembly_prefix_share = 100;
  }

  void Run(Bytes input) {
    Begin(input.empty() ? uint8_t{0} : input[0]);
    size_t steps = 0;
    for (input = input.subspan(std::min<size_t>(1, input.size()));
         input.size() >= kStep && steps < kSteps; input = input.subspan(kStep), ++steps) {
      if (input[1] >= 0xf8) {
        Pass();
      } else {
        Compare(SpecOf(input));
      }
      SX_CHECK(core_.core.counters().held() == reassembly_->statistics().fragments);
    }
    reassembly_->Stop(core_.core);
    reassembly_.reset();
    SX_CHECK(core_.core.counters().held() == 0);
    SX_CHECK(core_.pool->available() == core_.pool->capacity());
  }

 private:
  void Begin(uint8_t choice) {
    Tunables& tunables = core_.core.tunables();
    tunables.reassembly_max_fragments = (choice & 1) != 0 ? 64 : 6;
    tunables.reassembly_tombstones = (choice & 2) != 0 ? 0 : 1024;
    reassembly_ = std::make_unique<ip6::Reassembly>(core_.core);
    reference_ = {};
    reference_.max_fragments = static_cast<size_t>(tunables.reassembly_max_fragments);
    reference_.tombstones = tunables.reassembly_tombstones != 0;
  }
  void Compare(const FragmentSpec& spec) {
    const auto want = reference_.Take(spec);
    const FragmentOutcome got = Give(*reassembly_, spec, core_);
    SX_CHECK(got.kind == want.outcome.kind && got.reason == want.outcome.reason &&
             got.pointer == want.outcome.pointer);
    if (got.kind == FragmentOutcome::Kind::kWhole) SX_CHECK(got.whole == want.outcome.whole);
    SX_CHECK(TakeRefused(core_.core).size() == want.refused_earlier);
  }
  void Pass() {
    const size_t told = reference_.Expire();
    core_.Pass(Duration::Seconds(61));
    SX_CHECK(TakeRefused(core_.core).size() == told);
    SX_CHECK(reassembly_->statistics().datagrams == 0);
  }

  TestCore core_{TestPool(kPackets), {}};
  std::unique_ptr<ip6::Reassembly> reassembly_;
  ReferenceReassembler reference_;
};

}  // namespace
}  // namespace sextant::test

extern "C" int LLVMFuzzerInitialize(int*, char*** argv) {
  sextant::test::StartEal((*argv)[0]);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static sextant::test::Subject* const kSubject = new sextant::test::Subject;
  kSubject->Run({data, size});
  return 0;
}
