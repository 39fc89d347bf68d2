// SPDX-License-Identifier: BSD-3-Clause
// The keys of a configuration's sections, and of the short form of an
// interface, one row each: from text to a field of Config.
// Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sextant/config.h"

namespace sextant {

// Each sets one key and returns why it cannot, or nothing.
std::string SetStackKey(Config& config, std::string_view key, const std::string& value);
std::string SetInterfaceKey(InterfaceConfig& interface, std::string_view key,
                            const std::string& value);
std::string SetEngineKey(EngineConfig& engine, std::string_view key, const std::string& value);
std::string SetTunableKey(Config& config, std::string_view key, const std::string& value);

// Whether a key may be given several times, each time adding to its list.
bool IsListKey(std::string_view key);

// "; did you mean NAME?" when one of the names is nearly the same; else nothing.
std::string DidYouMean(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace sextant
