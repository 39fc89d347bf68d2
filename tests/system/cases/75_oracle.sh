# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The kernel as oracle: the same packets to it and to the stack, replies compared field by field.
. "$(dirname "$0")/../lib.sh"

export PYTHONDONTWRITEBYTECODE=1
python3 "$HERE/../oracle/oracle.py" ${SX_LONG:+--long} "$SEXTANT"
status=$?
# What it found it has said itself; anything else ended it.
[ "$status" = 0 ] || [ "$status" = 3 ] || fail "the oracle ends" "status $status" \
  "$(cat "$SX_WORK"/oracle.*/oracle.log)"
exit 0
