#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Counts the single test cases behind one `meson test`, from its testlog.json.

Prints `# ...` lines about what failed, and last `PASSED FAILED SKIPPED`. GoogleTest and TAP
programs count case by case, other programs as one. A program that fails without a failed case (a
crash, a leak, a time-out) is one failure more; so is a log that is not there.

usage: count.py TESTLOG
"""

import json
import re
import sys

_GTEST = re.compile(
    r'\[ *(OK|FAILED|SKIPPED) *\] ([^\s,]+)(?:, where [^\n]*)? \(\d+ ms\)$', re.MULTILINE)
_TAP = re.compile(r'^(ok|not ok) \d+(?: - ([^#\n]*))?(# SKIP)?', re.MULTILINE | re.IGNORECASE)


def cases(output):
    """Pairs (name, 'OK' | 'FAILED' | 'SKIPPED')."""
    if '[==========]' in output:
        return [(name, verdict) for verdict, name in _GTEST.findall(output)]
    return [(name.strip(), 'SKIPPED' if skip else 'OK' if verdict == 'ok' else 'FAILED')
            for verdict, name, skip in _TAP.findall(output)]


def judge(test):
    """The cases of one program, and itself when it says more than they do."""
    found = cases(test.get('stdout') or '')
    result = test['result']
    if result in ('OK', 'EXPECTEDFAIL'):
        if not found and '[==========]' not in (test.get('stdout') or ''):
            found = [(test['name'], 'OK')]
    elif result == 'SKIP':
        found = found or [(test['name'], 'SKIPPED')]
    elif not any(verdict == 'FAILED' for _, verdict in found):
        found.append((f'{test["name"]} ended with {result} ({test.get("returncode")})', 'FAILED'))
    return found


def main():
    totals = {'OK': 0, 'FAILED': 0, 'SKIPPED': 0}
    try:
        with open(sys.argv[1], encoding='utf-8') as file:
            tests = [json.loads(line) for line in file if line.strip()]
    except OSError as error:
        print(f'# no test log: {error}')
        tests, totals['FAILED'] = [], 1
    for test in tests:
        for name, verdict in judge(test):
            totals[verdict] += 1
            if verdict != 'OK':
                print(f'# {verdict} {test["name"]}: {name}')
    print(totals['OK'], totals['FAILED'], totals['SKIPPED'])


if __name__ == '__main__':
    main()
