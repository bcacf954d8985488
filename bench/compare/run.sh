#!/usr/bin/env bash
# Stave beside DuckDB: makes the data, runs both, checks that the answers agree, prints the table.
#   bench/compare/run.sh [--plays N] [--threads N] ...      (see compare.mjs)
set -euo pipefail
cd "$(dirname "$0")"
../../tools/install-dependencies.sh --bench
npm install --prefix .. --no-package-lock --silent --no-audit --no-fund
STAVE_BUILD_TESTS=OFF ../../tools/build.sh release stave_binary
exec node compare.mjs "$@"
