# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Frames made by hand: what is answered, what is not.
. "$(dirname "$0")/../lib.sh"

start .dad=0
# Deprecated, so that the kernel does not choose it for its own packets.
ip -6 addr add fd00:6::77/64 dev "$TAP" nodad preferred_lft 0
# Debian's scapy belongs to Debian's python.
/usr/bin/python3 "$HERE/wire.py" "$TAP" "$HOST" fd00:6::77 || exit 1
check "the stack still answers" answers
