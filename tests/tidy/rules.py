# SPDX-License-Identifier: BSD-3-Clause
"""The rules of the house that a program can check. Each takes a Source and yields (line, what)."""

import re
from dataclasses import dataclass
from typing import Callable

from source import plain

# Who may include whom (docs/architecture.md): foundations first, siblings never.
_FOUNDATION = ('base', 'wire', 'packet', 'core')
_NETWORK = _FOUNDATION + ('iface', 'route')
_PROTOCOLS = ('ip6', 'icmp6', 'nd', 'mld', 'flowlabel', 'udp', 'raw', 'tcp')
MAY_INCLUDE = {
    'include': (),
    'base': (),
    'wire': ('base',),
    'packet': ('base', 'wire'),
    'core': ('base', 'wire', 'packet'),
    'iface': _FOUNDATION,
    'route': _FOUNDATION + ('iface',),
    **{room: _NETWORK for room in _PROTOCOLS},
    'socket': _NETWORK + _PROTOCOLS + ('include',),
    'host': _NETWORK + _PROTOCOLS + ('socket', 'include', 'drivers'),
    'drivers': _FOUNDATION,
    'apps': ('include',),
}
DPDK_ROOMS = ('packet', 'core', 'drivers', 'host', 'apps', 'bench', 'tests')
CLOCK_ROOMS = ('base', 'core', 'drivers')
LOCK_ROOMS = ('base', 'core', 'drivers', 'apps')

# (rule, path): why this file may do what others may not. Keep it short.
EXEMPT = {
    ('no mutable globals', 'stack/host/telemetry.cc'):
        'callbacks of DPDK\'s telemetry have no handle to the hosts of the process',
    ('no locks', 'stack/host/telemetry.cc'):
        'that thread is not ours; taken only when a host starts or ends, or is asked',
    ('no clock calls', 'apps/demo_kernel.cc'):
        'the kernel\'s side of the demo, a process without a stack, times its replies',
    ('no mutable globals', 'stack/host/sx_context.cc'):
        'the C functions of socket.h have no handle to the stack; it lives here',
}

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70
MAX_COLUMNS = 100
MAX_TABLE_COLUMNS = 160  # between `clang-format off` and `clang-format on`

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
_CLOCK = re.compile(
    r'\b(?:rte_rdtsc\w*|_?_rdtscp?|rte_get_(?:tsc|timer|hpet)_cycles|clock_gettime|gettimeofday'
    r'|clock_nanosleep|nanosleep|usleep|rte_delay_\w+|sleep_(?:for|until)|rte_pause'
    r'|(?:steady|system|high_resolution)_clock|absl::Now|epoll_p?wait)\b|(?<![\w.>])time\(')
_RANDOM = re.compile(
    r'\b(?:rte_s?rand\w*|random_device|mt19937\w*|getrandom|getentropy|arc4random\w*|[dlm]rand48'
    r'|BitGen|InsecureBitGen)\b|(?<![\w.>])s?rand(?:om)?\(')
_LOCK = re.compile(r'\b(?:std::(?:\w+_)?mutex|std::atomic\w*|std::lock_guard|std::unique_lock|'
                   r'std::condition_variable|absl::Mutex|rte_spinlock\w*|rte_rwlock\w*|'
                   r'pthread_(?:mutex|cond|rwlock)\w*)\b')
_PER_THREAD = re.compile(r'\b(?:thread_local|__thread|_Thread_local|RTE_DEFINE_PER_LCORE)\b')
_NOT_A_VARIABLE = re.compile(
    r'^(?:using|typedef|static_assert|template|friend|namespace|class|struct|enum|union|asm'
    r'|concept|extern template|requires)\b')
_TODO = re.compile(r'\b(?:TODO|FIXME|XXX|HACK)\b(?!\([a-z][\w.-]*\))')
_ARGUMENT_NAME = re.compile(r'/\*\w+=\*/')
_MACHINE_PATH = re.compile(r'(?<![\w.$}])/(?:work|root|farm|tmp/sx|home/\w+)(?=[/\s"\'`)]|$)')


def room_of_include(path, name):
    """The room an #include "name" leads to, None for what is not ours."""
    parts = name.split('/')
    if parts[0] == 'sextant':
        return 'include'
    if parts[0] == 'stack' and len(parts) > 2:
        return parts[1]
    if parts[0] in MAY_INCLUDE or parts[0] in ('bench', 'tests'):
        return parts[0]
    return None


def includes_follow_the_arrows(source):
    allowed = MAY_INCLUDE.get(source.room)
    if allowed is None:
        if source.path.startswith('stack/'):
            yield 1, f'room {source.room} has no row in MAY_INCLUDE'
        return
    for match in _INCLUDE.finditer(source.text):
        line, name = source.line_at(match.start()), match.group(2)
        target = room_of_include(source.path, name)
        if match.group(1) == '<' and target != 'include':
            continue
        if target is None and len(name.split('/')) > 1 and match.group(1) == '"':
            if name.split('/')[0] not in ('absl', 'gtest', 'gmock', 'benchmark'):
                yield line, f'{name}: unknown folder'
        elif target not in (None, source.room) and target not in allowed:
            yield line, f'{source.room} must not include {target} ({name})'


def dpdk_stays_in_its_rooms(source):
    if source.room in DPDK_ROOMS:
        return
    for match in _INCLUDE.finditer(source.text):
        if match.group(2).startswith('rte_'):
            yield source.line_at(match.start()), f'{match.group(2)} in {source.room}'


def _calls(pattern, source):
    for match in pattern.finditer(source.code):
        yield source.line_at(match.start()), match.group().rstrip('(')


def no_clock_calls(source):
    return () if source.room in CLOCK_ROOMS else _calls(_CLOCK, source)


def no_random_calls(source):
    return () if source.room in CLOCK_ROOMS else _calls(_RANDOM, source)


def no_locks(source):
    return () if source.room in LOCK_ROOMS else _calls(_LOCK, source)


def is_mutable_variable(text, local=False):
    """Whether a declaration (at namespace or class scope, or a local `static`) can change."""
    text = re.sub(r'^(?:(?:__extension__|inline)\s+)+', '', plain(text))
    if _NOT_A_VARIABLE.search(text):
        return False
    declarator = re.split(r'=|\{|\[', text)[0].strip()
    if re.search(r'\bconstexpr\b', declarator):
        return False
    pointer = re.search(r'\(\s*\*\s*(const\b)?', declarator)
    if pointer:
        return not pointer.group(1)
    if '(' in declarator and not local:
        return False  # a function, or a macro
    if '*' in declarator:
        return not re.search(r'\bconst\b', declarator.rsplit('*', 1)[1])
    return not re.search(r'\bconst\b', declarator)


def no_mutable_globals(source):
    for match in _PER_THREAD.finditer(source.code):
        yield source.line_at(match.start()), match.group()
    for statement in source.statements:
        static_member = re.match(r'(?:inline\s+)?static\b', statement.text)
        if statement.scope == 'class' and not static_member:
            continue
        if is_mutable_variable(statement.text):
            yield statement.line, ' '.join(statement.text.split())[:60]
    for function in source.functions:
        for match in re.finditer(r'\bstatic\b[^;={]*', function.body):
            if is_mutable_variable(match.group(), local=True):
                line = function.first_line + function.body.count('\n', 0, match.start())
                yield line, f'{function.name}: {" ".join(match.group().split())[:50]}'


def files_stay_short(source):
    count = len(source.lines)
    if count > MAX_FILE_LINES:
        yield count, f'{count} lines, at most {MAX_FILE_LINES}'


def functions_stay_short(source):
    for function in source.functions:
        if function.lines > MAX_FUNCTION_LINES:
            yield (function.first_line,
                   f'{function.name}: {function.lines} lines, at most {MAX_FUNCTION_LINES}')


def lines_fit(source):
    limit = MAX_COLUMNS
    for number, line in enumerate(source.lines, 1):
        if 'clang-format o' in line:
            limit = MAX_TABLE_COLUMNS if 'clang-format off' in line else MAX_COLUMNS
        if len(line) > limit:
            yield number, f'{len(line)} columns, at most {limit}'


def todos_have_owners(source):
    for line, text in source.comments:
        if _TODO.search(text):
            yield line, text.strip()[:60]


def licence_is_named(source):
    head = source.lines[:3] if not source.is_cpp else source.lines[:1]
    if not any('SPDX-License-Identifier: BSD-3-Clause' in line for line in head):
        yield 1, 'no SPDX line'


def no_block_comments(source):
    for line, text in source.comments:
        if text.startswith('/*') and not _ARGUMENT_NAME.fullmatch(text):
            yield line, text.splitlines()[0][:60]


def no_machine_paths(source):
    for number, line in enumerate(source.lines, 1):
        for match in _MACHINE_PATH.finditer(line):
            yield number, match.group()


@dataclass
class Rule:
    name: str
    where: tuple  # top folders; () = everywhere, documents too
    check: Callable
    cpp_only: bool = True

    def covers(self, source):
        if self.where and source.path.split('/')[0] not in self.where:
            return False
        return source.is_cpp or not self.cpp_only

    def run(self, source):
        if (self.name, source.path) in EXEMPT or not self.covers(source):
            return []
        return [f'{source.path}:{line}: {what}' for line, what in self.check(source)]


_HOUSE = ('stack', 'drivers', 'apps')
_CODE = _HOUSE + ('tests', 'bench', 'tools', '.ci')
RULES = (
    Rule('includes follow the arrows', _HOUSE, includes_follow_the_arrows),
    Rule('DPDK stays in its rooms', _HOUSE, dpdk_stays_in_its_rooms),
    Rule('no clock calls', ('stack', 'apps'), no_clock_calls),
    Rule('no random calls', ('stack', 'apps'), no_random_calls),
    Rule('no locks', ('stack',), no_locks),
    Rule('no mutable globals', _HOUSE, no_mutable_globals),
    Rule('files stay short', _HOUSE, files_stay_short),
    Rule('functions stay short', _HOUSE, functions_stay_short),
    Rule('lines fit', _CODE, lines_fit, cpp_only=False),
    Rule('TODOs have owners', _CODE, todos_have_owners, cpp_only=False),
    Rule('licence is named', _CODE, licence_is_named, cpp_only=False),
    Rule('no block comments', _CODE, no_block_comments),
    Rule('no machine paths', (), no_machine_paths, cpp_only=False),
)
