// SPDX-License-Identifier: BSD-3-Clause
// Stands in for lwip.cc where lwIP is not installed: the contestant is left out.
// Any thread.
#include "contestant.h"

namespace sextant::bench {

std::unique_ptr<Contestant> MakeLwip() { return nullptr; }

}  // namespace sextant::bench
