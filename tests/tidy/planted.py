# SPDX-License-Identifier: BSD-3-Clause
"""Planted violations: every rule must see its own, and must leave the innocent ones alone.

Rows: (rule, path, text, number of complaints expected).
"""

_UNOWNED = 'TO' + 'DO'
_HOME = '/ro' + 'ot/x'
_OFF, _ON = '// clang-' 'format off\n', '// clang-' 'format on\n'
_LONG_BODY = 'void F() {\n' + '  G();\n' * 70 + '}\n'

PLANTED = (
    ('includes follow the arrows', 'stack/udp/a.cc', '#include "nd/cache.h"\n', 1),
    ('includes follow the arrows', 'stack/udp/a.cc', '#include "core/core.h"\n', 0),
    ('includes follow the arrows', 'stack/base/a.h', '#include "wire/ipv6.h"\n', 1),
    ('includes follow the arrows', 'stack/iface/a.h', '#include "route/table.h"\n', 1),
    ('includes follow the arrows', 'stack/route/a.h', '#include "iface/interface.h"\n', 0),
    ('includes follow the arrows', 'stack/socket/a.h', '#include "drivers/tap/tap.h"\n', 1),
    ('includes follow the arrows', 'stack/host/a.h', '#include "drivers/tap/tap.h"\n', 0),
    ('includes follow the arrows', 'drivers/tap/a.cc', '#include "iface/interface.h"\n', 1),
    ('includes follow the arrows', 'apps/a.cc', '#include "socket/table.h"\n', 1),
    ('includes follow the arrows', 'apps/a.cc', '#include "sextant/host.h"\n', 0),
    ('includes follow the arrows', 'stack/udp/a.cc', '#include "mystery/a.h"\n', 1),
    ('includes follow the arrows', 'stack/attic/a.cc', 'int F();\n', 1),
    ('DPDK stays in its rooms', 'stack/udp/a.cc', '#include <rte_mbuf.h>\n', 1),
    ('DPDK stays in its rooms', 'stack/packet/a.cc', '#include <rte_mbuf.h>\n', 0),
    ('no clock calls', 'stack/nd/a.cc', 'void F() { auto t = rte_rdtsc(); }\n', 1),
    ('no clock calls', 'stack/nd/a.cc', 'auto t = std::chrono::steady_clock::now();\n', 1),
    ('no clock calls', 'stack/nd/a.cc', 'void F() { clock_gettime(0, p); time(nullptr); }\n', 2),
    ('no clock calls', 'stack/nd/a.cc', 'void F() { reachable_time(x); sx_epoll_wait(); }\n', 0),
    ('no clock calls', 'stack/nd/a.cc', '// unlike clock_gettime\n', 0),
    ('no clock calls', 'stack/base/a.cc', 'void F() { clock_gettime(0, p); }\n', 0),
    ('no random calls', 'stack/nd/a.cc', 'int F() { return rand() + rte_rand(); }\n', 2),
    ('no random calls', 'stack/nd/a.cc', 'std::random_device d;\n', 1),
    ('no random calls', 'stack/nd/a.cc', 'int F() { return core.rng().random(); }\n', 0),
    ('no locks', 'stack/udp/a.h', 'struct A { std::mutex m; std::atomic<int> a; };\n', 2),
    ('no locks', 'stack/core/a.h', 'struct A { std::atomic<int> a; };\n', 0),
    ('no mutable globals', 'stack/nd/a.cc', 'namespace x {\nint g_count = 0;\n}\n', 1),
    ('no mutable globals', 'stack/nd/a.cc', 'namespace {\nstd::array<int, 3> g{};\n}\n', 1),
    ('no mutable globals', 'stack/nd/a.cc', 'const char* g_name = "x";\n', 1),
    ('no mutable globals', 'stack/nd/a.cc', 'void (*g_hook)(int) = nullptr;\n', 1),
    ('no mutable globals', 'stack/nd/a.h', 'struct A {\n  inline static int n = 0;\n};\n', 1),
    ('no mutable globals', 'stack/nd/a.cc', 'int F() {\n  static int n;\n  return ++n;\n}\n', 1),
    ('no mutable globals', 'stack/nd/a.cc', 'int F() {\n  static Foo foo(1);\n}\n', 1),
    ('no mutable globals', 'stack/nd/a.cc', 'thread_local const int kX = 1;\n', 1),
    ('no mutable globals', 'stack/host/sx_context.cc', 'Context* g_context = nullptr;\n', 0),
    ('no mutable globals', 'stack/nd/a.cc',
     'constexpr int kA = 1;\nconst char* const kB = "b";\ninline constexpr Row kC[] = {{1}, {2}};\n'
     'static int F(int x = 1);\n__extension__ using T = int;\nstruct S;\nenum class E { a };\n'
     'extern "C" {\n'
     'int G(void);\n}\ntemplate <typename T> constexpr T kD = T{};\nclass A {\n public:\n'
     '  static constexpr int kE = 1;\n  static A Make();\n  explicit A(int a) : a_{a} { H(); }\n'
     ' private:\n  int a_ = 0;\n};\nint F(int) {\n  static constexpr int kT[] = {1};\n'
     '  static const Foo kFoo(1);\n  return kT[0];\n}\n', 0),
    ('files stay short', 'stack/nd/a.cc', '\n' * 501, 1),
    ('files stay short', 'stack/nd/a.cc', '\n' * 500, 0),
    ('functions stay short', 'stack/nd/a.cc', 'namespace a {\n' + _LONG_BODY + '}\n', 1),
    ('functions stay short', 'stack/nd/a.cc',
     'A::A(int a)\n    : a_{a}, b_{2} {\n' + '  G();\n' * 70 + '}\n', 1),
    ('functions stay short', 'stack/nd/a.h', 'class A {\n public:\n  ' + _LONG_BODY + '};\n', 1),
    ('functions stay short', 'stack/nd/a.cc', 'void F() {\n' + '  G();\n' * 68 + '}\n', 0),
    ('functions stay short', 'stack/nd/a.cc', 'const R kT[] = {\n' + '  {1},\n' * 90 + '};\n', 0),
    ('lines fit', 'tests/a.py', 'x' * 101 + '\n', 1),
    ('lines fit', 'stack/nd/a.cc', '§' * 100 + '\n', 0),
    ('lines fit', 'stack/nd/a.cc', f'{_OFF}{"x" * 160}\n{_ON}{"x" * 101}\n', 1),
    ('TODOs have owners', 'stack/nd/a.cc', f'// {_UNOWNED}: later\n', 1),
    ('TODOs have owners', 'stack/nd/a.cc', f'// {_UNOWNED}(ada): RFC 8106\n', 0),
    ('licence is named', 'stack/nd/a.cc', '#include <x>\n', 1),
    ('licence is named', 'tools/a.sh', '#!/bin/sh\n# SPDX-License-Identifier: BSD-3-Clause\n', 0),
    ('no block comments', 'stack/nd/a.h', 'int F(); /* why */\n', 1),
    ('no block comments', 'stack/nd/a.cc', 'int a = F(/*count=*/3);\n', 0),
    ('no block comments', 'stack/nd/a.h', 'const char k[] = "/* no */";  // yes\n', 0),
    ('no machine paths', 'docs/a.md', f'see {_HOME}\n', 1),
    ('no machine paths', 'docs/a.md', 'see docs/work/root.md\n', 0),
)
