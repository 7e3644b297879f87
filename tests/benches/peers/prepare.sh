#!/usr/bin/env bash
# Makes one data set and gives it to each: a pack for Refugia, tables for PostGIS, archives of tiles for Martin. Redis
# keeps nothing on the disk and is filled when it starts. What is there already is kept; remove the folder to begin anew.
#
#   tests/benches/peers/prepare.sh BINARY CACHE_FOLDER
#
# POINTS (1000000), COLUMNS and ROWS (250 × 200 zones) may be set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

binary=$1
cache=$2
points=${POINTS:-1000000}
columns=${COLUMNS:-250}
rows=${ROWS:-200}

data=$cache/data-$points-$columns-$rows
mkdir -p "$data"
# Whoever runs PostgreSQL must get at its folder.
chmod a+rx "$cache" "$data"

make_once() { # what, command…
  local what=$1
  shift
  [ -e "$data/.$what" ] && return
  echo "making $what" >&2
  "$@"
  touch "$data/.$what"
}

inputs() {
  python3 "$here/generate.py" points "$points" "$data/points.csv"
  python3 "$here/generate.py" zones "$columns" "$rows" "$data/zones.json"
  python3 "$here/generate.py" positions 2000 "$data/positions.txt"
  python3 "$here/generate.py" tiles 500 "$data/tiles.txt"
}

imported() { "$binary" import --region "$data/pack" --synthetic --source "generate.py" --vintage 2026 --map id=id "$@" >>"$data/import.txt"; }

pack() {
  rm -rf "$data/pack" "$data/import.txt"
  imported --layer shelters --role shelter "$data/points.csv"
  imported --layer zones --role hazard_zone --hazard flood --level-from level --levels 1,2,3,4 "$data/zones.json"
}

# Nothing is dropped for a tile's size or number of features, and none of two neighbours may be simplified away from the
# other: what Refugia does too.
tippecanoe() {
  "$cache/python/bin/python3" -m cubao_tippecanoe tippecanoe --quiet --force --layer zones --minimum-zoom 6 --maximum-zoom 14 \
    --no-feature-limit --no-tile-size-limit --no-simplification-of-shared-nodes --read-parallel --output "$1" "$data/zones.json"
}

tippecanoe_archives() { tippecanoe "$data/tippecanoe.mbtiles"; tippecanoe "$data/tippecanoe.pmtiles"; }

refugia_archive() {
  "$binary" tiles --region "$data/pack" --layers zones --min-zoom 6 --max-zoom 14 --force --out "$data/refugia.mbtiles" >&2
}

make_once inputs inputs
make_once pack pack
make_once tippecanoe tippecanoe_archives
make_once refugia-archive refugia_archive
"$here/postgres.sh" start "$data"
make_once postgis "$here/postgres.sh" load "$data"
"$here/postgres.sh" stop "$data"
echo "$data"
