#!/usr/bin/env bash
# Imports by Stave beside DuckDB and Polars: makes the data, runs all three, prints the table.
#   bench/import/run.sh [--plays N,N] [--threads N,N] [--compressions none,gz,zst] ...      (see import.mjs)
set -euo pipefail
here="$(dirname "$0")"
"$here/../prepare.sh"
exec node "$here/import.mjs" "$@"
