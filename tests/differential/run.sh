#!/usr/bin/env bash
# Runs a test against DuckDB (Polars, Arrow), which come from the npm registry into the build folder. Skipped (exit code 77) where there is
# no Node.js or no registry.
#   tests/differential/run.sh FOLDER TEST STAVE [ARGUMENT...]
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 test=$2
shift 2
command -v npm >/dev/null || { echo "skipped: Node.js and npm are not installed"; exit 77; }
mkdir -p "$folder" && cp "$here"/*.mjs "$here/package.json" "$folder" && cd "$folder" || exit 1
if [ ! -d node_modules/@duckdb/node-api ] || [ ! -d node_modules/nodejs-polars ] || [ ! -d node_modules/apache-arrow ] || [ ! -d node_modules/dt-sql-parser ]; then
  npm install --no-package-lock --silent --no-audit --no-fund >npm.log 2>&1 ||
    { echo "skipped: the npm registry does not answer"; exit 77; }
fi
exec node "$test" "$@"
