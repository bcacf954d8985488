// A domain while a load adds to it: what is committed is asked first, then the tables in memory.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "storage/domain.h"
#include "storage/domain_segment_writer.h"
#include "storage/integer_table.h"
#include "storage/manifest_check.h"
#include "storage/text_table.h"

namespace stave {
namespace {

constexpr std::size_t kBatch = 512;
// Writing so few values again costs less than asking one more segment in every look-up.
constexpr std::uint32_t kSmallSegment = 4096;
static_assert(IntegerTable::kAbsent == TextTable::kAbsent);

// Positions in a table become codes; kAbsent becomes kNullCode.
void positions_to_codes(std::span<std::uint32_t> positions, std::uint32_t committed) {
  for (std::uint32_t& position : positions) {
    position = position == IntegerTable::kAbsent ? kNullCode : position + committed + 1;
  }
}

}  // namespace

struct DomainWriter::State : DomainValues {
  std::string name;
  std::shared_ptr<const Domain> committed;
  std::uint32_t committed_size = 0;
  std::atomic<DictionaryKind> current_kind = DictionaryKind::kEmpty;
  std::unique_ptr<IntegerTable> integers = std::make_unique<IntegerTable>();
  TextTable texts;

  DictionaryKind kind() const override { return current_kind.load(std::memory_order_acquire); }
  std::uint32_t added() const {
    return kind() == DictionaryKind::kString ? texts.size() : integers->size();
  }
  std::int64_t int64_at(std::uint32_t code) const override {
    return code <= committed_size ? committed->int64_at(code)
                                  : integers->at(code - committed_size - 1);
  }
  std::string_view string_at(std::uint32_t code) const override {
    return code <= committed_size ? committed->string_at(code)
                                  : texts.at(code - committed_size - 1);
  }

  const IntegerTable& table(std::int64_t) const { return *integers; }
  const TextTable& table(std::string_view) const { return texts; }
  IntegerTable& table(std::int64_t) { return *integers; }
  TextTable& table(std::string_view) { return texts; }
  void find_committed(std::span<const std::int64_t> values, std::span<std::uint32_t> codes) const {
    committed->find_int64s(values, codes);
  }
  void find_committed(std::span<const std::string_view> values,
                      std::span<std::uint32_t> codes) const {
    committed->find_strings(values, codes);
  }

  template <typename T>
  void find(std::span<const T> values, std::span<std::uint32_t> codes,
            DictionaryKind wanted) const {
    if (kind() != wanted) {
      std::ranges::fill(codes, kNullCode);
    } else if (committed_size == 0) {
      table(T{}).find(values, codes);
      positions_to_codes(codes, 0);
    } else {
      find_committed(values, codes);
      for (std::size_t i = 0; added() > 0 && i < values.size(); i += kBatch) {
        const std::size_t count = std::min(kBatch, values.size() - i);
        find_missing(values.subspan(i, count), codes.subspan(i, count));
      }
    }
  }

  template <typename T>
  void find_missing(std::span<const T> values, std::span<std::uint32_t> codes) const {
    std::array<T, kBatch> missing;
    std::array<std::uint32_t, kBatch> rows;
    std::array<std::uint32_t, kBatch> found;
    std::size_t count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      missing[count] = values[i];
      rows[count] = static_cast<std::uint32_t>(i);
      count += codes[i] == kNullCode ? 1 : 0;
    }
    table(T{}).find(std::span<const T>(missing.data(), count), {found.data(), count});
    positions_to_codes({found.data(), count}, committed_size);
    for (std::size_t i = 0; i < count; ++i) {
      codes[rows[i]] = found[i];
    }
  }

  // Of a kind that the domain can take.
  template <typename T>
  Result<void> add_all(std::span<const T> values, std::span<std::uint32_t> codes,
                       DictionaryKind added_kind) {
    for (std::size_t i = 0; i < values.size(); i += kBatch) {
      const std::size_t count = std::min(kBatch, values.size() - i);
      if (auto added = add_batch(values.subspan(i, count), codes.subspan(i, count), added_kind);
          !added) {
        return added;
      }
    }
    return {};
  }

  template <typename T>
  Result<void> add_batch(std::span<const T> values, std::span<std::uint32_t> codes,
                         DictionaryKind added_kind) {
    std::array<T, kBatch> missing;
    std::array<std::uint32_t, kBatch> rows;
    std::array<std::uint32_t, kBatch> positions;
    std::ranges::fill(codes, kNullCode);
    if (committed_size > 0) {
      find_committed(values, codes);
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      missing[count] = values[i];
      rows[count] = static_cast<std::uint32_t>(i);
      count += codes[i] == kNullCode ? 1 : 0;
    }
    // Where it is nearly full, one by one, since some of them may be equal.
    const std::size_t step = has_room(count) ? count : 1;
    for (std::size_t i = 0; i < count; i += step) {
      if (auto room = check_room(); !room) {
        return room;
      }
      table(T{}).add(std::span<const T>(missing.data() + i, step), {positions.data() + i, step});
      current_kind.store(added_kind, std::memory_order_release);
    }
    for (std::size_t i = 0; i < count; ++i) {
      codes[rows[i]] = committed_size + positions[i] + 1;
    }
    return {};
  }

  bool has_room(std::size_t count) const {
    return count <= std::size_t{kLargestCode} - committed_size - added();
  }

  Result<void> check_room() const {
    if (!has_room(1)) {
      return fail(
          ErrorCode::kInvalidData,
          fmt::format("A key domain is full: {} holds {} values. Split the data over several "
                      "stores.",
                      name, kLargestCode));
    }
    return {};
  }
};

DomainWriter::DomainWriter(std::string name, std::shared_ptr<const Domain> committed)
    : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->committed = std::move(committed);
  if (state_->committed != nullptr) {
    state_->committed_size = state_->committed->size();
    state_->current_kind = state_->committed->kind();
  }
}

DomainWriter::~DomainWriter() = default;

const std::string& DomainWriter::name() const {
  return state_->name;
}
DictionaryKind DomainWriter::kind() const {
  return state_->kind();
}
std::uint32_t DomainWriter::size() const {
  return state_->committed_size + state_->added();
}
std::uint32_t DomainWriter::committed_size() const {
  return state_->committed_size;
}

void DomainWriter::find_int64s(std::span<const std::int64_t> values,
                               std::span<std::uint32_t> codes) const {
  state_->find(values, codes, DictionaryKind::kInt64);
}

void DomainWriter::find_strings(std::span<const std::string_view> values,
                                std::span<std::uint32_t> codes) const {
  state_->find(values, codes, DictionaryKind::kString);
}

Result<std::uint32_t> DomainWriter::add_int64(std::int64_t value) {
  std::uint32_t code = kNullCode;
  if (auto added = add_int64s({&value, 1}, {&code, 1}); !added) {
    return pass(added);
  }
  return code;
}

Result<std::uint32_t> DomainWriter::add_string(std::string_view value) {
  std::uint32_t code = kNullCode;
  if (auto added = add_strings({&value, 1}, {&code, 1}); !added) {
    return pass(added);
  }
  return code;
}

Result<void> DomainWriter::add_int64s(std::span<const std::int64_t> values,
                                      std::span<std::uint32_t> codes) {
  if (kind() == DictionaryKind::kString && !values.empty()) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("A key domain holds strings and cannot take an integer: {} in {}. Add "
                            "it as text.",
                            values.front(), name()));
  }
  return state_->add_all(values, codes, DictionaryKind::kInt64);
}

Result<void> DomainWriter::add_strings(std::span<const std::string_view> values,
                                       std::span<std::uint32_t> codes) {
  if (kind() == DictionaryKind::kInt64 && !values.empty()) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("A key domain holds integers, and this is none: \"{}\" in {}. Use keys "
                            "of one kind in all files.",
                            values.front().substr(0, 100), name()));
  }
  for (const std::string_view value : values) {
    if (value.size() > TextArena::kLongestText) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("A value is too long for a key domain: {} bytes in {}, at most {}. "
                              "Shorten it.",
                              value.size(), name(), TextArena::kLongestText));
    }
  }
  return state_->add_all(values, codes, DictionaryKind::kString);
}

Result<void> DomainWriter::become_strings() {
  if (kind() == DictionaryKind::kString) {
    return {};
  }
  if (state_->committed_size > 0) {
    return fail(
        ErrorCode::kInvalidData,
        fmt::format("A key domain holds integers in the store already: {} of them in {}. Use "
                    "integer keys, or a new store.",
                    state_->committed_size, name()));
  }
  for (std::uint32_t position = 0; position < state_->integers->size(); ++position) {
    const fmt::format_int text(state_->integers->at(position));
    const std::string_view value(text.data(), text.size());
    std::uint32_t same = 0;
    state_->texts.add({&value, 1}, {&same, 1});
  }
  state_->integers = std::make_unique<IntegerTable>();
  state_->current_kind.store(DictionaryKind::kString, std::memory_order_release);
  return {};
}

std::string_view DomainWriter::string_at(std::uint32_t code) const {
  return kind() == DictionaryKind::kString && code != kNullCode && code <= size()
             ? state_->string_at(code)
             : std::string_view();
}

std::int64_t DomainWriter::int64_at(std::uint32_t code) const {
  return kind() == DictionaryKind::kInt64 && code != kNullCode && code <= size()
             ? state_->int64_at(code)
             : 0;
}

Result<DomainState> DomainWriter::write(FileSystem& files, const std::string& path,
                                        const DomainState& before, int threads) {
  DomainState after = before;
  after.name = name();
  std::uint32_t count = state_->added();
  if (count == 0) {
    return after;
  }
  // Small segments are taken into the new one, so that sizes fall at least by halves and a look-up
  // asks few of them, however many loads there were.
  while (!after.segments.empty() &&
         after.segments.back().count / 2 <= std::max(count, kSmallSegment)) {
    count += after.segments.back().count;
    after.segments.pop_back();
  }
  auto segment = write_domain_segment(files, path, *state_, size() - count + 1, count, threads);
  if (!segment) {
    return pass(segment);
  }
  // Taken values must not carry damage on under a new checksum.
  if (state_->committed != nullptr) {
    if (auto sound = state_->committed->damage(); !sound) {
      return pass(sound);
    }
  }
  after.kind = kind();
  after.size = size();
  after.segments.push_back(*std::move(segment));
  return after;
}

}  // namespace stave
