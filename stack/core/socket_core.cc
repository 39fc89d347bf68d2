// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "core/socket_core.h"

namespace sextant {

Errno SocketCore::TakeError() {
  const Errno error = std::exchange(error_, Errno::kOk);
  LowerError();
  return error;
}

void SocketCore::LowerError() {
  const bool queued = errors_ != nullptr && !errors_->empty();
  if (!queued && error_ == Errno::kOk) readiness_.Lower(kReadyError);
}

void SocketCore::SetError(Errno error) {
  error_ = error;
  readiness_.Raise(kReadyError);
}

void SocketCore::KeepErrors(bool keep) {
  if (keep == (errors_ != nullptr)) return;
  errors_ = keep ? std::make_unique<ErrorQueue>() : nullptr;
  LowerError();
}

bool SocketCore::KeepError(QueuedError& error) {
  if (errors_ == nullptr || !errors_->Push(error, receive_limit_)) return false;
  readiness_.Raise(kReadyError);
  return true;
}

QueuedError SocketCore::TakeKeptError() {
  QueuedError taken = errors_->Pop();
  if (!errors_->empty() && errors_->front().packet) {
    error_ = errors_->front().error;
  } else if (taken.packet) {
    error_ = Errno::kOk;
  }
  LowerError();
  return taken;
}

void SocketCore::Stop() {
  KeepErrors(false);
  while (PacketPtr packet = Pop()) packet.Free();
}

}  // namespace sextant
