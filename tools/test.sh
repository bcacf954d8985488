#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Ends with one line: `N passed, N failed`
# (and `, N skipped`). Run again at will.
#   tools/test.sh [PRESET]
set -uo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
tools/install-dependencies.sh --tests || exit 1
tools/build.sh "$preset" || exit 1

report=build/$preset/tests.xml
rm -f "$report"
ctest --test-dir "build/$preset" -LE campaign --output-on-failure --output-junit "$PWD/$report" \
  -j "$(nproc)" >"build/$preset/tests.log" 2>&1
outcome=$?
[ "$outcome" -eq 0 ] || grep -vE '^ *[0-9]+/[0-9]+ Test|^ +Start ' "build/$preset/tests.log" | tail -200
python3 tools/count_tests.py "$report" || outcome=1
exit "$outcome"
