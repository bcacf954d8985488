#!/usr/bin/env bash
# What a store is put through so that nothing can break it: power cuts, failing calls, full disks,
# killed processes, flipped bits, forged fields, random programs. Prints how often each was done and what came of it;
# ends with one line: `N passed, N failed`.
#   tools/campaign.sh [--times N] [--planted]
# --times N does N times the numbers that every CI run does; --planted also plants the bugs of
# tests/campaign/planted/bugs.toml, one after another, each of which a test has to catch (an hour).
set -uo pipefail
cd "$(dirname "$0")/.."
times=1 planted=no
while [ $# -gt 0 ]; do
  case $1 in
    --times) times=${2:?--times needs a number}; shift 2 ;;
    --planted) planted=yes; shift ;;
    *) echo "usage: tools/campaign.sh [--times N] [--planted]" >&2; exit 2 ;;
  esac
done
tools/install-dependencies.sh --tests || exit 1
passed=0 failed=0 skipped=0

campaign() {  # campaign PRESET TEST-PATTERN: builds and runs the campaigns of that name
  local preset=$1 pattern=$2 log=build/$1/campaign.log report=build/$1/campaign.xml p f s
  local targets=(campaign_tests)
  [ "$preset" != release ] || targets+=(stave_binary kill_shim campaign_allocation_tests)
  mkdir -p "build/$preset"
  if ! tools/build.sh "$preset" "${targets[@]}" >"$log.build" 2>&1; then
    tail -30 "$log.build"
    failed=$((failed + 1))
    return
  fi
  STAVE_CAMPAIGN_TIMES=$times ctest --test-dir "build/$preset" -L campaign -R "$pattern" \
    -j "$(nproc)" --output-junit "$PWD/$report" -V >"$log" 2>&1
  grep -oE 'campaign: .*' "$log" | sed "s/^campaign: //; s/\$/ ($preset)/"
  read -r p f s < <(python3 tools/count_tests.py "$report" | tail -1 |
    sed -E 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/')
  [ "${f:-1}" -eq 0 ] || grep -E 'Failure|FAILED|ERROR|SUMMARY' "$log" | head -50
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1})) skipped=$((skipped + ${s:-0}))
}

random_programs() {  # of the query language, against the reference interpreter of the tests
  local log=build/release/random_programs.log
  mkdir -p build/release
  if tools/build.sh release query_tests >"$log" 2>&1 &&
    STAVE_CAMPAIGN_TIMES=$((20 * times)) build/release/tests/query_tests --gtest_filter='RandomPrograms.*' >"$log" 2>&1
  then passed=$((passed + 1)); else failed=$((failed + 1)); tail -60 "$log"; fi
  grep -oE 'campaign: .*' "$log" | sed 's/^campaign: //'
}

random_pools() {  # 100,000 of them: from CSV files to payouts that add up to the cent
  local log=build/release/random_pools.log
  if (cd tests/acceptance && STAVE_CAMPAIGN_TIMES=$((34 * times)) STAVE_BINARY=$PWD/../../build/release/stave \
    python3 -m unittest royalty_pools_test) >"$log" 2>&1
  then passed=$((passed + 1)); else failed=$((failed + 1)); tail -60 "$log"; fi
  grep -oE 'campaign: .*' "$log" | sed 's/^campaign: //'
}

campaign release .
random_programs
random_pools
campaign asan Mutation
campaign tsan Concurrency

if [ "$planted" = yes ]; then
  mkdir -p build
  if python3 tests/campaign/planted/run.py >build/planted.log 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
  sed -E 's/^campaign: //' build/planted.log
fi

echo "$passed passed, $failed failed$([ "$skipped" -gt 0 ] && echo ", $skipped skipped")"
[ "$failed" -eq 0 ]
