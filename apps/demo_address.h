// SPDX-License-Identifier: BSD-3-Clause
// Who is who in the demo.
// Any thread.
#pragma once

namespace sextant {

inline constexpr char kDemoAddress[] = "fd00:6::2";  // Sextant, which answers
inline constexpr char kDemoPeer[] = "fd00:6::1";     // who asks: the kernel, or another Sextant
inline constexpr char kDemoTap[] = "sx0";

}  // namespace sextant
