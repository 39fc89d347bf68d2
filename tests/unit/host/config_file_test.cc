// SPDX-License-Identifier: BSD-3-Clause
// Configuration files: what they become, and the one line that says what is wrong with one.
// Owned by one Core.
#include <gtest/gtest.h>

#include <fstream>

#include "sextant/config.h"
#include "support/seed.h"

namespace sextant {
namespace {

constexpr char kGood[] =
    "# a comment\n"
    "[stack]\n"
    "profile = linux    # another\n"
    "idle = poll\n"
    "credentials = process\n"
    "packets = 1023\n"
    "\n"
    "[interface lan0]\n"
    "device = tap:sx0\n"
    "addresses = fd00:6::2/64, fd00:6::3/64\n"
    "addresses = 2001:db8:0:0:0:0:0:1/128\n"
    "gateway = fd00:6::1\n"
    "routes = 2001:db8::/32 via fd00:6::9, 2001:db8:1::/48 on-link\n"
    "peer = fd00:6::1/64\n"
    "dad = 0\n"
    "mtu = 9000\n"
    "[interface lan1]\n"
    "device = net_pcap0,iface=eth1\n"
    "[engine echo]\n"
    "type = udp-echo\n"
    "port = 7\n"
    "[tunables]\n"
    "hop_limit = 255\n";

class ConfigFile : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name();
    for (char& c : path_) {
      if (c == ' ') c = '_';
    }
    path_ += ".conf";
  }
  void TearDown() override { std::remove(path_.c_str()); }

  // What ParseConfigFile() says about `text`, without the file's name in front.
  std::string Parse(const std::string& text) {
    std::ofstream(path_) << text;
    std::string error;
    const bool good = ParseConfigFile(path_, config_, error);
    EXPECT_EQ(good, error.empty()) << error;
    if (good) return {};
    EXPECT_EQ(error.find('\n'), std::string::npos) << "one line";
    EXPECT_TRUE(error.starts_with(path_ + ": ")) << error;
    return error.substr(std::min(error.size(), path_.size() + 2));
  }

  std::string path_;
  Config config_;
};

TEST_F(ConfigFile, BecomesAConfig) {
  ASSERT_EQ(Parse(kGood), "");
  EXPECT_EQ(config_.file, path_);
  EXPECT_EQ(config_.profile, ProfileName::kLinux);
  EXPECT_EQ(config_.idle, IdleMode::kPoll);
  EXPECT_EQ(config_.credentials, CredentialMode::kProcess);
  EXPECT_EQ(config_.packets, 1023u);
  ASSERT_EQ(config_.interfaces.size(), 2u);
  const InterfaceConfig& lan0 = config_.interfaces[0];
  EXPECT_EQ(lan0.name, "lan0");
  EXPECT_EQ(lan0.device, "tap:sx0");
  EXPECT_EQ(lan0.addresses,
            (std::vector<std::string>{"fd00:6::2/64", "fd00:6::3/64", "2001:db8:0:0:0:0:0:1/128"}));
  EXPECT_EQ(lan0.gateway, "fd00:6::1");
  EXPECT_EQ(lan0.routes,
            (std::vector<std::string>{"2001:db8::/32 via fd00:6::9", "2001:db8:1::/48 on-link"}));
  EXPECT_EQ(lan0.peer, "fd00:6::1/64");
  EXPECT_EQ(lan0.dad, 0);
  EXPECT_EQ(lan0.mtu, 9000u);
  EXPECT_EQ(config_.interfaces[1].device, "net_pcap0,iface=eth1");
  EXPECT_EQ(config_.interfaces[1].dad, 1) << "the default";
  EXPECT_EQ(config_.interfaces[1].mtu, 1500u) << "the default";
  ASSERT_EQ(config_.engines.size(), 1u);
  EXPECT_EQ(config_.engines[0].name, "echo");
  EXPECT_EQ(config_.engines[0].type, "udp-echo");
  EXPECT_EQ(config_.engines[0].port, 7);
  ASSERT_EQ(config_.tunables.size(), 1u);
  EXPECT_EQ(config_.tunables[0], (std::pair<std::string, int64_t>("hop_limit", 255)));
}

TEST_F(ConfigFile, MayBeEmpty) {
  EXPECT_EQ(Parse(""), "");
  EXPECT_EQ(Parse("\n# only a comment\n\t\n"), "");
  EXPECT_TRUE(config_.interfaces.empty());
  EXPECT_EQ(config_.packets, Config().packets);
}

TEST_F(ConfigFile, MayHaveWindowsLineEndsAndNoLastOne) {
  EXPECT_EQ(Parse("[stack]\r\nidle = poll\r\n\r\n[interface a]\r\ndevice = tap:a"), "");
  EXPECT_EQ(config_.idle, IdleMode::kPoll);
  EXPECT_EQ(config_.interfaces.at(0).device, "tap:a");
}

TEST_F(ConfigFile, LeavesTheConfigAloneWhenItFails) {
  config_.packets = 511;
  EXPECT_NE(Parse("[stack]\nprofile = linux\nidle = never\n"), "");
  EXPECT_EQ(config_.packets, 511u);
  EXPECT_EQ(config_.profile, ProfileName::kRfc);
}

TEST_F(ConfigFile, ThatIsNotThereOrNotAFile) {
  std::string error;
  EXPECT_FALSE(ParseConfigFile("/nonexistent.conf", config_, error));
  EXPECT_EQ(error, "/nonexistent.conf: cannot read it: No such file or directory");
  EXPECT_FALSE(ParseConfigFile(testing::TempDir(), config_, error));
  EXPECT_EQ(error, testing::TempDir() + ": cannot read it: Is a directory");
}

// The error for `interface`, the body of a section, or for a whole file.
struct Broken {
  std::string_view name;
  std::string text;
  std::string error;
};

std::string Lan0(const std::string& lines) {
  return "[interface lan0]\ndevice = tap:sx0\n" + lines + "\n";
}

std::string Named(const std::string& name) {
  return "[interface " + name + "]\ndevice = tap:sx0\n";
}

// clang-format off
const Broken kLineErrors[] = {
    {"NoSense", "[stack]\nhello\n", "line 2: neither [section] nor key = value"},
    {"NoSection", "idle = poll\n", "line 1: idle is in no [section]"},
    {"NoKey", "[stack]\n = poll\n", "line 2: no key before the \"=\""},
    {"NoValue", "[stack]\nidle =\n", "line 2: idle has no value"},
    {"OnlyAComment", "[stack]\nidle = # poll\n", "line 2: idle has no value"},
    {"NoBracket", "[stack\nidle = poll\n", "line 1: a section without its \"]\""},
    {"BehindBracket", "[stack] idle = poll\n", "line 1: text behind the \"]\" of a section"},
    {"NoName", "[ ]\n", "line 1: a section without a name"},
    {"LongSection", "[interface " + std::string(60, 'x') + "]\n", "line 1: a section's name of more than 63 characters"},
    {"LongKey", "[stack]\n" + std::string(64, 'x') + " = 1\n", "line 2: a key of more than 63 characters"},
    {"LongValue", Lan0("addresses = " + std::string(256, '1')), "line 3: addresses has more than 255 characters; lists may be given in several lines"},
    {"LongLine", "# " + std::string(400, 'x') + "\n", "line 1: longer than 320 characters"},
    {"Backslash", "[stack]\nidle = \\# poll\n", "line 2: a backslash, which has no meaning here"},
    {"Binary", std::string("[stack]\nidle\0 = poll\n", 21), "line 2: a zero byte; is this a text file?"},
};

const Broken kSectionErrors[] = {
    {"Unknown", "[interfaces lan0]\ndevice = tap:sx0\n", "[interfaces lan0]: unknown section; did you mean interface?"},
    {"Strange", "[frobnicator]\nx = 1\n", "[frobnicator]: unknown section"},
    {"Twice", "[stack]\nidle = poll\n[stack]\nprofile = rfc\n", "[stack]: given twice"},
    {"InterfaceTwice", Named("lan0") + Named("lan0"), "[interface lan0]: given twice"},
    {"SpacedTwice", Named("lan0") + "[interface  lan0]\ndevice = tap:sx1\n", "[interface lan0] name: given to two interfaces"},
    {"NoName", "[interface]\ndevice = tap:sx0\n", "[interface]: a name is missing: [interface NAME]"},
    {"AName", "[stack one]\nidle = poll\n", "[stack one]: this section has no name: [stack]"},
    {"KeyTwice", "[stack]\nidle = poll\nidle = poll\n", "[stack] idle: given twice"},
};

const Broken kStackErrors[] = {
    {"Key", "[stack]\nidel = poll\n", "[stack] idel: unknown key; did you mean idle?"},
    {"StrangeKey", "[stack]\nfrobnicate = 1\n", "[stack] frobnicate: unknown key"},
    {"Profile", "[stack]\nprofile = bsd\n", "[stack] profile: bsd is unknown; it may be rfc or linux"},
    {"Idle", "[stack]\nidle = never\n", "[stack] idle: never is unknown; it may be adaptive or poll"},
    {"Credentials", "[stack]\ncredentials = none\n", "[stack] credentials: none is unknown; it may be all or process"},
    {"PacketsFew", "[stack]\npackets = 254\n", "[stack] packets: 254 is not between 255 and 16777215"},
    {"PacketsMany", "[stack]\npackets = 16777216\n", "[stack] packets: 16777216 is not between 255 and 16777215"},
    {"PacketsHuge", "[stack]\npackets = 99999999999999999999\n", "[stack] packets: 99999999999999999999 is not a decimal number"},
    {"PacketsWord", "[stack]\npackets = 8k\n", "[stack] packets: 8k is not a decimal number"},
};

const Broken kInterfaceErrors[] = {
    {"Key", Lan0("adresses = fd00:6::2/64"), "[interface lan0] adresses: unknown key; did you mean addresses?"},
    {"NoDevice", "[interface lan0]\ndad = 1\n", "[interface lan0] device: missing; tap:NAME, or a DPDK port's name"},
    {"NameLong", Named("abcdefghijklmnop"), "[interface abcdefghijklmnop] name: longer than 15 characters"},
    {"NameSlash", Named("a/b"), "[interface a/b] name: must not be \".\" or \"..\" or contain \"/\", \":\" or white space"},
    {"NameColon", Named("a:b"), "[interface a:b] name: must not be \".\" or \"..\" or contain \"/\", \":\" or white space"},
    {"NameSpace", Named("a b"), "[interface a b] name: must not be \".\" or \"..\" or contain \"/\", \":\" or white space"},
    {"NameDots", Named(".."), "[interface ..] name: must not be \".\" or \"..\" or contain \"/\", \":\" or white space"},
    {"NameLo", Named("lo"), "[interface lo] name: that is the loopback interface, which is always there"},
    {"TapNoName", "[interface a]\ndevice = tap:\n", "[interface a] device: tap:: the tap's name: missing"},
    {"TapLong", "[interface a]\ndevice = tap:a-name-that-is-too-long\n",
     "[interface a] device: tap:a-name-that-is-too-long: the tap's name: longer than 15 characters"},
    {"Address", Lan0("addresses = fd00:6::g/64"), "[interface lan0] addresses: fd00:6::g/64 is not an IPv6 address with a prefix length"},
    {"AddressTwoGaps", Lan0("addresses = fd00::6::2/64"), "[interface lan0] addresses: fd00::6::2/64 is not an IPv6 address with a prefix length"},
    {"AddressV4", Lan0("addresses = 192.0.2.1/24"), "[interface lan0] addresses: 192.0.2.1/24 is not an IPv6 address with a prefix length"},
    {"AddressNoLength", Lan0("addresses = fd00:6::2"), "[interface lan0] addresses: fd00:6::2 has no prefix length; write fd00:6::2/64"},
    {"AddressLength", Lan0("addresses = fd00:6::2/129"), "[interface lan0] addresses: fd00:6::2/129: the prefix length is not between 0 and 128"},
    {"AddressGroup", Lan0("addresses = ff02::1/64"), "[interface lan0] addresses: ff02::1 is a multicast address"},
    {"AddressNone", Lan0("addresses = ::/64"), "[interface lan0] addresses: :: is the unspecified address"},
    {"AddressLoopback", Lan0("addresses = ::1/128"), "[interface lan0] addresses: ::1 belongs to the loopback interface"},
    {"AddressMapped", Lan0("addresses = ::ffff:192.0.2.1/128"), "[interface lan0] addresses: ::ffff:192.0.2.1 is an IPv4-mapped address"},
    {"AddressTwice", Lan0("addresses = fd00:6::2/64, fd00:6:0::2/64"), "[interface lan0] addresses: fd00:6::2 is given twice"},
    {"AddressGap", Lan0("addresses = fd00:6::2/64,, fd00:6::3/64"), "[interface lan0] addresses: an empty place in the list: fd00:6::2/64,, fd00:6::3/64"},
    {"AddressComma", Lan0("addresses = fd00:6::2/64,"), "[interface lan0] addresses: an empty place in the list: fd00:6::2/64,"},
    {"Gateway", Lan0("gateway = here"), "[interface lan0] gateway: here is not an IPv6 address"},
    {"GatewayGroup", Lan0("gateway = ff02::2"), "[interface lan0] gateway: ff02::2 is a multicast address"},
    {"GatewayUs", Lan0("addresses = fd00:6::2/64\ngateway = fd00:6::2"), "[interface lan0] gateway: fd00:6::2 is an address of this interface itself"},
    {"GatewayFar", Lan0("addresses = fd00:6::2/64\ngateway = fd00:7::1"),
     "[interface lan0] gateway: fd00:7::1 is not on this link: no address here has its prefix, and no route says on-link"},
    {"RouteWord", Lan0("routes = 2001:db8::/32 over fe80::9"),
     "[interface lan0] routes: 2001:db8::/32 over fe80::9 is neither PREFIX via ADDRESS nor PREFIX on-link"},
    {"RouteShort", Lan0("routes = 2001:db8::/32"), "[interface lan0] routes: 2001:db8::/32 is neither PREFIX via ADDRESS nor PREFIX on-link"},
    {"RouteNowhere", Lan0("routes = 2001:db8::/32 via"), "[interface lan0] routes: 2001:db8::/32 via is neither PREFIX via ADDRESS nor PREFIX on-link"},
    {"RouteViaNone", Lan0("routes = 2001:db8::/32 via ::"), "[interface lan0] routes: 2001:db8::/32 via :: is neither PREFIX via ADDRESS nor PREFIX on-link"},
    {"RouteBits", Lan0("routes = 2001:db8::1/32 via fe80::9"),
     "[interface lan0] routes: 2001:db8::1/32 via fe80::9 has bits behind its prefix length; meant is 2001:db8::/32"},
    {"RouteGroup", Lan0("routes = ff00::/8 on-link"), "[interface lan0] routes: ff00::/8 on-link: groups need no route"},
    {"RouteFar", Lan0("routes = 2001:db8::/32 via fd00:7::1"),
     "[interface lan0] routes: 2001:db8::/32 via fd00:7::1: fd00:7::1 is not on this link: no address here has its prefix, and no route says on-link"},
    {"RouteTwice", Lan0("routes = 2001:db8::/32 via fe80::9\nroutes = 2001:db8::/32 via fe80::9"),
     "[interface lan0] routes: 2001:db8::/32 via fe80::9 is given twice"},
    {"Peer", Lan0("peer = fd00:6::1"), "[interface lan0] peer: fd00:6::1 has no prefix length; write fd00:6::1/64"},
    {"PeerUs", Lan0("addresses = fd00:6::1/64\npeer = fd00:6::1/64"), "[interface lan0] peer: fd00:6::1 is an address of Sextant's own side"},
    {"PeerNoTap", "[interface lan0]\ndevice = net_memif0\npeer = fd00:6::1/64\n",
     "[interface lan0] peer: the device net_memif0 is no tap and has no kernel side with an address"},
    {"DadWord", Lan0("dad = yes"), "[interface lan0] dad: yes is not a decimal number"},
    {"DadMany", Lan0("dad = 17"), "[interface lan0] dad: 17 is not between 0 and 16"},
    {"DadNegative", Lan0("dad = -1"), "[interface lan0] dad: -1 is not between 0 and 16"},
    {"MtuSmall", Lan0("mtu = 1279"), "[interface lan0] mtu: 1279 is not between 1280 and 65535"},
    {"MtuLarge", Lan0("mtu = 65536"), "[interface lan0] mtu: 65536 is not between 1280 and 65535"},
    {"MtuWord", Lan0("mtu = large"), "[interface lan0] mtu: large is not a decimal number"},
    {"DeviceShared", Lan0("") + "[interface lan1]\ndevice = tap:sx0\n", "[interface lan1] device: tap:sx0 belongs to [interface lan0] already"},
    {"PortShared", "[interface a]\ndevice = net_null0\n[interface b]\ndevice = net_null0,size=64\n",
     "[interface b] device: net_null0 belongs to [interface a] already"},
    {"AddressShared", Lan0("addresses = fd00:6::2/64") + "[interface lan1]\ndevice = tap:sx1\naddresses = fd00:6::2/64\n",
     "[interface lan1] addresses: fd00:6::2 belongs to [interface lan0] already"},
};

const Broken kOtherErrors[] = {
    {"EngineKey", "[engine echo]\ntype = udp-echo\nprot = 7\n", "[engine echo] prot: unknown key; did you mean port?"},
    {"EngineNoType", "[engine echo]\nport = 7\n", "[engine echo] type: missing; there are udp-echo and udp-sink"},
    {"EngineType", "[engine echo]\ntype = udp-ecko\nport = 7\n", "[engine echo] type: udp-ecko is unknown; there are udp-echo and udp-sink"},
    {"EngineNoPort", "[engine echo]\ntype = udp-echo\n", "[engine echo] port: missing; a number from 1 to 65535"},
    {"EnginePort", "[engine echo]\ntype = udp-echo\nport = 70000\n", "[engine echo] port: 70000 is not between 1 and 65535"},
    {"EnginePortZero", "[engine echo]\ntype = udp-echo\nport = 0\n", "[engine echo] port: 0 is not between 1 and 65535"},
    {"EnginePortTwice", "[engine a]\ntype = udp-echo\nport = 7\n[engine b]\ntype = udp-sink\nport = 7\n", "[engine b] port: 7 belongs to [engine a] already"},
    {"Tunable", "[tunables]\nhoplimit = 1\n", "[tunables] hoplimit: unknown key; did you mean hop_limit?"},
    {"TunableWord", "[tunables]\nhop_limit = many\n", "[tunables] hop_limit: many is not a decimal number"},
    {"TunableRange", "[tunables]\nhop_limit = 256\n", "[tunables] hop_limit: 256 is not between 1 and 255"},
    {"TunableTwice", "[tunables]\nhop_limit = 1\nhop_limit = 2\n", "[tunables] hop_limit: given twice"},
    {"TunablesContradict", "[tunables]\nephemeral_first = 60000\nephemeral_last = 50000\n",
     "[tunables] ephemeral_first: 60000 is above ephemeral_last, which is 50000"},
};
// clang-format on

class BrokenConfigFile : public ConfigFile, public testing::WithParamInterface<Broken> {};

TEST_P(BrokenConfigFile, NamesKeyAndReason) {
  path_ = testing::TempDir() + "broken.conf";
  EXPECT_EQ(Parse(GetParam().text), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(Lines, BrokenConfigFile, testing::ValuesIn(kLineErrors), test::kNameOf);
INSTANTIATE_TEST_SUITE_P(Sections, BrokenConfigFile, testing::ValuesIn(kSectionErrors),
                         test::kNameOf);
INSTANTIATE_TEST_SUITE_P(Stack, BrokenConfigFile, testing::ValuesIn(kStackErrors), test::kNameOf);
INSTANTIATE_TEST_SUITE_P(Interface, BrokenConfigFile, testing::ValuesIn(kInterfaceErrors),
                         test::kNameOf);
INSTANTIATE_TEST_SUITE_P(Other, BrokenConfigFile, testing::ValuesIn(kOtherErrors), test::kNameOf);

TEST_F(ConfigFile, TakesFifteenAddressesAndNoMore) {
  std::string text = "[interface lan0]\ndevice = tap:sx0\n";
  for (int i = 1; i <= 15; ++i) {
    text += "addresses = fd00:6::" + std::to_string(i) + "/64\n";
  }
  EXPECT_EQ(Parse(text), "");
  EXPECT_EQ(Parse(text + "addresses = fd00:6::16/64\n"),
            "[interface lan0] addresses: more than 15 addresses");
}

TEST_F(ConfigFile, TakesFifteenInterfacesAndNoMore) {
  std::string text;
  const auto add = [&text](int i) {
    text += "[interface lan" + std::to_string(i) + "]\ndevice = tap:sx" + std::to_string(i) + "\n";
  };
  for (int i = 0; i < 15; ++i) add(i);
  EXPECT_EQ(Parse(text), "");
  add(15);
  EXPECT_EQ(Parse(text), "[interface lan15] name: more than 15 interfaces");
}

TEST_F(ConfigFile, AllowsOneLinkLocalAddressOnEveryLink) {
  EXPECT_EQ(Parse("[interface a]\ndevice = tap:a\naddresses = fe80::1/64\n"
                  "[interface b]\ndevice = tap:b\naddresses = fe80::1/64\n"),
            "");
}

TEST_F(ConfigFile, AllowsGatewaysThatARouteSaysAreOnTheLink) {
  EXPECT_EQ(Parse(Lan0("gateway = fd00:7::1\nroutes = fd00:7::/64 on-link")), "");
  EXPECT_EQ(Parse(Lan0("gateway = fe80::1")), "");
}

}  // namespace
}  // namespace sextant
