// See sampled_rows.h.
#include "tools/import/sampled_rows.h"

#include <algorithm>
#include <unordered_map>

#include "tools/import/blanks.h"
#include "tools/import/cell_text.h"
#include "tools/import/row_scanner.h"
#include "tools/import/stray_quotes.h"

namespace stave::loading {

namespace {

constexpr std::size_t kMostRows = 1000;
// Each is looked for to the end of the sample.
constexpr int kMostNeverClosed = 10;

void take_cells(std::string_view sample, const std::vector<std::uint32_t>& separators,
                const ScannedRow& scanned, const Dialect& dialect, SampledRows& sampled,
                SampledRow& row) {
  std::size_t begin = row.begin;
  const auto take = [&](std::size_t end) {
    const std::string_view raw = sample.substr(begin, end - begin);
    row.cells.push_back(plain_text(raw, dialect));
    if (!take_quotes_off({raw.data(), raw.data() + raw.size(), false}, dialect).quoted) return;
    ++sampled.quoted;
    row.first_quoted = row.first_quoted || row.cells.size() == 1;
    const std::string special = dialect.separator + dialect.quote + "\r\n";
    if (row.cells.back().find_first_of(special) != std::string::npos) ++sampled.needed;
  };
  for (const std::uint32_t separator : separators) {
    take(separator);
    begin = separator + dialect.separator.size();
  }
  take(scanned.end);
}

void find_usual_width(SampledRows& sampled) {
  std::unordered_map<std::size_t, std::size_t> rows_of_width;
  for (const SampledRow& row : sampled.rows) {
    if (!row.faulty) ++rows_of_width[row.cells.size()];
  }
  for (const SampledRow& row : sampled.rows) {
    if (row.faulty) continue;
    const std::size_t count = rows_of_width[row.cells.size()];
    if (count <= sampled.usual_rows) continue;
    sampled.usual_rows = count;
    sampled.usual_width = row.cells.size();
  }
}

}  // namespace

void SampledRows::read_stray_rows(std::string_view sample, const Dialect& dialect) {
  for (SampledRow& row : rows) {
    if (!row.faulty) continue;
    auto cells =
        cells_of_stray_line(sample.substr(row.begin, row.end - row.begin), dialect, usual_width);
    if (cells) row.cells = std::move(*cells);
    row.faulty = !cells;
  }
}

void SampledRows::expect_width(std::size_t width) {
  usual_width = width;
  usual_rows = static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(),
      [width](const SampledRow& row) { return !row.faulty && row.cells.size() == width; }));
}

std::size_t SampledRows::usual_width_from(std::size_t first) const {
  std::unordered_map<std::size_t, std::size_t> rows_of_width;
  std::size_t most = 0;
  std::size_t width = 0;
  for (std::size_t i = first; i < rows.size(); ++i) {
    if (rows[i].faulty) continue;
    const std::size_t count = ++rows_of_width[rows[i].cells.size()];
    if (count <= most) continue;
    most = count;
    width = rows[i].cells.size();
  }
  return width;
}

double SampledRows::filled_share(std::size_t column, std::size_t first, std::size_t width) const {
  std::size_t filled = 0;
  std::size_t seen = 0;
  for (std::size_t i = first; i < rows.size(); ++i) {
    if (rows[i].cells.size() != width) continue;
    ++seen;
    if (!without_blanks(rows[i].cells[column]).empty()) ++filled;
  }
  return seen == 0 ? 0 : static_cast<double>(filled) / static_cast<double>(seen);
}

SampledRows sample_rows(std::string_view sample, bool at_end, const Dialect& dialect) {
  SampledRows sampled;
  const RowScanner scanner(sample.data(), sample.size(), dialect);
  std::vector<std::uint32_t> separators;
  int never_closed = 0;
  for (std::size_t begin = 0; begin < sample.size() && sampled.rows.size() < kMostRows;) {
    const ScannedRow scanned = scanner.scan(begin, at_end, separators);
    if (!scanned.complete) {
      sampled.enough = begin >= sample.size() / 2;
      break;
    }
    SampledRow row;
    row.begin = begin;
    row.end = scanned.end;
    row.faulty = scanned.faulty;
    const bool blank = scanned.end == begin;
    begin = scanned.next;
    if (blank || scanned.comment) continue;
    if (row.faulty) {
      ++sampled.faults;
      if (scanned.fault == QuoteFault::kNeverClosed && ++never_closed > kMostNeverClosed) break;
    } else {
      take_cells(sample, separators, scanned, dialect, sampled, row);
    }
    sampled.rows.push_back(std::move(row));
  }
  find_usual_width(sampled);
  return sampled;
}

}  // namespace stave::loading
