// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "raw/table.h"

namespace sextant::raw {

void Table::Add(Socket& socket) {
  SX_CHECK(socket.table_ == nullptr);
  socket.table_ = this;
  lists_[socket.protocol_].PushBack(socket);
  ++sockets_of_[socket.protocol_];
  ++size_;
  CountWanted(socket, 1);
}

void Table::Remove(Socket& socket) {
  if (socket.table_ == nullptr) return;
  CountWanted(socket, -1);
  static_cast<ListNode<ListTag>&>(socket).Unlink();
  --sockets_of_[socket.protocol_];
  --size_;
  socket.table_ = nullptr;
  socket.local_ = socket.remote_ = Endpoint();
}

void Table::Bind(Socket& socket, const Ipv6Address& local, uint32_t interface) {
  socket.local_.address = local;
  socket.interface_ = interface;
}

void Table::Connect(Socket& socket, const Endpoint& remote, const Ipv6Address& source,
                    uint32_t interface) {
  SX_CHECK(!remote.address.is_unspecified());
  socket.remote_ = remote;
  Bind(socket, source, interface);
}

void Table::Disconnect(Socket& socket, const Ipv6Address& local, uint32_t interface) {
  socket.remote_ = Endpoint();
  Bind(socket, local, interface);
}

void Table::SetFilter(Socket& socket, const Filter& filter) {
  if (socket.table_ != nullptr) CountWanted(socket, -1);
  socket.filter_ = filter;
  if (socket.table_ != nullptr) CountWanted(socket, 1);
}

void Table::CountWanted(const Socket& socket, int by) {
  if (socket.protocol_ != kIcmp6) return;
  for (size_t type = 0; type < wanted_.size(); ++type) {
    if (!socket.filter_.Blocks(static_cast<uint8_t>(type))) wanted_[type] += by;
  }
}

bool Table::Receives(const Socket& socket, const Flow& flow) {
  if (socket.interface_ != 0 && socket.interface_ != flow.interface) return false;
  if (socket.is_connected() && socket.remote_.address != flow.remote) return false;
  const Ipv6Address& local = socket.local_.address;
  if (local.is_unspecified() || local == flow.local) return true;
  return flow.local.is_multicast() && socket.has_joined(flow.local, flow.interface);
}

bool Table::Sends(const Socket& socket, const Flow& flow) {
  if (socket.interface_ != 0 && socket.interface_ != flow.interface) return false;
  if (socket.is_connected() && socket.remote_.address != flow.remote) return false;
  const Ipv6Address& local = socket.local_.address;
  // What is bound to a group has sent from an address of the host's choice.
  return local.is_unspecified() || local.is_multicast() || local == flow.local;
}

}  // namespace sextant::raw
