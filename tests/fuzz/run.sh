#!/usr/bin/env bash
# Builds the fuzz targets on the stable toolchain and runs them one after the other.
#
#   tests/fuzz/run.sh [SECONDS]       each target for so long, 5 by default
#   RUNS=100000 tests/fuzz/run.sh     each target for so many inputs, however long that takes
#   TARGETS="csv kml" …               only these
#   SEED=1 …                          the same inputs every time, as far as it gets
#
# What was learnt lies in target/fuzz/corpus/TARGET and is used again; inputs that found something lie in
# target/fuzz/artifacts, and the last lines say how to run one again. Ends with 1 when something was found.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-5}
runs=${RUNS:-}
all=$(sed -n 's/^    ("\([a-z]*\)", .*/\1/p' tests/fuzz/src/lib.rs)
host=$(rustc -vV | sed -n 's/^host: //p')
work=target/fuzz

# The counters that libFuzzer follows; cargo-fuzz sets the same.
counters="-Cpasses=sancov-module"
for argument in level=4 inline-8bit-counters pc-table; do
  counters+=" -Cllvm-args=-sanitizer-coverage-$argument"
done
CARGO_TARGET_DIR=$work RUSTFLAGS="$counters --cfg fuzzing" \
  cargo build --manifest-path tests/fuzz/Cargo.toml --locked --release --target "$host" --bin reading
binary=$PWD/$work/$host/release/reading

# In memory where there is such a folder: inputs are files, thousands of them every second.
memory=/tmp
[ -w /dev/shm ] && memory=/dev/shm
TMPDIR=$(mktemp -d "$memory/refugia-fuzzing.XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

mkdir -p $work/artifacts $work/logs
python3 tests/fuzz/seeds.py $work/seeds
found=()
printf '%-12s %12s %9s %8s\n' target inputs per_sec covered
for target in ${TARGETS:-$all}; do
  mkdir -p $work/corpus/"$target" $work/seeds/"$target"
  limit=(-max_total_time="$seconds")
  [ -n "$runs" ] && limit=(-runs="$runs")
  log=$work/logs/$target.log
  REFUGIA_FUZZ=$target "$binary" "${limit[@]}" -seed="${SEED:-0}" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$work/artifacts/$target-" $work/corpus/"$target" $work/seeds/"$target" >"$log" 2>&1 || found+=("$target")
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  each=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  printf '%-12s %12s %9s %8s\n' "$target" "${inputs:-?}" "${each:-?}" "${covered:-?}"
done

for target in "${found[@]}"; do
  echo
  echo "$target found something; the end of $work/logs/$target.log:"
  tail -n 40 "$work/logs/$target.log"
  for artifact in "$work/artifacts/$target"-*; do
    echo "again: REFUGIA_FUZZ=$target $binary $artifact"
  done
done
[ ${#found[@]} -eq 0 ]
