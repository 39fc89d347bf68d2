# SPDX-License-Identifier: BSD-3-Clause
"""The two hosts that are compared: the stack on its tap, and the kernel on one in a network
namespace of its own. Both are fd00:6::2 with the same MAC address behind the same gateway."""

import ctypes
import fcntl
import os
import select
import socket
import struct
import subprocess
import time

from packets import HOST, address, checksum, ip6, icmp6, pseudo

GATEWAY = address('fd00:6::1')
GATEWAY_MAC = bytes.fromhex('020000000001')
FRAGMENT_SECONDS = 3  # both hosts wait this long for the rest of a datagram
ETHERNET_IP6 = b'\x86\xdd'


def group_mac(destination):
    return b'\x33\x33' + destination[12:]


def solicitation():
    group = address('ff02::1:ff00:2')
    message = icmp6(GATEWAY, group, 135, 0, bytes(4) + HOST + b'\x01\x01' + GATEWAY_MAC)
    return group_mac(group) + GATEWAY_MAC + ETHERNET_IP6 + \
        ip6(GATEWAY, message[1], 58, group, hop_limit=255)


class Wire:
    """Frames to a host, and what comes back by the address it goes to."""

    mac = b''

    def __init__(self):
        self.replies = {}

    def send(self, packets, macs):
        for data, mac in zip(packets, macs):
            self.write((mac or self.mac) + GATEWAY_MAC + ETHERNET_IP6 + data)

    def gather(self, patience, marker=None):
        """Takes what comes until the reply to `marker` has, or nothing for `patience` seconds."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            self.between()
            if not select.select([self], [], [], min(left, 0.05))[0]:
                continue
            if marker in self.drain() and marker is not None:
                return True
        return False

    def drain(self):
        """Takes what is there; the addresses it went to."""
        seen = set()
        while (frame := self.read()) is not None:
            seen.add(self.take(frame))
        return seen

    def take(self, frame):
        if frame[12:14] != ETHERNET_IP6 or len(frame) < 54:
            return None
        data = frame[14:]
        if data[6] == 0 or data[6] == 58 and 130 <= data[40] <= 143:
            if data[6] == 58 and data[40] == 135 and data[48:64] == GATEWAY:
                self.advertise(data[8:24], frame[6:12])
            elif data[6] == 58 and data[40] == 136 and data[48:64] == HOST:
                self.mac = frame[6:12]
            return None
        destination = data[24:40]
        self.replies.setdefault(destination, []).append(data)
        return destination

    def advertise(self, asker, mac):
        message = icmp6(GATEWAY, asker, 136, 0,
                        b'\xe0\0\0\0' + GATEWAY + b'\x02\x01' + GATEWAY_MAC)
        self.write(mac + GATEWAY_MAC + ETHERNET_IP6 +
                   ip6(GATEWAY, message[1], 58, asker, hop_limit=255))

    def between(self):
        pass


class StackWire(Wire):
    """`sextant` on a tap, the other side of which the kernel leaves alone."""

    CONFIG = '''[stack]
packets = 32767
[interface lan0]
device = tap:{tap}
addresses = fd00:6::2/64
gateway = fd00:6::1
dad = 0
[engine echo]
type = udp-echo
port = 7
[tunables]
icmp6_error_rate = 1000000
icmp6_error_burst = 1000000
icmp6_error_rate_total = 10000000
reassembly_bytes = 268435456
reassembly_timeout_ms = {milliseconds}
'''

    def __init__(self, program, folder):
        super().__init__()
        tap = 'oracle0'
        path = os.path.join(folder, 'oracle.conf')
        with open(path, 'w', encoding='ascii') as file:
            file.write(self.CONFIG.format(tap=tap, milliseconds=FRAGMENT_SECONDS * 1000))
        default = '/proc/sys/net/ipv6/conf/default/disable_ipv6'
        set_sysctl(default, 1)
        self.log = open(os.path.join(folder, 'oracle.log'), 'wb')
        self.process = subprocess.Popen([program, '--config', path], stdout=self.log,
                                        stderr=self.log, stdin=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists(f'/sys/class/net/{tap}') or in_use(tap), 'the tap')
        run('ip', 'link', 'set', tap, 'up')
        set_sysctl(default, 0)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind((tap, 0))
        self.socket.setblocking(False)
        for _ in range(50):
            self.socket.send(solicitation())
            self.gather(0.1)
            if self.mac:
                return
        raise RuntimeError('the stack does not advertise itself')

    def fileno(self):
        return self.socket.fileno()

    def write(self, frame):
        while True:
            try:
                self.socket.send(frame)
                return
            except (BlockingIOError, OSError) as error:
                if isinstance(error, OSError) and error.errno not in (11, 105):
                    raise
                time.sleep(0.001)

    def read(self):
        while True:
            try:
                data, where = self.socket.recvfrom(65536)
            except BlockingIOError:
                return None
            if where[2] != socket.PACKET_OUTGOING:
                return data

    def close(self):
        self.process.terminate()
        self.process.wait(10)


class KernelWire(Wire):
    """This machine's kernel, on a tap whose frames are written and read here."""

    def __init__(self, mac):
        super().__init__()
        self.mac = mac
        new_network_namespace()
        for name, value in (('ipv6/conf/default/accept_dad', 0),
                            ('ipv6/conf/default/router_solicitations', 0),
                            ('ipv6/icmp/ratelimit', 0), ('ipv6/icmp/ratemask', ''),
                            ('ipv6/auto_flowlabels', 0),
                            ('ipv6/ip6frag_high_thresh', 256 << 20),
                            ('ipv6/ip6frag_time', FRAGMENT_SECONDS)):
            set_sysctl('/proc/sys/net/' + name, value)
        self.tap = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
        request = struct.pack('16sH22x', b'oracle1', 0x1002)  # IFF_TAP | IFF_NO_PI
        fcntl.ioctl(self.tap, 0x400454ca, request)  # TUNSETIFF
        text = ':'.join(f'{octet:02x}' for octet in mac)
        gateway = ':'.join(f'{octet:02x}' for octet in GATEWAY_MAC)
        run('ip', 'link', 'set', 'oracle1', 'address', text, 'txqueuelen', '10000', 'up')
        run('ip', 'link', 'set', 'lo', 'up')
        run('ip', 'addr', 'add', 'fd00:6::2/64', 'dev', 'oracle1', 'nodad')
        run('ip', 'neigh', 'add', 'fd00:6::1', 'lladdr', gateway, 'dev', 'oracle1')
        run('ip', 'route', 'add', 'default', 'via', 'fd00:6::1', 'dev', 'oracle1')
        self.echo = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.echo.bind(('::', 7))
        self.echo.setblocking(False)

    def fileno(self):
        return self.tap

    def write(self, frame):
        os.write(self.tap, frame)

    def read(self):
        try:
            return os.read(self.tap, 65536)
        except BlockingIOError:
            return None

    def between(self):
        """The open port answers with what it got, as the stack's does."""
        while True:
            try:
                data, source = self.echo.recvfrom(65536)
                self.echo.sendto(data, source)
            except OSError:
                return

    def close(self):
        self.echo.close()
        os.close(self.tap)


def new_network_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:
        raise OSError(ctypes.get_errno(), 'no network namespace of its own')


def set_sysctl(path, value):
    with open(path, 'w', encoding='ascii') as file:
        file.write(f'{value}\n')


def run(*command):
    subprocess.run(command, check=True)


def in_use(tap):
    with open('/proc/net/dev', encoding='ascii') as file:
        return f'{tap}:' in file.read()


def wait_for(condition, what, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f'{what} does not appear')
        time.sleep(0.05)


def checksum_is_right(data):
    """Of an ICMPv6 or TCP reply right behind its IPv6 header."""
    return checksum(pseudo(data[8:24], data[24:40], len(data) - 40, data[6]) + data[40:]) == 0
