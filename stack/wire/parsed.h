// SPDX-License-Identifier: BSD-3-Clause
// Parsed<T>: a T, or the DropReason why there is none.
// Any thread.
#pragma once

#include <optional>

#include "base/drop_reason.h"

namespace sextant::wire {

template <typename T>
class Parsed {
 public:
  constexpr Parsed(T value) : value_(value) {}              // NOLINT(google-explicit-constructor)
  constexpr Parsed(DropReason reason) : reason_(reason) {}  // NOLINT(google-explicit-constructor)

  constexpr explicit operator bool() const { return value_.has_value(); }
  constexpr DropReason reason() const { return reason_; }
  constexpr const T& operator*() const { return *value_; }
  constexpr const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  DropReason reason_ = DropReason::kNone;
};

}  // namespace sextant::wire
