#!/usr/bin/env bash
# Refugia beside Valhalla and OSRM on one extract of OpenStreetMap: whether they find the same routes, and why not where they
# do not; how fast each answers over HTTP; how long a new closure takes to be obeyed. Everything on loopback.
#
#   tests/benches/routers/run.sh [FILE.osm.pbf] [BINARY]
#
# Without a file, porto.osm.pbf of the folder REFUGIA_TEST_DATA. The engines are installed and their graphs built in
# REFUGIA_BENCH_CACHE (~/.cache/refugia-bench): 700 MB and up to ten minutes for a city. A run takes twenty minutes on two cores.
#
#   PAIRS (500), SEED (1)             of the routes that are compared
#   ROUNDS (3)                        of each measurement; the median counts
#   ONLY=agreement, speed, closures   a part of it
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)

extract=${1:-${REFUGIA_TEST_DATA:+$REFUGIA_TEST_DATA/roads/porto.osm.pbf}}
[ -n "$extract" ] || { sed -n '5,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ -e "$extract" ] || { echo "$extract is missing" >&2; exit 1; }
binary=$(realpath "${2:-$root/target/release/refugia}")
[ -x "$binary" ] || { echo "$binary is missing: make build" >&2; exit 1; }
cache=${REFUGIA_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/refugia-bench}/routers

"$here/install.sh" "$cache"
# Servers are started and watched as in the comparison with the other peers.
export PYTHONPATH=$here/../peers PYTHONDONTWRITEBYTECODE=1
exec "$cache/python/bin/python3" "$here/compare.py" "$(realpath "$extract")" "$binary" "$(realpath "$cache")"
