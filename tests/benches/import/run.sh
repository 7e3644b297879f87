#!/usr/bin/env bash
# Imports the same files with refugia and with ogr2ogr: time, peak memory, size, and what becomes of the faults that were
# planted. Needs GNU time and python3; ogr2ogr where it is installed. Writes to a temporary folder (about 6 GB for 13
# million points) and removes it.
#
#   tests/benches/import/run.sh [BINARY]
#
# POINTS (13000000), POLYGONS (100000), RUNS (3) and TMPDIR may be set.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd)

binary=$(realpath "${1:-$root/target/release/refugia}")
points=${POINTS:-13000000}
polygons=${POLYGONS:-100000}
runs=${RUNS:-3}

[ -x /usr/bin/time ] || { echo "GNU time is missing: sudo apt-get install time" >&2; exit 1; }
[ -x "$binary" ] || { echo "$binary is missing: make build" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

median() { sort -n | sed -n "$(((runs + 1) / 2))p"; }

# measure NAME ROWS COMMAND…: runs a command several times, prints the medians of its time, of its processor time, which
# other work on the machine changes less, and of its peak memory.
# Exit code 3 of refugia is an import with refused rows.
measure() {
  local name=$1 rows=$2; shift 2
  rm -f "$scratch"/{seconds,processor,kilobytes}
  for _ in $(seq "$runs"); do
    rm -rf "$scratch/pack" "$scratch"/out.fgb
    local code=0
    /usr/bin/time -o "$scratch/time" -f '%e %U %S %M' "$@" >"$scratch/said" 2>"$scratch/errors" || code=$?
    if [ "$code" != 0 ] && [ "$code" != 3 ]; then cat "$scratch/said" "$scratch/errors" >&2; exit "$code"; fi
    tail -n 1 "$scratch/time" | { read -r seconds user system kilobytes
      echo "$seconds" >>"$scratch/seconds"; echo "$kilobytes" >>"$scratch/kilobytes"
      awk -v u="$user" -v s="$system" 'BEGIN { print u + s }' >>"$scratch/processor"; }
  done
  local bytes
  # One of the two is not there.
  bytes=$({ cat "$scratch"/pack/*.fgb "$scratch"/out.fgb 2>/dev/null || true; } | wc -c)
  awk -v name="$name" -v s="$(median <"$scratch/seconds")" -v p="$(median <"$scratch/processor")" -v k="$(median <"$scratch/kilobytes")" -v b="$bytes" -v r="$rows" \
    'BEGIN { printf "%-10s %8.1f s %8.1f s of processors %9.0f rows/s %8.0f MB peak %8.0f MB written\n", name, s, p, r / s, k / 1024, b / 1048576 }'
}

# What a FlatGeobuf file holds, counted by GDAL: features, and those without a geometry.
count() {
  command -v ogrinfo >/dev/null || return 0
  ogrinfo -so -al "$1" 2>/dev/null | sed -n 's/^Feature Count: /  features  /p'
  ogrinfo -so -al "$1" -where "OGR_GEOMETRY IS NULL" 2>/dev/null | sed -n 's/^Feature Count: /  without a geometry  /p'
}

said() {
  grep -E '^  (rows|repaired|refused)' "$scratch/said" | head -n 12 || true
}

echo "== $points points as CSV"
echo "planted: $(python3 generate.py points "$points" "$scratch/points.csv")"
ls -l "$scratch/points.csv" | awk '{ printf "input: %.0f MB\n", $5 / 1048576 }'
measure refugia "$points" "$binary" import --region "$scratch/pack" --layer census --role facility --vintage 2026 \
  --map id=id --map population=population --report "$scratch/report.json" "$scratch/points.csv"
said
count "$scratch"/pack/*.fgb
python3 - "$scratch/report.json" <<'PY'
import collections, json, sys
report = json.load(open(sys.argv[1]))
kinds = collections.Counter((refusal["field"], refusal["reason"].split(" in row ")[0][:60]) for refusal in report["refusals"])
for (field, reason), number in kinds.most_common(12):
    print(f"  {number:6} refused: {field}: {reason}")
PY
if command -v ogr2ogr >/dev/null; then
  measure ogr2ogr "$points" ogr2ogr -f FlatGeobuf "$scratch/out.fgb" "$scratch/points.csv" -a_srs EPSG:4326 \
    -oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat -oo KEEP_GEOM_COLUMNS=NO -oo AUTODETECT_TYPE=YES
  echo "  warnings  $(sort "$scratch/errors" | uniq -c | sort -rn | head -n 3 | tr '\n' ';')"
  count "$scratch/out.fgb"
fi
rm -rf "$scratch"/points.csv "$scratch/pack" "$scratch"/out.fgb

echo "== $polygons polygons as GeoJSON"
echo "planted: $(python3 generate.py polygons "$polygons" "$scratch/zones.geojson")"
ls -l "$scratch/zones.geojson" | awk '{ printf "input: %.0f MB\n", $5 / 1048576 }'
measure refugia "$polygons" "$binary" import --region "$scratch/pack" --layer zones --role hazard_zone --hazard flood \
  --level-from level --levels 低,中,高 --vintage 2026 --map id=id --report "$scratch/report.json" "$scratch/zones.geojson"
said
count "$scratch"/pack/*.fgb
if command -v ogr2ogr >/dev/null; then
  measure ogr2ogr "$polygons" ogr2ogr -f FlatGeobuf "$scratch/out.fgb" "$scratch/zones.geojson"
  echo "  warnings  $(sort "$scratch/errors" | uniq -c | sort -rn | head -n 3 | tr '\n' ';')"
  count "$scratch/out.fgb"
fi
