#!/usr/bin/env bash
# The server at its limit: 10 000 connections, a mix of all questions at twice what it can answer, another pack every five
# seconds. Every accepted answer is compared with what one of the two packs says. Ten minutes; everything on loopback.
#
#   tests/benches/load/run.sh [BINARY] [REGION]
#
# DURATION (600), CONNECTIONS (10000), RELOAD_EVERY (5), OVERLOAD (2) and RESULTS (a file) may be set. Needs wrk and python3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)

binary=$(realpath "${1:-$root/target/release/refugia}")
region=$(realpath "${2:-$root/data/fujian}")
[ -x "$binary" ] || { echo "$binary is missing: make build" >&2; exit 1; }
command -v wrk >/dev/null || { echo "wrk is missing: sudo apt-get install wrk" >&2; exit 1; }

# Server and client have a file open for each connection.
ulimit -n "$(ulimit -Hn)"
echo "machine: $(nproc) cores, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo); client and server share them"
echo "server:  $("$binary" --version)"
python3 "$here/load.py" "$binary" "$region" "${RESULTS:-/dev/null}"
