// SPDX-License-Identifier: BSD-3-Clause
// The C functions that build and read options as ancillary data objects.
// RFC 2292 §6.3, RFC 8200 §4.2.
// Any thread.
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>

#define SEXTANT_NO_INET6_NAMES
#include "sextant/inet6.h"
#include "socket/inet6_item.h"
#include "wire/option.h"

using sextant::MutableBytes;
using sextant::socket::Inet6Item;
using sextant::socket::kControlHeader;
using sextant::socket::OctetsAt;
using sextant::socket::WriteItemHeader;
using sextant::wire::ExtensionView;
using sextant::wire::OptionReader;
using sextant::wire::OptionType;
using sextant::wire::PaddingTo;

namespace {

constexpr size_t kTypeAndLength = 2;
constexpr int kMaxPlus = 7;

constexpr size_t RoundUp(size_t size) { return size + PaddingTo(size, ExtensionView::kUnit, 0); }

// The numbers of both RFCs.
bool HoldsOptions(int type) {
  return type == IPV6_HOPOPTS || type == IPV6_DSTOPTS || type == IPV6_2292HOPOPTS ||
         type == IPV6_2292DSTOPTS;
}

std::optional<Inet6Item> ItemAt(const cmsghdr* cmsg) {
  const auto item = Inet6Item::At(cmsg);
  if (!item || !HoldsOptions(item->type)) return {};
  return item;
}

// An object that options can be added to: nothing yet, or one whole header.
bool IsBeingBuilt(const Inet6Item& item) {
  if (item.data.empty()) return true;
  const auto header = ExtensionView::Parse(item.data);
  return header && header->size() == item.data.size();
}

// Room for `size` octets at multx * n + plusy of the header, filled with
// padding like all around it; null when there is none.
uint8_t* Reserve(cmsghdr* cmsg, size_t size, int multx, int plusy) {
  const auto item = ItemAt(cmsg);
  if (!item || !IsBeingBuilt(*item)) return nullptr;
  if (multx != 1 && multx != 2 && multx != 4 && multx != 8) return nullptr;
  if (plusy < 0 || plusy > kMaxPlus) return nullptr;
  const size_t from = std::max(item->data.size(), ExtensionView::kBodyOffset);
  const size_t at = from + PaddingTo(from, static_cast<size_t>(multx), static_cast<size_t>(plusy));
  const size_t end = RoundUp(at + size);
  if (end > ExtensionView::kMaxSize) return nullptr;
  const MutableBytes header(item->data.data(), end);
  if (item->data.empty()) header[ExtensionView::kNextHeaderOffset] = 0;
  header[ExtensionView::kLengthOffset] = static_cast<uint8_t>(end / ExtensionView::kUnit - 1);
  sextant::wire::WritePadding(header.subspan(from, at - from));
  std::ranges::fill(header.subspan(at, size), uint8_t{0});
  sextant::wire::WritePadding(header.subspan(at + size));
  WriteItemHeader(cmsg, item->type, end);
  return header.data() + at;
}

// RFC 2292 §6.3.5: an error leaves a pointer that is not null.
int Fail(uint8_t** tptrp, uint8_t* where) {
  if (*tptrp == nullptr) *tptrp = where;
  return -1;
}

int NoneLeft(uint8_t** tptrp) {
  *tptrp = nullptr;
  return -1;
}

// The first option behind *tptrp that is wanted.
template <typename Wanted>
int Seek(const cmsghdr* cmsg, uint8_t** tptrp, Wanted&& wanted) {
  if (tptrp == nullptr || cmsg == nullptr) return -1;
  const auto item = ItemAt(cmsg);
  if (!item) return Fail(tptrp, OctetsAt(cmsg));
  uint8_t* const data = item->data.data();
  const auto header = ExtensionView::Parse(item->data);
  if (!header) return Fail(tptrp, data);
  size_t from = ExtensionView::kBodyOffset;
  if (*tptrp != nullptr) {
    const std::less<const uint8_t*> before;  // an order of all pointers, wherever they come from
    if (before(*tptrp, data + from) || !before(*tptrp, data + header->size())) return -1;
    from = static_cast<size_t>(*tptrp - data);
  }
  OptionReader options(*header, from);
  if (*tptrp != nullptr && !options.Next()) return -1;
  while (!options.done()) {
    uint8_t* const at = data + options.offset();
    const auto option = options.Next();
    if (!option || wanted(option->type)) {
      *tptrp = at;
      return option ? 0 : -1;
    }
  }
  return NoneLeft(tptrp);
}

}  // namespace

int sx_inet6_option_space(int nbytes) {
  constexpr size_t kMost = ExtensionView::kMaxSize - ExtensionView::kBodyOffset;
  if (nbytes < 0 || static_cast<size_t>(nbytes) > kMost) return -1;
  return static_cast<int>(
      CMSG_SPACE(RoundUp(ExtensionView::kBodyOffset + static_cast<size_t>(nbytes))));
}

int sx_inet6_option_init(void* bp, cmsghdr** cmsgp, int type) {
  if (bp == nullptr || cmsgp == nullptr || !HoldsOptions(type)) return -1;
  WriteItemHeader(bp, type, 0);
  *cmsgp = static_cast<cmsghdr*>(bp);
  return 0;
}

int sx_inet6_option_append(cmsghdr* cmsg, const uint8_t* typep, int multx, int plusy) {
  if (typep == nullptr || IsPadding(OptionType{typep[0]})) return -1;
  const size_t size = kTypeAndLength + typep[1];
  // It may have been built where it is to be.
  std::array<uint8_t, kTypeAndLength + UINT8_MAX> option{};
  std::memcpy(option.data(), typep, size);
  uint8_t* const at = Reserve(cmsg, size, multx, plusy);
  if (at == nullptr) return -1;
  std::memcpy(at, option.data(), size);
  return 0;
}

uint8_t* sx_inet6_option_alloc(cmsghdr* cmsg, int datalen, int multx, int plusy) {
  if (datalen < 0 || datalen > UINT8_MAX) return nullptr;
  return Reserve(cmsg, kTypeAndLength + static_cast<size_t>(datalen), multx, plusy);
}

int sx_inet6_option_next(const cmsghdr* cmsg, uint8_t** tptrp) {
  return Seek(cmsg, tptrp, [](OptionType) { return true; });
}

int sx_inet6_option_find(const cmsghdr* cmsg, uint8_t** tptrp, int type) {
  return Seek(cmsg, tptrp, [type](OptionType other) { return static_cast<int>(other) == type; });
}
