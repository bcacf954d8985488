// Reading rows into groups, thread by thread; see the header.
#include "engine/aggregate/grouper.h"

#include <algorithm>
#include <limits>

namespace stave {
namespace {

constexpr std::uint64_t kMostSlots = std::uint64_t{1} << 24;
constexpr std::uint64_t kFewestSlots = std::uint64_t{1} << 16;
constexpr std::size_t kMorselsBetweenAccounts = 4;
// Places of an array become groups where there are at least so many rows for each.
constexpr std::uint64_t kRowsForEachPlace = 2;
// Where rows are counted, a place is a byte.
constexpr std::uint64_t kCountedForEachRow = 2;
constexpr std::uint64_t kMostPlaces = std::uint64_t{1} << 23;
// Keys of all rows may be set aside where they take no more than this part of the memory.
constexpr std::uint64_t kShareSetAside = 8;
// The marks of all threads take no more than this part of it.
constexpr std::uint64_t kShareOfMarks = 8;
// Places have so many words of marks for each row that a thread reads; where rows are filtered, and
// may be few, one for so many rows.
constexpr std::uint64_t kWordsForEachRow = 4;
constexpr std::uint64_t kRowsForEachWord = 8;

// Whether a row changes nothing where one like it was added before.
bool takes_no_repeats(const AggregateCall& call) {
  return call.function == AggregateFunction::kDistinct ||
         call.function == AggregateFunction::kMin || call.function == AggregateFunction::kMax;
}

}  // namespace

Result<void> Grouper::prepare(KeyPlan plan) {
  plan_ = std::move(plan);
  std::vector<Expression> expressions = plan_.row_expressions();
  layout_.row_keys = expressions.size();
  for (const AggregateCall& call : node_.aggregates) {
    expressions.insert(expressions.end(), call.arguments.begin(), call.arguments.end());
  }
  // Scopes that are less than a day are less than a segment.
  const bool by_segment = plan_.scopes != ScopeKind::kDayAndCluster;
  const auto repeats = by_segment && std::ranges::all_of(node_.aggregates, takes_no_repeats)
                           ? Repeats::kMayGo
                           : Repeats::kStay;
  auto reader = input_.read(expressions, context_, repeats);
  if (!reader) return pass(reader);
  reader_ = std::move(*reader);
  layout_.calls = &node_.aggregates;
  layout_.shapes = reader_->shapes();
  layout_.strategy = tuning_.strategy;
  if (plan_.scopes) note_determined_keys();
  if (!plan_.scopes) {
    layout_.most_places =
        std::min(input_.rows() / kRowsForEachPlace,
                 kMostPlaces / std::max<std::uint64_t>(1, node_.aggregates.size()));
  }
  layout_.mark_room = mark_room();
  layout_.has_scopes = plan_.scopes.has_value();
  layout_.most_counted = std::clamp(input_.rows() * kCountedForEachRow, kFewestSlots, kMostSlots);
  const bool has_room =
      input_.rows() <= context_.memory().limit() / kShareSetAside / sizeof(std::uint64_t);
  if (!plan_.scopes && has_room && input_.rows() < std::numeric_limits<std::uint32_t>::max()) {
    layout_.most_set_aside = input_.rows();
    layout_.rows_on_trial = tuning_.rows_on_trial;
  }
  if (tuning_.wanted.cut && plan_.scopes) {
    const bool within_scopes = std::all_of(
        tuning_.wanted.cut->per.begin(), tuning_.wanted.cut->per.end(),
        [&](const Expression& per) { return input_.over_scope(per, *plan_.scopes).has_value(); });
    if (within_scopes) layout_.cut = tuning_.wanted.cut;
  }
  layout_.most_slots = std::clamp(input_.rows() * 2, kFewestSlots, kMostSlots);
  threads_.resize(static_cast<std::size_t>(context_.threads()));
  return {};
}

MarkRoom Grouper::mark_room() const {
  const auto calls = static_cast<std::uint64_t>(std::count_if(
      node_.aggregates.begin(), node_.aggregates.end(),
      [](const auto& call) { return call.function == AggregateFunction::kDistinct; }));
  const auto threads = static_cast<std::uint64_t>(context_.threads());
  const std::uint64_t rows = input_.rows() / threads;
  MarkRoom room;
  room.words = context_.memory().limit() / kShareOfMarks / threads /
               std::max<std::uint64_t>(1, calls) / sizeof(std::uint64_t);
  room.words_of_places = input_.is_filtered() ? rows / kRowsForEachWord : rows * kWordsForEachRow;
  return room;
}

std::optional<std::uint64_t> Grouper::row_key_places() const {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 32;
  std::uint64_t places = 1;
  for (std::size_t key = 0; key < layout_.row_keys; ++key) {
    const ValueEncoder encoder(layout_.shapes[key]);
    if (!encoder.is_fixed()) return std::nullopt;
    places = std::min(places * encoder.size(), kMost);
  }
  return places;
}

void Grouper::note_determined_keys() {
  const std::vector<Expression> row_keys = plan_.row_expressions();
  std::size_t argument = row_keys.size();
  for (const AggregateCall& call : node_.aggregates) {
    layout_.determines_keys.push_back(call.function == AggregateFunction::kDistinct &&
                                      layout_.shapes[argument].representation ==
                                          Representation::kCode &&
                                      layout_.shapes[argument].dictionary != nullptr &&
                                      input_.determines(call.arguments[0], row_keys));
    argument += call.arguments.size();
  }
}

Result<void> Grouper::add_scopes(const std::vector<Scope>& scopes, std::size_t first,
                                 std::size_t last, int worker) {
  Thread& thread = threads_[static_cast<std::size_t>(worker)];
  if (auto done = open(thread); !done) return done;
  const bool by_window = thread.windows.plan(std::span(scopes).subspan(first, last - first));
  for (std::size_t scope = first; scope < last; ++scope) {
    for (const Morsel& morsel : scopes[scope].morsels) {
      if (auto running = context_.check_cancelled(); !running) return running;
      if (by_window) {
        auto rows = thread.windows.next(*reader_, *thread.worker);
        if (!rows) return pass(rows);
        if (auto done = add_batch(**rows, thread); !done) return done;
      } else if (auto done = add_morsel(morsel, thread); !done) {
        return done;
      }
    }
    auto ended = thread.grouping->end_scope(static_cast<std::uint32_t>(scope));
    if (!ended) return ended;
  }
  return {};
}

Result<void> Grouper::add_morsel(const Morsel& morsel, int worker) {
  return add_morsel(morsel, threads_[static_cast<std::size_t>(worker)]);
}

Result<Grouping*> Grouper::unite() {
  Grouping* all = nullptr;
  for (Thread& thread : threads_) {
    if (!thread.grouping) continue;
    thread.worker.reset();
    thread.batch = Batch();
    thread.windows = RunWindows();
    if (all == nullptr) {
      all = thread.grouping.get();
      continue;
    }
    auto done = plan_.scopes ? all->append(*thread.grouping) : all->merge(*thread.grouping);
    if (!done) return pass(done);
    thread.grouping.reset();
    if (auto accounted = all->account_memory(); !accounted) return pass(accounted);
  }
  return all;
}

Result<Grouping*> Grouper::unite_or_empty() {
  auto all = unite();
  if (!all || *all != nullptr) return all;
  if (auto done = open(threads_[0]); !done) return pass(done);
  return threads_[0].grouping.get();
}

Result<void> Grouper::open(Thread& thread) {
  if (thread.grouping) return {};
  thread.worker = reader_->make_worker();
  auto grouping = Grouping::make(layout_, context_);
  if (!grouping) return pass(grouping);
  thread.grouping = std::move(*grouping);
  return {};
}

Result<void> Grouper::add_morsel(const Morsel& morsel, Thread& thread) {
  if (auto done = open(thread); !done) return done;
  if (auto done = reader_->read(morsel, *thread.worker, thread.batch); !done) return done;
  return add_batch(thread.batch, thread);
}

Result<void> Grouper::add_batch(const Batch& batch, Thread& thread) {
  if (auto done = thread.grouping->add(batch); !done) return done;
  if (++thread.morsels % kMorselsBetweenAccounts != 0) return {};
  return thread.grouping->account_memory();
}

}  // namespace stave
