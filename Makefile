# Two commands do everything: `make run` and `make test`. Both set up what they need first.
#
#   make run     build, then serve data/fujian on http://127.0.0.1:8080
#   make test    everything CI runs: formats, lints, docs, unit, API, process, oracle, reader and browser tests, some fuzzing
#   make build   web app and release binary, at target/release/refugia
#   make bench   criterion benchmarks and the load test over HTTP; bench-import compares imports with ogr2ogr, bench-peers
#                answers with Martin, PostGIS and Redis; bench-load asks for twice what the server can answer;
#                bench-routers compares routes and their speed with Valhalla and OSRM (FILE=extract.osm.pbf)
#   make fuzz    feeds every reader with made-up bytes; FUZZ_SECONDS=3600 make fuzz gives each target an hour
#   make bless   accept changed snapshots, the OpenAPI document and the types made from it

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

REGION ?= data/fujian
LISTEN ?= 127.0.0.1:8080
BINARY := target/release/refugia

# nextest runs tests in parallel and prints one summary; plain cargo test does where it is not installed.
NEXTEST := $(shell cargo nextest --version >/dev/null 2>&1 && echo yes)
RUST_TESTS := $(if $(NEXTEST),cargo nextest run --no-fail-fast,cargo test --no-fail-fast --lib --bins --tests)

WEB_SOURCES := $(shell find web/src web/public web/scripts web/*.ts web/*.html tiles/sprites src/messages -type f 2>/dev/null)

# What is built once need not be prepared to be built again.
ifeq ($(CI),true)
export CARGO_INCREMENTAL := 0
endif

# Each of the targets runs for so long.
FUZZ_SECONDS ?= 60

.PHONY: help build run test bench bench-import bench-peers bench-load bench-routers bless setup web-deps check-rust test-rust \
        test-web test-browser test-fuzz fuzz clean

help:
	@sed -n '3,10s/^#   //p' Makefile

# --- building -------------------------------------------------------------------------------------------------------

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

web-deps: web/node_modules/.package-lock.json

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build
	touch $@

build: web/dist/index.html
	cargo build --release

run: build
	$(BINARY) serve --region $(REGION) --listen $(LISTEN)

# --- testing --------------------------------------------------------------------------------------------------------

# Installs PostgreSQL 15 + PostGIS 3, Chromium, CJK fonts and GDAL from Debian's packages where they are missing and it
# may; otherwise names them and stops.
setup:
	tests/setup.sh

test: setup check-rust test-rust test-web test-browser test-fuzz

check-rust: web/dist/index.html
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

test-rust: web/dist/index.html
	$(RUST_TESTS)
	cargo test --doc

test-web: web/dist/index.html
	cd web && npm run check && npm test

# The same binary that the process tests drive, so that no second build is needed.
test-browser: web/dist/index.html
	cargo test --no-run --test process
	node tests/browser/run.mjs target/debug/refugia

# Long enough to run every seed and its nearest neighbours: what breaks in the harness or in a reader's first lines.
test-fuzz:
	cargo fmt --manifest-path tests/fuzz/Cargo.toml --check
	SEED=1 tests/fuzz/run.sh 3

fuzz:
	tests/fuzz/run.sh $(FUZZ_SECONDS)

bless: web/dist/index.html
	REFUGIA_BLESS=1 INSTA_UPDATE=always $(RUST_TESTS)
	cd web && npm run api

# --- measuring ------------------------------------------------------------------------------------------------------

bench: build
	cargo bench
	tests/benches/http.sh $(BINARY)

# 13 million points and 100 000 polygons: minutes, and 6 GB of temporary files.
bench-import: build
	tests/benches/import/run.sh $(BINARY)

# Installs PostGIS, Redis and wrk where it may and builds Martin: half an hour the first time.
bench-peers: build
	tests/benches/peers/run.sh $(BINARY)

# Ten minutes at the limit; DURATION=60 make bench-load for a first look.
bench-load: build
	tests/benches/load/run.sh $(BINARY)

# FILE is an extract of OpenStreetMap, up to a small country; without it, Porto from REFUGIA_TEST_DATA.
bench-routers: build
	tests/benches/routers/run.sh "$(FILE)" $(BINARY)

clean:
	cargo clean
	rm -rf web/dist web/node_modules
