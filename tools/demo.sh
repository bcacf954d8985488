#!/usr/bin/env bash
# From a clean clone to a royalty report: installs what is missing, builds, generates a month of
# plays, imports them and prints a KPI and a royalty report. Run again at will.
#   tools/demo.sh [PLAYS]      (1,000,000 unless told otherwise)
set -euo pipefail
cd "$(dirname "$0")/.."
plays=${1:-1000000}

tools/install-dependencies.sh
STAVE_BUILD_TESTS=OFF tools/build.sh release stave_binary
stave=$PWD/build/release/stave
demo=build/demo
rm -rf "$demo"
mkdir -p "$demo"
cd "$demo"

show() {
  printf '\n$ %s\n' "$*"
  "${@/#stave/$stave}"
}
show stave gen dumps --streams "$plays" --tracks 20000 --users 50000 --days 31 --seed 1
show stave init music.stave
for table in artists tracks users subscriptions rightsholders splits royalty_rates pools campaigns sessions streams; do
  show stave import music.stave "$table" "dumps/$table.csv"
done
show stave describe music.stave
show stave report music.stave kpi.top_genres -p from=2025-05-01 -p to=2025-05-03
show stave report music.stave kpi.daily_genre -p from=2025-05-01 -p to=2025-05-01 --max-rows 12
show stave report music.stave royalty.by_artist -p period=2025-05-01 --max-rows 12
show stave query music.stave \
  'from streams | summarize plays = count(), listeners = distinct(user_id) by country = user.country | top 5 by plays desc'
printf '\nThe store is %s. Ask it something: build/release/stave query %s '"'"'from tracks | take 5'"'"'\n' \
  "$demo/music.stave" "$demo/music.stave"
