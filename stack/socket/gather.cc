// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/gather.h"

#include <algorithm>
#include <cstring>

namespace sextant::socket {
namespace {

// What fits behind the headroom of a fresh packet.
constexpr size_t kFirstRoom = kPacketDataRoom - kPacketHeadroom;

// Walks through the parts byte by byte count.
class Cursor {
 public:
  explicit Cursor(Parts parts) : parts_(parts) {}

  // Copies the next out.size() bytes. REQUIRES: there are as many.
  void CopyTo(MutableBytes out) {
    while (!out.empty()) {
      const iovec& part = parts_.front();
      const size_t count = std::min(part.iov_len - offset_, out.size());
      if (count != 0) {
        std::memcpy(out.data(), static_cast<const uint8_t*>(part.iov_base) + offset_, count);
      }
      out = out.subspan(count);
      Advance(count);
    }
  }
  // Copies as much of `in` as there is room for; returns how much.
  size_t CopyFrom(Bytes in) {
    size_t done = 0;
    while (done < in.size() && !parts_.empty()) {
      const iovec& part = parts_.front();
      const size_t count = std::min(part.iov_len - offset_, in.size() - done);
      if (count != 0) {
        std::memcpy(static_cast<uint8_t*>(part.iov_base) + offset_, in.data() + done, count);
      }
      done += count;
      Advance(count);
    }
    return done;
  }

 private:
  void Advance(size_t count) {
    offset_ += count;
    if (offset_ == parts_.front().iov_len) {
      parts_ = parts_.subspan(1);
      offset_ = 0;
    }
  }

  Parts parts_;
  size_t offset_ = 0;
};

}  // namespace

Errno CheckParts(const msghdr& message) {
  // POSIX: EMSGSIZE for a count beyond IOV_MAX.
  if (message.msg_iovlen > kMaxIoVectors) return Errno::kMessageSize;
  if (message.msg_iov == nullptr && message.msg_iovlen != 0) return Errno::kFault;
  for (const iovec& part : PartsOf(message)) {
    if (part.iov_base == nullptr && part.iov_len != 0) return Errno::kFault;
  }
  return Errno::kOk;
}

size_t LengthOf(Parts parts) {
  size_t length = 0;
  for (const iovec& part : parts) {
    if (__builtin_add_overflow(length, part.iov_len, &length)) return SIZE_MAX;
  }
  return length;
}

PacketSupply::~PacketSupply() {
  for (size_t i = next_; i < burst_.size(); ++i) PacketPtr(burst_.slots()[i]).Free();
  burst_.set_size(0);
}

bool PacketSupply::Refill() {
  burst_.set_size(0);
  next_ = 0;
  return pool_.Fill(burst_, std::min(expected_, kBurstSize));
}

PacketPtr Gather(Parts parts, size_t length, PacketSupply& supply) {
  PacketPtr first = supply.Take();
  if (!first) return {};
  if (parts.size() == 1 && length <= kFirstRoom) [[likely]] {
    const MutableBytes room = first->Append(length);
    if (length != 0) std::memcpy(room.data(), parts.front().iov_base, length);
    return first;
  }
  Cursor from(parts);
  for (PacketPtr into = std::move(first);;) {
    const size_t count = std::min(length, kFirstRoom);
    from.CopyTo(into->Append(count));
    length -= count;
    if (!first) {
      first = std::move(into);
    } else {
      first->Chain(std::move(into));
    }
    if (length == 0) return first;
    into = supply.Take();
    if (into) continue;
    first.Free();
    return {};
  }
}

size_t Scatter(const Packet& packet, const udp::Payload& payload, Parts parts) {
  const Bytes head = packet.bytes();
  const bool whole = payload.offset + payload.length <= head.size();
  if (whole && parts.size() == 1) [[likely]] {
    const size_t count = std::min(payload.length, parts.front().iov_len);
    if (count != 0) std::memcpy(parts.front().iov_base, head.data() + payload.offset, count);
    return count;
  }
  size_t done = 0;
  Cursor into(parts);
  packet.ForEachSegment(payload.offset, payload.length,
                        [&](Bytes segment) { done += into.CopyFrom(segment); });
  return done;
}

}  // namespace sextant::socket
