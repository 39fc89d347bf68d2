// SPDX-License-Identifier: BSD-3-Clause
// The Internet checksum, near the limit of what memory delivers.
// RFC 1071 (the sum), RFC 1624 (incremental update), RFC 8200 §8.1 (pseudo-header).
// A Sum is kept unfolded in 64 bits of machine byte order: one's complement
// addition does not care about byte order as long as it is the same throughout.
// Any thread.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/ipv6_address.h"

namespace sextant::wire {

// One way to sum blocks of 64 bytes.
struct SumUnit {
  std::string_view name;
  uint64_t (*sum)(const uint8_t* at, size_t blocks);
};
// Those this processor has, the widest last, which is the one in use; tests
// and benchmarks compare them.
std::span<const SumUnit> SumUnits();

// A running one's complement sum. Parts must begin at even offsets of the
// message, or be added with AddOdd.
class Sum {
 public:
  constexpr Sum() = default;

  // Any length; short spans inline with 64-bit adds, long ones by the widest
  // vector unit the processor has.
  void Add(Bytes bytes) {
    if (bytes.size() > kVectorThreshold) {
      AddWord(SumLarge(bytes));
    } else {
      AddSmall(bytes);
    }
  }
  // A part that begins at an odd offset of the message (RFC 1071 §2(B)).
  void AddOdd(Bytes bytes) {
    Sum part;
    part.Add(bytes);
    const uint16_t folded = part.Fold();
    AddWord(static_cast<uint16_t>(folded << 8 | folded >> 8));
  }
  // A value in host order that stands in network order on the wire.
  void Add16(uint16_t value) { AddHost(value); }
  void Add32(uint32_t value) { AddHost(value); }
  // Several of them at once: their plain sum, below 2^56. Swapping the bytes of
  // every 16-bit word is multiplying by 2^8, modulo 2^16 - 1.
  void AddHost(uint64_t values) {
    AddWord(std::endian::native == std::endian::little ? values << 8 : values);
  }
  // RFC 8200 §8.1: `addresses` is source then destination.
  void AddPseudoHeader(std::span<const uint8_t, 32> addresses, uint32_t length,
                       uint8_t next_header) {
    sum_ = AddStep(sum_, addresses.data());
    AddHost(uint64_t{length} + next_header);
  }
  void AddPseudoHeader(const Ipv6Address& source, const Ipv6Address& destination, uint32_t length,
                       uint8_t next_header) {
    AddWord(source.high_word());
    AddWord(source.low_word());
    AddWord(destination.high_word());
    AddWord(destination.low_word());
    AddHost(uint64_t{length} + next_header);
  }
  void Add(const Sum& other) { AddWord(other.sum_); }

  // The folded, not complemented 16 bits, in machine order.
  uint16_t Fold() const {
    // A value plus itself rotated by half: the upper half is both halves' sum
    // with its carry brought around.
    const auto half = static_cast<uint32_t>((sum_ + std::rotr(sum_, 32)) >> 32);
    return static_cast<uint16_t>((half + std::rotr(half, 16)) >> 16);
  }
  // The checksum field, in host order, ready for Store16.
  uint16_t Checksum() const { return ToWire(static_cast<uint16_t>(~Fold())); }
  // RFC 8200 §8.1: UDP sends 0xffff where the checksum comes out as zero.
  uint16_t UdpChecksum() const {
    const uint16_t checksum = Checksum();
    return checksum == 0 ? uint16_t{0xffff} : checksum;
  }
  // Whether a message whose checksum field was summed with it is intact.
  bool Verifies() const { return Fold() == 0xffff; }

 private:
  // Where calling a vector routine begins to pay; see bench/checksum.
  static constexpr size_t kVectorThreshold = 256;

  // Folded to at most 64 bits.
  static uint64_t SumLarge(Bytes bytes);

  static constexpr size_t kStep = 32;

  // With the end-around carry, which compilers make three instructions more of.
  void AddWord(uint64_t word) {
#if defined(__x86_64__)
    asm("addq %[word], %[sum]\n\t"
        "adcq $0, %[sum]"
        : [sum] "+r"(sum_)
        : [word] "rm"(word)
        : "cc");
#else
    sum_ += word;
    sum_ += sum_ < word;
#endif
  }
  // Four words, the carry running through all of them.
  static uint64_t AddStep(uint64_t sum, const uint8_t* at) {
#if defined(__x86_64__)
    asm("addq 0(%[at]), %[sum]\n\t"
        "adcq 8(%[at]), %[sum]\n\t"
        "adcq 16(%[at]), %[sum]\n\t"
        "adcq 24(%[at]), %[sum]\n\t"
        "adcq $0, %[sum]"
        : [sum] "+r"(sum)
        : [at] "r"(at), "m"(*reinterpret_cast<const std::array<uint8_t, kStep>*>(at))
        : "cc");
    return sum;
#else
    Sum step;
    step.sum_ = sum;
    for (size_t i = 0; i < kStep; i += 8) step.AddWord(LoadWord64(at + i));
    return step.sum_;
#endif
  }
  // Two steps without a break in the carry.
  static uint64_t AddBlock(uint64_t sum, const uint8_t* at) {
#if defined(__x86_64__)
    asm("addq 0(%[at]), %[sum]\n\t"
        "adcq 8(%[at]), %[sum]\n\t"
        "adcq 16(%[at]), %[sum]\n\t"
        "adcq 24(%[at]), %[sum]\n\t"
        "adcq 32(%[at]), %[sum]\n\t"
        "adcq 40(%[at]), %[sum]\n\t"
        "adcq 48(%[at]), %[sum]\n\t"
        "adcq 56(%[at]), %[sum]\n\t"
        "adcq $0, %[sum]"
        : [sum] "+r"(sum)
        : [at] "r"(at), "m"(*reinterpret_cast<const std::array<uint8_t, 2 * kStep>*>(at))
        : "cc");
    return sum;
#else
    return AddStep(AddStep(sum, at), at + kStep);
#endif
  }
  void AddSmall(Bytes bytes) {
    const uint8_t* at = bytes.data();
    size_t left = bytes.size();
    for (; left >= 2 * kStep; left -= 2 * kStep, at += 2 * kStep) sum_ = AddBlock(sum_, at);
    if (left != 0) AddRest(at, left);
  }
  void AddRest(const uint8_t* at, size_t left) {
    if ((left & kStep) != 0) {
      sum_ = AddStep(sum_, at);
      at += kStep;
    }
    for (size_t words = left % kStep / 8; words != 0; --words, at += 8) AddWord(LoadWord64(at));
    if ((left & 7) != 0) AddTail(at, left);
  }
  void AddTail(const uint8_t* at, size_t left) {
    if ((left & 4) != 0) {
      AddWord(LoadWord32(at));
      at += 4;
    }
    if ((left & 2) != 0) {
      AddWord(LoadWord16(at));
      at += 2;
    }
    // RFC 1071 §4.1: an odd last byte is padded with zero on the right.
    if ((left & 1) != 0) AddWord(ToWire(static_cast<uint16_t>(*at << 8)));
  }

  uint64_t sum_ = 0;
};

// RFC 1624 §3, equation 3: HC' = ~(~HC + ~m + m'). All values in host order.
constexpr uint16_t UpdateChecksum(uint16_t checksum, uint16_t old_field, uint16_t new_field) {
  uint32_t sum = static_cast<uint16_t>(~checksum);
  sum += static_cast<uint16_t>(~old_field);
  sum += new_field;
  sum = (sum >> 16) + (sum & 0xffff);
  sum = (sum >> 16) + (sum & 0xffff);
  return static_cast<uint16_t>(~sum);
}

}  // namespace sextant::wire
