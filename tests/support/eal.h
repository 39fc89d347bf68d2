// SPDX-License-Identifier: BSD-3-Clause
// EAL: brings DPDK up, once per test program, without hugepages, devices or privileges.
// Owned by one Core.
#pragma once

namespace sextant::test {

// `program` is argv[0]. Stops the program when the EAL does not come up. Call it from main(),
// before the tests: it starts threads and takes a tenth of a second.
void StartEal(const char* program);

}  // namespace sextant::test
