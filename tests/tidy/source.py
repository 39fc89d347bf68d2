# SPDX-License-Identifier: BSD-3-Clause
"""One source file as the rules see it: code without comments and literals, and its scopes.

This is brace matching, not a compiler. It is right for code in the house style; where it guesses,
it guesses so that a rule complains rather than stays silent.
"""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|R"(?P<delimiter>\w*)\(.*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)
_DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n\\]|\\.|\\\n)*', re.MULTILINE | re.DOTALL)
_LABEL = re.compile(r'^\s*(?:(?:public|private|protected)\s*:)+', re.DOTALL)
_NAMESPACE = re.compile(r'^(?:inline\s+)?namespace\b|^extern\s*"[^"]*"$')
_CLASS = re.compile(r'^(?:typedef\s+|static\s+|const\s+)*(?:class|struct|union)\b')


@dataclass
class Function:
    name: str
    first_line: int
    last_line: int
    body: str

    @property
    def lines(self):
        return self.last_line - self.first_line + 1


@dataclass
class Statement:
    scope: str  # 'namespace' or 'class'
    line: int
    text: str


@dataclass
class Source:
    path: str
    text: str
    code: str = ''
    comments: list = field(default_factory=list)  # (line, text)
    functions: list = field(default_factory=list)
    statements: list = field(default_factory=list)

    def __post_init__(self):
        if self.is_cpp:
            self.code = _TOKEN.sub(self._blank, self.text)
            _Scopes(self).read()
        else:
            self.comments = [(n, line) for n, line in enumerate(self.lines, 1) if '#' in line]

    @property
    def is_cpp(self):
        return self.path.endswith(('.cc', '.h', '.c'))

    @property
    def room(self):
        """The folder that counts for layering: base, wire, ..., drivers, apps, tests, bench."""
        parts = self.path.split('/')
        return parts[1] if parts[0] == 'stack' and len(parts) > 2 else parts[0]

    @property
    def lines(self):
        return self.text.splitlines()

    def line_at(self, offset):
        return self.text.count('\n', 0, offset) + 1

    def _blank(self, match):
        token = match.group()
        if token.startswith('/'):
            self.comments.append((self.line_at(match.start()), token))
            return re.sub(r'[^\n]', ' ', token)
        return token[0] + re.sub(r'[^\n]', ' ', token[1:-1]) + token[-1]


def _balanced_out(text, left, right):
    """text without what stands between balanced left and right."""
    out, depth = [], 0
    for char in text:
        depth += char == left
        if depth == 0:
            out.append(char)
        depth -= char == right and depth > 0
    return ''.join(out)


def plain(text):
    """A declaration without attributes and template arguments, on one line."""
    text = re.sub(r'\[\[.*?\]\]', '', text, flags=re.DOTALL)
    text = re.sub(r'\b(?:alignas|__attribute__|__rte_\w+)\s*\((?:[^()]|\([^()]*\))*\)', '', text)
    text = re.sub(r'\boperator\s*(?:\(\)|[^\s\w(]+)', 'operator', text)
    return ' '.join(_balanced_out(text.replace('->', ' '), '<', '>').split())


class _Scopes:
    """Walks namespaces and classes, noting function definitions and other statements."""

    def __init__(self, source):
        self.source = source
        blank = lambda match: re.sub(r'[^\n]', ' ', match.group())
        self.code = _DIRECTIVE.sub(blank, source.code)
        self.head = 0

    def read(self):
        stack = ['namespace']
        at = 0
        while at < len(self.code):
            char = self.code[at]
            if char == '{':
                kind = self._kind(self.code[self.head:at])
                if kind in ('namespace', 'class'):
                    stack.append(kind)
                    self.head = at + 1
                elif kind == 'function':
                    end = self._closing(at)
                    self._note_function(at, end)
                    at, self.head = end, end + 1
                else:
                    at = self._closing(at)
            elif char == '}':
                if len(stack) > 1:
                    stack.pop()
                self.head = at + 1
            elif char == ';':
                self._note_statement(stack[-1], at)
                self.head = at + 1
            at += 1

    def _kind(self, head):
        head = plain(_LABEL.sub('', head).strip())
        head = re.sub(r'^template\s*', '', head)
        if _NAMESPACE.search(head):
            return 'namespace'
        outer = _balanced_out(head, '(', ')')
        if _CLASS.search(head) and '(' not in head and '=' not in head:
            return 'class'
        if '(' not in head or '=' in outer:
            return 'initializer'
        # A constructor's `: member_{...}` is not its body yet.
        if re.search(r'\(.*\)[^()]*(?<!:):(?!:)', head) and re.search(r'\w$', head):
            return 'initializer'
        return 'function'

    def _closing(self, at):
        depth = 0
        for match in re.compile(r'[{}]').finditer(self.code, at):
            depth += 1 if match.group() == '{' else -1
            if depth == 0:
                return match.start()
        return len(self.code) - 1

    def _begin(self, end):
        text = self.code[self.head:end]
        label = _LABEL.match(text)
        skip = label.end() if label else 0
        return self.head + skip + len(text[skip:]) - len(text[skip:].lstrip())

    def _note_function(self, brace, end):
        begin = self._begin(brace)
        head = plain(self.code[begin:brace])
        name = re.search(r'([\w:~]+)\s*\(', head)
        self.source.functions.append(
            Function(name.group(1) if name else head, self.source.line_at(begin),
                     self.source.line_at(end), self.code[brace:end + 1]))

    def _note_statement(self, scope, end):
        begin = self._begin(end)
        text = self.code[begin:end].strip()
        if text:
            self.source.statements.append(Statement(scope, self.source.line_at(begin), text))
