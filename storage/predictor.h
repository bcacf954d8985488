// What segments share to make a column small, loaded: guesses by the code of another column, or
// codes listed by cluster. Bytes: format-spec/predictor.md.
// Invariant: immutable and thread-safe; any code and any cluster may be asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "stave/result.h"
#include "storage/codec/arena.h"
#include "storage/codec/prediction.h"
#include "storage/file_system.h"
#include "storage/huge_pages.h"
#include "storage/listed_codes.h"
#include "storage/manifest.h"
#include "storage/physical.h"

namespace stave {

class Predictor {
 public:
  enum class Reading : std::uint8_t { kWhole, kListsWhenAsked };
  // `physical` is that of the column it is for.
  static Result<std::shared_ptr<const Predictor>> open(const FileSystem& files,
                                                       const PredictorState& state,
                                                       Physical physical,
                                                       Reading reading = Reading::kWhole);
  // From memory; guesses are by key code, and begin with that of the null.
  static std::shared_ptr<const Predictor> of_values(std::span<const std::int64_t> guesses);
  static std::shared_ptr<const Predictor> of_lists(std::vector<std::uint32_t> codes,
                                                   std::vector<ClusterRun> lists);

  // Of kValue: the guess for each key; 0 where nothing is known.
  void guess(std::span<const std::uint32_t> keys, std::span<std::uint32_t> out) const;
  void guess(std::span<const std::uint32_t> keys, std::span<std::int64_t> out) const;

  // Of kRank: those of a list, and how many there are, list after list.
  Result<std::span<const std::uint32_t>> codes_of(const ClusterRun& list) const;
  std::size_t codes() const { return codes_ == nullptr ? 0 : codes_->size(); }
  const std::vector<ClusterRun>& lists() const { return lists_; }
  // Where the cluster's list lies among them; empty where it has none.
  ClusterRun list_of(std::uint32_t cluster) const;
  // The same for clusters asked for in their order: `place` is where to look first.
  ClusterRun list_of(std::uint32_t cluster, std::size_t& place) const;

 private:
  // In as few bytes as the largest needs, since they are looked up at random.
  std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<std::int64_t>>
      guesses_;
  std::unique_ptr<const ListedCodes> codes_;  // null: there are no lists
  std::vector<ClusterRun> lists_;             // by code
};

// Guesses for rows with these key codes, living in the arena.
Prediction predict_values(const Predictor& predictor, Physical physical,
                          std::span<const std::uint32_t> keys, Arena& arena);

// Rows [first_row, first_row + rows) of a segment. With `wanted`, only the runs of these of them,
// ascending, get their lists.
struct RowsOfRuns {
  std::span<const ClusterRun> runs;  // of the segment
  std::uint32_t first_row = 0;
  std::uint32_t rows = 0;
  const std::span<const std::uint32_t>* wanted = nullptr;
};

// The parts of the runs that have these rows, with their lists.
Result<std::span<const RankedRun>> ranked_runs(const Predictor& predictor, const RowsOfRuns& rows,
                                               Arena& arena);

// The way to the ranks, for those who write them.
class RankIndex {
 public:
  // Of one that was read whole.
  explicit RankIndex(std::shared_ptr<const Predictor> predictor);
  const Predictor& predictor() const { return *predictor_; }
  // What codec `ranked` stores for codes of a cluster's run.
  void rank(std::uint32_t cluster, std::span<const std::uint32_t> codes,
            std::span<std::uint32_t> out) const;

 private:
  std::shared_ptr<const Predictor> predictor_;
  std::vector<std::uint32_t, HugePageAllocator<std::uint32_t>>
      places_;  // by code: place among all codes + 1, or 0
};

// What it takes to write codes that are rows [first_row, ...) of a segment with these runs.
Prediction predict_ranks(const RankIndex& index, std::span<const ClusterRun> runs,
                         std::uint32_t first_row, std::span<const std::uint32_t> codes,
                         Arena& arena);

}  // namespace stave
