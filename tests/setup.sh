#!/usr/bin/env bash
# Installs what the tests need beside Rust and Node: PostgreSQL 15 + PostGIS 3 (the oracle for geometry), Chromium and
# CJK fonts (the browser tests), GDAL (a second reader of our tiles), nginx (replicas behind a proxy), a C++ compiler
# (fuzzing). Debian 12 and Ubuntu package names. Where packages are missing and may not be installed, it names them and stops.
set -euo pipefail

missing=()
need() { # package, test command…
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}
first_of() { for package in "$@"; do apt-cache show "$package" >/dev/null 2>&1 && { echo "$package"; return; }; done; echo "$1"; }
any_file() { local file; for file in "$@"; do [ -e "$file" ] && return 0; done; return 1; }
chromium_found() { [ -n "${CHROMIUM:-}" ] || command -v chromium || command -v chromium-browser || command -v google-chrome; }
cjk_fonts_found() { any_file /usr/share/fonts/opentype/noto/NotoSansCJK* /usr/share/fonts/truetype/noto/NotoSansCJK* \
  || { command -v fc-list && fc-list :lang=zh | grep -q .; }; }

need postgis any_file /usr/share/postgresql/*/extension/postgis.control
need chromium chromium_found
need fonts-noto-cjk cjk_fonts_found
need gdal-bin command -v ogrinfo
need python3-gdal /usr/bin/python3 -c "import osgeo"
need curl command -v curl
need nginx-light command -v nginx # two servers behind one proxy
need g++ command -v c++ # libFuzzer, and the SQLite that is built in
[ ${#missing[@]} -eq 0 ] && exit 0

may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

if may_install; then
  as_root apt-get update -qq
  packages=()
  for package in "${missing[@]}"; do
    case $package in
      # Debian 12 has PostgreSQL 15, Ubuntu 24.04 has 16; either serves as the oracle.
      postgis) version=$(first_of postgresql-15-postgis-3 postgresql-16-postgis-3 postgresql-14-postgis-3)
               packages+=("$version" "$(cut -d- -f1,2 <<<"$version")") ;;
      chromium) packages+=("$(first_of chromium chromium-browser)") ;;
      nginx-light) packages+=("$(first_of nginx-light nginx)") ;;
      *) packages+=("$package") ;;
    esac
  done
  echo "installing ${packages[*]}"
  DEBIAN_FRONTEND=noninteractive as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
  # The tests start nginx themselves; as a service nobody asked for it.
  if [[ " ${missing[*]} " = *" nginx-light "* ]] && command -v systemctl >/dev/null; then
    as_root systemctl disable --now nginx >/dev/null 2>&1 || true
  fi
else
  cat >&2 <<MESSAGE
The tests need packages that are not installed, and this user may not install them: ${missing[*]}
On Debian 12 or Ubuntu: sudo apt-get install postgresql-15 postgresql-15-postgis-3 chromium fonts-noto-cjk gdal-bin python3-gdal curl nginx-light g++
MESSAGE
  exit 1
fi
