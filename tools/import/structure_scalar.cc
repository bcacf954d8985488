// The byte-by-byte twin of structure_simd.cc.
#include "tools/import/structure.h"

#include <algorithm>

namespace stave::loading {

namespace {

constexpr std::size_t kBlock = 64;

// Quotes as the masks see them: every quote flips inside and outside; what makes that wrong is
// noticed, not followed.
class QuoteParity {
 public:
  explicit QuoteParity(const Dialect& dialect)
      : separator_(dialect.separator.front()), dialect_(dialect) {}

  // Takes the next byte; true where it is outside quotes.
  bool take(char byte) {
    const bool is_quote = dialect_.is_quote(byte);
    const bool is_border = byte == separator_ || byte == '\n' || byte == '\r';
    if (is_quote) inside_ = !inside_;
    if (is_quote && inside_ && !after_border_) well_quoted_ = false;
    if (after_close_ && !is_border && !is_quote) well_quoted_ = false;
    after_close_ = is_quote && !inside_;
    after_border_ = is_border || is_quote;
    return !inside_;
  }
  bool inside() const { return inside_; }
  bool well_quoted() const { return well_quoted_; }

 private:
  char separator_;
  const Dialect& dialect_;
  bool inside_ = false;
  bool well_quoted_ = true;
  bool after_border_ = true;
  bool after_close_ = false;
};

bool ends_line(const char* text, std::size_t size, std::size_t at) {
  return text[at] == '\n' || (text[at] == '\r' && (at + 1 == size || text[at + 1] != '\n'));
}

}  // namespace

void Structure::clear() {
  position_count = 0;
  row_count = 0;
  line_ends = 0;
  well_quoted = true;
  ascii = true;
  any_return = true;
}

void Structure::grow() {
  positions.resize(std::max(positions.size(), position_count) * 2 + 4 * kBlock);
  row_ends.resize(std::max(row_ends.size(), row_count) * 2 + 4 * kBlock);
}

void find_structure_scalar(const char* text, std::size_t size, const Dialect& dialect,
                           Structure& out) {
  out.clear();
  QuoteParity parity(dialect);
  bool wrong_returns = false;
  for (std::size_t at = 0; at < size; ++at) {
    if (at % kBlock == 0) out.reserve_block();
    if (static_cast<unsigned char>(text[at]) >= 0x80) out.ascii = false;
    const bool is_line_end = ends_line(text, size, at);
    if (is_line_end) ++out.line_ends;
    if (is_line_end && text[at] == '\r' && !dialect.has_lone_returns()) wrong_returns = true;
    if (!parity.take(text[at])) continue;
    if (is_line_end) {
      out.row_ends[out.row_count++] = static_cast<std::uint32_t>(out.position_count);
    }
    if (is_line_end || text[at] == dialect.separator.front()) {
      out.positions[out.position_count++] = static_cast<std::uint32_t>(at);
    }
  }
  out.well_quoted = parity.well_quoted() && !parity.inside() && !wrong_returns;
}

RowBorder find_row_border_scalar(const char* text, std::size_t size, const Dialect& dialect) {
  RowBorder border;
  QuoteParity parity(dialect);
  bool wrong_returns = false;
  for (std::size_t at = 0; at < size; ++at) {
    const bool is_line_end = ends_line(text, size, at);
    if (is_line_end && text[at] == '\r' && !dialect.has_lone_returns()) wrong_returns = true;
    if (parity.take(text[at]) && is_line_end) border.last_row_end = at + 1;
  }
  border.well_quoted = parity.well_quoted() && !wrong_returns;
  return border;
}

}  // namespace stave::loading
