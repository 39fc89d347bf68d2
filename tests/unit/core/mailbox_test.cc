// SPDX-License-Identifier: BSD-3-Clause
// Mailbox: mail from other threads arrives, once, in order, and wakes its owner.
// Owned by one Core.
#include "core/mailbox.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace sextant::test {
namespace {

struct Note : Mail {
  Note(std::vector<int>& notebook, int text) : book(notebook), number(text) {}
  void Run() override { book.push_back(number); }
  std::vector<int>& book;
  const int number;
};

class MailboxTest : public testing::Test {
 protected:
  std::shared_ptr<Note> Write(int number) { return std::make_shared<Note>(book_, number); }
  // Whether the owner, sleeping on the descriptor, would wake.
  bool Wakes() const {
    pollfd waiting{box_->descriptor(), POLLIN, 0};
    return poll(&waiting, 1, 0) == 1;
  }

  std::vector<int> book_;
  const std::unique_ptr<Mailbox> box_ = Mailbox::Create("mailbox_test");
};

using Book = std::vector<int>;

TEST_F(MailboxTest, RunsWhatWasSentInOrder) {
  ASSERT_NE(box_, nullptr);
  EXPECT_EQ(box_->Drain(), 0U);
  EXPECT_FALSE(Wakes());
  const auto first = Write(1);
  EXPECT_TRUE(box_->Send(first));
  EXPECT_TRUE(box_->Send(Write(2)));
  EXPECT_TRUE(Wakes());
  EXPECT_FALSE(first->done());
  EXPECT_TRUE(book_.empty()) << "only the owner runs it";
  EXPECT_EQ(box_->Drain(), 2U);
  EXPECT_EQ(book_, (Book{1, 2}));
  EXPECT_TRUE(first->done());
  EXPECT_FALSE(Wakes());
  EXPECT_EQ(box_->Drain(), 0U);
}

TEST_F(MailboxTest, FullBoxRefuses) {
  int sent = 0;
  while (sent < 1'000 && box_->Send(Write(sent))) ++sent;
  EXPECT_GE(sent, 32);
  EXPECT_LT(sent, 1'000);
  while (box_->Drain() > 0) {
  }
  EXPECT_EQ(book_.size(), static_cast<size_t>(sent));
  EXPECT_TRUE(box_->Send(Write(7))) << "there is room again";
  EXPECT_EQ(box_->Drain(), 1U);
}

// What one Drain() leaves behind must not wait for the next sender.
TEST_F(MailboxTest, KeepsWakingWhileMailIsLeft) {
  int sent = 0;
  while (box_->Send(Write(sent))) ++sent;
  size_t drained = 0;
  while (drained < static_cast<size_t>(sent)) {
    ASSERT_TRUE(Wakes()) << drained << " of " << sent;
    drained += box_->Drain();
  }
  EXPECT_FALSE(Wakes());
}

TEST_F(MailboxTest, UndeliveredMailIsNotLost) {
  const auto mail = Write(1);
  {
    const auto brief = Mailbox::Create("mailbox_brief");
    ASSERT_TRUE(brief->Send(mail));
    EXPECT_EQ(mail.use_count(), 2);
  }
  EXPECT_EQ(mail.use_count(), 1);
  EXPECT_FALSE(mail->done());
}

TEST_F(MailboxTest, NameIsTaken) { EXPECT_EQ(Mailbox::Create("mailbox_test"), nullptr); }

// An owner on a thread of its own, draining until told to stop.
class Owner {
 public:
  explicit Owner(Mailbox& box)
      : thread_([this, &box] {
          while (!stop_.load(std::memory_order_acquire)) {
            if (box.Drain() == 0) std::this_thread::yield();
          }
        }) {}
  ~Owner() { Stop(); }
  void Stop() {
    stop_.store(true, std::memory_order_release);
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

TEST_F(MailboxTest, AskWaitsForTheAnswer) {
  Owner owner(*box_);
  for (int i = 0; i < 20; ++i) {
    const auto mail = Write(i);
    ASSERT_TRUE(box_->Ask(mail, Duration::Seconds(10)));
    ASSERT_TRUE(mail->done());
    ASSERT_EQ(book_.back(), i) << "what Run() did is seen by the one who asked";
  }
  owner.Stop();
}

TEST_F(MailboxTest, AskLosesPatience) {
  const auto mail = Write(1);
  EXPECT_FALSE(box_->Ask(mail, Duration::Milliseconds(2)));
  EXPECT_FALSE(mail->done());
  EXPECT_EQ(box_->Drain(), 1U) << "abandoned, and run all the same";
}

// Four threads at once: every mail is run exactly once, each sender's in its order.
TEST_F(MailboxTest, ManySenders) {
  constexpr int kSenders = 4;
  constexpr int kEach = 2'000;
  Owner owner(*box_);
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([this, sender] {
      for (int i = 0; i < kEach; ++i) {
        while (!box_->Send(Write(sender * kEach + i))) std::this_thread::yield();
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  owner.Stop();
  while (box_->Drain() > 0) {
  }
  ASSERT_EQ(book_.size(), size_t{kSenders} * kEach);
  std::array<int, kSenders> next{};
  for (const int number : book_) {
    const auto sender = static_cast<size_t>(number / kEach);
    ASSERT_EQ(number % kEach, next[sender]++);
  }
}

// The owner may run mail between a sender's two steps, the ring and the wake-up. The late wake-up
// must not keep it awake: once all is quiet, one Drain() later, it can sleep.
TEST_F(MailboxTest, LateWakeUpsAreForgotten) {
  constexpr int kMails = 40;
  for (int i = 0; i < kMails; ++i) {
    std::thread sender([this, i] { EXPECT_TRUE(box_->Send(Write(i))); });
    while (box_->Drain() == 0) {
    }
    sender.join();
    EXPECT_EQ(box_->Drain(), 0U);
    ASSERT_FALSE(Wakes()) << i;
  }
  EXPECT_EQ(book_.size(), size_t{kMails});
}

}  // namespace
}  // namespace sextant::test
