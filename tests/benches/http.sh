#!/usr/bin/env bash
# Load test over loopback with wrk: requests per second, latency and errors of the answers people wait for, then start
# time and memory. Client and server share the cores, so quote ratios. Prints the median of three runs per case.
#
#   tests/benches/http.sh [BINARY] [REGION]
set -euo pipefail
cd "$(dirname "$0")/../.."

binary=${1:-target/release/refugia}
region=${2:-data/fujian}
seconds=${SECONDS_PER_RUN:-5}
connections=${CONNECTIONS:-32}

command -v wrk >/dev/null || { echo "wrk is missing: sudo apt-get install wrk" >&2; exit 1; }

scratch=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT

started=$(date +%s%N)
"$binary" serve --region "$region" --listen 127.0.0.1:0 >"$scratch/out" 2>"$scratch/log" &
server=$!
for _ in $(seq 1 600); do
  address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$scratch/out" | head -n 1 || true)
  [ -n "$address" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$scratch/log" >&2; exit 1; }
  sleep 0.005
done
ready=$(date +%s%N)

# One Lua script per case: a fixed list of 2 000 paths from a seeded generator, walked round and round.
lua() { # name, path expression in terms of lon, lat, z, x, y
  cat >"$scratch/$1.lua" <<LUA
math.randomseed(20260101)
local paths = {}
for i = 1, 2000 do
  local lon = 116.0 + 4.5 * math.random()
  local lat = 23.6 + 4.6 * math.random()
  local z = math.random(7, 13)
  local n = 2 ^ z
  local x = math.floor((lon + 180) / 360 * n)
  local r = math.rad(lat)
  local y = math.floor((1 - math.log(math.tan(r) + 1 / math.cos(r)) / math.pi) / 2 * n)
  paths[i] = $2
end
local i = 0
request = function()
  i = i % #paths + 1
  return wrk.format("GET", paths[i], $3)
end
done = function(summary, latency)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %.0f %.0f %.0f %d %.0f\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99), bad, summary.bytes / summary.requests))
end
LUA
}

run() { # name
  local rows=()
  for _ in 1 2 3; do
    rows+=("$(wrk -t1 -c"$connections" -d"${seconds}s" -s "$scratch/$1.lua" "$address" | grep '^RESULT')")
  done
  printf '%s\n' "${rows[@]}" | sort -k2 -n | sed -n 2p | awk -v name="$1" \
    '{printf "%-22s %9d req/s   p50 %6d µs   p99 %7d µs   %6d bytes   %d failed\n", name, $2, $3, $4, $6, $5}'
}

lua health '"/healthz"' '{}'
lua nearest 'string.format("/api/shelters/nearest?lon=%.5f&lat=%.5f&k=5", lon, lat)' '{}'
lua nearest-flood 'string.format("/api/shelters/nearest?lon=%.5f&lat=%.5f&k=3&hazard=flood", lon, lat)' '{}'
lua risk 'string.format("/api/risk?lon=%.5f&lat=%.5f", lon, lat)' '{}'
lua tiles-warm-gzip 'string.format("/tiles/flood,landslide/%d/%d/%d.mvt", z, x, y)' '{["Accept-Encoding"] = "gzip"}'
lua tiles-warm-plain 'string.format("/tiles/flood,landslide/%d/%d/%d.mvt", z, x, y)' '{}'

echo "machine: $(nproc) cores, $(uname -m), $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)"
echo "server:  $("$binary" --version), region $region, $connections connections, median of 3 runs of $seconds s"
echo "start:   $(((ready - started) / 1000000)) ms from exec to the address line, resident memory $(awk '/VmRSS/ {print int($2/1024)}' /proc/$server/status) MB"
for case in health nearest nearest-flood risk tiles-warm-gzip tiles-warm-plain; do run $case; done
echo "after:   resident memory $(awk '/VmRSS/ {print int($2/1024)}' /proc/$server/status) MB"
