// SPDX-License-Identifier: BSD-3-Clause
// Long-lived labels: synced before they are granted, back after a restart, and nobody else's.
// Owned by one Core.
#include <functional>
#include <optional>

#include "support/journal_file.h"
#include "unit/flowlabel/rig.h"

namespace sextant::test {
namespace {

using flowlabel::Grant;
using flowlabel::Journal;
using flowlabel::Manager;
using flowlabel::SavedLabel;
using flowlabel::SocketLabels;
using testing::HasSubstr;

constexpr uint32_t kLabel = 0x12345;
const uint8_t kHeader[8] = {59, 0, 1, 4};

class JournalTest : public testing::Test {
 protected:
  JournalTest() { Start(); }
  ~JournalTest() override { Stop(); }

  void Start() {
    std::vector<SavedLabel> labels;
    auto opened = Journal::Open(t.core, file, labels);
    ASSERT_TRUE(opened.ok()) << opened.status();
    journal = std::move(*opened);
    manager.emplace(t.core, flowlabel::kRfcPolicy, journal.get(), labels);
  }
  void Stop() {
    for (SocketLabels* socket : {&a, &b}) {
      if (manager) manager->Release(*socket);
    }
    manager.reset();
    journal.reset();
    file.Complete();
  }
  // As after a power cut, `seconds` of the clock later.
  void Crash(int64_t seconds = 0) {
    const std::vector<uint8_t> left = file.synced;
    Stop();
    file.synced = left;
    Pass(seconds);
    Start();
  }
  void Pass(int64_t seconds) {
    file.time.wall += seconds * 1'000'000'000;
    file.time.uptime += seconds * 1'000'000'000;
    t.Pass(Duration::Seconds(seconds) + TimerWheel::kTick);
    if (manager) manager->Pump();
  }
  Grant Ask(SocketLabels& socket, const Caller& caller, const Request& request) {
    return manager->Set(socket, caller, request);
  }
  Errno Get(SocketLabels& socket, const Caller& caller, const Request& request) {
    int polls = 0;
    return manager->Await(socket, Ask(socket, caller, request), [&] {
      file.Complete();
      ASSERT_LT(++polls, 10) << "it does not end";
    });
  }
  Errno Put(SocketLabels& socket, uint32_t label) {
    Request request;
    request.action = Action::kPut;
    request.label = label;
    return Ask(socket, kUser1, request).error;
  }
  const flowlabel::Entry* Find(uint32_t label) { return manager->table().Find(label); }

  static Request Long(uint16_t expires = 1000, uint16_t linger = 100) {
    Request request = GetRequest(kLabel, Share::kUser, kMake, expires, linger);
    request.headers.hop_by_hop = kHeader;
    return request;
  }
  static Caller Powerful(Caller caller) {
    caller.net_admin = true;
    return caller;
  }

  TestCore t;
  MemoryJournalFile file;
  std::unique_ptr<Journal> journal;
  std::optional<Manager> manager;
  SocketLabels a{false};
  SocketLabels b{false};
  const Caller owner = Powerful(kUser1);
};

TEST_F(JournalTest, ShortLivedLabelsCostNothing) {
  for (uint32_t label = 1; label < 20; ++label) {
    const Grant grant = Ask(a, kUser1, GetRequest(label, Share::kAny, kMake, 60, 60));
    EXPECT_EQ(grant.error, Errno::kOk);
    EXPECT_FALSE(grant.is_pending());
  }
  manager->Release(a);
  Pass(100);
  EXPECT_EQ(file.changes, 0u);
  EXPECT_EQ(t.core.timers().armed(), 0u);
}

TEST_F(JournalTest, GrantedWhenSynced) {
  file.at_once = false;
  const Grant grant = Ask(a, owner, Long());
  ASSERT_TRUE(grant.is_pending());
  manager->Pump();
  EXPECT_FALSE(grant.ticket->done) << "the file is being made";
  file.Complete();
  manager->Pump();
  EXPECT_FALSE(grant.ticket->done) << "the label is being written";
  file.Complete();
  manager->Pump();
  ASSERT_TRUE(grant.ticket->done);
  EXPECT_EQ(manager->Finish(a, grant), Errno::kOk);
  EXPECT_TRUE(a.Holds(kLabel));
}

TEST_F(JournalTest, WhoJoinsWaitsToo) {
  Request shared = Long();
  shared.share = Share::kAny;
  file.at_once = false;
  const Grant first = Ask(a, owner, shared);
  Request joining = shared;
  joining.expires = joining.linger = 0;
  const Grant second = Ask(b, kUser2, joining);
  ASSERT_TRUE(second.is_pending());
  for (int i = 0; i < 3; ++i) {
    file.Complete();
    manager->Pump();
  }
  EXPECT_TRUE(first.ticket->done);
  EXPECT_TRUE(second.ticket->done);
  EXPECT_FALSE(Ask(b, kUser2, joining).is_pending()) << "it is synced and has not changed";
}

TEST_F(JournalTest, ManyAtOnceShareAFrame) {
  file.at_once = false;
  std::vector<Grant> grants;
  for (uint32_t label = 1; label <= 100; ++label) {
    grants.push_back(Ask(a, kRoot, GetRequest(label, Share::kAny, kMake, 1000)));
  }
  size_t writes = 0;
  for (; !grants.back().ticket->done; ++writes) {
    file.Complete();
    manager->Pump();
  }
  EXPECT_LE(writes, 3u);
}

TEST_F(JournalTest, RenewMakesItLong) {
  ASSERT_EQ(Get(a, owner, Long(60, 60)), Errno::kOk);
  EXPECT_EQ(file.changes, 0u);
  Request renew = Long(61, 0);
  renew.action = Action::kRenew;
  file.at_once = false;
  EXPECT_TRUE(Ask(a, owner, renew).is_pending());
  file.at_once = true;
  ASSERT_EQ(Get(a, owner, renew), Errno::kOk);
  Crash();
  ASSERT_NE(Find(kLabel), nullptr);
  EXPECT_TRUE(Find(kLabel)->is_restored);
}

TEST_F(JournalTest, JoiningMakesItLong) {
  ASSERT_EQ(Get(a, kUser1, Long(60, 60)), Errno::kOk);
  ASSERT_EQ(Get(b, owner, Long(60, 61)), Errno::kOk);
  Crash();
  EXPECT_NE(Find(kLabel), nullptr);
}

struct ClaimCase {
  std::string name;
  std::function<void(Request&, Caller&)> change;
  Errno want;
};

// clang-format off
const ClaimCase kClaimCases[] = {
    {"TheSame",          [](Request&, Caller&) {}, Errno::kOk},
    {"WithoutCreate",    [](Request& r, Caller&) { r.flags = 0; }, Errno::kOk},
    {"MustBeNew",        [](Request& r, Caller&) { r.flags = kMakeNew; }, Errno::kOk},
    {"OtherTimes",       [](Request& r, Caller&) { r.expires = r.linger = 0; }, Errno::kOk},
    {"OtherProcess",     [](Request&, Caller& c) { c.pid = 999; }, Errno::kOk},
    {"Unprivileged",     [](Request& r, Caller& c) { c.net_admin = false; r.expires = r.linger = 0; }, Errno::kOk},
    {"OtherUser",        [](Request&, Caller& c) { c.user = 1002; }, Errno::kPermission},
    {"Root",             [](Request&, Caller& c) { c = kRoot; }, Errno::kPermission},
    {"OtherDestination", [](Request& r, Caller&) { r.destination = Ip("2001:db8::2"); }, Errno::kPermission},
    {"OtherShare",       [](Request& r, Caller&) { r.share = Share::kAny; }, Errno::kPermission},
    {"NoHeaders",        [](Request& r, Caller&) { r.headers = {}; }, Errno::kPermission},
    {"OtherHeaders",     [](Request& r, Caller&) { r.headers = {{}, {}, kHeader}; }, Errno::kPermission},
    {"MoreHeaders",      [](Request& r, Caller&) { r.headers.routing = kHeader; }, Errno::kPermission},
    {"Invalid",          [](Request& r, Caller&) { r.destination = Ipv6Address(); }, Errno::kInvalid},
};
// clang-format on

class ClaimTest : public JournalTest, public testing::WithParamInterface<ClaimCase> {};

TEST_P(ClaimTest, Answers) {
  for (const Share share : {Share::kExclusive, Share::kProcess, Share::kUser}) {
    Request request = Long();
    request.share = share;
    ASSERT_EQ(Get(a, owner, request), Errno::kOk);
    Crash();
    ASSERT_NE(Find(kLabel), nullptr);
    Caller caller = owner;
    GetParam().change(request, caller);
    EXPECT_EQ(Get(a, caller, request), GetParam().want);
    EXPECT_EQ(Find(kLabel)->is_restored, GetParam().want != Errno::kOk);
    EXPECT_EQ(a.size(), GetParam().want == Errno::kOk ? 1u : 0u);
    if (GetParam().want == Errno::kOk) {
      EXPECT_EQ(Find(kLabel)->pid, caller.pid);
      const Errno again = share == Share::kExclusive ? Errno::kPermission : Errno::kOk;
      request.flags = 0;
      EXPECT_EQ(Get(b, caller, request), again) << "the second is like any other";
    }
    Stop();
    file.synced.clear();
    Start();
  }
}

INSTANTIATE_TEST_SUITE_P(Table, ClaimTest, testing::ValuesIn(kClaimCases), kNameOf);

TEST_F(JournalTest, RestoredLabelsAreNeverDrawn) {
  t.core.tunables().flowlabel_entries = 1 << 20;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(Get(a, kRoot, GetRequest(0, Share::kAny, kMake, 1000)), Errno::kOk);
  }
  Crash();
  EXPECT_EQ(manager->table().size(), 1000u);
  size_t restored = 0;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(Get(a, kRoot, GetRequest(0, Share::kAny, kMake)), Errno::kOk);
  }
  manager->table().ForEach([&](const flowlabel::Entry& entry) {
    restored += entry.is_restored ? 1 : 0;
    EXPECT_EQ(entry.references, entry.is_restored ? 0u : 1u);
  });
  EXPECT_EQ(restored, 1000u);
}

TEST_F(JournalTest, RestoredButNotLeased) {
  ASSERT_EQ(Get(a, owner, Long()), Errno::kOk);
  Crash();
  EXPECT_EQ(Put(a, kLabel), Errno::kNoProcess);
  Request renew = Long();
  renew.action = Action::kRenew;
  renew.share = Share::kNone;
  EXPECT_EQ(Get(a, kRoot, renew), Errno::kNoProcess);
  EXPECT_EQ(manager->guarded(), 1u) << "others may not send it";
  EXPECT_EQ(manager->MaySend(a, 5, Ip("::1")), Errno::kInvalid);
}

TEST_F(JournalTest, UnclaimedItLapses) {
  ASSERT_EQ(Get(a, owner, Long(1000, 100)), Errno::kOk);
  Crash(400);
  Pass(590);
  EXPECT_NE(Find(kLabel), nullptr);
  Pass(10);
  EXPECT_EQ(Find(kLabel), nullptr);
  file.Complete();
  manager->Pump();
  Crash();
  EXPECT_EQ(Find(kLabel), nullptr) << "the journal has forgotten it too";
  EXPECT_EQ(journal->labels(), 0u);
}

// It was leased up to the crash, whenever that was: its linger counts from the restart.
TEST_F(JournalTest, LingersFromTheRestart) {
  ASSERT_EQ(Get(a, owner, Long(200, 100)), Errno::kOk);
  Crash(5000);
  ASSERT_NE(Find(kLabel), nullptr);
  Pass(60);
  EXPECT_NE(Find(kLabel), nullptr);
  Crash(30);
  EXPECT_NE(Find(kLabel), nullptr) << "ten seconds are left";
  Crash(30);
  EXPECT_EQ(Find(kLabel), nullptr) << "another restart is not another linger";
}

TEST_F(JournalTest, ReleasedItKeepsItsExpiry) {
  ASSERT_EQ(Get(a, owner, Long(61, 300)), Errno::kOk);
  Pass(1000);
  Put(a, kLabel);
  manager->Pump();
  Crash(299);
  EXPECT_NE(Find(kLabel), nullptr);
  Crash(2);
  EXPECT_EQ(Find(kLabel), nullptr);
}

TEST_F(JournalTest, RevivedItIsLeasedAgain) {
  ASSERT_EQ(Get(a, owner, Long(61, 300)), Errno::kOk);
  Put(a, kLabel);
  ASSERT_EQ(Get(b, owner, Long(0, 0)), Errno::kOk);
  Crash(5000);
  EXPECT_NE(Find(kLabel), nullptr);
}

TEST_F(JournalTest, NotGrantedWhenNotWritten) {
  ASSERT_EQ(Get(a, owner, GetRequest(1, Share::kAny, kMake, 1000)), Errno::kOk);
  const std::vector<uint8_t> before = file.synced;
  file.fault = Errno::kInputOutput;
  EXPECT_EQ(Get(a, owner, Long()), Errno::kInputOutput);
  EXPECT_FALSE(a.Holds(kLabel));
  Pass(1);
  EXPECT_EQ(Find(kLabel), nullptr) << "it need not linger";
  EXPECT_EQ(Get(a, kUser2, GetRequest(kLabel, Share::kAny, kMake)), Errno::kOk) << "short-lived";
  Request renew = GetRequest(kLabel, Share::kAny, 0, 1000);
  renew.action = Action::kRenew;
  EXPECT_EQ(Get(a, kRoot, renew), Errno::kInputOutput);
  EXPECT_TRUE(a.Holds(kLabel)) << "the lease it had";
  EXPECT_EQ(file.synced, before);
  file.fault = Errno::kOk;
  EXPECT_EQ(Get(a, owner, GetRequest(2, Share::kAny, kMake, 1000)), Errno::kOk) << "it works again";
}

TEST_F(JournalTest, NoFileCanBeMade) {
  file.fault = Errno::kAccess;
  EXPECT_EQ(Get(a, owner, Long()), Errno::kAccess);
  EXPECT_EQ(Get(a, owner, Long()), Errno::kAccess);
  file.fault = Errno::kOk;
  EXPECT_EQ(Get(b, owner, GetRequest(2, Share::kAny, kMake, 1000)), Errno::kOk);
}

TEST_F(JournalTest, TheFileIsRewritten) {
  t.core.tunables().flowlabel_entries = 1 << 20;
  for (int round = 0; round < 5000; ++round) {
    ASSERT_EQ(Get(a, owner, Long(1000, 61)), Errno::kOk);
    Put(a, kLabel);
    Pass(1);
  }
  EXPECT_LT(file.synced.size(), 200'000u) << "one label";
  Crash();
  EXPECT_NE(Find(kLabel), nullptr);
}

TEST_F(JournalTest, StepsOfTheClockAreWrittenDown) {
  ASSERT_EQ(Get(a, owner, Long(1000, 100)), Errno::kOk);
  Pass(60);
  const size_t changes = file.changes;
  Pass(60);
  EXPECT_EQ(file.changes, changes) << "nothing has stepped";
  file.time.wall += 86'400'000'000'000;
  Pass(20);
  manager->Pump();
  EXPECT_EQ(file.changes, changes + 1);
  file.time.boot = 2;
  file.time.uptime = 0;
  Crash(30);
  ASSERT_NE(Find(kLabel), nullptr);
  EXPECT_GT((Find(kLabel)->expiry - t.core.now()).milliseconds(), 820'000);
}

TEST_F(JournalTest, DamageIsRefusedAndLeftAlone) {
  ASSERT_EQ(Get(a, owner, Long()), Errno::kOk);
  Stop();
  file.synced[30] ^= 1;
  const std::vector<uint8_t> damaged = file.synced;
  file.changes = 0;
  std::vector<SavedLabel> labels;
  const auto opened = Journal::Open(t.core, file, labels);
  ASSERT_FALSE(opened.ok());
  const std::string message(opened.status().message());
  EXPECT_THAT(message, HasSubstr("labels.journal"));
  EXPECT_THAT(message, HasSubstr("at offset 16"));
  EXPECT_EQ(message.find('\n'), std::string::npos) << "one line";
  EXPECT_EQ(file.synced, damaged);
  EXPECT_EQ(file.changes, 0u);
}

TEST_F(JournalTest, TornEndIsCutOff) {
  ASSERT_EQ(Get(a, owner, Long()), Errno::kOk);
  ASSERT_EQ(Get(a, owner, GetRequest(2, Share::kAny, kMake, 1000)), Errno::kOk);
  const size_t whole = file.synced.size();
  Stop();
  file.synced.resize(whole);
  file.synced.resize(whole - 1);
  Start();
  EXPECT_LT(file.synced.size(), whole - 1);
  EXPECT_NE(Find(kLabel), nullptr);
  EXPECT_EQ(Find(2), nullptr);
  ASSERT_EQ(Get(a, owner, GetRequest(3, Share::kAny, kMake, 1000)), Errno::kOk);
  Crash();
  EXPECT_NE(Find(kLabel), nullptr);
  EXPECT_NE(Find(3), nullptr);
}

TEST_F(JournalTest, UnreadableIsRefused) {
  Stop();
  file.fault = Errno::kInputOutput;
  std::vector<SavedLabel> labels;
  EXPECT_FALSE(Journal::Open(t.core, file, labels).ok());
}

}  // namespace
}  // namespace sextant::test
