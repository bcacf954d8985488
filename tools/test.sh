#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test: those of the code first, then the campaigns
# against the store (tools/campaign.sh). Ends with one line: `N passed, N failed` (and `, N
# skipped`). Run again at will.
#   tools/test.sh [PRESET]        another preset than release runs the tests of the code alone
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
counted=$(python3 tools/count_tests.py "$report") || outcome=1
if [ "$preset" != release ]; then
  printf '%s\n' "$counted"
  exit "$outcome"
fi

printf '%s\n' "$counted" | head -n -1
campaigns=$(tools/campaign.sh) || outcome=1
printf '%s\n' "$campaigns" | head -n -1
printf '%s\n%s\n' "$(tail -1 <<<"$counted")" "$(tail -1 <<<"$campaigns")" |
  python3 -c '
import re, sys
sums = {"passed": 0, "failed": 0, "skipped": 0}
for line in sys.stdin:
    for count, what in re.findall(r"(\d+) (passed|failed|skipped)", line):
        sums[what] += int(count)
line = "{passed} passed, {failed} failed".format(**sums)
print(line + (", {skipped} skipped".format(**sums) if sums["skipped"] else ""))'
exit "$outcome"
