# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Half of all pings return within 0.2 ms while the stack polls.
. "$(dirname "$0")/../lib.sh"

start idle=poll .dad=0
replies=$SX_WORK/replies
ping -6 -n -i 0.01 -c 1000 "$HOST" >"$replies"
expect "1000 pings, 1000 answers" " 1000 received" cat "$replies"
median=$(sed -n 's/.* time=\([0-9.]*\) ms$/\1/p' "$replies" | sort -n | awk '
  { times[NR] = $1 } END { print times[int((NR + 1) / 2)] }')
below "median of the reply times in ms" "$median" 0.2
