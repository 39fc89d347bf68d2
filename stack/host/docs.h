// SPDX-License-Identifier: BSD-3-Clause
// Documents that are printed from tables: docs/drops.md and docs/tunables.md.
// Any thread.
#pragma once

#include <string>

namespace sextant {

std::string DropsMarkdown();
std::string TunablesMarkdown();

}  // namespace sextant
