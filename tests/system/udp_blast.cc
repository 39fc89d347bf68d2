// SPDX-License-Identifier: BSD-3-Clause
// A kernel-side UDP client for the system tests: sends numbered datagrams to an echo service with a
// bounded number outstanding, and checks every byte that comes back.
// usage: udp_blast ADDRESS PORT COUNT OUTSTANDING
// Prints "sent N returned N wrong N seconds S"; exits 0 when all came back, each once and intact.

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

constexpr size_t kBatch = 64;
constexpr size_t kMaxSize = 1232;
constexpr int kPatienceMs = 2000;  // silence this long means that the rest is lost

using Buffer = std::array<uint8_t, kMaxSize>;

// Datagram `number`: its number, then bytes that follow from it; sizes vary from 4 to kMaxSize.
size_t Fill(uint32_t number, Buffer& out) {
  const size_t size = 4 + (number * 2654435761u >> 8) % (kMaxSize - 3);
  std::memcpy(out.data(), &number, 4);
  for (size_t i = 4; i < size; ++i) out[i] = static_cast<uint8_t>(number * 31 + i);
  return size;
}

int Connect(const char* address, const char* port) {
  addrinfo hints{};
  hints.ai_family = AF_INET6;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address, port, &hints, &found) != 0) return -1;
  const int fd = socket(AF_INET6, SOCK_DGRAM, 0);
  const int status = connect(fd, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return status == 0 ? fd : -1;
}

// The messages, buffers and bookkeeping of one run.
class Blast {
 public:
  Blast(int fd, uint32_t count, uint32_t outstanding)
      : fd_(fd), count_(count), outstanding_(outstanding), seen_(count, false) {
    for (size_t i = 0; i < kBatch; ++i) {
      parts_[i] = {buffers_[i].data(), kMaxSize};
      messages_[i].msg_hdr.msg_iov = &parts_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  bool Run() {
    while (returned_ < count_) {
      SendSome();
      if (!ReceiveSome()) break;
    }
    return returned_ == count_ && wrong_ == 0;
  }

  void Report(double seconds) const {
    std::printf("sent %u returned %u wrong %u seconds %.2f\n", sent_, returned_, wrong_, seconds);
  }

 private:
  void SendSome() {
    const uint32_t room = outstanding_ - (sent_ - returned_);
    const uint32_t batch = std::min({room, count_ - sent_, static_cast<uint32_t>(kBatch)});
    for (uint32_t i = 0; i < batch; ++i) parts_[i].iov_len = Fill(sent_ + i, buffers_[i]);
    const int sent = batch > 0 ? sendmmsg(fd_, messages_.data(), batch, 0) : 0;
    if (sent > 0) sent_ += static_cast<uint32_t>(sent);
  }

  bool ReceiveSome() {
    pollfd wait{fd_, POLLIN, 0};
    if (poll(&wait, 1, kPatienceMs) <= 0) return false;
    for (iovec& part : parts_) part.iov_len = kMaxSize;
    const int got = recvmmsg(fd_, messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < got; ++i) Check(static_cast<size_t>(i));
    return got > 0;
  }

  void Check(size_t i) {
    Buffer expected;
    uint32_t number = count_;
    if (messages_[i].msg_len >= 4) std::memcpy(&number, buffers_[i].data(), 4);
    const bool known = number < count_ && !seen_[number];
    const bool intact = known && Fill(number, expected) == messages_[i].msg_len &&
                        std::memcmp(expected.data(), buffers_[i].data(), messages_[i].msg_len) == 0;
    if (!intact) {
      ++wrong_;
      return;
    }
    seen_[number] = true;
    ++returned_;
  }

  int fd_;
  uint32_t count_;
  uint32_t outstanding_;
  uint32_t sent_ = 0;
  uint32_t returned_ = 0;
  uint32_t wrong_ = 0;
  std::vector<bool> seen_;
  std::array<Buffer, kBatch> buffers_{};
  std::array<iovec, kBatch> parts_{};
  std::array<mmsghdr, kBatch> messages_{};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const int fd = Connect(argv[1], argv[2]);
  if (fd < 0) {
    std::perror(argv[1]);
    return 1;
  }
  const auto begin = std::chrono::steady_clock::now();
  Blast blast(fd, static_cast<uint32_t>(std::atoi(argv[3])),
              static_cast<uint32_t>(std::atoi(argv[4])));
  const bool good = blast.Run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  blast.Report(took.count());
  close(fd);
  return good ? 0 : 1;
}
