// SPDX-License-Identifier: BSD-3-Clause
// Errno and Result: how socket calls fail. The values are the C library's, so
// that the C facade stores them in errno as they are.
// Any thread.
#pragma once

#include <cerrno>
#include <utility>
#include <variant>

#include "base/check.h"

namespace sextant {

enum class Errno : int {
  kOk = 0,
  kPermission = EPERM,
  kNoEntry = ENOENT,
  kInterrupted = EINTR,
  kNoDeviceOrAddress = ENXIO,
  kBadDescriptor = EBADF,
  kWouldBlock = EAGAIN,
  kNoMemory = ENOMEM,
  kAccess = EACCES,
  kFault = EFAULT,
  kExists = EEXIST,
  kNoDevice = ENODEV,
  kInvalid = EINVAL,
  kTooManyFiles = EMFILE,
  kNotTty = ENOTTY,
  kPipe = EPIPE,
  kDomain = EDOM,
  kRange = ERANGE,
  kLoop = ELOOP,
  kProtocol = EPROTO,
  kDestinationRequired = EDESTADDRREQ,
  kMessageSize = EMSGSIZE,
  kNoProtoOpt = ENOPROTOOPT,
  kProtoNoSupport = EPROTONOSUPPORT,
  kSocketTypeNoSupport = ESOCKTNOSUPPORT,
  kNotSupported = EOPNOTSUPP,
  kFamilyNoSupport = EAFNOSUPPORT,
  kAddressInUse = EADDRINUSE,
  kAddressNotAvailable = EADDRNOTAVAIL,
  kNetworkDown = ENETDOWN,
  kNetworkUnreachable = ENETUNREACH,
  kNoBuffers = ENOBUFS,
  kIsConnected = EISCONN,
  kNotConnected = ENOTCONN,
  kTimedOut = ETIMEDOUT,
  kConnectionRefused = ECONNREFUSED,
  kHostUnreachable = EHOSTUNREACH,
  kNotSocket = ENOTSOCK,
};

// A T, or the Errno why not.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Errno error) : state_(std::in_place_index<1>, error) {          // NOLINT(google-explicit-constructor)
    SX_CHECK(error != Errno::kOk);
  }

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  Errno error() const { return ok() ? Errno::kOk : *std::get_if<1>(&state_); }
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

 private:
  std::variant<T, Errno> state_;
};

}  // namespace sextant
