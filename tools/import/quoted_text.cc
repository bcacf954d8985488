// See quoted_text.h.
#include "tools/import/quoted_text.h"

#include "tools/import/cell_text.h"

namespace stave::loading {

void find_quoted_structure(const char* text, std::size_t size, const Dialect& dialect,
                           Structure& out, std::vector<FaultyRow>& faults) {
  const RowScanner scanner(text, size, dialect);
  std::vector<std::uint32_t> separators;
  out.clear();
  faults.clear();
  out.positions.clear();
  out.row_ends.clear();
  for (std::size_t begin = 0; begin < size;) {
    const ScannedRow row = scanner.scan(begin, true, separators);
    if (row.faulty) {
      separators.clear();
      faults.push_back({static_cast<std::uint32_t>(out.row_ends.size()),
                        static_cast<std::uint32_t>(row.fault_at), row.fault});
    }
    out.positions.insert(out.positions.end(), separators.begin(), separators.end());
    out.row_ends.push_back(static_cast<std::uint32_t>(out.positions.size()));
    // As the masks have it: the last byte of the line end.
    out.positions.push_back(static_cast<std::uint32_t>(row.next > row.end ? row.next - 1 : size));
    begin = row.next;
  }
  out.position_count = out.positions.size();
  out.row_count = out.row_ends.size();
  for (std::size_t at = 0; at < size; ++at) {
    if (static_cast<unsigned char>(text[at]) >= 0x80) out.ascii = false;
    const bool line_feed_follows = at + 1 < size && text[at + 1] == '\n';
    if (text[at] == '\n' || (text[at] == '\r' && !line_feed_follows)) ++out.line_ends;
  }
}

std::size_t find_quoted_row_border(const char* text, std::size_t size, const Dialect& dialect) {
  const RowScanner scanner(text, size, dialect);
  std::vector<std::uint32_t> separators;
  std::size_t begin = 0;
  while (begin < size) {
    const ScannedRow row = scanner.scan(begin, false, separators);
    if (!row.complete) break;
    begin = row.next;
  }
  return begin;
}

SplitRow split_first_row(const char* text, std::size_t size, const Dialect& dialect, bool at_end) {
  std::vector<std::uint32_t> separators;
  const ScannedRow row = RowScanner(text, size, dialect).scan(0, at_end, separators);
  SplitRow split;
  split.complete = row.complete;
  split.faulty = row.faulty;
  split.next = row.next;
  if (!row.complete || row.faulty || row.comment) return split;
  separators.push_back(static_cast<std::uint32_t>(row.end));
  std::size_t begin = 0;
  for (const std::uint32_t separator : separators) {
    split.fields.push_back(plain_text({text + begin, separator - begin}, dialect));
    begin = separator + dialect.separator.size();
  }
  return split;
}

}  // namespace stave::loading
