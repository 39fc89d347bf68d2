// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/make_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "link_host.h"

namespace sextant::test {
namespace {

const Ipv6Prefix kPeer{Ip("fd00:6::1"), 64};

struct BadSpec {
  const char* name;
  LinkSpec spec;
  const char* message;
};

TEST(MakeLinkTest, SaysWhatIsWrong) {
  const BadSpec cases[] = {
      {"nameless", {"", 1500, {}}, "the device has no name"},
      {"small", {"tap:x", 1279, {}}, "tap:x: MTU 1279 is not between 1280 and 65535"},
      {"large", {"net_null0", 65536, {}}, "net_null0: MTU 65536 is not between 1280 and 65535"},
      {"peer",
       {"net_null0", 1500, kPeer},
       "net_null0: only a tap has a kernel side that peer could be given to"},
      {"unknown",
       {"eth7", 1500, {}},
       "eth7: neither a DPDK port nor a device that DPDK knows (a raw tap is written tap:eth7)"},
  };
  LinkHost host;
  for (const BadSpec& row : cases) {
    SCOPED_TRACE(row.name);
    testing::internal::CaptureStderr();
    const auto link = MakeLink(row.spec, host.pool());
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "one sentence, and nothing of DPDK's";
    EXPECT_EQ(std::string(link.status().message()), row.message);
  }
}

TEST(MakeLinkTest, MakesADpdkPort) {
  LinkHost host;
  const auto link = MakeLink({"net_null0", 1500, {}}, host.pool());
  ASSERT_TRUE(link.ok()) << link.status();
  EXPECT_EQ((*link)->description(), "net_null0");
}

}  // namespace
}  // namespace sextant::test
