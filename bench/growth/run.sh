#!/usr/bin/env bash
# The growth curve from one million to a billion plays; the last needs 20 GB of disk.
#   bench/growth/run.sh [--plays N,N...] ...      (see growth.mjs)
set -euo pipefail
cd "$(dirname "$0")"
../../tools/install-dependencies.sh --bench
STAVE_BUILD_TESTS=OFF ../../tools/build.sh release stave_binary
exec node growth.mjs "$@"
