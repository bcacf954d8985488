// See dialect_guess.h. First the separator by score, with the usual quotes; then what faults or
// widths give a reason to change, one thing after the other.
#include "tools/import/dialect_guess.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "tools/import/cell_shape.h"
#include "tools/import/header_guess.h"
#include "tools/import/stray_quotes.h"

namespace stave::loading {

namespace {

struct SeparatorCandidate {
  std::string_view text;
  double prior;         // how often files have it, where all else is equal
  bool must_be_in_all;  // a character of texts and times: every row must have it, the first too
};

constexpr std::array kSeparators{
    SeparatorCandidate{",", 1, false},    SeparatorCandidate{"\t", 1, false},
    SeparatorCandidate{";", 0.99, false}, SeparatorCandidate{"|", 0.98, false},
    SeparatorCandidate{"\x1F", 1, false}, SeparatorCandidate{"\x01", 1, false},
    SeparatorCandidate{"||", 1, false},   SeparatorCandidate{"::", 0.9, true},
    SeparatorCandidate{", ", 1, true},    SeparatorCandidate{"; ", 0.99, true},
    SeparatorCandidate{"^", 0.7, true},   SeparatorCandidate{"~", 0.7, true},
    SeparatorCandidate{":", 0.4, true},   SeparatorCandidate{" ", 0.3, true},
};

constexpr double kOneColumn = 0.02;  // score of a file without any separator
constexpr double kKnownNames = 2;    // a header of them outweighs all that rows may say
constexpr std::size_t kScoredRows = 200;
constexpr std::size_t kNeededForFault = 2;

struct Reading {
  Dialect dialect;
  SampledRows rows;
  KnownHeader header;
  double known = 0;  // by the names of its header
  double fit = 0;    // by that and the widths of its rows
};

// Text with a separator of another dialect in it is likely to be two cells.
bool is_plausible(const std::string& cell, const Dialect& dialect) {
  if (shape_of(cell) != CellShape::kText) return true;
  for (const char other : {'\t', ';', '|', ','}) {
    if (dialect.separator.front() != other && cell.find(other) != std::string::npos) return false;
  }
  return true;
}

double plausible_share(const SampledRows& sampled, const Dialect& dialect) {
  std::size_t cells = 0;
  std::size_t plausible = 0;
  for (std::size_t i = 0; i < std::min(sampled.rows.size(), kScoredRows); ++i) {
    for (const std::string& cell : sampled.rows[i].cells) {
      ++cells;
      plausible += is_plausible(cell, dialect) ? 1 : 0;
    }
  }
  return cells == 0 ? 1 : static_cast<double>(plausible) / static_cast<double>(cells);
}

// As R writes a table: names of rows in quotes, and none of them in the header.
bool has_names_of_rows(const SampledRows& sampled) {
  constexpr std::size_t kFewestRows = 3;
  constexpr double kFewestFilled = 0.5;
  const std::size_t width = sampled.usual_width;
  return sampled.rows.size() >= kFewestRows && width > 2 &&
         sampled.rows.front().cells.size() == width - 1 &&
         sampled.usual_rows == sampled.rows.size() - 1 &&
         sampled.filled_share(width - 1, 1, width) >= kFewestFilled &&
         std::ranges::all_of(sampled.rows, [](const SampledRow& row) { return row.first_quoted; });
}

// `# x y z` over `1 2 3`, as numerical programs write it.
bool has_marked_header(const SampledRows& sampled) {
  constexpr std::size_t kFewestRows = 3;
  const std::vector<SampledRow>& rows = sampled.rows;
  return rows.size() >= kFewestRows && sampled.usual_width > 1 &&
         sampled.usual_rows == rows.size() - 1 &&
         rows.front().cells.size() == sampled.usual_width + 1 && rows.front().cells.front() == "#";
}

bool all_rows_are_split(const SampledRows& sampled) {
  if (has_names_of_rows(sampled) || has_marked_header(sampled)) return true;
  return sampled.usual_width > 1 && !sampled.rows.empty() &&
         sampled.rows.front().cells.size() == sampled.usual_width && sampled.usual_share() > 0.95;
}

// Quotes that are out of place in most rows, and in none with this separator.
bool puts_quotes_right(const SampledRows& sampled, const SampledRows& best) {
  return best.faults * 2 > best.rows.size() && sampled.faults == 0 && sampled.quoted > 0 &&
         sampled.usual_width > 1 && sampled.rows.front().cells.size() == sampled.usual_width;
}

// How well the widths of rows make a table.
double fit_of(const SampledRows& rows) {
  const double share = rows.usual_share();
  if (rows.usual_width <= 1) return kOneColumn * share;
  return share * share * (1 - 1 / static_cast<double>(rows.usual_width));
}

// By what is in the cells too.
double score_of(const Reading& reading, double prior) {
  return reading.known +
         (reading.fit - reading.known) * prior * plausible_share(reading.rows, reading.dialect);
}

// A carriage return alone that comes only behind the sample is text: else one byte of damage would
// cut a row in two.
LineEnd guess_line_end(std::string_view sample) {
  if (sample.find('\n') == std::string_view::npos) return LineEnd::kAny;
  for (std::size_t at = sample.find('\r'); at != std::string_view::npos;
       at = sample.find('\r', at + 1)) {
    if (at + 1 < sample.size() && sample[at + 1] != '\n') return LineEnd::kAny;
  }
  return LineEnd::kNewline;
}

class Guesser {
 public:
  Guesser(std::string_view sample, bool at_end, const DumpFormat& given, const KnowsName& knows)
      : sample_(sample), at_end_(at_end), given_(given), knows_(knows) {}

  DialectGuess guess() const {
    Dialect usual;
    usual.separator = given_.separator.value_or(usual.separator);
    usual.quote = given_.quote.value_or(usual.quote);
    usual.escape = given_.escape.value_or(usual.escape);
    usual.line_end = given_.line_end.value_or(guess_line_end(sample_));
    usual.comment = given_.comment.value_or(usual.comment);
    usual.blanks_around_quotes = given_.blanks_around_quotes.value_or(false);
    Reading reading = read(usual);
    if (!is_beyond_doubt(reading)) {
      if (!given_.separator) reading = find_separator(std::move(reading));
      Dialect plain = reading.dialect;
      try_quotes(reading);
      if (!given_.comment && has_comments(reading)) {
        plain.comment = '#';
        reading = read(plain);
        try_quotes(reading);
      }
      if (!given_.blanks_around_quotes) try_blanks(reading);
    }
    return {std::move(reading.dialect), std::move(reading.rows)};
  }

 private:
  Reading read(const Dialect& dialect) const {
    Reading reading{dialect, sample_rows(sample_, at_end_, dialect), {}, 0, 0};
    reading.header = known_header(reading.rows, knows_);
    const KnownHeader& header = reading.header;
    if (header.share > 0) reading.rows.expect_width(reading.rows.rows[header.row].cells.size());
    reading.known = kKnownNames * header.share;
    reading.fit = reading.known + fit_of(reading.rows);
    return reading;
  }

  // The plain dumps that most files are.
  bool is_beyond_doubt(const Reading& reading) const {
    const SampledRows& rows = reading.rows;
    return rows.enough && rows.faults == 0 && rows.usual_width > 1 &&
           rows.usual_rows == rows.rows.size() && reading.header.share > 0.5 &&
           reading.header.row == 0 && !rows.rows.front().cells.back().starts_with(' ') &&
           sample_.find_first_of("\\'") == std::string_view::npos;
  }

  Reading find_separator(Reading best) const {
    double best_score = score_of(best, 1);
    for (const SeparatorCandidate& candidate : kSeparators) {
      if (candidate.text == best.dialect.separator ||
          sample_.find(candidate.text) == std::string_view::npos || !may_separate(candidate.text)) {
        continue;
      }
      Dialect dialect = best.dialect;
      dialect.separator = candidate.text;
      Reading reading = read(dialect);
      if (candidate.must_be_in_all && !all_rows_are_split(reading.rows) &&
          !puts_quotes_right(reading.rows, best.rows)) {
        continue;
      }
      const double score = score_of(reading, candidate.prior);
      if (!is_longer_form(reading, best) && score <= best_score) continue;
      best = std::move(reading);
      best_score = score;
    }
    return best;
  }

  bool may_separate(std::string_view text) const {
    return text.find(given_.quote.value_or('"')) == std::string_view::npos &&
           text.find(given_.comment.value_or('#')) == std::string_view::npos;
  }

  // `a, b` everywhere: the blank belongs to the separator, not to the cells.
  static bool is_longer_form(const Reading& longer, const Reading& shorter) {
    return longer.dialect.separator.size() > 1 &&
           longer.dialect.separator.starts_with(shorter.dialect.separator) &&
           longer.rows.usual_share() == 1 && longer.rows.usual_rows >= shorter.rows.usual_rows &&
           shorter.rows.usual_width == (longer.dialect.separator == "||"
                                            ? 2 * longer.rows.usual_width - 1
                                            : longer.rows.usual_width);
  }

  // Lines with `#` in front, none of which could be a row.
  bool has_comments(const Reading& reading) const {
    const SampledRows& rows = reading.rows;
    const KnownHeader& header = reading.header;
    bool any = false;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      const SampledRow& row = rows.rows[i];
      if (sample_[row.begin] != '#') continue;
      const bool before_header = header.share > 0 && i < header.row;
      const std::size_t width =
          row.faulty && given_.stray_quotes == StrayQuotes::kText
              ? cells_between_separators(sample_.substr(row.begin, row.end - row.begin),
                                         reading.dialect)
                    .size()
              : row.cells.size();
      if (width == rows.usual_width && !before_header) return false;
      any = true;
    }
    return any;
  }

  // Quotes and escapes together, since one may hide the other. The usual ones are left only for
  // rows that fit better: single quotes also where they hold cells together at no loss, or stand
  // around a whole column; no quotes at all in files of tabs that have stray ones.
  void try_quotes(Reading& reading) const {
    const Dialect dialect = reading.dialect;
    const SampledRows usual = reading.rows;
    const bool has_backslash = sample_.find('\\') != std::string_view::npos;
    const bool may_be_single = !given_.quote && sample_.find('\'') != std::string_view::npos;
    if (!given_.escape && has_backslash) {
      try_escape(reading.dialect.quote, QuoteEscape::kBackslash, reading);
    }
    if (may_be_single && usual.quoted == 0) {
      Reading single = read_with_quote(dialect, '\'');
      if (!given_.escape && has_backslash) try_escape('\'', QuoteEscape::kBackslash, single);
      const double gained = single.fit - reading.fit;
      const bool holds = single.rows.needed > 0 || has_column_in_quotes(usual, '\'');
      // Damaged rows may lose a little where many cells speak for it.
      const bool outweighs = single.rows.needed > kNeededForFault * single.rows.faults;
      if (single.rows.enough && single.rows.quoted > 0 &&
          (gained > 0 || (holds && (gained == 0 || outweighs)))) {
        reading = std::move(single);
        return;
      }
    }
    const char separator = reading.dialect.separator.front();
    const bool without_quotes = separator == '\t' || separator == '\x1F' || separator == '\x01';
    if (!given_.quote && without_quotes && reading.rows.quoted == 0 && reading.rows.faults > 0) {
      reading = read_with_quote(reading.dialect, '\0');
    }
  }

  Reading read_with_quote(Dialect dialect, char quote) const {
    dialect.quote = quote;
    return read(dialect);
  }

  void try_escape(char quote, QuoteEscape escape, Reading& reading) const {
    Dialect dialect = reading.dialect;
    dialect.quote = quote;
    dialect.escape = escape;
    Reading escaped = read(dialect);
    if (escaped.rows.enough >= reading.rows.enough && escaped.fit > reading.fit &&
        escaped.rows.faults <= reading.rows.faults) {
      reading = std::move(escaped);
    }
  }

  static bool has_column_in_quotes(const SampledRows& rows, char quote) {
    for (std::size_t column = 0; column < rows.usual_width; ++column) {
      std::size_t quoted = 0;
      std::size_t plain = 0;
      for (const SampledRow& row : rows.rows) {
        if (row.cells.size() != rows.usual_width || row.cells[column].empty()) continue;
        const std::string& cell = row.cells[column];
        const bool in_quotes = cell.size() > 1 && cell.front() == quote && cell.back() == quote;
        // The name of the column may stand without.
        if (!in_quotes && &row == &rows.rows.front()) continue;
        ++(in_quotes ? quoted : plain);
      }
      if (quoted > 1 && plain == 0) return true;
    }
    return false;
  }

  void try_blanks(Reading& reading) const {
    if (reading.rows.faults == 0 || !reading.dialect.has_quote()) return;
    Dialect dialect = reading.dialect;
    dialect.blanks_around_quotes = true;
    Reading loose = read(dialect);
    if (loose.rows.enough && loose.rows.faults < reading.rows.faults) reading = std::move(loose);
  }

  std::string_view sample_;
  bool at_end_;
  const DumpFormat& given_;
  const KnowsName& knows_;
};

}  // namespace

DialectGuess guess_dialect(std::string_view sample, bool at_end, const DumpFormat& given,
                           const KnowsName& knows) {
  return Guesser(sample, at_end, given, knows).guess();
}

}  // namespace stave::loading
