#!/usr/bin/env bash
# Imports by Stave beside DuckDB and Polars: makes the data, runs all three, prints the table.
#   bench/import/run.sh [--plays N,N] [--threads N,N] [--compressions none,gz,zst] ...      (see import.mjs)
set -euo pipefail
cd "$(dirname "$0")"
../../tools/install-dependencies.sh --bench
npm install --prefix .. --no-package-lock --silent --no-audit --no-fund
STAVE_BUILD_TESTS=OFF ../../tools/build.sh release stave_binary
exec node import.mjs "$@"
