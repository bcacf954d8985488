// See stray_quotes.h. The line falls into pieces at its separators. A plain cell is one piece; a
// quoted one may join several. With the number of cells the number of joints is known, and the
// cheapest reading is found piece by piece, for each number of joints so far.
#include "tools/import/stray_quotes.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "tools/import/blanks.h"
#include "tools/import/cell_text.h"

namespace stave::loading {

namespace {

// Separators within quotes of one line; with more it is rejected like any other.
constexpr std::size_t kMostJoints = 64;
constexpr std::uint32_t kImpossible = std::numeric_limits<std::uint32_t>::max();

class StrayLine {
 public:
  // What a line has beyond so many pieces is one piece more.
  StrayLine(std::string_view line, const Dialect& dialect, std::size_t most)
      : line_(line), dialect_(dialect) {
    begins_.push_back(0);
    for (std::size_t at = 0; at < line.size() && begins_.size() <= most;) {
      if (dialect.has_backslash() && line[at] == '\\') {
        at += 2;
      } else if (line.substr(at).starts_with(dialect.separator)) {
        ends_.push_back(at);
        at += dialect.separator.size();
        begins_.push_back(at);
      } else {
        ++at;
      }
    }
    ends_.push_back(line.size());
  }

  const std::vector<std::size_t>& ends() const { return ends_; }

  std::optional<std::vector<std::size_t>> read(std::size_t cells) {
    const std::size_t pieces = ends_.size();
    if (cells == 0 || cells > pieces || pieces - cells > kMostJoints) return std::nullopt;
    const std::size_t joints = pieces - cells;
    weigh_pieces();
    // By pieces read and joints among them: the cost, and how many pieces the last cell has.
    const auto at = [&](std::size_t piece, std::size_t joint) {
      return piece * (joints + 1) + joint;
    };
    std::vector<std::uint32_t> costs((pieces + 1) * (joints + 1), kImpossible);
    std::vector<std::uint8_t> last(costs.size(), 0);
    costs[0] = 0;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      const std::size_t longest = opens(piece) ? std::min(joints + 1, pieces - piece) : 1;
      for (std::size_t size = 1; size <= longest; ++size) {
        const std::uint32_t cost = cost_of(piece, size);
        if (cost == kImpossible) continue;
        for (std::size_t joint = 0; joint + size - 1 <= joints; ++joint) {
          const std::uint32_t before = costs[at(piece, joint)];
          const std::size_t to = at(piece + size, joint + size - 1);
          if (before == kImpossible || before + cost >= costs[to]) continue;
          costs[to] = before + cost;
          last[to] = static_cast<std::uint8_t>(size);
        }
      }
    }
    if (costs[at(pieces, joints)] == kImpossible) return std::nullopt;
    std::vector<std::size_t> separators;
    for (std::size_t piece = pieces, joint = joints; piece > 0;) {
      const std::size_t size = last[at(piece, joint)];
      piece -= size;
      joint -= size - 1;
      if (piece > 0) separators.push_back(ends_[piece - 1]);
    }
    std::reverse(separators.begin(), separators.end());
    return separators;
  }

 private:
  // Of quotes that are neither doubled nor escaped.
  std::uint32_t single_quotes(std::size_t begin, std::size_t end) const {
    std::uint32_t count = 0;
    for (std::size_t at = begin; at < end; ++at) {
      if (dialect_.has_backslash() && line_[at] == '\\') {
        ++at;
      } else if (line_[at] == dialect_.quote) {
        if (at + 1 < end && line_[at + 1] == dialect_.quote) {
          ++at;
        } else {
          ++count;
        }
      }
    }
    return count;
  }

  std::size_t opening_of(std::size_t piece) const {
    std::size_t at = begins_[piece];
    while (dialect_.blanks_around_quotes && at < ends_[piece] && is_blank(line_[at])) ++at;
    return at;
  }
  // Behind the last byte that could be its closing quote.
  std::size_t closing_of(std::size_t piece) const {
    std::size_t end = ends_[piece];
    while (dialect_.blanks_around_quotes && end > begins_[piece] && is_blank(line_[end - 1])) --end;
    return end;
  }
  bool opens(std::size_t piece) const {
    const std::size_t at = opening_of(piece);
    return at < ends_[piece] && line_[at] == dialect_.quote;
  }

  // Single quotes of each piece: all of it, and sums of these; the parts that quotes leave.
  void weigh_pieces() {
    sums_.assign(1, 0);
    for (std::size_t piece = 0; piece < ends_.size(); ++piece) {
      const std::size_t closing = closing_of(piece);
      const bool closes = closing > begins_[piece] && line_[closing - 1] == dialect_.quote;
      sums_.push_back(sums_.back() + single_quotes(begins_[piece], ends_[piece]));
      opened_.push_back(opens(piece) ? single_quotes(opening_of(piece) + 1, ends_[piece]) : 0);
      closed_.push_back(closes ? single_quotes(begins_[piece], closing - 1) : kImpossible);
    }
  }

  std::uint32_t cost_of(std::size_t piece, std::size_t size) const {
    const std::size_t end = piece + size - 1;
    if (size > 1) {
      if (closed_[end] == kImpossible) return kImpossible;
      return opened_[piece] + sums_[end] - sums_[piece + 1] + closed_[end];
    }
    const std::size_t opening = opening_of(piece);
    const std::size_t closing = closing_of(piece);
    const bool quoted = opens(piece) && closed_[piece] != kImpossible && closing > opening + 1;
    if (quoted) return single_quotes(opening + 1, closing - 1);
    // Doubled quotes are out of place too where none stand around them.
    return static_cast<std::uint32_t>(
        std::count(line_.begin() + static_cast<std::ptrdiff_t>(begins_[piece]),
                   line_.begin() + static_cast<std::ptrdiff_t>(ends_[piece]), dialect_.quote));
  }

  std::string_view line_;
  const Dialect& dialect_;
  std::vector<std::size_t> begins_;
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> sums_;
  std::vector<std::uint32_t> opened_;
  std::vector<std::uint32_t> closed_;
};

std::vector<std::string> split(std::string_view line, const std::vector<std::size_t>& separators,
                               const Dialect& dialect) {
  std::vector<std::string> cells;
  std::size_t begin = 0;
  for (const std::size_t separator : separators) {
    cells.push_back(plain_text(line.substr(begin, separator - begin), dialect));
    begin = separator + dialect.separator.size();
  }
  cells.push_back(plain_text(line.substr(begin), dialect));
  return cells;
}

}  // namespace

std::optional<std::vector<std::size_t>> read_stray_line(std::string_view line,
                                                        const Dialect& dialect, std::size_t cells) {
  return StrayLine(line, dialect, cells + kMostJoints).read(cells);
}

std::optional<std::vector<std::string>> cells_of_stray_line(std::string_view line,
                                                            const Dialect& dialect,
                                                            std::size_t cells) {
  const auto separators = read_stray_line(line, dialect, cells);
  if (!separators) return std::nullopt;
  return split(line, *separators, dialect);
}

std::vector<std::string> cells_between_separators(std::string_view line, const Dialect& dialect) {
  std::vector<std::size_t> separators = StrayLine(line, dialect, line.size()).ends();
  separators.pop_back();
  return split(line, separators, dialect);
}

}  // namespace stave::loading
