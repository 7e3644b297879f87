#!/usr/bin/env bash
# Refugia beside Martin, PostGIS and Redis on one generated data set, then its growth with the data. Prints ratios,
# latencies, bytes, memory, start times and failures; writes results and a chart to the cache folder.
#
#   tests/benches/peers/run.sh [BINARY]
#
# What is needed is installed or named; the first run builds Martin and the data: half an hour on two cores, and 2 GB in
# REFUGIA_BENCH_CACHE (~/.cache/refugia-bench). Later runs take ten minutes.
#
#   WITHOUT_MARTIN=1       leave Martin out
#   DISK=1                 draw 13 million facilities and 13 million ground plans from the disk: 16 GB of disk, an hour
#   GROWTH_MOST=13000000   grow to 13 million shelters in memory: 16 GB of it
#   POINTS, COLUMNS, ROWS  another size of the data          RUNS, SECONDS_PER_RUN, COLD_SECONDS, CONNECTIONS  of the load
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)

binary=$(realpath "${1:-$root/target/release/refugia}")
cache=${REFUGIA_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/refugia-bench}
[ -x "$binary" ] || { echo "$binary is missing: make build" >&2; exit 1; }

# PostgreSQL will not run as root, and its user may not enter root's home.
if [ "$(id -u)" -eq 0 ] && [ -z "${REFUGIA_BENCH_CACHE:-}" ]; then cache=/var/tmp/refugia-bench; fi

"$here/install.sh" "$cache"
cache=$(realpath "$cache")
data=$("$here/prepare.sh" "$binary" "$cache")
python3 "$here/compare.py" "$binary" "$cache" "$data" "$cache/results.json"
python3 "$here/growth.py" shelters "$binary" "$cache" "$cache/growth.json"
if [ -n "${DISK:-}" ]; then
  python3 "$here/growth.py" disk "$binary" "$cache" "$cache/disk.json"
  python3 "$here/growth.py" houses "$binary" "$cache" "$cache/houses.json"
fi
disk=()
[ -e "$cache/disk.json" ] && disk=("$cache/disk.json")
python3 "$here/chart.py" "$cache/growth.json" "$cache/growth.svg" "${disk[@]}"
echo "results and chart: $cache/results.json, growth.json, growth.svg"
