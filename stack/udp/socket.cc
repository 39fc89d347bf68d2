// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/socket.h"

namespace sextant::udp {

Errno Socket::TakeError() {
  const Errno error = std::exchange(error_, Errno::kOk);
  readiness_.Lower(kReadyError);
  return error;
}

void Socket::SetError(Errno error) {
  error_ = error;
  readiness_.Raise(kReadyError);
}

void Socket::Stop() {
  while (PacketPtr packet = Pop()) packet.Free();
}

}  // namespace sextant::udp
