# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# What the cases share: checks, the configuration they start from, the program's start and stop.

# shellcheck disable=SC2034  # the cases read what is set here
set -u
SEXTANT=$SX_BUILD/apps/sextant
HOST=fd00:6::2   # the stack
PEER=fd00:6::1   # the kernel's side of the tap
TAP=sx0
CONFIG=$SX_WORK/sextant.conf
LOG=$SX_WORK/sextant.log
SX_PID=
HERE=$(dirname "${BASH_SOURCE[0]}")

pass() { echo "ok - $1"; }
skip() { echo "skip - $1"; }
fail() { # name, lines that explain
  echo "not ok - $1"
  shift
  printf '%s\n' "$@" | tail -n 15 | sed 's/^/#   /'
}

# check NAME COMMAND...: the command succeeds.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    pass "$name"
  else
    fail "$name" "$output" "$(tail -n 3 "$LOG" 2>/dev/null)"
  fi
}

# expect NAME PATTERN COMMAND...: the command's output has a line like PATTERN, whatever it returns.
expect() {
  local name=$1 pattern=$2 output
  shift 2
  output=$("$@" 2>&1)
  if grep -Eq -- "$pattern" <<<"$output"; then
    pass "$name"
  else
    fail "$name" "no line like $pattern in:" "$output"
  fi
}

# below NAME VALUE LIMIT: a number, and smaller than the limit.
below() {
  if awk -v value="$2" -v limit="$3" \
    'BEGIN { exit !(value ~ /^[0-9.]+$/ && value + 0 < limit) }'; then
    pass "$1 ($2)"
  else
    fail "$1" "measured ${2:-nothing}, wanted below $3"
  fi
}

# write_config [KEY=VALUE...]: [stack] keys first, then one interface on the tap with two engines.
# Keys of the interface begin with a dot: `write_config idle=poll .dad=0`.
write_config() {
  local pair
  {
    echo "[stack]"
    for pair in "$@"; do [[ $pair == .* ]] || sed 's/=/ = /' <<<"$pair"; done
    echo "[interface lan0]"
    echo "device = tap:$TAP"
    echo "addresses = $HOST/64, fd00:6::3/64"
    echo "peer = $PEER/64"
    for pair in "$@"; do [[ $pair != .* ]] || sed 's/^\.//; s/=/ = /' <<<"$pair"; done
    printf '%s\n' "[engine echo]" "type = udp-echo" "port = 7"
    printf '%s\n' "[engine sink]" "type = udp-sink" "port = 9"
  } >"$CONFIG"
}

answers() { ping -6 -n -c 1 -W 1 "$HOST" >/dev/null 2>&1; }

# launch PROGRAM ARGUMENTS...: starts it in the background.
launch() {
  # A shell starts its background jobs deaf to SIGINT.
  env --default-signal=INT "$@" >"$LOG" 2>&1 </dev/null &
  SX_PID=$!
}

# Waits until the stack answers; fails when the program ends first or ten seconds pass.
wait_ready() {
  local tries
  for tries in $(seq 50); do
    kill -0 "$SX_PID" 2>/dev/null || return 1
    if answers; then return 0; fi
    sleep 0.1
  done
  echo "no answer after $tries tries"
  return 1
}

# start [KEY=VALUE...]: the program with the configuration above, ready. Ends the case on failure.
start() {
  write_config "$@"
  launch "$SEXTANT" --config "$CONFIG"
  if ! wait_ready; then
    fail "sextant starts and answers" "$(cat "$LOG")"
    exit 0
  fi
}

# Asks the program to end; its exit status is left in SX_STATUS, 137 when it had to be killed.
stop() { # [signal]
  SX_STATUS=0
  [ -n "$SX_PID" ] || return 0
  kill "-${1:-TERM}" "$SX_PID" 2>/dev/null
  (sleep 5 && kill -KILL "$SX_PID") 2>/dev/null &
  local watch=$!
  wait "$SX_PID" 2>/dev/null
  SX_STATUS=$?
  kill "$watch" 2>/dev/null
  wait "$watch" 2>/dev/null
  SX_PID=
}
trap stop EXIT

# Frames the kernel could not hand to the program: the twelfth number of the interface.
tx_dropped() { awk -v name="$TAP:" '$1 == name { print $13 }' /proc/net/dev; }

# cpu_percent PID SECONDS: what a process uses while nothing happens.
cpu_percent() {
  local before after
  before=$(awk '{ print $14 + $15 }' "/proc/$1/stat")
  sleep "$2"
  after=$(awk '{ print $14 + $15 }' "/proc/$1/stat")
  awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" -v seconds="$2" \
    'BEGIN { printf "%.1f", 100 * ticks / hz / seconds }'
}
