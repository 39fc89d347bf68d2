// SPDX-License-Identifier: BSD-3-Clause
// The text of docs/sockets.md, from the two option tables.
// Any thread.
#pragma once

#include <string>

namespace sextant::socket {

std::string SocketOptionsMarkdown();

}  // namespace sextant::socket
