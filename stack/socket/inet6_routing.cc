// SPDX-License-Identifier: BSD-3-Clause
// The C functions that build and read routing headers.
// RFC 3542 §7; RFC 5095 (sockets refuse to send what is built here).
// Any thread.
#include <netinet/in.h>

#include <cstring>

#define SEXTANT_NO_INET6_NAMES
#include "sextant/inet6.h"
#include "socket/inet6_item.h"
#include "socket/inet6_type0.h"

using sextant::MutableBytes;
using sextant::socket::OctetsAt;
using sextant::socket::TypeZero;
using sextant::wire::ExtensionView;

namespace {

// These functions are told no length: the header's own has to do.
std::optional<TypeZero> HeaderAt(const void* bp) {
  if (bp == nullptr) return {};
  uint8_t* const at = OctetsAt(bp);
  return TypeZero::In({at, ExtensionView::SizeAt({at, ExtensionView::kBodyOffset})});
}

}  // namespace

socklen_t sx_inet6_rth_space(int type, int segments) {
  if (type != IPV6_RTHDR_TYPE_0 || segments < 0) return 0;
  if (static_cast<size_t>(segments) > TypeZero::kMaxAddresses) return 0;
  return static_cast<socklen_t>(TypeZero::SizeFor(static_cast<size_t>(segments)));
}

void* sx_inet6_rth_init(void* bp, socklen_t bp_len, int type, int segments) {
  const socklen_t size = sx_inet6_rth_space(type, segments);
  if (bp == nullptr || size == 0 || size > bp_len) return nullptr;
  std::memset(bp, 0, size);
  TypeZero::WriteLengths(OctetsAt(bp), static_cast<size_t>(segments), 0);
  return bp;
}

int sx_inet6_rth_add(void* bp, const in6_addr* addr) {
  const auto header = HeaderAt(bp);
  if (!header || addr == nullptr || header->left() == header->addresses()) return -1;
  std::memmove(header->address(header->left()), OctetsAt(addr), TypeZero::kAddressSize);
  TypeZero::WriteLengths(OctetsAt(bp), header->addresses(), header->left() + 1);
  return 0;
}

int sx_inet6_rth_reverse(const void* in, void* out) {
  const auto header = HeaderAt(in);
  if (!header || out == nullptr) return -1;
  std::memmove(out, in, header->size());
  HeaderAt(out)->Reverse();
  return 0;
}

int sx_inet6_rth_segments(const void* bp) {
  const auto header = HeaderAt(bp);
  return header ? static_cast<int>(header->addresses()) : -1;
}

in6_addr* sx_inet6_rth_getaddr(const void* bp, int index) {
  const auto header = HeaderAt(bp);
  if (!header || index < 0 || static_cast<size_t>(index) >= header->addresses()) return nullptr;
  return static_cast<in6_addr*>(static_cast<void*>(header->address(static_cast<size_t>(index))));
}
