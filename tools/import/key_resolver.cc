// First all rejects, then all new keys: a row that any column rejects adds none.
#include "tools/import/key_resolver.h"

#include <fmt/format.h>

#include <mutex>

#include "tools/import/cell_fault.h"

namespace stave::loading {

namespace {

bool holds_value(const ColumnCells& cells, std::uint32_t row) {
  return cells.validity.empty() || (cells.validity[row / 64] >> (row % 64) & 1) != 0;
}

bool is_integer(std::string_view text, std::int64_t& value) {
  return parse_canonical_int64(text.data(), text.data() + text.size(), value);
}

class ColumnResolver {
 public:
  ColumnResolver(const FilePlan& plan, std::size_t column, CellParser& parser, LoadDomains& domains,
                 ParsedChunk& chunk)
      : plan_(plan),
        column_(column),
        parser_(parser),
        domains_(domains),
        domain_(*domains.by_column[column]),
        chunk_(chunk),
        cells_(chunk.cells[column]),
        keys_(chunk.keys[column]) {}

  // Rejects what can never be a key of this domain.
  void reject_misfits() {
    if (keys_.form != KeyForm::kTexts || !integers_are_fixed()) return;
    std::int64_t value = 0;
    for (std::uint32_t row = 0; row < chunk_.rows; ++row) {
      if (!wanted(row) || is_integer(cells_.strings[row], value)) continue;
      chunk_.reject(row, plan_.columns[column_].name, "key_not_an_integer",
                    fmt::format("The keys of domain `{}` are integers in this store, and this is "
                                "none: {}.",
                                domain_.name(), shown_cell(cells_.strings[row])));
    }
  }

  Result<void> add_keys() {
    Result<void> added = add_by_form();
    cells_.validity.clear();
    cells_.change_physical(Physical::kCode);
    return added;
  }

 private:
  bool wanted(std::uint32_t row) const {
    return chunk_.rejected[row] == 0 && holds_value(cells_, row);
  }
  bool integers_are_fixed() const {
    if (cell_kind_of(plan_.columns[column_]) == CellKind::kCodedInt64) return true;
    return domain_.kind() == DictionaryKind::kInt64 && domain_.committed_size() > 0;
  }

  Result<void> add_by_form() {
    switch (keys_.form) {
      case KeyForm::kIntegers:
        if (domain_.kind() != DictionaryKind::kString) return add_integers();
        // An earlier chunk turned the domain into strings after this one was parsed.
        parser_.read_texts(column_, chunk_);
        return add_all_strings();
      case KeyForm::kStrings:
        if (keys_.looked_up) return add_unknown_strings();
        parser_.read_texts(column_, chunk_);
        return add_all_strings();
      case KeyForm::kTexts:
        return add_texts();
    }
    return {};
  }

  Result<void> add_integers() {
    return add_unknown(cells_.int64s, [this](auto values, auto codes) {
      return domain_.add_int64s(values, codes);
    });
  }

  Result<void> add_unknown_strings() {
    return add_unknown(cells_.strings, [this](auto values, auto codes) {
      return domain_.add_strings(values, codes);
    });
  }

  template <typename T, typename Add>
  Result<void> add_unknown(const std::vector<T>& cells, Add add) {
    std::erase_if(keys_.unknown, [this](std::uint32_t row) { return chunk_.rejected[row] != 0; });
    std::vector<T> values;
    values.reserve(keys_.unknown.size());
    for (const std::uint32_t row : keys_.unknown) values.push_back(cells[row]);
    std::vector<std::uint32_t> codes(values.size());
    if (Result<void> added = add(std::span<const T>(values), std::span(codes)); !added)
      return added;
    for (std::size_t i = 0; i < codes.size(); ++i) cells_.codes[keys_.unknown[i]] = codes[i];
    return {};
  }

  Result<void> add_all_strings() {
    keys_.unknown.clear();
    for (std::uint32_t row = 0; row < chunk_.rows; ++row) {
      cells_.codes[row] = kNullCode;
      if (wanted(row)) keys_.unknown.push_back(row);
    }
    return add_unknown_strings();
  }

  Result<void> add_texts() {
    std::int64_t value = 0;
    bool all_integers = domain_.kind() != DictionaryKind::kString;
    for (std::uint32_t row = 0; all_integers && row < chunk_.rows; ++row) {
      all_integers = !wanted(row) || is_integer(cells_.strings[row], value);
    }
    if (!all_integers) {
      if (domain_.kind() == DictionaryKind::kInt64) {
        const std::unique_lock<std::shared_mutex> alone(domains_.kinds);
        if (Result<void> turned = domain_.become_strings(); !turned) return turned;
      }
      return add_all_strings();
    }
    keys_.unknown.clear();
    for (std::uint32_t row = 0; row < chunk_.rows; ++row) {
      cells_.codes[row] = kNullCode;
      if (!wanted(row)) continue;
      is_integer(cells_.strings[row], cells_.int64s[row]);
      keys_.unknown.push_back(row);
    }
    return add_integers();
  }

  const FilePlan& plan_;
  std::size_t column_;
  CellParser& parser_;
  LoadDomains& domains_;
  DomainWriter& domain_;
  ParsedChunk& chunk_;
  ColumnCells& cells_;
  KeyCells& keys_;
};

}  // namespace

Result<void> resolve_keys(const FilePlan& plan, CellParser& parser, LoadDomains& domains,
                          ParsedChunk& chunk) {
  std::vector<ColumnResolver> columns;
  for (const FieldPlan& field : plan.fields) {
    if (field.column < 0) continue;
    const auto column = static_cast<std::size_t>(field.column);
    if (plan.is_new(column) || !plan.columns[column].is_coded()) continue;
    columns.emplace_back(plan, column, parser, domains, chunk);
  }
  for (ColumnResolver& column : columns) column.reject_misfits();
  for (ColumnResolver& column : columns) {
    if (Result<void> added = column.add_keys(); !added) return added;
  }
  return {};
}

}  // namespace stave::loading
