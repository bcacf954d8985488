// `stave snapshots`: the commits of a store that are still there.
#include "stave/upkeep.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

std::string list_text(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (const std::uint64_t number : numbers) {
    text += (text.empty() ? "" : ", ") + std::to_string(number);
  }
  return text;
}

Rows rows_of(const std::vector<SnapshotDescription>& snapshots) {
  Rows rows({{"snapshot", kInt64Type},
             {"committed_at", kStringType},
             {"operation", kStringType},
             {"rows", kInt64Type},
             {"loads_added", kStringType},
             {"bytes", kInt64Type},
             {"new_bytes", kInt64Type}});
  for (const SnapshotDescription& snapshot : snapshots) {
    if (snapshot.is_damaged) {
      rows.add({number_cell(snapshot.snapshot), {}, "damaged", {}, {}, {}, {}});
      continue;
    }
    rows.add({number_cell(snapshot.snapshot), text_or_null(snapshot.committed_at),
              text_or_null(snapshot.operation), number_cell(snapshot.rows),
              text_or_null(list_text(snapshot.loads_added)), number_cell(snapshot.bytes),
              number_cell(snapshot.new_bytes)});
  }
  return rows;
}

int run(const std::string& store, const GlobalOptions& options) {
  const auto snapshots = describe_snapshots(store);
  if (!snapshots) {
    return report_error(snapshots.error(), options);
  }
  std::vector<std::string> damages;
  for (const SnapshotDescription& snapshot : *snapshots) {
    if (snapshot.is_damaged) {
      damages.push_back(snapshot.operation);
    }
  }
  if (!options.quiet) {
    report_warnings(damages, options);
  }
  return print_rows("", rows_of(*snapshots), options);
}

}  // namespace

Command add_snapshots(CLI::App& root, GlobalOptions& options) {
  auto store = std::make_shared<std::string>();
  CLI::App* parser = add_command(
      root, options, "snapshots", "List the commits of a store that are still there",
      "Each import, undo and compaction commits a snapshot. All stay readable by --as-of "
      "until\n`stave gc` deletes them. Times are UTC; rows are those of all facts; new "
      "bytes are what\nthe snapshot before it does not share.",
      "  stave snapshots music.stave\n"
      "  stave query music.stave 'from streams | summarize n = count()' --as-of 3\n");
  parser->add_option("STORE", *store, "The store")->type_name("")->required();
  return {parser, [store, &options] { return run(*store, options); }};
}

}  // namespace stave::cli
