// SPDX-License-Identifier: BSD-3-Clause
// SX_CHECK: a bug in Sextant itself, never bad input, stops the program here.
// SX_DCHECK: the same, for what every packet would pay; not in builds with NDEBUG.
// Any thread.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace sextant {

[[noreturn, gnu::cold, gnu::noinline]] inline void CheckFailed(const char* condition,
                                                               const char* file, int line) {
  std::fprintf(stderr, "sextant: %s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace sextant

#define SX_CHECK(condition) \
  ((condition) ? void(0) : ::sextant::CheckFailed(#condition, __FILE__, __LINE__))

#ifdef NDEBUG
#define SX_DCHECK(condition) (void(sizeof(condition)))
#else
#define SX_DCHECK(condition) SX_CHECK(condition)
#endif
