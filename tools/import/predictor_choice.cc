// A sample of keys tells for each column which key predicts it best, if any; only what is chosen is
// then learned from all rows. A new predictor must pay for itself within the load that makes it.
#include "tools/import/predictor_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>

#include "storage/snapshot.h"
#include "tools/import/key_sample.h"
#include "tools/import/learned_ranks.h"
#include "tools/import/learned_values.h"
#include "tools/import/parallel.h"
#include "tools/import/prediction_cost.h"

namespace stave::loading {
namespace {

// Learning takes some bytes for each key code.
constexpr std::uint32_t kMostKeyCodes = 1 << 24;
// Reading a second column for every row is worth it only where little else is left to read.
constexpr double kWantedSaving = 0.7;
// A key takes some twenty bits of a row, which a scan of the column reads too: what a column of few
// values can save is not worth that.
constexpr double kWantedBitsOfRow = 3;
// Looking a code up in the list of its cluster is cheap.
constexpr double kWantedRankSaving = 0.2;
// A file's own parts and its line in the manifest.
constexpr double kBitsOfFile = 8 * 300;

// A column to be predicted by value.
struct Chosen {
  std::size_t target = 0;
  std::size_t key = 0;
  std::uint32_t known_place = 0;  // of the last predictor of this target from this key
  bool is_new = false;
  double bits = 0;
  std::string path;
  PredictorState state;  // of a new one
};

class PredictorChooser {
 public:
  PredictorChooser(Load& load, const std::vector<ColumnConversion>& conversions,
                   const Clustering& clustering)
      : load_(load),
        conversions_(conversions),
        clustering_(clustering),
        schema_(load.table.schema()),
        table_(*std::ranges::find(load.transaction.manifest().tables, schema_.name,
                                  &TableState::name)) {}

  Result<std::vector<ColumnPrediction>> choose() {
    chosen_.resize(conversions_.size());
    // Side by side, since much of either is done by one thread; the table gets what they found
    // when both are done, in this order.
    Result<void> found = run_parallel(2, load_.threads, [this](std::size_t kind) {
      return kind == 0 ? choose_values() : choose_ranks();
    });
    if (!found) return pass(found);
    add_values();
    if (Result<void> added = add_ranks(); !added) return pass(added);
    return std::move(chosen_);
  }

 private:
  bool is_key(std::size_t column) const {
    return std::ranges::find(schema_.relations, schema_.columns[column].name,
                             &RelationSchema::column) != schema_.relations.end();
  }

  bool is_brought(std::size_t column) const {
    return column < load_.table.schema_columns() && load_.table.is_brought(column);
  }

  Result<std::uint32_t> codes_of(std::size_t column) {
    Result<DomainWriter*> domain = load_.transaction.domain(schema_.columns[column].domain);
    if (!domain) return pass(domain);
    return (*domain)->size();
  }

  Result<std::vector<std::size_t>> keys() {
    std::vector<std::size_t> keys;
    for (std::size_t i = 0; i < load_.table.schema_columns(); ++i) {
      if (!is_key(i) || !is_brought(i) || !schema_.columns[i].is_coded()) continue;
      Result<std::uint32_t> codes = codes_of(i);
      if (!codes) return pass(codes);
      if (*codes <= kMostKeyCodes) keys.push_back(i);
    }
    return keys;
  }

  std::vector<std::size_t> targets() const {
    std::vector<std::size_t> targets;
    for (std::size_t i = 0; i < load_.table.schema_columns(); ++i) {
      const ColumnSchema& column = schema_.columns[i];
      const bool is_integer = conversions_[i].physical == Physical::kCode ||
                              conversions_[i].physical == Physical::kInt64;
      if (is_brought(i) && !is_key(i) && is_integer && column.type.kind != TypeKind::kTimestamp) {
        targets.push_back(i);
      }
    }
    return targets;
  }

  // The newest first: it knows the most keys.
  std::uint32_t known_place(PredictorKind kind, std::size_t column, std::size_t key) const {
    for (std::size_t i = table_.predictors.size(); i > 0; --i) {
      const PredictorState& known = table_.predictors[i - 1];
      if (known.kind == kind && known.column == column && known.key == key) {
        return static_cast<std::uint32_t>(i);
      }
    }
    return 0;
  }

  Result<std::shared_ptr<const Predictor>> open(std::uint32_t place, std::size_t column) {
    return Predictor::open(load_.transaction.files(), table_.predictors[place - 1],
                           conversions_[column].physical);
  }

  Result<void> choose_values() {
    const Result<std::vector<std::size_t>> keys = this->keys();
    if (!keys) return pass(keys);
    const std::vector<std::size_t> targets = this->targets();
    std::vector<std::optional<Chosen>> best(targets.size());
    for (const std::size_t key : *keys) {
      Result<KeySample> sample = sample_keys(load_, key, targets);
      if (!sample) return pass(sample);
      for (std::size_t i = 0; i < targets.size(); ++i) {
        Result<std::optional<Chosen>> candidate = weigh(*sample, sample->values[i], targets[i]);
        if (!candidate) return pass(candidate);
        if (*candidate && (!best[i] || (*candidate)->bits < best[i]->bits)) best[i] = **candidate;
      }
    }
    for (const std::optional<Chosen>& each : best) {
      if (each) values_.push_back(*each);
    }
    return learn_new();
  }

  // The cheaper of a new predictor and the one that is there, if it is cheap enough.
  Result<std::optional<Chosen>> weigh(const KeySample& sample, KeyValues values,
                                      std::size_t target) {
    if (values.empty()) return std::optional<Chosen>();
    Chosen candidate;
    candidate.target = target;
    candidate.key = sample.key;
    candidate.known_place = known_place(PredictorKind::kValue, target, sample.key);
    candidate.is_new = true;
    candidate.bits = bits_newly_predicted(values) * sample.scale + kBitsOfFile;
    if (candidate.known_place != 0) {
      candidate.bits +=
          static_cast<double>(table_.predictors[candidate.known_place - 1].file.size) * 8;
      Result<std::shared_ptr<const Predictor>> known = open(candidate.known_place, target);
      if (!known) return pass(known);
      const double bits = bits_predicted(values, **known) * sample.scale;
      if (bits < candidate.bits) {
        candidate.bits = bits;
        candidate.is_new = false;
      }
    }
    const double unpredicted = bits_unpredicted(values) * sample.scale;
    const double rows = static_cast<double>(values.size()) * sample.scale;
    if (candidate.bits > unpredicted * (1 - kWantedSaving) ||
        candidate.bits > unpredicted - rows * kWantedBitsOfRow) {
      return std::optional<Chosen>();
    }
    return std::optional<Chosen>(candidate);
  }

  std::string path_for(std::size_t column) {
    return load_.transaction.new_path(schema_.name + "/predictors", schema_.columns[column].name);
  }

  Result<void> learn_new() {
    for (Chosen& each : values_) {
      if (each.is_new) each.path = path_for(each.target);
    }
    return run_parallel(values_.size(), load_.threads, [this](std::size_t i) -> Result<void> {
      Chosen& chosen = values_[i];
      ColumnPrediction& prediction = chosen_[chosen.target];
      prediction.key = chosen.key;
      Result<std::shared_ptr<const Predictor>> predictor = std::shared_ptr<const Predictor>();
      if (chosen.known_place != 0) predictor = open(chosen.known_place, chosen.target);
      if (!predictor) return pass(predictor);
      prediction.values = *std::move(predictor);
      return chosen.is_new ? learn(chosen, prediction) : Result<void>();
    });
  }

  void add_values() {
    for (Chosen& each : values_) {
      chosen_[each.target].place = each.is_new ? add(std::move(each.state)) : each.known_place;
    }
  }

  Result<void> learn(Chosen& chosen, ColumnPrediction& prediction) {
    Result<std::uint32_t> codes = codes_of(chosen.key);
    if (!codes) return pass(codes);
    Result<std::vector<std::int64_t>> guesses =
        learn_values(load_, chosen.key, chosen.target, *codes, prediction.values.get());
    if (!guesses) return pass(guesses);
    prediction.values = Predictor::of_values(*guesses);
    const std::span<const std::int64_t> values = std::span(*guesses).subspan(1);
    const Physical physical = conversions_[chosen.target].physical;
    std::vector<std::uint32_t> as_codes;
    ColumnValues column;
    column.physical = physical;
    column.rows = *codes;
    if (physical == Physical::kCode) {
      as_codes.assign(values.begin(), values.end());
      column.codes = as_codes;
    } else {
      column.int64s = values;
    }
    chosen.state.kind = PredictorKind::kValue;
    chosen.state.column = static_cast<std::uint32_t>(chosen.target);
    chosen.state.key = static_cast<std::uint32_t>(chosen.key);
    return write(column, chosen.path, chosen.state);
  }

  Result<void> write(const ColumnValues& column, const std::string& path, PredictorState& state) {
    ColumnFileWriter writer(load_.transaction.files(), path, column.physical, {});
    if (Result<void> written = writer.append(column); !written) return written;
    Result<FileReference> file = writer.finish();
    if (!file) return pass(file);
    state.file = *std::move(file);
    return {};
  }

  std::uint32_t add(PredictorState state) {
    table_.predictors.push_back(std::move(state));
    return static_cast<std::uint32_t>(table_.predictors.size());
  }

  // What a list saves is weighed for all codes: their rows are counted anyway.
  Result<void> choose_ranks() {
    if (clustering_.column < 0) return {};
    const auto column = static_cast<std::size_t>(clustering_.column);
    Result<std::uint32_t> codes = codes_of(column);
    if (!codes) return pass(codes);
    if (!is_brought(column) || *codes > kMostKeyCodes) return {};
    Result<std::vector<std::uint32_t>> counts = count_codes(load_, column, *codes);
    if (!counts) return pass(counts);
    RankedCodes ranked = rank_codes(*counts, clustering_.codes.codes);
    const double width = std::bit_width(*codes);
    double unranked = 0;
    double fresh = static_cast<double>(ranked.codes.size()) * width + kBitsOfFile;
    for (const ClusterRun& list : ranked.lists) {
      for (std::uint32_t rank = 0; rank < list.rows; ++rank) {
        const std::uint64_t rows = (*counts)[ranked.codes[list.first_row + rank]];
        unranked += static_cast<double>(rows) * width;
        fresh += bits_ranked(rows, rank);
      }
    }
    ColumnPrediction& prediction = chosen_[column];
    double best = unranked * (1 - kWantedRankSaving);
    const std::uint32_t place = known_place(PredictorKind::kRank, column, column);
    if (place != 0) {
      Result<std::shared_ptr<const Predictor>> known = open(place, column);
      if (!known) return pass(known);
      auto index = std::make_shared<const RankIndex>(*known);
      if (const double bits = bits_by(*index, *counts); bits < best) {
        best = bits;
        prediction = {.place = place, .values = nullptr, .key = column, .ranks = std::move(index)};
      }
    }
    if (fresh < best) new_ranks_ = std::move(ranked);
    return {};
  }

  Result<void> add_ranks() {
    if (!new_ranks_) return {};
    const auto column = static_cast<std::size_t>(clustering_.column);
    PredictorState state{.kind = PredictorKind::kRank,
                         .column = static_cast<std::uint32_t>(column),
                         .key = static_cast<std::uint32_t>(column),
                         .lists = new_ranks_->lists,
                         .file = {}};
    ColumnValues values;
    values.physical = Physical::kCode;
    values.rows = static_cast<std::uint32_t>(new_ranks_->codes.size());
    values.codes = new_ranks_->codes;
    if (Result<void> written = write(values, path_for(column), state); !written) return written;
    ColumnPrediction prediction;
    prediction.place = add(std::move(state));
    prediction.ranks = std::make_shared<const RankIndex>(
        Predictor::of_lists(std::move(new_ranks_->codes), std::move(new_ranks_->lists)));
    chosen_[column] = std::move(prediction);
    return {};
  }

  double bits_by(const RankIndex& index, const std::vector<std::uint32_t>& counts) const {
    double bits = 0;
    for (std::uint32_t code = 1; code < counts.size(); ++code) {
      if (counts[code] == 0) continue;
      std::uint32_t rank = 0;
      index.rank(clustering_.cluster_of(code), std::span(&code, 1), std::span(&rank, 1));
      bits += bits_ranked(counts[code], rank);
    }
    return bits;
  }

  Load& load_;
  const std::vector<ColumnConversion>& conversions_;
  const Clustering& clustering_;
  const TableSchema& schema_;
  TableState& table_;
  std::vector<ColumnPrediction> chosen_;
  std::vector<Chosen> values_;
  std::optional<RankedCodes> new_ranks_;
};

}  // namespace

Result<std::vector<ColumnPrediction>> choose_predictors(
    Load& load, const std::vector<ColumnConversion>& conversions, const Clustering& clustering) {
  return PredictorChooser(load, conversions, clustering).choose();
}

}  // namespace stave::loading
