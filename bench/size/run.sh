#!/usr/bin/env bash
# How large plays are beside Parquet with Zstandard: makes them, imports them, writes both, prints a table.
# Fails where a store takes more than half.
#   bench/size/run.sh [--rows N] [--make gen|life|flat|all] [--track-keys text|integer] ...      (see size.mjs)
set -euo pipefail
cd "$(dirname "$0")"
../../tools/install-dependencies.sh --tests --bench
npm install --prefix .. --no-package-lock --silent --no-audit --no-fund
cd ../..
STAVE_BUILD_TESTS=OFF STAVE_BUILD_BENCHES=ON tools/build.sh release stave_binary make_plays
exec node bench/size/size.mjs "$@"
