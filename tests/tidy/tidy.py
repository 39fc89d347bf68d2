#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks that the sources keep the rules of the house. Prints TAP, and on stderr where a rule is
broken; exits 1 then.

usage: tidy.py [--docs-tool PROGRAM] TOP
"""

import argparse
import os
import subprocess
import sys

from planted import PLANTED
from rules import EXEMPT, RULES
from source import Source

FOLDERS = ('stack', 'drivers', 'apps', 'tests', 'bench', 'tools', 'docs', '.ci')
SUFFIXES = ('.cc', '.h', '.c', '.py', '.sh', '.md', '.build')
GENERATED = {'drops': 'docs/drops.md', 'sockets': 'docs/sockets.md', 'tunables': 'docs/tunables.md'}


class Tap:
    """Numbers the results; meson and tests/run count them one by one."""

    def __init__(self):
        self.count = self.failed = 0

    def result(self, name, complaints, skip=''):
        self.count += 1
        self.failed += bool(complaints)
        verdict = 'not ok' if complaints else 'ok'
        print(f'{verdict} {self.count} - {name}' + (f' # SKIP {skip}' if skip else ''))
        sys.stdout.flush()
        for complaint in complaints[:50]:
            print(f'#   {complaint}', file=sys.stderr)

    def finish(self):
        print(f'1..{self.count}')
        return 1 if self.failed else 0


def is_source(path):
    if path.endswith(SUFFIXES):
        return True
    if '.' in os.path.basename(path):
        return False
    with open(path, 'rb') as file:
        return file.read(2) == b'#!'


def read_sources(top):
    paths = [name for name in os.listdir(top) if name.endswith('.md')]
    for folder in FOLDERS:
        for where, folders, names in os.walk(os.path.join(top, folder)):
            folders[:] = sorted(f for f in folders if f != '__pycache__' and f != 'corpus')
            paths += [os.path.relpath(os.path.join(where, name), top) for name in sorted(names)]
    for path in paths:
        if is_source(os.path.join(top, path)):
            with open(os.path.join(top, path), encoding='utf-8') as file:
                yield Source(path, file.read())


def check_rules(tap, sources):
    for rule in RULES:
        covered = [s for s in sources if rule.covers(s) and not is_prose(rule, s)]
        complaints = [complaint for source in covered for complaint in rule.run(source)]
        if not covered:
            complaints = ['no file was checked']
        tap.result(f'{rule.name} ({len(covered)} files)', complaints)


def is_prose(rule, source):
    """Documents and build files have no licence line of their own and wrap as they like."""
    return rule.where and source.path.endswith(('.md', '.build'))


def check_exemptions(tap, sources):
    """An exemption nobody needs any more is taken off the list."""
    paths = {source.path for source in sources}
    known = {rule.name for rule in RULES}
    tap.result('exemptions are in use', [
        f'{rule}: {path}' for rule, path in EXEMPT if path not in paths or rule not in known])


def check_planted(tap):
    for rule in RULES:
        rows = [row for row in PLANTED if row[0] == rule.name]
        complaints = []
        if not any(row[3] for row in rows):
            complaints.append('nothing is planted for this rule')
        for _, path, text, expected in rows:
            found = rule.run(Source(path, text))
            if len(found) != expected:
                complaints.append(f'{expected} expected, found {found} in {path}: {text[:70]!r}')
        tap.result(f'planted: {rule.name} ({len(rows)} rows)', complaints)


def stale(path, printed, stored):
    """Says which line of a generated document no longer matches its table."""
    for number, (new, old) in enumerate(zip(printed + [None], stored + [None]), 1):
        if new != old:
            return [f'{path}:{number}: generated {new!r}, stored {old!r}']
    return []


def check_generated(tap, top, tool):
    tap.result('planted: generated documents', [] if stale('x', ['a', 'b'], ['a']) and
               stale('x', ['a'], ['a', 'b']) and not stale('x', ['a'], ['a']) else ['unseen'])
    for what, path in GENERATED.items():
        name = f'{path} is up to date'
        if not tool or not os.access(tool, os.X_OK):
            tap.result(name, [], skip='the program that prints it is not built')
            continue
        run = subprocess.run([tool, what], capture_output=True, text=True, check=False)
        stored = os.path.join(top, path)
        if run.returncode != 0 or not os.path.exists(stored):
            tap.result(name, [f'{tool} {what}: exit {run.returncode} {run.stderr.strip()}'
                              if run.returncode else f'{path} is missing'])
            continue
        with open(stored, encoding='utf-8') as file:
            tap.result(name, stale(path, run.stdout.splitlines(), file.read().splitlines()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--docs-tool', default='')
    parser.add_argument('top')
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding='utf-8')
    tap = Tap()
    sources = list(read_sources(options.top))
    check_rules(tap, sources)
    check_exemptions(tap, sources)
    check_planted(tap)
    check_generated(tap, options.top, options.docs_tool)
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
