#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The kernel as oracle: the same packets go to this machine's kernel and to `sextant`, and their
replies are compared field by field. What differs must be a row of differences.tsv.

usage: oracle.py [--long] [--list] SEXTANT [MATRIX...]
       oracle.py --document > docs/oracle.md

Run it inside a network namespace, as tests/system/run does. One line per matrix. Each probe has a
source address, so a /64, of its own: replies tell by it what they answer, and neither host's limits
per destination matter. --list prints every difference, with the row that allows it.
Exit status: 0, or 3 when there are differences without a reason.
"""

import argparse
import os
import sys
import tempfile
import time

from differences import Table, document
from packets import address, echo, packet
from probes import MATRICES
from replies import Joiner, in_short, other_fields
from wires import FRAGMENT_SECONDS, KernelWire, StackWire, group_mac

BATCH = 32
PATIENCE = 20  # seconds until a host that says nothing is taken for dead
AGAIN = 500  # probes that are sent a second time at most
DIFFERS = 3  # the exit status when there are differences without a reason
FINISHED = 0xffff


def source_of(number):
    return address(f'2001:db8:{number >> 16:x}:{number & 0xffff:x}::1')


class Probe:
    def __init__(self, name, number, build):
        self.name = name
        self.build = build
        self.renew(number)

    def renew(self, number):
        self.source = source_of(number)
        self.packets, self.macs = [], []
        for made in self.build(self.source):
            mac, data = made if isinstance(made, tuple) else (None, made)
            if mac is None and data[24] == 0xff:
                mac = group_mac(data[24:40])
            self.packets.append(data)
            self.macs.append(mac)


def exchange(wires, probes, first_marker):
    """Sends all probes to both; batch by batch, so that no queue overflows."""
    marker = first_marker
    for begin in range(0, len(probes), BATCH):
        marker += 1
        source = address(f'2001:db8:{FINISHED:x}:{marker:x}::1')
        end = packet(source, echo(source, data=b'end'))
        for wire in wires:
            for probe in probes[begin:begin + BATCH]:
                wire.send(probe.packets, probe.macs)
                wire.drain()
            wire.send([end], [None])
            if not wire.gather(PATIENCE, source):
                raise RuntimeError(f'{type(wire).__name__} fell silent near {probes[begin].name}')
    return marker


def compare(probe, kernel, stack):
    """None where both say the same, else (kernel, stack) as differences.tsv writes it."""
    theirs = Joiner().replies(kernel.replies.get(probe.source, []))
    ours = Joiner().replies(stack.replies.get(probe.source, []))
    if theirs == ours and all(each.sound for each in ours):
        return None
    one, two = in_short(theirs), in_short(ours)
    detail = [f'kernel: {", ".join(map(str, theirs)) or "nothing"}',
              f'stack:  {", ".join(map(str, ours)) or "nothing"}']
    if one == two:
        fields = ','.join(other_fields(ours, theirs)) or 'checksum'
        return one, f'{two} but for {fields}', detail
    return one, two, detail


def judge(matrix, probes, kernel, stack, table, options):
    unexplained, allowed = [], 0
    for probe in probes:
        difference = compare(probe, kernel, stack)
        if difference is None:
            continue
        row = table.find(probe.name, *difference[:2])
        if row is None:
            unexplained.append((probe.name, *difference))
        allowed += row is not None
        if options.list:
            print(f'#   {probe.name}\t{difference[0]}\t{difference[1]}\t'
                  f'{row.id if row else "NO ROW"}')
    answered = sum(probe.source in kernel.replies for probe in probes)
    title = f'{matrix}: {len(probes)} probes, {answered} answered by the kernel, ' \
        f'{allowed} intended differences'
    print(f'ok - {title}' if not unexplained else
          f'not ok - {title}, {len(unexplained)} unexplained', flush=True)
    for name, one, two, detail in unexplained[:8]:
        print(f'#   {name}: kernel {one}, stack {two}', *detail, sep='\n#     ')
    return not unexplained


def strays(wires):
    """Replies to nobody's probe: to addresses that must not be answered."""
    ours = address('2001:db8::')[:4]
    said = [{destination for destination in wire.replies if destination[:4] != ours}
            for wire in wires]
    extra = said[1] - said[0]
    print('ok - nobody else is answered' if not extra else
          f'not ok - the stack answers {len(extra)} that sent nothing answerable: '
          f'{[each.hex() for each in sorted(extra)[:5]]}')
    return not extra


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--long', action='store_true')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--document', action='store_true')
    parser.add_argument('program', nargs='?')
    parser.add_argument('matrices', nargs='*')
    return parser.parse_args()


def wait_for_timeouts(wires):
    """What is incomplete is told when its time is over."""
    end = time.monotonic() + FRAGMENT_SECONDS + 1
    while time.monotonic() < end:
        for wire in wires:
            wire.gather(0.1)


def is_unexplained(probe, kernel, stack, table):
    difference = compare(probe, kernel, stack)
    return difference is not None and table.find(probe.name, *difference[:2]) is None


def ask_all(kernel, stack, table, matrices, whole):
    """The probes by matrix, all answered."""
    wires, groups, number, marker = (kernel, stack), {}, 0, 0
    for matrix in matrices or MATRICES:
        groups[matrix] = []
        for name, build in MATRICES[matrix](whole):
            number += 1
            groups[matrix].append(Probe(f'{matrix}/{name}', number, build))
        marker = exchange(wires, groups[matrix], marker)
    wait_for_timeouts(wires)
    # A machine under load may lose a frame, or be late by seconds: a difference must come twice.
    again = [probe for probes in groups.values() for probe in probes
             if is_unexplained(probe, kernel, stack, table)]
    if 0 < len(again) <= AGAIN:
        print(f'# {len(again)} probes are sent again')
        for probe in again:
            number += 1
            probe.renew(number)
        exchange(wires, again, marker)
        wait_for_timeouts(wires)
    return groups


def main():
    options = arguments()
    if options.document:
        print(document(MATRICES), end='')
        return 0
    whole = options.long or bool(os.environ.get('SX_LONG'))
    table = Table.read()
    folder = tempfile.mkdtemp(prefix='oracle.', dir=os.environ.get('SX_WORK'))
    begin = time.monotonic()
    stack = StackWire(options.program, folder)
    try:
        kernel = KernelWire(stack.mac)
        groups = ask_all(kernel, stack, table, options.matrices, whole)
        good = [judge(matrix, probes, kernel, stack, table, options)
                for matrix, probes in groups.items()]
        good.append(strays((kernel, stack)))
        unused = table.unused() if whole and not options.matrices else []
        if unused:
            print(f'not ok - rows of differences.tsv that nothing needs: {unused}')
        print(f'# {sum(map(len, groups.values()))} probes, {time.monotonic() - begin:.1f} s')
        return 0 if all(good) and not unused else DIFFERS
    finally:
        stack.close()


if __name__ == '__main__':
    sys.exit(main())
