// SPDX-License-Identifier: BSD-3-Clause
// The C functions that build and read routing headers as ancillary data objects.
// RFC 2292 §8; RFC 1883 §4.4 (strict and loose hops, which RFC 2460 made reserved bits).
// Any thread.
#include <netinet/in.h>

#include <cstring>

#define SEXTANT_NO_INET6_NAMES
#include "sextant/inet6.h"
#include "socket/inet6_item.h"
#include "socket/inet6_type0.h"

using sextant::socket::Inet6Item;
using sextant::socket::kControlHeader;
using sextant::socket::OctetsAt;
using sextant::socket::TypeZero;
using sextant::socket::WriteItemHeader;

namespace {

// RFC 2292 §8.1: 24 bits for the flags of as many hops.
constexpr size_t kMaxSegments = 23;

// The header in an object, which may have no addresses yet.
std::optional<TypeZero> BegunIn(const cmsghdr* cmsg) {
  const auto item = Inet6Item::At(cmsg);
  if (!item) return {};
  if (item->type != IPV6_RTHDR && item->type != IPV6_2292RTHDR) return {};
  const auto header = TypeZero::In(item->data);
  if (!header || header->addresses() > kMaxSegments) return {};
  return header;
}

std::optional<TypeZero> HeaderIn(const cmsghdr* cmsg) {
  const auto header = BegunIn(cmsg);
  if (!header || header->addresses() == 0) return {};
  return header;
}

// None of the addresses has been visited: the header is being built.
bool IsBeingBuilt(const TypeZero& header) { return header.left() == header.addresses(); }

bool IsFlag(unsigned flags) { return flags == IPV6_RTHDR_LOOSE || flags == IPV6_RTHDR_STRICT; }

void ReverseHops(TypeZero& header) {
  for (size_t i = 0, j = header.addresses(); i < j; ++i, --j) {
    const bool strict = header.IsStrict(i);
    header.SetStrict(i, header.IsStrict(j));
    header.SetStrict(j, strict);
  }
}

}  // namespace

size_t sx_inet6_rthdr_space(int type, int segments) {
  if (type != IPV6_RTHDR_TYPE_0 || segments < 1) return 0;
  if (static_cast<size_t>(segments) > kMaxSegments) return 0;
  return CMSG_SPACE(TypeZero::SizeFor(static_cast<size_t>(segments)));
}

cmsghdr* sx_inet6_rthdr_init(void* bp, int type) {
  if (bp == nullptr || type != IPV6_RTHDR_TYPE_0) return nullptr;
  WriteItemHeader(bp, IPV6_2292RTHDR, TypeZero::SizeFor(0));
  std::memset(OctetsAt(bp) + kControlHeader, 0, TypeZero::SizeFor(0));
  return static_cast<cmsghdr*>(bp);
}

int sx_inet6_rthdr_add(cmsghdr* cmsg, const in6_addr* addr, unsigned flags) {
  auto header = BegunIn(cmsg);
  if (!header || addr == nullptr || !IsFlag(flags) || !IsBeingBuilt(*header)) return -1;
  const size_t hop = header->addresses();
  if (hop == kMaxSegments) return -1;
  std::memmove(header->address(hop), OctetsAt(addr), TypeZero::kAddressSize);
  header->SetStrict(hop, flags == IPV6_RTHDR_STRICT);
  TypeZero::WriteLengths(OctetsAt(cmsg) + kControlHeader, hop + 1, hop + 1);
  WriteItemHeader(cmsg, Inet6Item::At(cmsg)->type, TypeZero::SizeFor(hop + 1));
  return 0;
}

int sx_inet6_rthdr_lasthop(cmsghdr* cmsg, unsigned flags) {
  auto header = HeaderIn(cmsg);
  if (!header || !IsFlag(flags) || !IsBeingBuilt(*header)) return -1;
  header->SetStrict(header->addresses(), flags == IPV6_RTHDR_STRICT);
  return 0;
}

int sx_inet6_rthdr_reverse(const cmsghdr* in, cmsghdr* out) {
  const auto header = HeaderIn(in);
  if (!header || out == nullptr) return -1;
  const int type = Inet6Item::At(in)->type;
  const size_t size = header->size();
  std::memmove(OctetsAt(out), OctetsAt(in), kControlHeader + size);
  WriteItemHeader(out, type, size);
  auto reversed = HeaderIn(out);
  reversed->Reverse();
  ReverseHops(*reversed);
  return 0;
}

int sx_inet6_rthdr_segments(const cmsghdr* cmsg) {
  const auto header = HeaderIn(cmsg);
  return header ? static_cast<int>(header->addresses()) : -1;
}

in6_addr* sx_inet6_rthdr_getaddr(cmsghdr* cmsg, int index) {
  const auto header = HeaderIn(cmsg);
  if (!header || index < 1 || static_cast<size_t>(index) > header->addresses()) return nullptr;
  uint8_t* const address = header->address(static_cast<size_t>(index) - 1);
  return static_cast<in6_addr*>(static_cast<void*>(address));
}

int sx_inet6_rthdr_getflags(const cmsghdr* cmsg, int index) {
  const auto header = HeaderIn(cmsg);
  if (!header || index < 0 || static_cast<size_t>(index) > header->addresses()) return -1;
  return header->IsStrict(static_cast<size_t>(index)) ? IPV6_RTHDR_STRICT : IPV6_RTHDR_LOOSE;
}
