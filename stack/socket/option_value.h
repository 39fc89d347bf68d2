// SPDX-License-Identifier: BSD-3-Clause
// ValueType: what an option's value looks like, and whether given bytes are one.
// Value: such bytes, read. Reply: what getsockopt() answers.
// Any thread.
#pragma once

#include <array>
#include <cstring>
#include <limits>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "base/errno.h"

namespace sextant::socket {

// How an option may be given: a property of the socket, an RFC 3542 sticky
// option, or ancillary data on one sendmsg(). Bits, because several may apply.
enum Use : uint8_t { kProperty = 1, kSticky = 2, kAncillary = 4 };
// What setsockopt() sets: either of the first two.
inline constexpr Use kByOption = static_cast<Use>(kProperty | kSticky);

struct ValueType {
  enum class Form : uint8_t {
    kFlag,     // int, any non-zero is 1; in a control message, 0 or 1
    kByte,     // int or one char, 0 or 1
    kInteger,  // int, low..high
    kIndex,    // unsigned int, an interface
    kTime,     // struct timeval
    kText,     // characters, up to a zero or the end
    kStruct,   // at least `size` bytes
    kSized,    // any length; the option's function checks it
  };
  Form form = Form::kFlag;
  int64_t low = 0;
  int64_t high = 0;
  size_t size = sizeof(int);  // as getsockopt() answers and control messages carry it
  std::string_view text;      // for docs/sockets.md
};

constexpr int64_t kMaxInt = std::numeric_limits<int>::max();

constexpr ValueType Flag() {
  return {ValueType::Form::kFlag, 0, 1, sizeof(int), "int, 0 or not 0"};
}
constexpr ValueType Byte() {
  return {ValueType::Form::kByte, 0, 1, sizeof(int), "int or char, 0 or 1"};
}
constexpr ValueType Int(int64_t low, int64_t high) {
  return {ValueType::Form::kInteger, low, high, sizeof(int), "int"};
}
constexpr ValueType Index() {
  return {ValueType::Form::kIndex, 0, UINT32_MAX, sizeof(unsigned), "unsigned, interface index"};
}
constexpr ValueType Time() {
  return {ValueType::Form::kTime, 0, 0, 16, "struct timeval, 0 is for ever"};
}
constexpr ValueType Text(size_t size) {
  return {ValueType::Form::kText, 0, 0, size, "interface name, empty for none"};
}
constexpr ValueType Struct(size_t size, std::string_view name) {
  return {ValueType::Form::kStruct, 0, 0, size, name};
}

constexpr ValueType Sized(std::string_view name) {
  return {ValueType::Form::kSized, 0, 0, 0, name};
}

// A value as given; `number` is read for the integer forms.
struct Value {
  Bytes bytes;
  int64_t number = 0;
};

// kInvalid when the bytes are not a value of that type.
Errno ReadValue(const ValueType& type, Bytes bytes, Use use, Value& out);

// What an option answers; long enough for every row.
class Reply {
 public:
  void PutInt(int64_t number) {
    const auto value = static_cast<int32_t>(number);
    Put(&value, sizeof value);
  }
  // REQUIRES: length <= 64.
  void Put(const void* value, size_t length) {
    SX_CHECK(length <= bytes_.size());
    std::memcpy(bytes_.data(), value, length);
    length_ = length;
  }
  // The answer lies elsewhere, and stays there until the call is over.
  void Refer(Bytes elsewhere) { elsewhere_ = elsewhere; }
  // Put(), for an answer of which nobody gets only the beginning.
  void PutWhole(const void* value, size_t length) {
    Put(value, length);
    whole_ = true;
  }
  Bytes bytes() const { return elsewhere_.empty() ? Bytes(bytes_).first(length_) : elsewhere_; }
  bool is_whole() const { return whole_; }

 private:
  std::array<uint8_t, 64> bytes_{};
  size_t length_ = 0;
  Bytes elsewhere_;
  bool whole_ = false;
};

}  // namespace sextant::socket
