// SPDX-License-Identifier: BSD-3-Clause
// sextant: an IPv6 host as a program: brings up what a configuration says, runs
// commands, shows a prompt, serves until it is told to end.
// Owned by one Core.
#include <cstdio>

#include "console.h"
#include "options.h"
#include "session.h"

namespace sextant {
namespace {

// How long a signal may take to be seen when nothing else happens.
constexpr int64_t kPatience = 50'000'000;

int Fail(const Config& config, const std::string& error) {
  const bool named = config.file.empty() || error.starts_with(config.file);
  const std::string where = named ? "" : config.file + ": ";
  std::fprintf(stderr, "sextant: %s%s\n", where.c_str(), error.c_str());
  return 1;
}

void TellThatItIsUp(Session& session) {
  std::string line;
  for (const std::string& address : UsableAddresses(session.host())) {
    line += (line.empty() ? " " : ", ") + address;
  }
  if (line.empty()) line = " lo ::1 (no other interface; see sextant --help)";
  std::printf("sextant: up:%s\n", line.c_str());
  std::fflush(stdout);
}

// Runs until something ends it; returns the exit status.
int Serve(Session& session, const Options& options) {
  Console console(session);
  bool good = true;
  for (const std::string& command : options.commands) {
    if (session.ended()) break;
    good &= console.Run(command);
  }
  // After commands that were followed by `quit`, their success is what counts.
  if (session.ended()) return good ? 0 : 1;
  if (options.interactive) {
    console.Interact();
  } else {
    while (session.Turn(kPatience)) {
    }
  }
  return 0;
}

int Main(int argc, char** argv) {
  Signals signals;
  Arguments arguments;
  Options options;
  std::string error;
  if (!ParseArguments(argc, argv, arguments, error) ||
      !ParseOptions(arguments.rest, options, error)) {
    return Fail({}, error);
  }
  if (options.help) return std::fputs(Usage().c_str(), stdout) < 0;
  if (options.version) return std::printf("sextant %s\n", std::string(Version()).c_str()) < 0;
  const Config& config = arguments.config;
  if (!StartEal(arguments.eal, error)) return Fail({}, error);
  const auto session = Session::Start(config, signals, error);
  if (!session) return Fail(config, error);
  TellThatItIsUp(*session);
  const int status = Serve(*session, options);
  // A capture that nobody has stopped ends here; that it is complete should be known.
  const bool complete = !session->host().is_capturing() || session->host().StopCapture(error);
  return complete ? status : Fail({}, error);
}

}  // namespace
}  // namespace sextant

int main(int argc, char** argv) { return sextant::Main(argc, argv); }
