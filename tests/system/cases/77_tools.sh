# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# thc-ipv6 and ipv6toolkit at work: the host answers pings before, during and after each tool.
. "$(dirname "$0")/../lib.sh"

PATIENCE=6  # seconds for one tool; those that go on are stopped

# Replies out of how many, of pings while the tool runs.
during() { sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\2 of \1/p' <<<"$1"; }

# tool NAME COMMAND...: what it prints goes to a file of its own.
tool() {
  local name=$1 output=$SX_WORK/tool pings answered status
  shift
  if ! command -v "$1" >/dev/null; then
    skip "$name: Debian's thc-ipv6 and ipv6toolkit are not installed"
    return
  fi
  check "$name: a ping before" answers
  timeout -k 2 "$PATIENCE" "$@" >"$output" 2>&1 </dev/null &
  local running=$!
  pings=$(ping -6 -n -i 0.2 -c $((PATIENCE * 2)) -W 1 -w "$PATIENCE" "$HOST" &
    pinger=$!
    while kill -0 "$running" 2>/dev/null && kill -0 "$pinger" 2>/dev/null; do sleep 0.2; done
    kill -INT "$pinger" 2>/dev/null
    wait "$pinger")
  wait "$running"
  status=$?
  if grep -q 'releasing superuser privileges' "$output"; then
    skip "$name: it wants to become another user, which this namespace does not have"
    return
  fi
  answered=$(during "$pings")
  if [ "${answered%% *}" -gt 0 ] 2>/dev/null; then
    pass "$name: $answered pings answered meanwhile (exit status $status)"
  else
    fail "$name: pings meanwhile" "$pings" "$(tail -n 5 "$output")"
  fi
  [ -z "${SX_TOOL_LOGS:-}" ] || cp "$output" "$SX_TOOL_LOGS/${name// /-}"
  check "$name: a ping after" answers
}

# for_long SECONDS: the patience where everything is asked for.
for_long() { [ -z "${SX_LONG:-}" ] || PATIENCE=$1; }

start .dad=0 packets=16383
for_long 150  # its checks all told
tool "implementation6" atk6-implementation6 "$TAP" "$HOST"
for_long 30
tool "fragmentation6" atk6-fragmentation6 -p "$TAP" "$HOST"
PATIENCE=2
for_long 5
for number in 1 2 3 4 5 6 7; do
  tool "denial6 $number" atk6-denial6 "$TAP" "$HOST" "$number"
done
PATIENCE=6
tool "exploit6" atk6-exploit6 "$TAP" "$HOST"
tool "frag6 policy" frag6 -i "$TAP" -d "$HOST" -p
tool "frag6 ping of death" frag6 -i "$TAP" -d "$HOST" -X
tool "frag6 flood" frag6 -i "$TAP" -d "$HOST" -F 100 -l -z 1
tool "icmp6 too big" icmp6 -i "$TAP" -d "$HOST" -E 1200
tool "icmp6 errors" icmp6 -i "$TAP" -d "$HOST" -R 0
tool "jumbo6" jumbo6 -i "$TAP" -d "$HOST" -Q 70000
