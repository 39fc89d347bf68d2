# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Prepares a Debian 12 machine and builds the checkout; for apps/demo, tests/run and bench/run:
#
#   . "$(dirname "$0")/../tools/prepare.sh"
#   sx_install build demo                   # what is missing is installed (root) or named (user)
#   sx_build build --buildtype=release      # configures and builds; SX_BUILD = the folder used
#   sx_in_namespace COMMAND...              # runs a command in a network of its own
#
# Everything works for root and for an ordinary user. Long steps say what they are doing.

SX_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PATH=$PATH:/usr/sbin:/sbin

# The packages behind each purpose. libdpdk-dev depends on every poll-mode driver Debian has.
sx_packages() {
  case $1 in
    build) echo g++ meson ninja-build pkg-config libdpdk-dev libabsl-dev ;;
    demo) echo iproute2 iputils-ping procps ;;
    tests)
      echo git libgtest-dev libgmock-dev clang-14 libclang-rt-14-dev clang-format-14
      echo python3-scapy thc-ipv6 ipv6toolkit iproute2 iputils-ping netcat-openbsd tcpdump procps
      ;;
    bench) echo libbenchmark-dev liblwip-dev python3 ethtool iproute2 procps ;;
    *) echo "sx_packages: no set named $1" >&2; return 1 ;;
  esac
}

sx_say() { printf '%s\n' "sextant: $*"; }

sx_fail() {
  printf '%s\n' "sextant: $*" >&2
  exit 1
}

# A folder for what is built or logged: in the checkout, or where the user may write.
sx_folder() {
  local folder=$SX_TOP/$1
  if mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] && [ -z "$(sx_foreign "$folder")" ]; then
    echo "$folder"
    return
  fi
  folder=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/sextant/$1
  if ! mkdir -p "$folder" 2>/dev/null; then
    folder=${TMPDIR:-/tmp}/sextant-$(id -u)/$1
    mkdir -p "$folder" && [ -O "${folder%/*}" ] || return 1
  fi
  echo "$folder"
}

# One file of a folder that this user cannot replace, if there is any.
sx_foreign() {
  local file
  for file in "$1/build.ninja" "$1/.ninja_log" "$1/meson-private" "$1/meson-logs"; do
    if [ -e "$file" ] && [ ! -w "$file" ]; then
      echo "$file"
      return
    fi
  done
}

# Runs a command with its output in a log; a line every ten seconds tells that it still works, the
# end of the log is shown when it fails.
sx_quietly() {
  local what=$1 log=$2 begin=$SECONDS next pid
  shift 2
  sx_say "$what ..."
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  next=$((SECONDS + 10))
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS >= next)); then
      sx_say "  $((SECONDS - begin)) s: $(tail -n 1 "$log" | tr -d '\r' | cut -c1-70)"
      next=$((SECONDS + 10))
    fi
  done
  if ! wait "$pid"; then
    sx_say "$what failed; the end of $log:" >&2
    tail -n 20 "$log" >&2
    return 1
  fi
}

sx_missing() {
  local set package
  for set in "$@"; do
    for package in $(sx_packages "$set"); do
      dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
        echo "$package"
    done
  done | sort -u
}

# REQUIRES: Debian. Installs the sets named, or says how and exits 1.
sx_install() {
  local missing log set
  command -v dpkg-query >/dev/null || sx_fail "this is not a Debian system; please install the" \
    "like of: $(for set in "$@"; do sx_packages "$set"; done | xargs)"
  missing=$(sx_missing "$@" | xargs)
  [ -z "$missing" ] && return
  if [ "$(id -u)" != 0 ]; then
    sx_say "packages are missing; please run this once, then come back:" >&2
    echo "  sudo apt-get install --no-install-recommends $missing" >&2
    exit 1
  fi
  sx_say "installing $(wc -w <<<"$missing") packages and what they need: $missing"
  log=$(mktemp "${TMPDIR:-/tmp}/sextant-apt.XXXXXX")
  export DEBIAN_FRONTEND=noninteractive
  sx_quietly "reading the package lists" "$log" apt-get update || exit 1
  # shellcheck disable=SC2086
  sx_quietly "downloading and installing" "$log" \
    apt-get install -y --no-install-recommends $missing || exit 1
  missing=$(sx_missing "$@" | xargs)
  [ -z "$missing" ] || sx_fail "still missing after the installation: $missing (log: $log)"
  rm -f "$log"
}

# sx_build DIR [meson options]: configures, builds, sets SX_BUILD. The compiler is $CXX, or g++.
sx_build() {
  local folder options=("${@:2}")
  folder=$(sx_folder "$1") || sx_fail "no folder to build in"
  # shellcheck disable=SC2034  # read by the scripts that source this file
  SX_BUILD=$folder
  [ "$folder" = "$SX_TOP/$1" ] || sx_say "the checkout is not ours to write; building in $folder"
  local log=$folder/build.log
  if [ ! -f "$folder/build.ninja" ]; then
    sx_quietly "configuring $1" "$log" sx_configure "$folder" "${options[@]}" || return 1
  elif [ "${options[*]}" != "$(cat "$folder/.options" 2>/dev/null)" ]; then
    sx_quietly "reconfiguring $1" "$log" sx_configure "$folder" "${options[@]}" --reconfigure ||
      return 1
  fi
  echo "${options[*]}" >"$folder/.options"
  sx_ninja "$folder" "$1" "$log"
}

sx_configure() {
  local folder=$1 cxx=${CXX:-g++} cc
  shift
  cc=${cxx/clang++/clang}
  CXX=$cxx CC=${CC:-${cc/g++/gcc}} meson setup "$folder" "$SX_TOP" "$@"
}

# Ninja's one line per file becomes one line per ten seconds; a failure shows the compiler's words.
sx_ninja() {
  local folder=$1 name=$2 log=$3 begin=$SECONDS next=$((SECONDS + 10)) line status
  sx_say "building $name ..."
  NINJA_STATUS='%f/%t ' ninja -C "$folder" >"$log" 2>&1 </dev/null &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    ((SECONDS >= next)) || continue
    line=$(grep -Eao '^[0-9]+/[0-9]+' "$log" | tail -n 1)
    sx_say "  $name: ${line:-0} files after $((SECONDS - begin)) s"
    next=$((SECONDS + 10))
  done
  wait "$pid"
  status=$?
  if [ "$status" != 0 ]; then
    sx_say "building $name failed (log: $log):" >&2
    grep -Ea -A 20 '^FAILED|error:' "$log" | head -n 40 >&2
    return 1
  fi
  sx_say "built $name in $((SECONDS - begin)) s"
}

# Whether a network namespace of our own can be had: as root, or with user namespaces.
sx_namespace_flags() {
  if [ "$(id -u)" = 0 ] && unshare -nm true 2>/dev/null; then
    echo -nm
  elif unshare -Urnm true 2>/dev/null; then
    echo -Urnm
  else
    return 1
  fi
}

# Runs a command in a network namespace of its own that has nothing but `lo` up. The runtime
# directory of DPDK goes to a private place: inside a user namespace we look like root but cannot
# write to /run. Returns 125 when the machine allows no namespace.
sx_in_namespace() {
  local flags runtime status
  flags=$(sx_namespace_flags) || return 125
  runtime=$(mktemp -d "${TMPDIR:-/tmp}/sextant-run.XXXXXX")
  RUNTIME_DIRECTORY=$runtime SX_IN_NAMESPACE=1 unshare "$flags" -- bash -c \
    'ip link set lo up; exec "$@"' sextant-namespace "$@"
  status=$?
  rm -rf "$runtime"
  return "$status"
}
