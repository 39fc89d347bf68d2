# SPDX-License-Identifier: BSD-3-Clause
"""IPv6 packets made of bytes, fast enough for tens of thousands of them.

A packet is a list of parts behind the IPv6 header: (next header value, bytes without the Next
Header octet's meaning). Each builder returns (its own next header value, bytes); chain() writes
each one's value into the field before it.
"""

import ipaddress
import struct

HOP_BY_HOP, TCP, UDP, ROUTING, FRAGMENT = 0, 6, 17, 43, 44
ESP, AH, ICMP6, NONE, DESTINATION, MOBILITY = 50, 51, 58, 59, 60, 135


def address(text):
    return ipaddress.IPv6Address(text).packed


HOST = address('fd00:6::2')
ALL_NODES = address('ff02::1')
CLOSED_PORT, OPEN_PORT = 4444, 7


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def pseudo(source, destination, length, protocol):
    return source + destination + struct.pack('!II', length, protocol)


def ip6(source, payload, next_header, destination=HOST, length=None, traffic_class=0, label=0,
        hop_limit=64, version=6):
    return struct.pack('!IHBB', version << 28 | traffic_class << 20 | label,
                       len(payload) if length is None else length, next_header, hop_limit) + \
        source + destination + payload


def chain(*parts):
    """(next header of the first, the bytes of all). A part's first octet is its Next Header field,
    but for the last, whose bytes are taken as they are."""
    data = b''
    following = None
    for kind, part in reversed(parts):
        if following is not None:
            part = bytes([following]) + part[1:]
        data = part + data
        following = kind
    return following, data


def pad(data):
    """What makes an options header a multiple of 8 octets: Pad1 or PadN."""
    missing = -(len(data)) % 8
    if missing == 0:
        return data
    return data + (b'\0' if missing == 1 else bytes([1, missing - 2]) + bytes(missing - 2))


def options(kind, content=b'', length=None, fill=True):
    data = b'\0\0' + content
    if fill:
        data = pad(data)
    return kind, bytes([NONE, len(data) // 8 - 1 if length is None else length]) + data[2:]


def option(kind, data=b''):
    return bytes([kind, len(data)]) + data


def routing(kind, left, data=b'\0' * 4, length=None):
    data = data + b'\0' * (-(4 + len(data)) % 8)
    return ROUTING, bytes([NONE, (4 + len(data)) // 8 - 1 if length is None else length, kind,
                           left]) + data


def fragment(offset, more, identification, reserved=0, low=0):
    """offset in octets of 8"""
    return FRAGMENT, struct.pack('!BBHI', NONE, reserved, offset << 3 | low << 1 | more,
                                 identification)


def icmp6(source, destination, kind, code, body, wrong=0):
    data = bytes([kind, code, 0, 0]) + body
    total = checksum(pseudo(source, destination, len(data), ICMP6) + data) ^ wrong
    return ICMP6, data[:2] + struct.pack('!H', total) + data[4:]


def echo(source, destination=HOST, data=b'sextant!', code=0, number=1, kind=128):
    return icmp6(source, destination, kind, code, struct.pack('!HH', 0x5e78, number) + data)


def udp(source, destination=HOST, port=CLOSED_PORT, data=b'sextant!', length=None, from_port=4000,
        zero=False):
    size = 8 + len(data) if length is None else length
    head = struct.pack('!HHHH', from_port, port, size & 0xffff, 0)
    total = checksum(pseudo(source, destination, 8 + len(data), UDP) + head + data) or 0xffff
    return UDP, head[:6] + struct.pack('!H', 0 if zero else total) + data


def packet(source, *parts, destination=HOST, **more):
    kind, data = chain(*parts)
    return ip6(source, data, kind, destination, **more)


def fragments(source, payload, kind, cuts, identification, destination=HOST, before=()):
    """The pieces of a payload, cut at the octets `cuts`."""
    edges = [0, *cuts, len(payload)]
    pieces = []
    for begin, end in zip(edges, edges[1:]):
        head = fragment(begin // 8, int(end != len(payload)), identification)
        pieces.append(packet(source, *before, head, (kind, payload[begin:end]),
                             destination=destination))
    return pieces
