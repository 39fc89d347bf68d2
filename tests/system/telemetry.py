#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Asks the telemetry socket for everything under /sextant; one line per check."""

import json
import os
import socket
import sys

TOPICS = ('interfaces', 'drops', 'neighbors', 'sockets', 'pool')
RUNTIME = os.environ.get('RUNTIME_DIRECTORY', '/var/run')


def main():
    path = f'{RUNTIME}/dpdk/rte/dpdk_telemetry.v2'
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.settimeout(5)
    try:
        client.connect(path)
    except OSError as error:
        print(f'not ok - the telemetry socket is there\n#   {path}: {error}')
        return
    limit = json.loads(client.recv(1024))['max_output_len']

    def ask(command):
        client.send(command.encode())
        return json.loads(client.recv(limit))

    ours = [name for name in ask('/')['/'] if name.startswith('/sextant')]
    for topic in TOPICS:
        names = [name for name in ours if topic in name]
        answers = {name: ask(name)[name] for name in names}
        good = answers and all(answer not in (None, '') for answer in answers.values())
        print(f'{"ok" if good else "not ok"} - telemetry answers for {topic}')
        if not good:
            print(f'#   commands {ours}, answers {answers}')


if __name__ == '__main__':
    sys.exit(main())
