// Guesses are looked up for every row of a scan, so they are kept as narrow as they come.
#include "storage/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "storage/block_stretch.h"
#include "storage/codec/block.h"
#include "storage/column_file.h"

namespace stave {
namespace {

Result<std::unique_ptr<ColumnFileReader>> open_values(const FileSystem& files,
                                                      const FileReference& file,
                                                      Physical physical) {
  auto reader = ColumnFileReader::open(files, file, physical);
  if (reader && (*reader)->rows() > std::numeric_limits<std::uint32_t>::max()) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A predictor has more rows than there are codes: {} ({}). Run `stave "
                            "verify`.",
                            (*reader)->rows(), file.path));
  }
  return reader;
}

// The caller knows that T holds them.
template <typename T>
Result<std::vector<T>> read_values(const ColumnFileReader& reader, std::size_t leading_zeros) {
  // The directory of a forged file may promise more rows than it has.
  constexpr std::uint64_t kMostReserved = std::uint64_t{1} << 22;
  std::vector<T> values(leading_zeros);
  values.reserve(leading_zeros + std::min(reader.rows(), kMostReserved));
  DecodedBlock block;
  BlockStretch stretch;
  const auto blocks = static_cast<std::uint32_t>(reader.blocks().size());
  for (std::uint32_t i = 0; i < blocks; ++i) {
    stretch.expect(blocks - 1 - i, true);
    if (auto read = reader.read_block(i, block, &stretch); !read) {
      return pass(read);
    }
    const std::size_t begin = values.size();
    values.resize(begin + block.rows);
    const auto copy = [&](const auto& from) {
      std::transform(from.begin(), from.begin() + block.rows,
                     values.begin() + static_cast<std::ptrdiff_t>(begin),
                     [](auto value) { return static_cast<T>(value); });
    };
    reader.physical() == Physical::kCode ? copy(block.codes) : copy(block.int64s);
  }
  return values;
}

template <typename T>
std::vector<T> narrowed(std::span<const std::int64_t> values) {
  std::vector<T> narrow(values.size());
  std::ranges::transform(values, narrow.begin(),
                         [](std::int64_t value) { return static_cast<T>(value); });
  return narrow;
}

template <typename T>
bool fits(std::int64_t least, std::int64_t most) {
  return least >= 0 && most <= std::int64_t{std::numeric_limits<T>::max()};
}

template <typename Value, typename Out>
void look_up(const std::vector<Value>& guesses, std::span<const std::uint32_t> keys, Out* out) {
  const Value* from = guesses.data();
  const std::size_t known = guesses.size();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    out[i] = keys[i] < known ? static_cast<Out>(from[keys[i]]) : Out{0};
  }
}

// Whether T holds every value, and null, which is 0.
template <typename T>
bool holds_all(const ColumnFileReader& reader) {
  return std::ranges::all_of(reader.blocks(), [](const BlockSummary& block) {
    return block.nulls == block.rows || (block.has_range && fits<T>(block.min, block.max));
  });
}

// The runs that have rows in [first_row, end).
std::span<const ClusterRun> runs_between(std::span<const ClusterRun> runs, std::uint32_t first_row,
                                         std::uint64_t end) {
  const auto first = std::ranges::partition_point(runs, [&](const ClusterRun& run) {
    return run.first_row + std::uint64_t{run.rows} <= first_row;
  });
  const auto last = std::ranges::partition_point(
      runs, [&](const ClusterRun& run) { return run.first_row < end; });
  return first < last ? std::span(first, last) : std::span<const ClusterRun>();
}

}  // namespace

std::shared_ptr<const Predictor> Predictor::of_values(std::span<const std::int64_t> guesses) {
  auto predictor = std::make_shared<Predictor>();
  if (guesses.empty()) {
    return predictor;
  }
  const auto [least, most] = std::ranges::minmax(guesses);
  if (fits<std::uint8_t>(least, most)) {
    predictor->guesses_ = narrowed<std::uint8_t>(guesses);
  } else if (fits<std::uint16_t>(least, most)) {
    predictor->guesses_ = narrowed<std::uint16_t>(guesses);
  } else {
    predictor->guesses_ = std::vector<std::int64_t>(guesses.begin(), guesses.end());
  }
  return predictor;
}

std::shared_ptr<const Predictor> Predictor::of_lists(std::vector<std::uint32_t> codes,
                                                     std::vector<ClusterRun> lists) {
  auto predictor = std::make_shared<Predictor>();
  predictor->codes_ = std::make_unique<const ListedCodes>(std::move(codes));
  predictor->lists_ = std::move(lists);
  std::ranges::sort(predictor->lists_, {}, &ClusterRun::code);
  return predictor;
}

Result<std::shared_ptr<const Predictor>> Predictor::open(const FileSystem& files,
                                                         const PredictorState& state,
                                                         Physical physical, Reading reading) {
  const bool is_rank = state.kind == PredictorKind::kRank;
  auto reader = open_values(files, state.file, physical);
  if (!reader) {
    return pass(reader);
  }
  if (!is_rank) {
    const auto predictor = std::make_shared<Predictor>();
    const auto read = [&]<typename T>(T /*kind*/) -> Result<std::shared_ptr<const Predictor>> {
      // The null has a guess as well.
      auto guesses = read_values<T>(**reader, 1);
      if (!guesses) {
        return pass(guesses);
      }
      predictor->guesses_ = *std::move(guesses);
      return predictor;
    };
    return holds_all<std::uint8_t>(**reader)    ? read(std::uint8_t{})
           : holds_all<std::uint16_t>(**reader) ? read(std::uint16_t{})
                                                : read(std::int64_t{});
  }
  std::uint64_t listed = 0;
  for (const ClusterRun& list : state.lists) {
    listed += list.rows;
  }
  if (listed != (*reader)->rows()) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A predictor lists {} codes and has {} ({}). Run `stave verify`.",
                            listed, (*reader)->rows(), state.file.path));
  }
  const auto predictor = std::make_shared<Predictor>();
  predictor->codes_ = std::make_unique<const ListedCodes>(*std::move(reader));
  predictor->lists_ = state.lists;
  std::ranges::sort(predictor->lists_, {}, &ClusterRun::code);
  if (reading == Reading::kWhole) {
    if (auto all = predictor->codes_->part(0, predictor->codes()); !all) {
      return pass(all);
    }
  }
  return predictor;
}

Result<std::span<const std::uint32_t>> Predictor::codes_of(const ClusterRun& list) const {
  return list.rows == 0 ? std::span<const std::uint32_t>()
                        : codes_->part(list.first_row, list.rows);
}

void Predictor::guess(std::span<const std::uint32_t> keys, std::span<std::uint32_t> out) const {
  std::visit([&](const auto& guesses) { look_up(guesses, keys, out.data()); }, guesses_);
}

void Predictor::guess(std::span<const std::uint32_t> keys, std::span<std::int64_t> out) const {
  std::visit([&](const auto& guesses) { look_up(guesses, keys, out.data()); }, guesses_);
}

ClusterRun Predictor::list_of(std::uint32_t cluster) const {
  const auto found = std::ranges::lower_bound(lists_, cluster, {}, &ClusterRun::code);
  return found != lists_.end() && found->code == cluster ? *found : ClusterRun{cluster, 0, 0};
}

ClusterRun Predictor::list_of(std::uint32_t cluster, std::size_t& place) const {
  while (place < lists_.size() && lists_[place].code < cluster) {
    ++place;
  }
  // The unknown is the first of the lists and the last of the runs.
  return place < lists_.size() && lists_[place].code == cluster ? lists_[place] : list_of(cluster);
}

Prediction predict_values(const Predictor& predictor, Physical physical,
                          std::span<const std::uint32_t> keys, Arena& arena) {
  Prediction prediction;
  if (physical == Physical::kCode) {
    const auto guesses = arena.take<std::uint32_t>(keys.size());
    predictor.guess(keys, guesses);
    prediction.codes = guesses;
  } else {
    const auto guesses = arena.take<std::int64_t>(keys.size());
    predictor.guess(keys, guesses);
    prediction.int64s = guesses;
  }
  return prediction;
}

Result<std::span<const RankedRun>> ranked_runs(const Predictor& predictor, const RowsOfRuns& rows,
                                               Arena& arena) {
  const std::uint64_t end = std::uint64_t{rows.first_row} + rows.rows;
  const std::span<const ClusterRun> inside = runs_between(rows.runs, rows.first_row, end);
  const std::span<RankedRun> parts = arena.take<RankedRun>(inside.size());
  std::size_t wanted = 0;
  std::size_t place = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const ClusterRun& run = inside[i];
    const std::uint64_t from = std::max<std::uint64_t>(run.first_row, rows.first_row);
    const std::uint64_t to = std::min(run.first_row + std::uint64_t{run.rows}, end);
    parts[i] = {static_cast<std::uint32_t>(to - from), {}};
    if (rows.wanted != nullptr) {
      const std::size_t before = wanted;
      while (wanted < rows.wanted->size() && rows.first_row + (*rows.wanted)[wanted] < to) {
        ++wanted;
      }
      if (wanted == before) {
        continue;
      }
    }
    const auto codes = predictor.codes_of(predictor.list_of(run.code, place));
    if (!codes) {
      return pass(codes);
    }
    parts[i].codes = *codes;
  }
  return parts;
}

RankIndex::RankIndex(std::shared_ptr<const Predictor> predictor)
    : predictor_(std::move(predictor)) {
  if (predictor_->codes() == 0) {
    return;
  }
  const auto count = static_cast<std::uint32_t>(predictor_->codes());
  const std::span<const std::uint32_t> codes = *predictor_->codes_of({0, 0, count});
  places_.resize(std::size_t{*std::ranges::max_element(codes)} + 1);
  for (std::uint32_t place = 0; place < codes.size(); ++place) {
    places_[codes[place]] = place + 1;
  }
}

void RankIndex::rank(std::uint32_t cluster, std::span<const std::uint32_t> codes,
                     std::span<std::uint32_t> out) const {
  const ClusterRun list = predictor_->list_of(cluster);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::uint32_t place = codes[i] < places_.size() ? places_[codes[i]] : 0;
    const std::uint32_t rank = place - 1 - list.first_row;
    out[i] = place != 0 && rank < list.rows ? rank : codes[i] + list.rows;
  }
}

Prediction predict_ranks(const RankIndex& index, std::span<const ClusterRun> runs,
                         std::uint32_t first_row, std::span<const std::uint32_t> codes,
                         Arena& arena) {
  const auto rows = static_cast<std::uint32_t>(codes.size());
  Prediction prediction;
  prediction.runs = *ranked_runs(index.predictor(), {runs, first_row, rows}, arena);
  const std::span<std::uint32_t> ranks = arena.take<std::uint32_t>(rows);
  const std::span<const ClusterRun> inside =
      runs_between(runs, first_row, std::uint64_t{first_row} + rows);
  std::size_t at = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const std::size_t count = prediction.runs[i].rows;
    index.rank(inside[i].code, codes.subspan(at, count), ranks.subspan(at, count));
    at += count;
  }
  prediction.ranks = ranks;
  return prediction;
}

}  // namespace stave
