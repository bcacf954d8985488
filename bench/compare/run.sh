#!/usr/bin/env bash
# Stave beside DuckDB: makes the data, runs both, checks that the answers agree, prints the table.
#   bench/compare/run.sh [--plays N] [--threads N] ...      (see compare.mjs)
set -euo pipefail
here="$(dirname "$0")"
"$here/../prepare.sh"
exec node "$here/compare.mjs" "$@"
