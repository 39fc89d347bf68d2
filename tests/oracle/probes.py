# SPDX-License-Identifier: BSD-3-Clause
"""What both hosts are asked. Each matrix yields (name, build); build(source) makes the packets,
as bytes or as (MAC address, bytes). `whole` asks for everything rather than the usual part."""

import itertools
import struct

from packets import (
    AH, ALL_NODES, CLOSED_PORT, DESTINATION, ESP, FRAGMENT, HOP_BY_HOP, HOST, ICMP6, MOBILITY, NONE,
    OPEN_PORT, ROUTING, TCP, UDP, address, chain, checksum, echo, fragment, fragments, icmp6, ip6,
    option, options, packet, pad, routing, udp)

KINDS = {'hop-by-hop': HOP_BY_HOP, 'destination': DESTINATION}
PLACES = {'unicast': HOST, 'group': ALL_NODES}
LETTERS = {
    'H': lambda: options(HOP_BY_HOP),
    'D': lambda: options(DESTINATION),
    'R': lambda: routing(0, 0),
    'F': lambda: fragment(0, 0, 0x51),
}
DATA = bytes(range(256)) * 260
identification = itertools.count(0x10000)


def with_echo(*parts, destination=HOST, **more):
    return lambda source: [packet(source, *parts, echo(source, destination),
                                  destination=destination, **more)]


def with_udp(*parts, port=CLOSED_PORT, destination=HOST, data=b'sextant!'):
    return lambda source: [packet(source, *parts, udp(source, destination, port, data),
                                  destination=destination)]


def option_types(_whole):
    for (kind, header), (place, to) in itertools.product(KINDS.items(), PLACES.items()):
        for number in range(256):
            one = option(number, bytes(4))
            yield f'{kind}/{place}/{number:#04x}', with_echo(options(header, one), destination=to)
            two = option(1, bytes(4)) + one
            yield f'{kind}/{place}/{number:#04x}/second', with_udp(options(header, two),
                                                                  destination=to)


def option_lengths(whole):
    lengths = range(0, 32) if whole else (0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15)
    for (kind, header), number in itertools.product(KINDS.items(),
                                                    (1, 5, 0x1e, 0x3e, 0xc2, 0xc9, 0x63, 0x8b)):
        for size, length in itertools.product((6, 14, 22), (*lengths, 128, 255)):
            data = (bytes([number, length]) + bytes(size))[:size]
            yield f'{kind}/{number:#04x}/{length}-in-{size}', with_echo(options(header, data))


def padding(_whole):
    for kind, header in KINDS.items():
        for count in range(0, 15):
            yield f'{kind}/pad1-x{count}', with_echo(options(header, bytes(count)))
            yield f'{kind}/padn-{count}', with_echo(options(header, option(1, bytes(count))))
            yield f'{kind}/padn-{count}-not-zero', with_echo(
                options(header, option(1, b'\1' * count)))
            for name, one in (('options', option(5, bytes(2))), ('unknown', option(0x1e))):
                yield f'{kind}/{name}-x{count}', with_echo(options(header, one * count))
        for first, second in itertools.product(range(8), repeat=2):
            yield f'{kind}/pads-{first}-{second}', with_echo(
                options(header, option(1, bytes(first)) + bytes(second)))
            yield f'{kind}/apart-{first}-{second}', with_echo(
                options(header, bytes(first) + option(0x1e) + bytes(second)))


def next_headers(_whole):
    before = {'first': (), 'destination': (options(DESTINATION),),
              'hop-by-hop': (options(HOP_BY_HOP),), 'routing': (routing(0, 0),),
              'atomic': (fragment(0, 0, 7),)}
    # As an extension header the first is a good one; the second is none that ends.
    contents = {'': bytes([NONE, 0, 1, 4, 0, 0, 0, 0]) + DATA[:24], '/broken': DATA[:32]}
    for (place, parts), number, (way, data) in itertools.product(before.items(), range(256),
                                                                 contents.items()):
        yield f'{place}/{number}{way}', lambda source, p=parts, n=number, d=data: [
            packet(source, *p, (n, d))]
    for number, (way, data) in itertools.product(range(256), contents.items()):
        yield f'group/{number}{way}', lambda source, n=number, d=data: [
            packet(source, (n, d), destination=ALL_NODES)]


def header_orders(whole):
    for count in range(1, 6 if whole else 5):
        for letters in itertools.product('HDRF', repeat=count):
            parts = [LETTERS[letter]() for letter in letters]
            yield f'{limit(letters)}/{"-".join(letters)}', with_echo(*parts)
    for count in range(1, 13):
        for letter in 'HDRF':
            parts = [LETTERS[letter]() for _ in range(count)]
            name = f'{limit(letter * count)}/{letter}-x{count}'
            yield name, with_udp(*parts)
            yield f'{name}/group', with_udp(*parts, destination=ALL_NODES)


def limit(letters):
    """Whether there are more headers than Sextant takes (RFC 8504 §5.3)."""
    many = len(letters) > 8 or any(letters.count(letter) > 2 for letter in letters)
    return 'beyond' if many else 'within'


CHAINS = {
    'echo': lambda s: [echo(s)],
    'udp': lambda s: [udp(s)],
    'udp-open': lambda s: [udp(s, port=OPEN_PORT)],
    'hop-by-hop': lambda s: [options(HOP_BY_HOP, option(5, bytes(2))), echo(s)],
    'destination': lambda s: [options(DESTINATION, option(0x1e, bytes(8))), udp(s)],
    'routing': lambda s: [routing(0, 0, bytes(20)), echo(s)],
    'atomic': lambda s: [fragment(0, 0, 5), echo(s)],
    'first': lambda s: [fragment(0, 1, 5), echo(s, data=bytes(16))],
    'bad-option': lambda s: [options(DESTINATION, option(0x9e, bytes(8))), udp(s)],
    'all': lambda s: [options(HOP_BY_HOP), options(DESTINATION), routing(0, 0), fragment(0, 0, 5),
                      options(DESTINATION), udp(s, port=OPEN_PORT)],
}


def truncations(_whole):
    def cut(source, make, size, said):
        data = packet(source, *make(source))
        kept = data[:40 + size]
        return [kept[:4] + struct.pack('!H', said(size, len(data) - 40)) + kept[6:]]

    for name, make in CHAINS.items():
        full = len(packet(bytes(16), *make(bytes(16)))) - 40
        for size in range(full + 1):
            yield f'{name}/{size}-of-{full}', lambda s, m=make, n=size: cut(
                s, m, n, lambda size, full: size)
            yield f'{name}/frame-{size}-of-{full}', lambda s, m=make, n=size: cut(
                s, m, n, lambda size, full: full)
            if size:
                yield f'{name}/said-{size}-of-{full}', lambda s, m=make, n=size, f=full: cut(
                    s, m, f, lambda _size, _full, said=n: said)


def header_lengths(_whole):
    for (kind, header), length in itertools.product((*KINDS.items(), ('routing', ROUTING)),
                                                    range(256)):
        part = (header, bytes([NONE, length]) + b'\1\4' + bytes(4))
        yield f'{kind}/{length}', with_udp(part, data=bytes(200))
    for length in range(170):  # what a frame can hold
        part = (HOP_BY_HOP, bytes([NONE, length]) + option(1, bytes(4)) + bytes(8 * length))
        yield f'whole/{length}', with_udp(part, data=bytes(8))


def routing_headers(whole):
    lefts = (0, 1, 2, 3, 127, 255) if whole else (0, 1, 255)
    for (place, to), number, left in itertools.product(PLACES.items(), range(256), lefts):
        yield f'{place}/{number}/left-{left}', with_echo(routing(number, left), destination=to)
    for number, left, length in itertools.product(range(6), range(6), range(7)):
        data = bytes(4) + (HOST * 4)[:max(0, 8 * length)]
        yield f'lengths/{number}/left-{left}/{length}', with_echo(
            routing(number, left, data[:4 + 8 * length]))


def atomic_fragments(_whole):
    for reserved, low, size in itertools.product((0, 1, 255), range(4), range(0, 20)):
        yield f'reserved-{reserved}/{low}/echo-{size}', lambda s, r=reserved, w=low, n=size: [
            packet(s, fragment(0, 0, 9, r, w), echo(s, data=bytes(n)))]
    for count in range(1, 4):
        for letters in itertools.product('HDRF', repeat=count):
            parts = [LETTERS[letter]() for letter in letters]
            yield f'before-{"".join(letters)}', with_udp(fragment(0, 0, 9), *parts)
    # RFC 6946: an atomic fragment has nothing to do with a queue of the same identification.
    yield 'beside-a-queue', lambda s: [
        fragments(s, echo(s, data=bytes(24))[1], ICMP6, [16], 9)[0],
        packet(s, fragment(0, 0, 9), echo(s, data=b'atomic')),
        fragments(s, echo(s, data=bytes(24))[1], ICMP6, [16], 9)[1]]


def pieces(source, slots, total=4, before=(), number=9):
    """One packet per (begin, end, more), in units of 8 octets of one echo request."""
    message = echo(source, data=DATA[:8 * total - 8])[1]
    return [packet(source, *before, fragment(begin, more, number),
                   (ICMP6, message[8 * begin:8 * end])) for begin, end, more in slots]


def fragment_orders(_whole):
    for total, count in ((4, 2), (6, 3), (8, 4)):
        cuts = [total * i // count for i in range(count + 1)]
        slots = [(b, e, int(e != total)) for b, e in zip(cuts, cuts[1:])]
        for order in itertools.permutations(range(count)):
            name = ''.join(map(str, order))
            for way, before in (('plain', ()), ('hop-by-hop', (options(HOP_BY_HOP),)),
                                ('destination', (options(DESTINATION),)),
                                ('routing', (routing(0, 0),))):
                yield f'{name}/{way}', lambda s, o=order, l=slots, t=total, b=before: pieces(
                    s, [l[i] for i in o], t, b)
            for again in range(count):
                yield f'{name}/again-{again}', lambda s, o=order, l=slots, t=total, a=again: pieces(
                    s, [l[i] for i in (*o[:-1], a, o[-1])], t)
            for gone in range(count):
                yield f'{name}/without-{gone}', lambda s, o=order, l=slots, t=total, g=gone: pieces(
                    s, [l[i] for i in o if i != g], t)
    for size in (0, 1, 7, 8, 9, 1000, 1400, 4000, 20000, 65000, 65519, 65527):
        for kind, build in (('echo', echo), ('udp', udp)):
            if kind == 'udp' and size > 65527 - 8:
                continue
            yield f'{kind}-{size}', lambda s, n=size, b=build, k=kind: fragments(
                s, b(s, data=DATA[:n])[1], ICMP6 if k == 'echo' else UDP,
                range(1232, 8 + n, 1232), 77)


def overlaps(whole):
    """Every sequence of two to four fragments over four units, each with M or without."""
    spans = [(b, e, more) for b in range(4) for e in range(b + 1, 5) for more in (0, 1)
             if (b, more) != (0, 0)]

    for count in (2, 3, 4) if whole else (2, 3):
        for slots in itertools.product(spans, repeat=count):
            text = ','.join(f'{b}-{e}{"m" if more else ""}' for b, e, more in slots)
            yield f'{relation(slots)}/{text}', lambda s, l=slots: pieces(s, l)


def relation(slots):
    """What is the first thing that is special about the fragments: 'inside' is one that brings
    nothing new though it is no exact duplicate, 'length' is two that disagree about the end."""
    held, end, special = [], None, 'apart'
    for begin, stop, more in slots:
        if (begin, stop, more) in held:
            special = 'duplicate'
            continue
        units = {unit for b, e, _ in held for unit in range(b, e)}
        mine = set(range(begin, stop))
        last = max(units, default=-1) + 1
        if end is not None and (stop > end or not more and stop != end) or not more and stop < last:
            held, end, special = [], None, 'length'
            continue
        if mine <= units:
            return 'inside'
        if mine & units:
            return 'overlap'
        end = end if more else stop
        held.append((begin, stop, more))
        if end is not None and len(units | mine) == end:
            held, end = [], None
    return special


def fragment_lengths(_whole):
    for length, more, begin in itertools.product((*range(0, 26), 1231, 1232), (0, 1), (0, 1, 100)):
        for kind, header in (('plain', ()), ('hop-by-hop', (options(HOP_BY_HOP),))):
            yield f'{kind}/{length}-at-{begin}{"m" if more else ""}', \
                lambda s, n=length, m=more, b=begin, h=header: [
                    packet(s, *h, fragment(b, m, 3), (UDP, DATA[:n]))]
    before = {'plain': (), 'hop-by-hop': (options(HOP_BY_HOP),),
              'two': (options(HOP_BY_HOP), options(DESTINATION, bytes(20)))}
    for (kind, header), begin, length, more in itertools.product(
            before.items(), (8188, 8189, 8190, 8191), (1, 6, 7, 8, 9, 16, 24, 1232), (0, 1)):
        yield f'{kind}/edge-{length}-at-{begin}{"m" if more else ""}', \
            lambda s, n=length, m=more, b=begin, h=header: [
                packet(s, *h, fragment(b, m, 3), (UDP, DATA[:n]))]
    # The first fragment's headers make the queued last one too long.
    for length in (1, 7, 8):
        yield f'first-last/{length}', lambda s, n=length: [
            packet(s, fragment(8190, 0, 3), (UDP, DATA[:n])),
            packet(s, options(DESTINATION), options(DESTINATION), fragment(0, 1, 3),
                   (UDP, udp(s, data=DATA[:16])[1]))]


def first_fragments(_whole):
    uppers = {'tcp': TCP, 'udp': UDP, 'icmp6': ICMP6, 'none': NONE, 'esp': ESP, 'ah': AH,
              'mobility': MOBILITY, 'unknown': 253, 'destination': DESTINATION,
              'routing': ROUTING, 'hop-by-hop': HOP_BY_HOP, 'fragment': FRAGMENT}
    behind = {'': (), 'D': (options(DESTINATION),), 'R': (routing(0, 0),),
              'DRD': (options(DESTINATION), routing(0, 0), options(DESTINATION))}
    for (name, upper), (chained, parts), size in itertools.product(
            uppers.items(), behind.items(), (0, 8, 16, 24)):
        yield f'{chained}{name}/{size}', lambda s, u=upper, p=parts, n=size: [
            packet(s, fragment(0, 1, 11), *p, (u, bytes(n)))]
    for length in range(1, 8):
        yield f'long-header/{length}', lambda s, n=length: [
            packet(s, fragment(0, 1, 11), (DESTINATION, bytes([UDP, n, 1, 4]) + bytes(12)))]


def nested_fragments(_whole):
    for outer, inner in itertools.product(('atomic', 'two'), ('atomic', 'first', 'last')):
        def build(source, o=outer, i=inner):
            offset, more = {'atomic': (0, 0), 'first': (0, 1), 'last': (3, 0)}[i]
            kind, data = chain(fragment(offset, more, 22), echo(source, data=bytes(24)))
            cuts = [] if o == 'atomic' else [16]
            return fragments(source, data, kind, cuts, 21)
        yield f'{outer}-{inner}', build
    for kind in ('H', 'D', 'R'):
        def build(source, k=kind):
            header, data = chain(LETTERS[k](), echo(source, data=bytes(24)))
            return fragments(source, data, header, [24], 21)
        yield f'header-{kind}', build


def fragment_ecn(_whole):
    for marks in itertools.product(range(4), repeat=3):
        def build(source, marks=marks):
            made = pieces(source, [(0, 2, 1), (2, 4, 1), (4, 6, 0)], 6)
            return [ip6(source, data[40:], data[6], traffic_class=mark)
                    for data, mark in zip(made, marks)]
        yield '-'.join(map(str, marks)), build


def errors_about_errors(_whole):
    quoted = packet(HOST, udp(HOST, address('fd00:6::1')), destination=address('fd00:6::1'))
    for number, code in itertools.product(range(256), (0, 1, 4)):
        if 130 <= number <= 143:
            continue
        message = lambda s, n=number, c=code: icmp6(s, HOST, n, c, bytes(4) + quoted)
        yield f'type/{number}/{code}', lambda s, m=message: [packet(s, m(s))]
        if code == 0:
            yield f'option/{number}', lambda s, m=message: [
                packet(s, options(DESTINATION, option(0x9e, bytes(2))), m(s))]
            yield f'routing/{number}', lambda s, m=message: [packet(s, routing(9, 1), m(s))]
            yield f'nested/{number}', lambda s, m=message: [
                packet(s, fragment(0, 0, 1), fragment(0, 0, 2), m(s))]
            yield f'unaligned/{number}', lambda s, m=message: [
                packet(s, fragment(0, 1, 1), (ICMP6, m(s)[1][:20]))]
            yield f'timeout/{number}', lambda s, m=message: [
                packet(s, fragment(0, 1, 1), (ICMP6, m(s)[1][:16]))]
            yield f'order/{number}', lambda s, m=message: [
                packet(s, options(DESTINATION), options(HOP_BY_HOP), m(s))]
    for size in range(0, 13):
        for number in (1, 2, 3, 4, 100, 127, 128, 129, 200):
            yield f'short/{number}/{size}', lambda s, n=number, z=size: [
                packet(s, icmp6(s, HOST, n, 0, bytes(z)))]


def echoes(whole):
    for size in range(0, 1453, 1 if whole else 97):
        yield f'size/{size}', lambda s, n=size: [packet(s, echo(s, data=DATA[:n]))]
    for code in range(0, 256, 1 if whole else 51):
        yield f'code/{code}', lambda s, c=code: [packet(s, echo(s, code=c))]
    for name, make in CHAINS.items():
        for place, to in PLACES.items():
            yield f'chain/{name}/{place}', lambda s, m=make, t=to: [
                packet(s, *m(s)[:-1], echo(s, t), destination=t)]
    for wrong in (1, 0x100, 0xffff):
        yield f'checksum/{wrong}', lambda s, w=wrong: [
            packet(s, icmp6(s, HOST, 128, 0, bytes(12), w))]
    for code, size in itertools.product((0, 7), range(0, 4)):
        yield f'short/{code}/{size}', lambda s, c=code, n=size: [
            packet(s, icmp6(s, HOST, 128, c, bytes(n)))]


def datagrams(whole):
    for (port_name, port), (place, to) in itertools.product(
            (('closed', CLOSED_PORT), ('open', OPEN_PORT)), PLACES.items()):
        for size in range(0, 1453, 13 if whole else 121):
            yield f'{port_name}/{place}/{size}', with_udp(port=port, destination=to,
                                                         data=DATA[:size])
        for name, make in CHAINS.items():
            yield f'{port_name}/{place}/chain/{name}', lambda s, m=make, t=to, p=port: [
                packet(s, *m(s)[:-1], udp(s, t, p), destination=t)]
        for length in (*range(0, 20), 100, 65535):
            yield f'{port_name}/{place}/length-{length}', lambda s, t=to, p=port, n=length: [
                packet(s, udp(s, t, p, length=n), destination=t)]
        yield f'{port_name}/{place}/no-checksum', lambda s, t=to, p=port: [
            packet(s, udp(s, t, p, zero=True), destination=t)]
        yield f'{port_name}/{place}/from-port-0', lambda s, t=to, p=port: [
            packet(s, udp(s, t, p, from_port=0), destination=t)]
    yield 'port-0', with_udp(port=0)


def payload_lengths(_whole):
    for number in range(256):
        yield f'zero/{number}', lambda s, n=number: [ip6(s, DATA[:40], n, length=0)]
        yield f'nothing/{number}', lambda s, n=number: [ip6(s, b'', n)]
    for value in (0, 1, 48, 65535, 65536, 1 << 31, (1 << 32) - 1):
        for kind, header in KINDS.items():
            jumbo = options(header, option(0xc2, struct.pack('!I', value)))
            yield f'jumbo/{kind}/{value}', with_echo(jumbo)
            yield f'jumbo/{kind}/{value}/length-0', with_echo(jumbo, length=0)
            yield f'jumbo/{kind}/{value}/fragment', with_echo(jumbo, fragment(0, 0, 1))
            yield f'jumbo/{kind}/{value}/fragment-0', with_echo(jumbo, fragment(0, 0, 1), length=0)
    for size in range(0, 9):
        yield f'jumbo/size-{size}', with_echo(options(HOP_BY_HOP, option(0xc2, bytes(size))))
        yield f'jumbo/size-{size}/length-0', with_echo(
            options(HOP_BY_HOP, option(0xc2, bytes(size))), length=0)
    jumbo = option(0xc2, struct.pack('!I', 65600))
    yield 'jumbo/misaligned', with_echo(options(HOP_BY_HOP, option(1, b'') + jumbo), length=0)
    for parts in (('H',), ('D',), ('F',), ('H', 'F')):
        yield f'zero/chain-{"".join(parts)}', with_echo(
            *[LETTERS[letter]() for letter in parts], length=0)


ADDRESSES = ('::1', '::', 'ff00::1', 'ff01::1', 'ff02::2', 'ff03::1', 'ff05::2', 'ff0e::1',
             '::ffff:10.0.0.1', '::10.0.0.1', 'fe80::9', 'fec0::1', 'fd00:6::3', 'fd00:6::',
             '2001:db8::9', '2002:a00::1', 'ff02::1:ff00:2', 'ff02::1:ff00:3', 'ff02::16')


def fixed_headers(_whole):
    for version in range(16):
        yield f'version/{version}', with_echo(version=version)
    for limit in (0, 1, 2, 255):
        yield f'hop-limit/{limit}', with_echo(hop_limit=limit)
    for number in range(256):
        yield f'class/{number}', with_echo(traffic_class=number)
    for number in (0, 3, 0xb8):
        yield f'class/udp/{number}', lambda s, n=number: [
            packet(s, udp(s), traffic_class=n)]
        yield f'class/open/{number}', lambda s, n=number: [
            packet(s, udp(s, port=OPEN_PORT), traffic_class=n)]
    for label in (1, 0x80000, 0xfffff):
        yield f'label/{label:#x}', with_echo(label=label)
    for text in ADDRESSES:
        to = address(text)
        yield f'to/{text}/echo', with_echo(destination=to)
        yield f'to/{text}/udp', with_udp(destination=to)
        yield f'to/{text}/option', with_echo(options(DESTINATION, option(0x9e, bytes(4))),
                                             destination=to)
        yield f'to/{text}/option-group', with_echo(options(DESTINATION, option(0xde, bytes(4))),
                                                   destination=to)
    # Nobody may be answered: what either host says is a difference by its address.
    for text in ('::', '::1', 'ff02::7', 'ff0e::7', '::ffff:10.0.0.1'):
        origin = address(text)
        yield f'from/{text}/echo', lambda _s, o=origin: [packet(o, echo(o))]
        yield f'from/{text}/udp', lambda _s, o=origin: [packet(o, udp(o))]
        yield f'from/{text}/option', lambda _s, o=origin: [
            packet(o, options(DESTINATION, option(0x9e, bytes(4))), echo(o))]
        yield f'from/{text}/next', lambda _s, o=origin: [packet(o, (253, bytes(8)))]


def link_groups(_whole):
    """Unicast packets inside link-layer multicast and broadcast frames (RFC 4443 §2.4(e.4))."""
    frames = {'all-nodes': b'\x33\x33\0\0\0\1', 'broadcast': b'\xff' * 6,
              'other-group': b'\x33\x33\0\0\x12\x34', 'station': b'\2\0\0\0\x12\x34'}
    for name, mac in frames.items():
        builds = {'echo': with_echo(), 'udp': with_udp(), 'open': with_udp(port=OPEN_PORT),
                  'option': with_echo(options(DESTINATION, option(0x9e, bytes(4)))),
                  'option-group': with_echo(options(DESTINATION, option(0xde, bytes(4)))),
                  'routing': with_echo(routing(9, 1)),
                  'next': lambda s: [packet(s, (253, bytes(8)))]}
        for what, build in builds.items():
            yield f'{name}/{what}', lambda s, b=build, m=mac: [(m, data) for data in b(s)]


def quotes(whole):
    for size in (*range(0, 1400, 7 if whole else 91), *range(1170, 1240)):
        yield f'udp/{size}', with_udp(data=DATA[:size])
        yield f'option/{size}', with_udp(options(DESTINATION, option(0x9e, bytes(4))),
                                         data=DATA[:size])
    for size in (8, 1200, 1224, 1232, 1400):
        yield f'timeout/{size}', lambda s, n=size: [
            packet(s, fragment(0, 1, 1), (UDP, udp(s, data=DATA[:n // 8 * 8 - 8])[1]))]
    for count in (2, 3):
        yield f'reassembled/{count}', lambda s, c=count: fragments(
            s, udp(s, data=DATA[:1200 * c])[1], UDP, range(1232, 1200 * c, 1232), 5)


MATRICES = {
    'option-types': option_types, 'option-lengths': option_lengths, 'padding': padding,
    'next-headers': next_headers, 'header-orders': header_orders, 'truncations': truncations,
    'header-lengths': header_lengths, 'routing': routing_headers, 'atomic': atomic_fragments,
    'fragment-orders': fragment_orders, 'overlaps': overlaps, 'fragment-lengths': fragment_lengths,
    'first-fragments': first_fragments, 'nested-fragments': nested_fragments,
    'fragment-ecn': fragment_ecn, 'errors': errors_about_errors, 'echoes': echoes,
    'datagrams': datagrams, 'payload-lengths': payload_lengths, 'fixed-headers': fixed_headers,
    'link-groups': link_groups, 'quotes': quotes,
}
