// SPDX-License-Identifier: BSD-3-Clause
// Errno and Result: how socket calls fail. The values are the C library's, so
// that the C facade stores them in errno as they are.
// Any thread.
#pragma once

#include <cerrno>
#include <utility>

#include "base/check.h"

namespace sextant {

enum class Errno : int {
  kOk = 0,
  kPermission = EPERM,
  kNoEntry = ENOENT,
  kNoProcess = ESRCH,
  kInterrupted = EINTR,
  kInputOutput = EIO,
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

// A T, or the Errno why not. Not a variant: two plain members travel in
// registers, which a call per datagram feels.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Errno error) : error_(error) {          // NOLINT(google-explicit-constructor)
    SX_CHECK(error != Errno::kOk);
  }

  bool ok() const { return error_ == Errno::kOk; }
  explicit operator bool() const { return ok(); }
  Errno error() const { return error_; }
  // REQUIRES: ok().
  T& operator*() { return value_; }
  const T& operator*() const { return value_; }
  T* operator->() { return &value_; }
  const T* operator->() const { return &value_; }

 private:
  T value_{};
  Errno error_ = Errno::kOk;
};

}  // namespace sextant
