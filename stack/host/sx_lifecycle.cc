// SPDX-License-Identifier: BSD-3-Clause
// sx_init, sx_fini, sx_run, sx_setcred: the stack as such.
// Owned by one Core.
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>

#include "host/parts.h"
#include "host/sx_context.h"
#include "sextant/socket.h"

namespace sextant {
namespace {

// Between two calls of loop() in sx_run(), when nothing happens.
constexpr Duration kLoopPatience = Duration::Milliseconds(1);

int Fail(int reason, const std::string& line) {
  std::fprintf(stderr, "sextant: %s\n", line.c_str());
  errno = reason;
  return -1;
}

// capget(2): what the kernel lets this process do.
uint32_t KernelPrivileges() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) != 0) return 0;
  return data[0].effective;
}

socket::Credentials OwnCredentials(CredentialMode mode) {
  socket::Credentials own;
  own.pid = getpid();
  own.user = geteuid();
  if (mode == CredentialMode::kAll) return own;
  const uint32_t held = KernelPrivileges();
  own.net_bind = (held & 1U << CAP_NET_BIND_SERVICE) != 0;
  own.net_admin = (held & 1U << CAP_NET_ADMIN) != 0;
  own.net_raw = (held & 1U << CAP_NET_RAW) != 0;
  return own;
}

std::unique_ptr<Context> Start(const Arguments& arguments, std::string& error) {
  if (!arguments.config.engines.empty()) {
    error = "[engine " + arguments.config.engines.front().name +
            "]: traffic engines belong to the program `sextant`; sx_init() runs none";
    return nullptr;
  }
  if (!EalIsUp()) {
    if (!StartEal(arguments.eal, error)) return nullptr;
    SetEalIsUp();
  }
  auto host = Host::Create(arguments.config, error);
  if (!host || !host->WaitForAddresses(error)) return nullptr;
  auto context = std::make_unique<Context>(std::move(host));
  context->layer().set_caller(OwnCredentials(arguments.config.credentials));
  return context;
}

// Moves the arguments in `rest`, which are some of argv's in their order,
// behind all others, argv[0] in front of them. Returns how many the others are.
int MoveBehind(const std::vector<std::string>& rest, int argc, char** argv) {
  std::vector<char*> used;
  std::vector<char*> unused;
  for (int i = 1; i < argc; ++i) {
    const bool ours = unused.size() == rest.size() || rest[unused.size()] != argv[i];
    (ours ? used : unused).push_back(argv[i]);
  }
  char* const program = argc > 0 ? argv[0] : nullptr;
  char** out = std::ranges::copy(used, argv).out;
  if (argc > 0) *out++ = program;
  std::ranges::copy(unused, out);
  return static_cast<int>(used.size());
}

}  // namespace
}  // namespace sextant

using sextant::Context;
using sextant::CurrentContext;
using sextant::Errno;
using sextant::Return;

int sx_init(int argc, char** argv) {
  using namespace sextant;  // NOLINT(google-build-using-namespace)
  if (CurrentContext() != nullptr) return Fail(EALREADY, "sx_init: called twice");
  Arguments arguments;
  std::string error;
  if (!ParseArguments(argc, argv, arguments, error)) return Fail(EINVAL, error);
  std::unique_ptr<Context> context = Start(arguments, error);
  if (!context) return Fail(EINVAL, error);
  SetCurrentContext(std::move(context));
  return MoveBehind(arguments.rest, argc, argv);
}

void sx_fini() {
  if (CurrentContext() != nullptr) sextant::SetCurrentContext(nullptr);
}

int sx_run(sx_loop* loop, void* argument) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  if (loop == nullptr || context->in_loop) return Return(Errno::kInvalid);
  int done = 0;
  while (done == 0) {
    // What loop() has sent leaves without a sleep before it.
    static_cast<void>(
        context->Poll(context->TakeHasSent() ? sextant::Duration() : sextant::kLoopPatience));
    context->in_loop = true;
    done = loop(argument);
    // loop() may have called sx_fini().
    if (CurrentContext() != context) return done;
    context->in_loop = false;
  }
  context->Sent(0);
  return done;
}

int sx_setcred(const sx_cred* credentials) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  if (credentials == nullptr) return Return(Errno::kFault);
  const unsigned privileges = credentials->privileges;
  if ((privileges & ~SX_CAP_ALL) != 0) return Return(Errno::kInvalid);
  context->layer().set_caller({.pid = credentials->pid,
                               .user = credentials->uid,
                               .net_raw = (privileges & SX_CAP_NET_RAW) != 0,
                               .net_admin = (privileges & SX_CAP_NET_ADMIN) != 0,
                               .net_bind = (privileges & SX_CAP_NET_BIND) != 0});
  return 0;
}
