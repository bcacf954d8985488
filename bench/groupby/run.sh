#!/usr/bin/env bash
# The ten group-by questions of the H2O database benchmark on a plain table, beside DuckDB.
#   bench/groupby/run.sh [--rows N] [--threads N] ...      (see groupby.mjs)
set -euo pipefail
here="$(dirname "$0")"
"$here/../prepare.sh"
exec node "$here/groupby.mjs" "$@"
