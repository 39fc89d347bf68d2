// SPDX-License-Identifier: BSD-3-Clause
// RunStage: the loop that all stages share. A stage judges; the runner acts.
//
// A judging stage has
//   enum class Next { ... };  static constexpr size_t kEdges;
//   Verdict<Next> Judge(const Packet&, Meta&) const;   bytes stay const
// A taking stage keeps packets or changes them and has instead
//   Verdict<Next> Take(PacketPtr&, Core&);             taking it means Held()
// Owned by one Core.
#pragma once

#include <array>

#include "core/core.h"
#include "core/verdict.h"

namespace sextant {

template <typename Stage>
using Edges = std::array<Burst, Stage::kEdges>;

// A stage whose header is not needed behind it names its size as kStrips.
template <typename Stage>
constexpr size_t Strips() {
  if constexpr (requires { Stage::kStrips; }) return Stage::kStrips;
  return 0;
}

template <size_t kStrips = 0, typename Next>
inline void Act(Core& core, PacketPtr& packet, const Verdict<Next>& verdict, Burst* edges) {
  if (verdict.passed()) [[likely]] {
    if constexpr (kStrips != 0) packet->Strip(kStrips);
    edges[static_cast<size_t>(verdict.next())].Push(std::move(packet));
  } else if (verdict.held()) {
    SX_CHECK(!packet);
  } else if (verdict.refused()) {
    core.Refuse(std::move(packet), verdict.reason(), verdict.error());
  } else {
    core.Drop(std::move(packet), verdict.reason());
  }
}

// Every edge has its own burst, empty when its producer starts, so that 32 in
// means at most 32 out per edge and no burst can overflow.
template <typename Stage>
void RunStage(Core& core, Stage& stage, Burst& in, Edges<Stage>& out) {
  in.Drain([&](PacketPtr packet) {
    if constexpr (requires { stage.Judge(*packet, packet->meta()); }) {
      const auto verdict = stage.Judge(std::as_const(*packet), packet->meta());
      Act<Strips<Stage>()>(core, packet, verdict, out.data());
    } else {
      const auto verdict = stage.Take(packet, core);
      Act(core, packet, verdict, out.data());
    }
  });
}

// For two judging stages of which the first has one edge: packet by packet,
// which spares a burst between them. `enter(Packet&, Core&)` comes before both.
template <typename Enter, typename First, typename Second>
void RunPair(Core& core, Enter enter, const First& first, const Second& second, Burst& in,
             Edges<Second>& out) {
  static_assert(First::kEdges == 1);
  in.Drain([&](PacketPtr packet) {
    enter(*packet, core);
    const auto verdict = first.Judge(std::as_const(*packet), packet->meta());
    if (!verdict.passed()) [[unlikely]]
      return Act(core, packet, verdict, nullptr);
    packet->Strip(Strips<First>());
    Act<Strips<Second>()>(core, packet, second.Judge(std::as_const(*packet), packet->meta()),
                          out.data());
  });
}

// For stages with one edge each that follow one another: packet by packet. The
// last one has no edge.
template <typename... Stages>
void RunChain(Core& core, Burst& in, Stages&... stages) {
  in.Drain([&](PacketPtr packet) {
    const auto passes = [&](auto& stage) {
      const auto verdict = stage.Take(packet, core);
      if (verdict.passed()) [[likely]]
        return true;
      Act(core, packet, verdict, nullptr);
      return false;
    };
    static_cast<void>((passes(stages) && ...));
  });
}

// For a stage without edges: every packet ends in it.
template <typename Stage>
void RunSink(Core& core, Stage& stage, Burst& in) {
  in.Drain([&](PacketPtr packet) {
    const auto verdict = stage.Take(packet, core);
    Act(core, packet, verdict, nullptr);
  });
}

}  // namespace sextant
