# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# A broken configuration: one line naming file, key and reason, exit 1, nothing half started.
. "$(dirname "$0")/../lib.sh"

# broken NAME WORD SED: the good configuration changed by SED; the line must name the file and WORD.
broken() {
  local name=$1 word=$2 change=$3 status lines
  write_config
  sed -i "$change" "$CONFIG"
  refused "$name" "$word" "$CONFIG"
}

refused() {
  local name=$1 word=$2 file=$3 status lines
  timeout 10 "$SEXTANT" --config "$file" >"$SX_WORK/out" 2>"$SX_WORK/err" </dev/null
  status=$?
  lines=$(wc -l <"$SX_WORK/err")
  if [ "$status" = 1 ] && [ "$lines" = 1 ] && grep -qF -- "$(basename "$file")" "$SX_WORK/err" &&
    grep -q -- "$word" "$SX_WORK/err" && ! ip link show "$TAP" >/dev/null 2>&1; then
    pass "$name: $(cut -c1-140 "$SX_WORK/err")"
  else
    fail "$name" "status $status, $lines lines on stderr, wanted one with $(basename "$file") and" \
      "$word:" "$(cat "$SX_WORK/err")" "$(head -n 3 "$SX_WORK/out")"
  fi
}

broken "unknown key" "adresses" 's/^addresses/adresses/'
broken "unknown key in [stack]" "idel" 's/^\[stack\]/&\nidel = poll/'
broken "unknown section" "interfaces" 's/^\[interface lan0\]/[interfaces lan0]/'
broken "bad address" "addresses" 's/^addresses.*/addresses = fd00:6::g\/64/'
broken "two :: in an address" "addresses" 's/^addresses.*/addresses = fd00::6::2\/64/'
broken "multicast address" "addresses" 's/^addresses.*/addresses = ff02::1\/64/'
broken "prefix length 129" "addresses" 's/^addresses.*/addresses = fd00:6::2\/129/'
broken "address twice" "addresses" 's/^addresses.*/addresses = fd00:6::2\/64, fd00:6::2\/64/'
broken "bad gateway" "gateway" 's/^peer/gateway = here\n&/'
broken "bad route" "routes" 's/^peer/routes = 2001:db8::\/32 over fd00:6::9\n&/'
broken "no device" "device" '/^device/d'
broken "device that does not exist" "device" 's/^device.*/device = net_nosuch0/'
broken "name of a tap too long" "device" 's/^device.*/device = tap:a-name-that-is-too-long/'
broken "mtu below 1280" "mtu" 's/^peer/mtu = 1279\n&/'
broken "mtu not a number" "mtu" 's/^peer/mtu = large\n&/'
broken "dad not a number" "dad" 's/^peer/dad = yes\n&/'
broken "unknown profile" "profile" 's/^\[stack\]/&\nprofile = bsd/'
broken "unknown idle mode" "idle" 's/^\[stack\]/&\nidle = never/'
broken "unknown engine" "type" 's/udp-echo/udp-ecko/'
broken "port 70000" "port" 's/^port = 7$/port = 70000/'
broken "two interfaces on one device" "device" \
  "\$a [interface lan1]\ndevice = tap:$TAP\naddresses = fd00:7::2/64"
refused "no such file" "No such file\|not found\|open\|read" "$SX_WORK/nosuch.conf"
