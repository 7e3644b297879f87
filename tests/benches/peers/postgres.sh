#!/usr/bin/env bash
# A private PostgreSQL with the data of the comparison, reached over a socket in its own folder and, for Martin, over
# loopback. It refuses to run as root: root lends it to the user `postgres`.
#
#   tests/benches/peers/postgres.sh start|load|stop|environment DATA_FOLDER
set -euo pipefail

data=$2
port=${PGPORT:-54329}
# The newest that is installed.
programs=$(find /usr/lib/postgresql -path '*/bin/initdb' | sort -V | tail -n 1 | xargs -r dirname)
[ -n "$programs" ] || { echo "PostgreSQL is not installed" >&2; exit 1; }
# The socket beside the cluster, for none but its owner may look into that one.
sockets=$data/postgres
cluster=$sockets/cluster

as_owner() { if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
sql() { "$programs/psql" -h "$sockets" -p "$port" -U bench -d postgres -qXAt -v ON_ERROR_STOP=1 "$@"; }

start() {
  if [ ! -e "$cluster/PG_VERSION" ]; then
    rm -rf "$sockets"
    install -d -m 755 "$sockets"
    [ "$(id -u)" -ne 0 ] || chown postgres "$sockets"
    as_owner "$programs/initdb" -D "$cluster" -U bench -A trust --no-locale -E UTF8 >/dev/null
    # Everything stays in memory, as with the others; compiling queries costs more than these queries do.
    printf '%s\n' "listen_addresses = '127.0.0.1'" "unix_socket_directories = '$sockets'" "port = $port" "jit = off" \
      "shared_buffers = 1GB" "work_mem = 64MB" "maintenance_work_mem = 512MB" "max_connections = 100" \
      "fsync = off" | as_owner tee -a "$cluster/postgresql.conf" >/dev/null
  fi
  # One that a run before has left behind serves as well.
  as_owner "$programs/pg_ctl" -D "$cluster" status >/dev/null && return
  as_owner "$programs/pg_ctl" -D "$cluster" -l "$cluster/log" -w -t 60 start >/dev/null
}

# Indexed, sorted by the index, and analysed. Web Mercator for tiles, so that nothing is projected while one is made;
# degrees for points in zones; geography for distances on the ellipsoid.
load() {
  sql <<SQL
CREATE EXTENSION IF NOT EXISTS postgis;
DROP TABLE IF EXISTS raw, points, zones, zones_3857, asked, tiles;
CREATE UNLOGGED TABLE raw (doc jsonb);
CREATE UNLOGGED TABLE points (id text, name text, capacity int, lon float8, lat float8);
CREATE UNLOGGED TABLE asked (i int PRIMARY KEY, lon float8, lat float8);
CREATE UNLOGGED TABLE tiles (i int PRIMARY KEY, z int, x int, y int);
\copy raw FROM '$data/zones.json' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
\copy points FROM '$data/points.csv' WITH (FORMAT csv, HEADER)
CREATE UNLOGGED TABLE zones AS SELECT doc->'properties'->>'id' AS id, (doc->'properties'->>'level')::int AS level,
  ST_SetSRID(ST_GeomFromGeoJSON(doc->'geometry'), 4326)::geometry(Polygon, 4326) AS geom FROM raw;
CREATE UNLOGGED TABLE zones_3857 AS SELECT id, level, ST_Transform(geom, 3857)::geometry(Polygon, 3857) AS geom FROM zones;
ALTER TABLE points ADD COLUMN geog geography(Point, 4326);
UPDATE points SET geog = ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography;
CREATE INDEX points_geog ON points USING gist (geog);
CREATE INDEX zones_geom ON zones USING gist (geom);
CREATE INDEX zones_3857_geom ON zones_3857 USING gist (geom);
DROP TABLE raw;
CLUSTER points USING points_geog;
CLUSTER zones USING zones_geom;
CLUSTER zones_3857 USING zones_3857_geom;
SQL
  awk '{ print NR "," $1 "," $2 }' "$data/positions.txt" | sql -c "\\copy asked FROM STDIN WITH (FORMAT csv)"
  awk -F/ '{ print NR "," $1 "," $2 "," $3 }' "$data/tiles.txt" | sql -c "\\copy tiles FROM STDIN WITH (FORMAT csv)"
  sql -c "VACUUM ANALYZE tiles" -c "VACUUM ANALYZE points" -c "VACUUM ANALYZE zones" -c "VACUUM ANALYZE zones_3857" -c "VACUUM ANALYZE asked"
}

case $1 in
  start) start ;;
  load) load ;;
  stop) as_owner "$programs/pg_ctl" -D "$cluster" -m fast -w stop >/dev/null ;;
  environment) echo "$programs $sockets $port $cluster/postmaster.pid" ;;
  *) sed -n 5p "$0" >&2; exit 2 ;;
esac
