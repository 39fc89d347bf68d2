# SPDX-License-Identifier: BSD-3-Clause
"""A reply as its fields, and in short."""

import ipaddress
import struct
from dataclasses import dataclass

from packets import FRAGMENT, ICMP6, TCP, UDP
from wires import checksum_is_right

NAMES = {128: 'echo request', 129: 'echo'}


@dataclass(frozen=True, order=True)
class Reply:
    short: str       # "4/2@42", "1/4", "echo", "udp"
    source: str
    traffic_class: int
    label: int
    hop_limit: int
    rest: bytes      # what follows: the quoted packet, the echo's and the datagram's contents
    sound: bool = True

    def __str__(self):
        return f'{self.short} from {self.source}, class {self.traffic_class}, label ' \
            f'{self.label:#x}, hop limit {self.hop_limit}, {len(self.rest)} octets' \
            f'{"" if self.sound else ", WRONG CHECKSUM"}'


def icmp6_reply(data):
    kind, code = data[40], data[41]
    number = struct.unpack('!I', data[44:48])[0]
    if kind >= 128:
        return NAMES.get(kind, f'icmp6 type {kind}'), data[44:]
    if kind == 4:
        return f'4/{code}@{number}', data[48:]
    return f'{kind}/{code}' + (f'={number}' if number else ''), data[48:]


def reply(data):
    first, = struct.unpack('!I', data[:4])
    kind = data[6]
    sound = True
    if kind == ICMP6:
        short, rest = icmp6_reply(data)
        sound = checksum_is_right(data)
    elif kind == UDP:
        # A tap leaves the checksum to whoever receives the datagram.
        short, rest = 'udp', data[40:46] + data[48:]
    elif kind == TCP:
        short, rest = 'tcp', b''
    else:
        short, rest = f'next header {kind}', data[40:]
    sound = sound and len(data) == 40 + struct.unpack('!H', data[4:6])[0]
    return Reply(short, str(ipaddress.IPv6Address(data[8:24])), first >> 20 & 0xff,
                 first & 0xfffff, data[7], rest, sound)


class Joiner:
    """Replies that come in fragments are put together here; ours are never lost or reordered."""

    def replies(self, packets):
        whole, open_payload = [], b''
        for data in packets:
            if data[6] != FRAGMENT:
                whole.append(reply(data))
                continue
            offset = struct.unpack('!H', data[42:44])[0]
            if offset >> 3 == 0:
                open_payload = b''
            open_payload += data[48:]
            if not offset & 1:
                mended = data[:4] + struct.pack('!HB', len(open_payload) & 0xffff, data[40]) + \
                    data[7:40] + open_payload
                whole.append(reply(mended))
        return sorted(whole)


def in_short(replies):
    return ' + '.join(each.short for each in replies) or 'nothing'


FIELDS = ('source', 'traffic_class', 'label', 'hop_limit', 'rest', 'sound')


def other_fields(ours, theirs):
    """The fields that differ where the kinds of the replies agree."""
    names = {name for one, two in zip(ours, theirs) for name in FIELDS
             if getattr(one, name) != getattr(two, name)}
    return [name for name in FIELDS if name in names]
