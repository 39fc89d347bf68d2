// SPDX-License-Identifier: BSD-3-Clause
// ConfigText: the sections of an INI file, read so that nothing in it is
// passed over in silence.
// Any thread.
#pragma once

#include <string>
#include <vector>

namespace sextant {

struct ConfigEntry {
  std::string key;
  std::string value;
};

struct ConfigSection {
  std::string name;  // between the brackets
  std::vector<ConfigEntry> entries;
};

// On failure returns false, and `error` is "FILE: line N: reason".
bool ReadConfigText(const std::string& path, std::vector<ConfigSection>& sections,
                    std::string& error);

}  // namespace sextant
