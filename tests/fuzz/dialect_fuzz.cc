// Any bytes as a dump: its encoding, dialect and header are guessed, and its rows found as guessed,
// with bit masks where the dialect has them and byte by byte; both must agree.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/dialect_guess.h"
#include "tools/import/encoding_guess.h"
#include "tools/import/header_guess.h"
#include "tools/import/quoted_text.h"
#include "tools/import/row_frame.h"
#include "tools/import/text_decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stave::loading;  // NOLINT(google-build-using-namespace): all of it is tested here
  if (size == 0 || size > (1U << 16)) return 0;
  const bool whole = (data[0] & 1) != 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  static_cast<void>(check_is_text(bytes, "input", std::nullopt));
  static_cast<void>(check_is_no_page(bytes, "input"));
  std::vector<char> text;
  const auto encoding = guess_utf16(bytes).value_or(guess_by_first_high_byte(bytes, whole));
  TextDecoder decoder(encoding);
  decoder.decode(bytes, text);
  decoder.finish(text);
  const std::size_t length = text.size();
  text.resize(length + kTextPadding);
  const KnowsName knows = [](const std::string& name) { return name == "a" || name == "b"; };
  const DialectGuess guess = guess_dialect({text.data(), length}, whole, {}, knows);
  const HeaderGuess header = guess_header(guess.rows, knows);
  if (header.preamble > 0 && header.preamble >= guess.rows.rows.size()) std::abort();

  Structure machine;
  std::vector<FaultyRow> faults;
  find_quoted_structure(text.data(), length, guess.dialect, machine, faults);
  if (guess.dialect.has_masks() && length > 0) {
    Structure masks;
    find_structure(text.data(), length, guess.dialect, masks);
    if (masks.well_quoted && (!faults.empty() || masks.row_count > machine.row_count ||
                              masks.row_count + 1 < machine.row_count)) {
      std::abort();
    }
  }
  if (find_quoted_row_border(text.data(), length, guess.dialect) > length) std::abort();
  RowFrame frame;
  const std::size_t room = 8 * guess.dialect.separator.size();
  text.resize(length + std::max(kTextPadding, room));
  frame.find(text.data(), length, guess.dialect,
             {.fields = 3,
              .spare = 1,
              .fill = whole,
              .keep_blank = true,
              .header = {},
              .stray_quotes = (data[0] & 2) != 0});
  for (std::uint32_t row = 0; row < frame.rows(); ++row) {
    for (std::uint32_t field = 0; field < 3; ++field) {
      const Span span = frame.field(row, field);
      if (span.begin > span.end || span.end > length + room) std::abort();
    }
  }
  return 0;
}
