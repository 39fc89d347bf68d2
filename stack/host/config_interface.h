// SPDX-License-Identifier: BSD-3-Clause
// What one interface of a configuration must keep to, apart from the others.
// Any thread.
#pragma once

#include <string>

#include "core/tunables.h"
#include "sextant/config.h"

namespace sextant {

// "key: reason"; empty when all is well.
std::string CheckInterface(const InterfaceConfig& interface);

// Two tunables that contradict each other, as "name: reason"; empty when none do.
std::string FindContradiction(const Tunables& tunables);

}  // namespace sextant
