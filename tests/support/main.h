// SPDX-License-Identifier: BSD-3-Clause
// The main() of every GoogleTest program: the EAL first, then the tests. Include it in one file.
// Owned by one Core.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/eal.h"

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  if (!testing::GTEST_FLAG(list_tests)) sextant::test::StartEal(argv[0]);
  return RUN_ALL_TESTS();
}
