#!/usr/bin/env bash
# The ten group-by questions of the H2O database benchmark on a plain table, beside DuckDB.
#   bench/groupby/run.sh [--rows N] [--threads N] ...      (see groupby.mjs)
set -euo pipefail
cd "$(dirname "$0")"
../../tools/install-dependencies.sh --bench
npm install --prefix .. --no-package-lock --silent --no-audit --no-fund
STAVE_BUILD_TESTS=OFF ../../tools/build.sh release stave_binary
exec node groupby.mjs "$@"
