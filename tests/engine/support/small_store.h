// A store in memory small enough to check by hand, written as an import would: plays of tracks with
// a genre, clustered by it, one segment for each call.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/execute.h"
#include "engine/plan.h"
#include "storage/snapshot.h"

namespace stave {

struct SmallPlay {
  std::int64_t user = 0;
  std::optional<std::string> track;
  std::int64_t time = 0;  // microseconds; its day is the segment's
  std::optional<std::int64_t> seconds;
};

struct SmallTrack {
  std::string id;
  std::optional<std::string> genre;
  std::optional<std::int64_t> duration_ms;
};

class SmallStore {
 public:
  explicit SmallStore(const std::string& timezone = "UTC");

  // Sets whole rows of the dimension. `changed` lists the tracks among them whose genre became
  // another one: the segments written before are stale afterwards.
  void add_tracks(const std::vector<SmallTrack>& tracks,
                  const std::vector<std::string>& changed = {});
  // One segment of one day, ordered by genre code as it is known now, then as given.
  void add_plays(std::int32_t day, std::vector<SmallPlay> plays);

  // Segments that are added from now on have code filters of their users.
  void filter_users();

  std::shared_ptr<const Snapshot> open() const;

 private:
  std::shared_ptr<FileSystem> files_;
  std::vector<SmallTrack> tracks_;  // by code - 1
  bool filters_users_ = false;
};

// plays: user_id, track_id, listen_time, duration_sec, as positions in the schema.
inline constexpr int kUserColumn = 0;
inline constexpr int kTrackColumn = 1;
inline constexpr int kTimeColumn = 2;
inline constexpr int kSecondsColumn = 3;

PlanPointer scan_of(const std::string& table, const std::vector<int>& columns,
                    std::vector<Field> fields);
// A scan of all columns of `plays` with the partition day as field 4.
PlanPointer scan_plays();
PlanPointer filtered_plan(PlanPointer input, Expression predicate);
PlanPointer projected_plan(PlanPointer input, std::vector<NamedExpression> columns);

Expression field(int column, Type type);
Expression value_of(std::int64_t value, Type type = kInt64Type);
Expression text_value(const std::string& value);
Expression null_value(Type type);
Expression call(Function function, Type type, std::vector<Expression> arguments);
Expression genre_of(Expression track);
Expression duration_of(Expression track);

// Each row's cells joined by commas.
std::vector<std::string> run_rows(const PlanPointer& plan, const Snapshot& snapshot,
                                  const ExecutionOptions& options = {});
std::vector<std::string> text_rows(const Relation& relation);

}  // namespace stave
