// SPDX-License-Identifier: BSD-3-Clause
// The C functions that build and read options headers.
// RFC 3542 §10, RFC 8200 §4.2.
// Any thread.
#include <algorithm>
#include <cstring>

#define SEXTANT_NO_INET6_NAMES
#include "sextant/inet6.h"
#include "wire/option.h"

using sextant::Bytes;
using sextant::wire::ExtensionView;
using sextant::wire::Option;
using sextant::wire::OptionReader;
using sextant::wire::OptionType;

namespace {

constexpr size_t kTypeAndLength = 2;
constexpr size_t kMaxData = UINT8_MAX;

uint8_t* Octets(void* at) { return static_cast<uint8_t*>(at); }

// How long the header may become. Without memory it is only added up; with
// memory, its length field still ends at 2048.
size_t RoomIn(const void* extbuf, socklen_t extlen) {
  if (extbuf == nullptr) return ExtensionView::kMaxSize;
  return std::min<size_t>(extlen, ExtensionView::kMaxSize);
}

bool IsLengthSoFar(int offset) {
  return offset >= static_cast<int>(ExtensionView::kBodyOffset) &&
         offset <= static_cast<int>(ExtensionView::kMaxSize);
}

// RFC 3542 §10.2: align is at most len. Alignment 1 is none, so that options
// without data, which the same section allows, can be built.
bool MayAlign(uint8_t align, socklen_t len) {
  if (align == 1) return true;
  return (align == 2 || align == 4 || align == 8) && align <= len;
}

// The first option from `offset` on that is wanted. What it returns is the
// offset behind it, or -1.
template <typename Wanted>
int Seek(void* extbuf, socklen_t extlen, int offset, Wanted&& wanted, Option& found) {
  if (extbuf == nullptr || (offset != 0 && !IsLengthSoFar(offset))) return -1;
  const auto header = ExtensionView::Parse(Bytes(Octets(extbuf), extlen));
  const size_t from = std::max<size_t>(static_cast<size_t>(offset), ExtensionView::kBodyOffset);
  if (!header || from > header->size()) return -1;
  OptionReader options(*header, from);
  while (!options.done()) {
    const auto option = options.Next();
    if (!option) return -1;
    if (!wanted(option->type)) continue;
    found = *option;
    return static_cast<int>(options.offset());
  }
  return -1;
}

bool IsInData(int offset, socklen_t length) {
  return offset >= 0 && length <= kMaxData && static_cast<size_t>(offset) + length <= kMaxData;
}

int CopyValue(void* to, const void* from, socklen_t length, int end) {
  if (length != 0) std::memmove(to, from, length);
  return end;
}

}  // namespace

int sx_inet6_opt_init(void* extbuf, socklen_t extlen) {
  if (extbuf != nullptr) {
    if (extlen == 0 || extlen % ExtensionView::kUnit != 0) return -1;
    if (extlen > ExtensionView::kMaxSize) return -1;
    Octets(extbuf)[ExtensionView::kLengthOffset] =
        static_cast<uint8_t>(extlen / ExtensionView::kUnit - 1);
  }
  return static_cast<int>(ExtensionView::kBodyOffset);
}

int sx_inet6_opt_append(void* extbuf, socklen_t extlen, int offset, uint8_t type, socklen_t len,
                        uint8_t align, void** databufp) {
  if (IsPadding(OptionType{type}) || len > kMaxData || !MayAlign(align, len)) return -1;
  if (!IsLengthSoFar(offset) || (extbuf != nullptr && databufp == nullptr)) return -1;
  const auto from = static_cast<size_t>(offset);
  // RFC 3542 §10: it is the data that are aligned, not the type before them.
  const size_t padding = sextant::wire::PaddingTo(from + kTypeAndLength, align, 0);
  const size_t data = from + padding + kTypeAndLength;
  if (data + len > RoomIn(extbuf, extlen)) return -1;
  if (extbuf != nullptr) {
    uint8_t* const header = Octets(extbuf);
    sextant::wire::WritePadding({header + from, padding});
    header[data - 2] = type;
    header[data - 1] = static_cast<uint8_t>(len);
    *databufp = header + data;
  }
  return static_cast<int>(data + len);
}

int sx_inet6_opt_finish(void* extbuf, socklen_t extlen, int offset) {
  if (!IsLengthSoFar(offset)) return -1;
  const auto from = static_cast<size_t>(offset);
  const size_t padding = sextant::wire::PaddingTo(from, ExtensionView::kUnit, 0);
  if (from + padding > RoomIn(extbuf, extlen)) return -1;
  if (extbuf != nullptr) sextant::wire::WritePadding({Octets(extbuf) + from, padding});
  return static_cast<int>(from + padding);
}

int sx_inet6_opt_set_val(void* databuf, int offset, void* val, socklen_t vallen) {
  if (databuf == nullptr || (val == nullptr && vallen != 0)) return -1;
  if (!IsInData(offset, vallen)) return -1;
  return CopyValue(Octets(databuf) + offset, val, vallen, offset + static_cast<int>(vallen));
}

int sx_inet6_opt_get_val(void* databuf, int offset, void* val, socklen_t vallen) {
  if (databuf == nullptr || (val == nullptr && vallen != 0)) return -1;
  if (!IsInData(offset, vallen)) return -1;
  return CopyValue(val, Octets(databuf) + offset, vallen, offset + static_cast<int>(vallen));
}

int sx_inet6_opt_next(void* extbuf, socklen_t extlen, int offset, uint8_t* typep, socklen_t* lenp,
                      void** databufp) {
  if (typep == nullptr || lenp == nullptr || databufp == nullptr) return -1;
  Option found;
  const auto wanted = [](OptionType type) { return !IsPadding(type); };
  const int end = Seek(extbuf, extlen, offset, wanted, found);
  if (end < 0) return -1;
  *typep = static_cast<uint8_t>(found.type);
  *lenp = static_cast<socklen_t>(found.data.size());
  *databufp = Octets(extbuf) + end - found.data.size();
  return end;
}

int sx_inet6_opt_find(void* extbuf, socklen_t extlen, int offset, uint8_t type, socklen_t* lenp,
                      void** databufp) {
  if (lenp == nullptr || databufp == nullptr) return -1;
  Option found;
  const auto wanted = [type](OptionType other) { return other == OptionType{type}; };
  const int end = Seek(extbuf, extlen, offset, wanted, found);
  if (end < 0) return -1;
  *lenp = static_cast<socklen_t>(found.data.size());
  *databufp = Octets(extbuf) + end - found.data.size();
  return end;
}
