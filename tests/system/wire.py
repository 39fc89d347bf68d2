#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sends frames made by hand to the stack and looks at what comes back; one line per check.

usage: wire.py TAP HOST PEER

PEER is an address the kernel has on the tap but does not use by itself: so the kernel answers when
the stack solicits it, and what the stack sends to it is an answer to frames from here.
"""

import logging
import socket
import sys
import time
import zlib

logging.getLogger('scapy').setLevel(logging.ERROR)
from scapy.all import (  # noqa: E402
    Ether, ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS,
    ICMPv6ND_RS, ICMPv6NDOptDstLLAddr, ICMPv6NDOptSrcLLAddr, ICMPv6ParamProblem, IPv6, Raw, UDP,
    get_if_hwaddr, in6_getnsma, in6_getnsmac, in6_mactoifaceid, inet_ntop, inet_pton)

TAP, HOST, PEER = sys.argv[1:4]
PATIENCE = 0.4  # seconds a silence must last
OTHER = 'fd00:6::99'


class Wire:
    """A packet socket on the tap: frames out, the stack's frames back."""

    def __init__(self):
        self.mac = get_if_hwaddr(TAP)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.bind((TAP, 0))

    def exchange(self, frame, wanted, patience=PATIENCE):
        """The first frame from the stack for which wanted() holds, None when there is none."""
        self.socket.settimeout(0)
        try:
            while self.socket.recv(65536):
                pass
        except OSError:
            pass
        self.socket.send(bytes(frame))
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data, where = self.socket.recvfrom(65536)
            except OSError:
                break
            if where[2] == socket.PACKET_OUTGOING:
                continue
            answer = Ether(data)
            if answer.src != self.mac and IPv6 in answer and wanted(answer):
                return answer
        return None


wire = Wire()


def solicit_host():
    solicitation = Ether(src=wire.mac, dst=in6_getnsmac(in6_getnsma(inet_pton(10, HOST)))) / \
        IPv6(src=PEER, dst=inet_ntop(10, in6_getnsma(inet_pton(10, HOST))), hlim=255) / \
        ICMPv6ND_NS(tgt=HOST) / ICMPv6NDOptSrcLLAddr(lladdr=wire.mac)
    return wire.exchange(solicitation, lambda f: ICMPv6ND_NA in f, 3)


first = solicit_host()
if first is None:
    print('not ok - the stack answers a neighbor solicitation')
    sys.exit(0)
MAC = first.src
LINK_LOCAL = 'fe80::' + in6_mactoifaceid(MAC)


def ether(dst=MAC):
    return Ether(src=wire.mac, dst=dst)


def ip(dst=HOST, src=PEER, **more):
    return ether() / IPv6(src=src, dst=dst, **more)


def echo(number, data=b'sextant', **more):
    return ICMPv6EchoRequest(id=0x5e78, seq=number, data=data, **more)


def solicitation(src=PEER, dst=None, target=HOST, hop_limit=255, option=True, **more):
    group = inet_ntop(10, in6_getnsma(inet_pton(10, target)))
    frame = Ether(src=wire.mac, dst=in6_getnsmac(inet_pton(10, group)) if dst is None else MAC) / \
        IPv6(src=src, dst=dst or group, hlim=hop_limit) / ICMPv6ND_NS(tgt=target, **more)
    return frame / ICMPv6NDOptSrcLLAddr(lladdr=wire.mac) if option else frame


def report(name, good, why=''):
    print(f'ok - {name}' if good else f'not ok - {name}\n#   {why}', flush=True)


def pseudo_sum(packet):
    """The sum of the UDP pseudo-header (RFC 8200 §8.1), not complemented."""
    data = bytes(packet)[8:40] + packet.plen.to_bytes(4, 'big') + (17).to_bytes(4, 'big')
    total = sum(int.from_bytes(data[i:i + 2], 'big') for i in range(0, len(data), 2))
    while total > 0xffff:
        total = (total >> 16) + (total & 0xffff)
    return total


def sums_agree(frame):
    """Whether scapy computes the same checksum as the frame carries. A tap's virtio-net header
    lets UDP leave with the pseudo-header's sum only: the receiver's side would finish it."""
    if UDP in frame and frame[UDP].chksum == pseudo_sum(frame[IPv6]):
        return True
    copy = frame[IPv6].copy()
    layer = UDP if UDP in copy else copy.payload.__class__
    stored = copy[layer].chksum if layer is UDP else copy[layer].cksum
    if layer is UDP:
        del copy[layer].chksum
    else:
        del copy[layer].cksum
    again = IPv6(bytes(copy))[layer]
    return stored == (again.chksum if layer is UDP else again.cksum)


def answered(name, frame, layer, *claims):
    """The frame brings an answer with `layer`, and each claim about it holds."""
    answer = wire.exchange(frame, lambda f: layer in f, 2)
    if answer is None:
        report(name, False, f'no {layer.__name__}')
        return
    wrong = [text for text, claim in claims if not claim(answer)]
    if not sums_agree(answer):
        wrong.append('its checksum is wrong')
    report(name, not wrong, f'{wrong}: {answer.summary()}')


def is_news(frame):
    """Anything but what a host says of its own accord or to the kernel's own solicitations."""
    if ICMPv6ND_NA in frame:
        return frame[IPv6].dst in (PEER, 'ff02::1')
    return frame[IPv6].nh != 0 and ICMPv6ND_NS not in frame and ICMPv6ND_RS not in frame


def silent(name, frame):
    answer = wire.exchange(frame, is_news)
    report(name, answer is None, '' if answer is None else f'answered by {answer.summary()}')


def neighbor_discovery():
    flags = ('router, solicited, override are 0 1 1',
             lambda f: (f[ICMPv6ND_NA].R, f[ICMPv6ND_NA].S, f[ICMPv6ND_NA].O) == (0, 1, 1))
    target = ('the target is the host', lambda f: f[ICMPv6ND_NA].tgt == HOST)
    limit = ('the hop limit is 255', lambda f: f[IPv6].hlim == 255)
    option = ('it carries the link-layer address',
              lambda f: ICMPv6NDOptDstLLAddr in f and f[ICMPv6NDOptDstLLAddr].lladdr == MAC)
    answered('NS to the group (RFC 4861 §7.2.4)', solicitation(), ICMPv6ND_NA, flags, target,
             limit, option, ('it goes to the peer', lambda f: f[IPv6].dst == PEER))
    answered('NS to the host itself', solicitation(dst=HOST, option=False), ICMPv6ND_NA, target,
             limit, ('it is solicited', lambda f: f[ICMPv6ND_NA].S == 1))
    answered('NS from :: is answered to all nodes (RFC 4861 §7.2.4)',
             solicitation(src='::', option=False), ICMPv6ND_NA, target, limit, option,
             ('it goes to ff02::1', lambda f: f[IPv6].dst == 'ff02::1'),
             ('it is not solicited', lambda f: f[ICMPv6ND_NA].S == 0))
    silent('NS with hop limit 254 (RFC 4861 §7.1.1)', solicitation(hop_limit=254))
    silent('NS with code 1', solicitation(code=1))
    silent('NS with a bad checksum', solicitation(cksum=0x1234))
    silent('NS for somebody else', solicitation(target=OTHER))
    silent('NS for a multicast target', ether() / IPv6(src=PEER, dst=HOST, hlim=255) /
           ICMPv6ND_NS(tgt='ff02::1'))
    silent('NS with an option of length 0', solicitation(option=False) / Raw(b'\x01\0' + b'\0' * 6))
    silent('NS from :: with a source option', solicitation(src='::', option=True))
    silent('NS from :: to the host itself', solicitation(src='::', dst=HOST, option=False))


def echo_requests():
    same = ('identifier, sequence, data come back', lambda f: (
        f[ICMPv6EchoReply].id, f[ICMPv6EchoReply].seq, f[ICMPv6EchoReply].data) ==
        (0x5e78, 7, b'sextant'))
    from_host = ('it comes from the address asked', lambda f: f[IPv6].src == HOST)
    answered('echo', ip() / echo(7), ICMPv6EchoReply, same, from_host)
    padded = bytes(ip(plen=15) / echo(7)) + b'\0' * 30
    answered('echo in a padded frame', Raw(padded), ICMPv6EchoReply, same)
    answered('echo to the link-local address', Ether(src=wire.mac, dst=MAC) /
             IPv6(src=PEER, dst=LINK_LOCAL) / echo(7), ICMPv6EchoReply, same)
    answered('echo to ff02::1 (RFC 4443 §4.2)',
             ether('33:33:00:00:00:01') / IPv6(src=PEER, dst='ff02::1') / echo(7),
             ICMPv6EchoReply, same,
             ('it comes from a unicast address', lambda f: not f[IPv6].src.startswith('ff')))
    answered('hop limit 0 at the destination (RFC 8200 §3)', ip(hlim=0) / echo(7), ICMPv6EchoReply,
             same)
    silent('echo with a bad checksum', ip() / echo(7, cksum=0x1234))
    silent('echo from ::', ip(src='::') / echo(7))
    silent('echo from a multicast address', ip(src='ff02::7') / echo(7))
    silent('echo to somebody else', ip(dst=OTHER) / echo(7))
    silent("echo to the host on somebody else's MAC",
           ether('02:00:00:00:12:34') / IPv6(src=PEER, dst=HOST) / echo(7))
    silent('echo cut short', Raw(bytes(ip() / echo(7))[:-3]))
    silent('echo as version 4', ip(version=4) / echo(7))
    silent('an echo reply nobody asked for', ip() / ICMPv6EchoReply(id=1, seq=1))


def udp():
    data = Raw(bytes(range(200)))
    answered('UDP echo', ip() / UDP(sport=4000, dport=7) / data, UDP,
             ('the ports are turned', lambda f: (f[UDP].sport, f[UDP].dport) == (7, 4000)),
             ('the data is the same', lambda f: bytes(f[UDP].payload) == bytes(data)))
    answered('a closed port is named (RFC 4443 §3.1)',
             ip() / UDP(sport=4000, dport=4444) / data, ICMPv6DestUnreach,
             ('code 4', lambda f: f[ICMPv6DestUnreach].code == 4),
             ('it quotes the packet', lambda f: bytes(f[ICMPv6DestUnreach].payload)[:8] ==
              bytes(IPv6(src=PEER, dst=HOST, nh=17, plen=208))[:8]))
    silent('UDP with a bad checksum', ip() / UDP(sport=4000, dport=7, chksum=0x1234) / data)
    silent('UDP without a checksum (RFC 8200 §8.1)',
           ip() / UDP(sport=4000, dport=7, chksum=0) / data)
    silent('UDP with a bad checksum to a closed port',
           ip() / UDP(sport=4000, dport=4444, chksum=0x1234) / data)
    silent('UDP whose length is too large', ip() / UDP(sport=4000, dport=7, len=900) / data)
    silent('UDP shorter than its header', ip(nh=17) / Raw(b'\x0f\xa0\0\x07'))
    silent('a closed port at ff02::1 (RFC 4443 §2.4)',
           ether('33:33:00:00:00:01') / IPv6(src=PEER, dst='ff02::1') /
           UDP(sport=4000, dport=4444) / data)
    silent('a closed port, from ::', ip(src='::') / UDP(sport=4000, dport=4444) / data)


def the_rest():
    silent('next header 59 (RFC 8200 §4.7)', ip(nh=59) / Raw(b'x' * 20))
    answered('an unknown next header (RFC 8200 §4)', ip(nh=253) / Raw(b'x' * 20),
             ICMPv6ParamProblem, ('code 1', lambda f: f[ICMPv6ParamProblem].code == 1),
             ('pointer 6', lambda f: f[ICMPv6ParamProblem].ptr == 6))
    silent('an ICMPv6 error about nothing', ip() / ICMPv6DestUnreach() / Raw(b'x' * 8))
    silent('an unknown ICMPv6 error', ip(nh=58) / Raw(b'\x64\0\0\0' + b'x' * 8))
    silent('an empty packet', ip(nh=58, plen=0))
    silent('an Ethernet frame of 14 bytes', ether() / Raw(b''))
    silent('ARP', Ether(src=wire.mac, dst='ff:ff:ff:ff:ff:ff', type=0x806) / Raw(b'\0' * 28))
    noise = zlib.compress(bytes(range(256)) * 40, 9) * 8
    silent('noise after a good header', ip(nh=58) / Raw(noise[:600]))


def main():
    report('NS by the peer brings the MAC', ICMPv6ND_NA in first)
    neighbor_discovery()
    echo_requests()
    udp()
    the_rest()
    return 0


if __name__ == '__main__':
    sys.exit(main())
