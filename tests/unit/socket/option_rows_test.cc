// SPDX-License-Identifier: BSD-3-Clause
// What holds for every row of the option table.
// Owned by one Core.
#include "sextant/socket.h"
#include "socket/docs.h"
#include "socket/receive_items.h"
#include "socket_rig.h"

namespace sextant::test {
namespace {

using socket::kAncillary;
using socket::kAny;
using socket::kByOption;
using socket::kDatagram;
using socket::kRaw;
using socket::kStream;
using socket::OptionRow;
using socket::SocketKind;
using socket::Use;
using socket::ValueType;

bool IsScalar(const OptionRow& row) {
  using Form = ValueType::Form;
  const Form form = row.type.form;
  return form == Form::kFlag || form == Form::kByte || form == Form::kInteger ||
         form == Form::kIndex;
}

Bytes AsBytes(const int32_t& number) {
  return {reinterpret_cast<const uint8_t*>(&number), sizeof number};
}

class RowTest : public SocketRig, public testing::WithParamInterface<OptionRow> {
 protected:
  RowTest() : fd_(Open()) {}

  const OptionRow& row() const { return GetParam(); }
  bool settable() const { return row().storage.set != nullptr; }
  Errno SetBytes(Bytes value) {
    return layer().SetSockOpt(fd_, row().level, row().id, value.data(),
                              static_cast<socklen_t>(value.size()));
  }
  Errno SetInt(int32_t number) { return SetBytes(AsBytes(number)); }
  bool given_by_option() const { return (row().uses & kByOption) != 0; }
  Errno AsAncillary(Bytes value) {
    socket::Options options;
    socket::Environment environment{graph().core(),     graph().interfaces(), graph().routes(),
                                    graph().udp(),      graph().raw(),        graph().outbox(),
                                    socket::kRfcProfile};
    return Apply({options, nullptr, environment}, row().level, row().id, value, kAncillary,
                 kDatagram);
  }

  const int fd_;
};

TEST_P(RowTest, IsFoundByItsNumber) {
  EXPECT_EQ(socket::FindOption(row().level, row().id)->name, row().name);
}

TEST_P(RowTest, RejectsThreeBytes) {
  if (!settable() || row().type.form == ValueType::Form::kText)
    return;  // the rule is not for this row
  if (row().id == IPV6_PKTOPTIONS && row().level == IPPROTO_IPV6) return;  // padding, to that one
  const std::array<uint8_t, 3> three{};
  if (given_by_option()) {
    EXPECT_EQ(SetBytes(three), Errno::kInvalid);
  }
  if ((row().uses & kAncillary) != 0) {
    EXPECT_EQ(AsAncillary(three), Errno::kInvalid);
  }
  if (row().type.form == ValueType::Form::kSized) return;  // empty may mean: none
  EXPECT_EQ(SetBytes({}), given_by_option() ? Errno::kInvalid : Errno::kNoProtoOpt);
}

TEST_P(RowTest, RejectsWhatIsOutOfRange) {
  if (!settable() || row().type.form != ValueType::Form::kInteger)
    return;  // the rule is not for this row
  const auto low = static_cast<int32_t>(row().type.low - 1);
  EXPECT_EQ(given_by_option() ? SetInt(low) : AsAncillary(AsBytes(low)), Errno::kInvalid);
  if (row().type.high == socket::kMaxInt) return;
  const auto high = static_cast<int32_t>(row().type.high + 1);
  EXPECT_EQ(given_by_option() ? SetInt(high) : AsAncillary(AsBytes(high)), Errno::kInvalid);
}

TEST_P(RowTest, AcceptsItsRange) {
  if (!settable() || row().type.form != ValueType::Form::kInteger)
    return;  // the rule is not for this row
  for (const int64_t number : {row().type.low, row().type.high}) {
    const auto value = static_cast<int32_t>(number);
    EXPECT_EQ(given_by_option() ? SetInt(value) : AsAncillary(AsBytes(value)), Errno::kOk);
  }
}

TEST_P(RowTest, OnlyAsItMayBeGiven) {
  const Frame value(64);
  if (!given_by_option()) {
    EXPECT_EQ(SetBytes(value), Errno::kNoProtoOpt);
  }
  if ((row().uses & kAncillary) == 0) {
    EXPECT_EQ(AsAncillary(value), Errno::kInvalid);
  }
  if (!settable()) {
    EXPECT_EQ(SetBytes(value), Errno::kNoProtoOpt);
  }
}

TEST_P(RowTest, OnlyOnItsSockets) {
  const Frame value(64);
  socket::Options options;
  socket::Environment environment{graph().core(),     graph().interfaces(), graph().routes(),
                                  graph().udp(),      graph().raw(),        graph().outbox(),
                                  socket::kRfcProfile};
  for (const SocketKind kind : {kDatagram, kStream, kRaw}) {
    if ((row().sockets & kind) != 0) continue;
    socket::Reply reply;
    EXPECT_EQ(Apply({options, nullptr, environment}, row().level, row().id, value, kByOption, kind),
              Errno::kNoProtoOpt);
    EXPECT_EQ(socket::Get({options, nullptr, environment}, row().level, row().id, kind, reply),
              Errno::kNoProtoOpt);
  }
}

TEST_P(RowTest, ReadsBackWhatWasSet) {
  if (!settable() || !IsScalar(row()) || !given_by_option() || row().storage.get == nullptr)
    return;                                                         // the rule is not for this row
  if (row().id == IPV6_MTU && row().level == IPPROTO_IPV6) return;  // what is read is the path's
  const int32_t number =
      row().type.form == ValueType::Form::kInteger && row().type.high > 255 ? 9000 : 1;
  EXPECT_EQ(SetInt(number), Errno::kOk);
  EXPECT_EQ(Get(fd_, row().level, row().id), number);
}

TEST_P(RowTest, AFlagIsZeroOrOne) {
  if (!settable() || row().type.form != ValueType::Form::kFlag)
    return;  // the rule is not for this row
  for (const int number : {-7, 2, 0x100, 0}) {
    EXPECT_EQ(SetInt(number), Errno::kOk);
    EXPECT_EQ(Get(fd_, row().level, row().id), number != 0 ? 1 : 0);
  }
}

TEST_P(RowTest, AnswersAsMuchAsThereIsRoom) {
  if (row().storage.get == nullptr || !given_by_option()) return;  // the rule is not for this row
  if (row().level == IPPROTO_IPV6 && (row().id == IPV6_MTU || row().id == IPV6_PATHMTU)) {
    return;  // nor for those that need a peer, which mtu_options_test.cc has
  }
  std::array<uint8_t, 80> room;
  room.fill(0xaa);
  socklen_t length = 1;
  EXPECT_EQ(layer().GetSockOpt(fd_, row().level, row().id, room.data(), &length), Errno::kOk);
  EXPECT_LE(length, 1U);
  EXPECT_EQ(room[1], 0xaa);
  length = 80;
  EXPECT_EQ(layer().GetSockOpt(fd_, row().level, row().id, room.data(), &length), Errno::kOk);
  if (IsScalar(row())) {
    EXPECT_EQ(length, sizeof(int));
  }
  EXPECT_EQ(layer().GetSockOpt(fd_, row().level, row().id, room.data(), nullptr), Errno::kFault);
}

TEST_P(RowTest, IsDocumented) {
  EXPECT_NE(socket::SocketOptionsMarkdown().find("| " + std::string(row().name) + " |"),
            std::string::npos);
}

// Those of raw sockets alone are in raw_options_test.cc.
std::vector<OptionRow> DatagramRows() {
  std::vector<OptionRow> rows;
  std::ranges::copy_if(socket::OptionRows(), std::back_inserter(rows),
                       [](const OptionRow& row) { return (row.sockets & kDatagram) != 0; });
  return rows;
}
INSTANTIATE_TEST_SUITE_P(Rows, RowTest, testing::ValuesIn(DatagramRows()), kNameOf);

using NoRowTest = SocketRig;

TEST_F(NoRowTest, IsNoOption) {
  const int fd = Open();
  const int one = 1;
  int value = 0;
  socklen_t length = sizeof value;
  const std::pair<int, int> unknown[] = {
      {IPPROTO_IPV6, IPV6_ADDRFORM},
      {IPPROTO_IPV6, IPV6_HOPLIMIT},
      {IPPROTO_IPV6, 255},
      {IPPROTO_IPV6, -1},
      {IPPROTO_IPV6, 1 << 20},
      {SOL_SOCKET, SO_BROADCAST},
      {IPPROTO_UDP, 103},
      {IPPROTO_IPV6, IPV6_FAITH},
      {IPPROTO_IPV6, IPV6_AUTH_LEVEL},
      {IPPROTO_ICMPV6, 1},
  };
  for (const auto& [level, option] : unknown) {
    EXPECT_EQ(Set(fd, level, option, one), Errno::kNoProtoOpt) << level << " " << option;
    EXPECT_EQ(layer().GetSockOpt(fd, level, option, &value, &length), Errno::kNoProtoOpt);
  }
  EXPECT_EQ(Set(kNoFd, SOL_SOCKET, SO_REUSEADDR, one), Errno::kBadDescriptor);
  EXPECT_EQ(layer().SetSockOpt(fd, SOL_SOCKET, SO_REUSEADDR, nullptr, 4), Errno::kFault);
}

TEST(ItemRows, AreSwitchedOnByAnOptionAndCanBeSentBack) {
  for (const socket::ReceiveItem& item : socket::ReceiveItems()) {
    // Of Linux, and about what has happened.
    if (item.type == IPV6_RECVFRAGSIZE || item.type == IPV6_ORIGDSTADDR) continue;
    const OptionRow* const sent = socket::FindOption(item.level, item.type);
    ASSERT_NE(sent, nullptr) << item.name;
    EXPECT_NE(sent->uses & kAncillary, 0) << item.name;  // requirement C-5
    const bool found = std::ranges::any_of(
        socket::OptionRows(), [&](const OptionRow& row) { return row.name == item.enabled_by; });
    EXPECT_TRUE(found) << item.enabled_by;
  }
}

}  // namespace
}  // namespace sextant::test
