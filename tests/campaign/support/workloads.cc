// Loads are a handful of rows: what matters is the order of the calls they cause.
#include "tests/campaign/support/workloads.h"

#include <fmt/format.h>

#include "storage/collect_garbage.h"
#include "storage/compact_store.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/undo_load.h"

namespace stave::campaign {
namespace {

constexpr std::int32_t kDay = 20'209;

const Load kFirst{{{kDay, "7", "t1"}, {kDay, "9", "t2"}, {kDay, "7", "t2"}}, {}, false};
const Load kSameDay{{{kDay, "9", "t1"}, {kDay, "12", "t3"}}, {}, false};
const Load kTracks{{}, {{"t1", "Blue", "jazz"}, {"t4", "Green", "rock"}}, false};
const Load kBoth{{{kDay, "7", "t4"}, {kDay + 1, "8", "t5"}},
                 {{"t5", "Red", "folk"}, {"t2", "Grey", "jazz"}},
                 false};

Load load_of(int days, int plays_of_day, int users) {
  Load load;
  for (int day = 0; day < days; ++day) {
    for (int i = 0; i < plays_of_day; ++i) {
      load.plays.push_back({kDay + day, std::to_string((day * 31 + i * 7) % users),
                            fmt::format("t{}", (day + i) % 40)});
    }
  }
  for (int i = 0; i < days; ++i) {
    load.tracks.push_back(
        {fmt::format("t{}", i), fmt::format("Title {}", i), fmt::format("genre {}", i % 3)});
  }
  return load;
}

Load spilling(Load load) {
  load.spills = true;
  return load;
}

// As a killed writer leaves it: of each kind of file one that no manifest names.
Result<void> leave_files(FileSystem& files) {
  for (const std::string path :
       {"temporary/transaction", "temporary/pieces-000900.tmp", "plays/20209/user-000901.col",
        "plays/30000/user-000902.col", "domains/users-000903.domain",
        "plays/packs/30000-000904.pack", "snapshots/000000000002.manifest.tmp"}) {
    if (auto written = write_durably(files, path, "half of a file"); !written) {
      return written;
    }
  }
  return files.sync_folder("");
}

Result<void> in_order(Writer& writer, const std::vector<Load>& loads) {
  for (const Load& load : loads) {
    if (auto loaded = writer.load(load); !loaded) {
      return loaded;
    }
  }
  return {};
}

Result<void> make_with(Writer& writer, const std::vector<Load>& loads) {
  auto made = writer.make();
  return made ? in_order(writer, loads) : made;
}

std::vector<Workload> all_workloads() {
  const auto nothing = [](Writer&) { return Result<void>(); };
  const auto made_with = [](std::vector<Load> loads) {
    return [loads](Writer& writer) { return make_with(writer, loads); };
  };
  const auto loading = [](std::vector<Load> loads) {
    return [loads](Writer& writer) { return in_order(writer, loads); };
  };
  const Load named{{{kDay, "7", "t1"}, {kDay, "guest", "t1"}, {kDay, "12", "t2"}}, {}, false};
  const Load more_names{{{kDay, "8", "t1"}, {kDay + 3, "visitor", "t9"}}, {}, false};
  return {
      {"init", nothing, [](Writer& writer) { return writer.make(); }},
      {"first load", made_with({}), loading({kFirst})},
      {"second load into the same day", made_with({kFirst}), loading({kSameDay})},
      {"load of a dimension", made_with({kFirst}), loading({kTracks})},
      {"dimension and facts at once", made_with({kFirst, kTracks}), loading({kBoth})},
      {"several domains grow", made_with({load_of(2, 5, 20)}), loading({load_of(3, 60, 500)})},
      {"a domain of integers becomes strings", made_with({kTracks}), loading({named, more_names})},
      {"abandoned, then loaded", made_with({kFirst}),
       [](Writer& writer) {
         auto abandoned = writer.abandon(spilling(kBoth));
         return abandoned ? writer.load(kSameDay) : abandoned;
       }},
      {"two commits in a row", made_with({}), loading({kFirst, kBoth})},
      {"cleaning up after a crash, then a load",
       [](Writer& writer) {
         auto made = make_with(writer, {kFirst});
         return made ? leave_files(*writer.files()) : made;
       },
       loading({kSameDay})},
      {"many files", made_with({kFirst}), loading({spilling(load_of(8, 40, 300))})},
      {"three loads of dimension and facts", made_with({}),
       loading({load_of(2, 3, 9), kTracks, kBoth})},
      {"compaction", made_with({kFirst, kSameDay, kBoth}),
       [](Writer& writer) { return writer.compact(); }},
      {"collection of old snapshots", made_with({kFirst, kTracks, kBoth}),
       [](Writer& writer) { return writer.collect(); }, true},
      {"undo of a load", made_with({kFirst, kTracks}),
       [](Writer& writer) {
         const Content before = writer.progress().acknowledged;
         auto loaded = writer.load(kSameDay);
         return loaded ? writer.undo(3, before) : loaded;
       }},
  };
}

}  // namespace

Result<void> Writer::make() {
  progress_.possible = {Content()};
  auto made = create_store(*files_, tiny_schema(), "UTC");
  if (made) {
    done(Content());
  }
  return made;
}

Result<void> Writer::load(const Load& load) {
  const Content goal = after(progress_.acknowledged, load);
  progress_.possible.push_back(goal);
  auto committed = commit_load(files_, load, progress_.acknowledged);
  if (committed) {
    done(goal);
  }
  return committed;
}

Result<void> Writer::abandon(const Load& load) {
  return abandon_load(files_, load, progress_.acknowledged);
}

Result<void> Writer::compact() {
  Content goal = progress_.acknowledged;
  ++goal.snapshot;
  progress_.possible.push_back(goal);
  const auto compacted = compact_store(files_, {});
  if (!compacted) {
    return pass(compacted);
  }
  done(goal);
  return {};
}

Result<void> Writer::collect() {
  const auto collected = collect_garbage(files_, {});
  return collected ? Result<void>() : pass(collected);
}

Result<void> Writer::undo(std::uint64_t load, const Content& before) {
  Content goal = before;
  goal.snapshot = progress_.acknowledged.snapshot + 1;
  progress_.possible.push_back(goal);
  const auto undone = undo_load(files_, load);
  if (!undone) {
    return pass(undone);
  }
  done(goal);
  return {};
}

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> kWorkloads = all_workloads();
  return kWorkloads;
}

const Load& one_more_load() {
  static const Load kLoad{{{kDay, "7", "t1"}, {kDay, "77", "t77"}, {kDay + 40, "9", "t2"}},
                          {{"t77", "White", "soul"}},
                          true};
  return kLoad;
}

}  // namespace stave::campaign
