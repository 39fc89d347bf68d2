// SPDX-License-Identifier: BSD-3-Clause
// Errno and Result.
// Any thread.
#include "base/errno.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace sextant::test {
namespace {

TEST(ErrnoTest, ValuesAreTheCLibrarys) {
  EXPECT_EQ(static_cast<int>(Errno::kOk), 0);
  EXPECT_EQ(static_cast<int>(Errno::kWouldBlock), EAGAIN);
  EXPECT_EQ(static_cast<int>(Errno::kWouldBlock), EWOULDBLOCK);
  EXPECT_EQ(static_cast<int>(Errno::kAddressInUse), EADDRINUSE);
  EXPECT_EQ(static_cast<int>(Errno::kNotSupported), EOPNOTSUPP);
}

TEST(ResultTest, HoldsAValue) {
  const Result<int> result = 7;
  EXPECT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, 7);
  EXPECT_EQ(result.error(), Errno::kOk);
}

TEST(ResultTest, HoldsAnError) {
  const Result<int> result = Errno::kAddressInUse;
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.error(), Errno::kAddressInUse);
}

TEST(ResultTest, ZeroIsAValueToo) {
  const Result<int> result = 0;
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(*result, 0);
}

TEST(ResultTest, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<std::string>> result = std::make_unique<std::string>("text");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ((*result)->size(), 4U);
  const std::unique_ptr<std::string> taken = std::move(*result);
  EXPECT_EQ(*taken, "text");
}

TEST(ResultTest, ReachesIntoTheValue) {
  Result<std::string> result = std::string("text");
  result->push_back('s');
  EXPECT_EQ(*result, "texts");
}

// kOk is not an error: whoever returns it instead of a value has a bug.
TEST(ResultDeathTest, OkIsNotAnError) {
  EXPECT_DEATH(static_cast<void>(Result<int>(Errno::kOk)), "check failed");
}

TEST(CheckDeathTest, SaysWhatAndWhere) {
  SX_CHECK(1 + 1 == 2);
  EXPECT_DEATH(SX_CHECK(1 + 1 == 3), "sextant: .*errno_test.cc:[0-9]+: check failed: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace sextant::test
