// A first session, and what this build is.
#include "tools/cli/guide.h"

#include "stave/version.h"

namespace stave::cli {

std::string short_guide() {
  return
      R"(stave keeps music plays and catalogue in a folder and answers KPI and royalty questions fast.

  stave init music.stave                          make a store
  stave import music.stave tracks tracks.csv      load dumps: tracks, users, streams, ...
  stave import music.stave streams plays-*.csv
  stave describe music.stave                      see what is in it
  stave report music.stave                        list the reports, then run one:
  stave report music.stave kpi.daily_genre
  stave query music.stave 'from streams | summarize plays = count() by day'

No data at hand? stave gen dumps writes some. Also: royalty, sql, dashboard, export, watch, imports, snapshots,
backup, compact, gc, verify, repair, upgrade, inspect, completion.
stave COMMAND --help explains each command with examples.
)";
}

std::string version_text() {
  return "stave " + version() + "\n" + "store format " + std::to_string(format_version()) +
         ", kernels for " + simd_target() + "\n" +
         "Licensed under the Apache License 2.0; there is no warranty.\n";
}

}  // namespace stave::cli
