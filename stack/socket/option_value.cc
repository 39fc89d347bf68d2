// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "socket/option_value.h"

namespace sextant::socket {
namespace {

int32_t LoadInt(Bytes bytes) {
  int32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

// Options: four bytes or more, as Linux has it. RFC 3542 §6: control messages
// carry exactly an int.
bool HasIntLength(Bytes bytes, Use use) {
  return use == kAncillary ? bytes.size() == sizeof(int) : bytes.size() >= sizeof(int);
}

}  // namespace

Errno ReadValue(const ValueType& type, Bytes bytes, Use use, Value& out) {
  out = {bytes, 0};
  switch (type.form) {
    case ValueType::Form::kText:
    case ValueType::Form::kSized:
      return Errno::kOk;
    case ValueType::Form::kTime:
    case ValueType::Form::kStruct:
      return bytes.size() >= type.size ? Errno::kOk : Errno::kInvalid;
    case ValueType::Form::kByte:
      if (bytes.size() == 1) {
        out.number = bytes[0];
        return out.number <= 1 ? Errno::kOk : Errno::kInvalid;
      }
      break;
    default:
      break;
  }
  if (!HasIntLength(bytes, use)) return Errno::kInvalid;
  out.number = LoadInt(bytes);
  // RFC 3542 §11.2: a control message says 0 or 1, and nothing else.
  if (type.form == ValueType::Form::kFlag && use != kAncillary) {
    out.number = out.number != 0 ? 1 : 0;
  } else if (type.form == ValueType::Form::kIndex) {
    out.number = static_cast<uint32_t>(out.number);
  }
  return out.number >= type.low && out.number <= type.high ? Errno::kOk : Errno::kInvalid;
}

}  // namespace sextant::socket
