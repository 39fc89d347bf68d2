// SPDX-License-Identifier: BSD-3-Clause
// Configurations from command lines.
// Owned by one Core.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "sextant/config.h"
#include "support/seed.h"

namespace sextant {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Words = std::vector<std::string>;

// What ParseArguments() says; the arguments begin behind the program's name.
std::string Parse(const Words& words, Arguments& arguments) {
  std::vector<const char*> argv = {"program"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::string error;
  const bool good = ParseArguments(static_cast<int>(argv.size()), argv.data(), arguments, error);
  EXPECT_EQ(good, error.empty()) << error;
  return error;
}

TEST(ParseInterface, ReadsTheShortForm) {
  InterfaceConfig lan0;
  std::string error;
  ASSERT_TRUE(
      ParseInterface("lan0=tap:sx0,fd00:6::2/64,fd00:6::3/64,peer=fd00:6::1/64,"
                     "gateway=fd00:6::1,route=2001:db8::/32 via fd00:6::9,"
                     "route=fd00:7::/64 on-link,dad=0,mtu=1280",
                     lan0, error))
      << error;
  EXPECT_EQ(lan0.name, "lan0");
  EXPECT_EQ(lan0.device, "tap:sx0");
  EXPECT_THAT(lan0.addresses, ElementsAre("fd00:6::2/64", "fd00:6::3/64"));
  EXPECT_EQ(lan0.peer, "fd00:6::1/64");
  EXPECT_EQ(lan0.gateway, "fd00:6::1");
  EXPECT_THAT(lan0.routes, ElementsAre("2001:db8::/32 via fd00:6::9", "fd00:7::/64 on-link"));
  EXPECT_EQ(lan0.dad, 0);
  EXPECT_EQ(lan0.mtu, 1280u);
}

TEST(ParseInterface, NeedsNoMoreThanADevice) {
  InterfaceConfig lan0;
  std::string error;
  ASSERT_TRUE(ParseInterface("lan0=net_memif0", lan0, error)) << error;
  EXPECT_EQ(lan0.device, "net_memif0");
  EXPECT_THAT(lan0.addresses, IsEmpty());
}

struct Broken {
  std::string_view name;
  std::string text;
  std::string error;  // behind "--interface TEXT: "
};

// clang-format off
const Broken kBrokenInterfaces[] = {
    {"Nothing", "", "it is not NAME=DEVICE[,ADDRESS/LENGTH][,KEY=VALUE]..."},
    {"NoDevice", "lan0", "it is not NAME=DEVICE[,ADDRESS/LENGTH][,KEY=VALUE]..."},
    {"EmptyDevice", "lan0=", "device: missing; tap:NAME, or a DPDK port's name"},
    {"NoName", "=tap:sx0", "name: missing"},
    {"EmptyPart", "lan0=tap:sx0,,mtu=1280", "an empty part between two commas"},
    {"LastComma", "lan0=tap:sx0,", "an empty part between two commas"},
    {"Key", "lan0=tap:sx0,prer=fd00:6::1/64", "prer: unknown key; did you mean peer?"},
    {"NoValue", "lan0=tap:sx0,mtu=", "mtu: it has no value"},
    {"Address", "lan0=tap:sx0,fd00:6::2", "addresses: fd00:6::2 has no prefix length; write fd00:6::2/64"},
    {"Mtu", "lan0=tap:sx0,mtu=100", "mtu: 100 is not between 1280 and 65535"},
    {"DeviceArguments", "lan0=net_pcap0,iface=eth1", "iface: unknown key"},
};
// clang-format on

class BrokenInterface : public testing::TestWithParam<Broken> {};

TEST_P(BrokenInterface, SaysWhatIsWrong) {
  InterfaceConfig interface;
  interface.name = "untouched";
  std::string error;
  EXPECT_FALSE(ParseInterface(GetParam().text, interface, error));
  EXPECT_EQ(error, "--interface " + GetParam().text + ": " + GetParam().error);
  EXPECT_EQ(interface.name, "untouched");
}

INSTANTIATE_TEST_SUITE_P(Short, BrokenInterface, testing::ValuesIn(kBrokenInterfaces),
                         test::kNameOf);

TEST(ParseArguments, WithoutADashAllAreTheStacks) {
  Arguments arguments;
  ASSERT_EQ(Parse({"--interface", "lan0=tap:sx0", "--verbose", "file"}, arguments), "");
  EXPECT_THAT(arguments.eal, IsEmpty());
  EXPECT_EQ(arguments.config.interfaces.at(0).name, "lan0");
  EXPECT_THAT(arguments.rest, ElementsAre("--verbose", "file"));
}

TEST(ParseArguments, BeforeTheDashAllAreTheEals) {
  Arguments arguments;
  ASSERT_EQ(Parse({"--no-pci", "-m", "256", "--", "--interface=lan0=tap:sx0"}, arguments), "");
  EXPECT_THAT(arguments.eal, ElementsAre("--no-pci", "-m", "256"));
  EXPECT_EQ(arguments.config.interfaces.at(0).device, "tap:sx0");
  EXPECT_THAT(arguments.rest, IsEmpty());
}

TEST(ParseArguments, BehindASecondDashAllAreTheProgrammes) {
  Arguments arguments;
  ASSERT_EQ(Parse({"--", "--interface", "a=tap:a", "--", "--config", "x"}, arguments), "");
  EXPECT_THAT(arguments.eal, IsEmpty());
  EXPECT_THAT(arguments.rest, ElementsAre("--config", "x"));
}

TEST(ParseArguments, NoneAreFine) {
  Arguments arguments;
  EXPECT_EQ(Parse({}, arguments), "");
  EXPECT_THAT(arguments.config.interfaces, IsEmpty());
  EXPECT_EQ(Parse({"--"}, arguments), "");
}

TEST(ParseArguments, AddInterfacesToThoseOfTheFile) {
  const std::string path = testing::TempDir() + "arguments.conf";
  std::ofstream(path) << "[interface lan0]\ndevice = tap:sx0\n";
  Arguments arguments;
  ASSERT_EQ(Parse({"--interface", "lan1=tap:sx1", "--config", path}, arguments), "");
  ASSERT_EQ(arguments.config.interfaces.size(), 2u);
  EXPECT_EQ(arguments.config.interfaces[0].name, "lan0");
  EXPECT_EQ(arguments.config.interfaces[1].name, "lan1");
  EXPECT_EQ(arguments.config.file, path);
  EXPECT_EQ(Parse({"--config=" + path, "--interface", "lan1=tap:sx0"}, arguments),
            "--interface: [interface lan1] device: tap:sx0 belongs to [interface lan0] already");
  std::remove(path.c_str());
}

TEST(ParseArguments, SayWhatIsWrong) {
  Arguments arguments;
  EXPECT_EQ(Parse({"--config"}, arguments), "--config: its value is missing");
  EXPECT_EQ(Parse({"--config="}, arguments), "--config: its value is missing");
  EXPECT_EQ(Parse({"--interface"}, arguments), "--interface: its value is missing");
  EXPECT_EQ(Parse({"--config", "a", "--config", "b"}, arguments), "--config: given twice");
  EXPECT_EQ(Parse({"--config", "/nonexistent"}, arguments),
            "/nonexistent: cannot read it: No such file or directory");
  EXPECT_EQ(Parse({"--interface", "a"}, arguments),
            "--interface a: it is not NAME=DEVICE[,ADDRESS/LENGTH][,KEY=VALUE]...");
}

TEST(CheckConfig, JudgesWhatProgramsFillIn) {
  Config config;
  EXPECT_EQ(CheckConfig(config), "");
  config.packets = 1;
  EXPECT_EQ(CheckConfig(config), "[stack] packets: 1 is not between 255 and 16777215");
  config = {};
  config.tunables.emplace_back("nonsense", 1);
  EXPECT_EQ(CheckConfig(config), "[tunables] nonsense: there is no tunable of that name");
  config = {};
  config.tunables.emplace_back("hop_limit", 0);
  EXPECT_EQ(CheckConfig(config), "[tunables] hop_limit: 0 is not between 1 and 255");
}

}  // namespace
}  // namespace sextant
