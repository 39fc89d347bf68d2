// SPDX-License-Identifier: BSD-3-Clause
// sextant-docs: prints the documents that are made from tables.
// Any thread.
#include <cstdio>
#include <string>
#include <string_view>

#include "host/docs.h"
#include "socket/docs.h"

int main(int argc, char** argv) {
  struct Document {
    std::string_view name;
    std::string (*print)();
  };
  constexpr Document kDocuments[] = {{"drops", sextant::DropsMarkdown},
                                     {"sockets", sextant::socket::SocketOptionsMarkdown},
                                     {"tunables", sextant::TunablesMarkdown}};
  for (const Document& document : kDocuments) {
    if (argc == 2 && document.name == argv[1]) {
      return std::fputs(document.print().c_str(), stdout) < 0 ? 1 : 0;
    }
  }
  std::fputs("usage: sextant-docs drops|sockets|tunables\n", stderr);
  return 2;
}
