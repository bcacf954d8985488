// Masks against the byte-by-byte twin on every instruction set of this machine, and both against
// the state machine that defines what quotes mean.
#include <gtest/gtest.h>
#include <hwy/highway.h>
#include <rapidcheck.h>

#include <functional>
#include <string>
#include <vector>

#include "storage/kernel_dispatch.h"
#include "tools/import/quoted_text.h"
#include "tools/import/row_frame.h"
#include "tools/import/structure.h"

namespace stave::loading {
namespace {

const Dialect kDialect;

// Where a carriage return alone is text.
Dialect newlines() {
  Dialect dialect;
  dialect.line_end = LineEnd::kNewline;
  return dialect;
}

std::string padded(const std::string& text) {
  return text + std::string(kTextPadding, '\0');
}

std::vector<std::uint32_t> positions_of(const Structure& structure) {
  return {structure.positions.begin(),
          structure.positions.begin() + static_cast<std::ptrdiff_t>(structure.position_count)};
}
std::vector<std::uint32_t> row_ends_of(const Structure& structure) {
  return {structure.row_ends.begin(),
          structure.row_ends.begin() + static_cast<std::ptrdiff_t>(structure.row_count)};
}

// Runs a check once for each target that this machine supports.
void on_every_target(const std::function<void()>& check) {
  const std::int64_t supported = machine_targets() & HWY_TARGETS;
  for (std::int64_t rest = supported; rest != 0; rest &= rest - 1) {
    const std::int64_t target = rest & (~rest + 1);
    use_kernel_targets(target);
    SCOPED_TRACE(hwy::TargetName(target));
    check();
  }
  use_kernel_targets(0);
}

void expect_twins_agree(const std::string& text, const Dialect& dialect) {
  const std::string bytes = padded(text);
  Structure masks;
  Structure twin;
  find_structure(bytes.data(), text.size(), dialect, masks);
  find_structure_scalar(bytes.data(), text.size(), dialect, twin);
  ASSERT_EQ(masks.well_quoted, twin.well_quoted) << text;
  ASSERT_EQ(masks.ascii, twin.ascii) << text;
  ASSERT_EQ(masks.line_ends, twin.line_ends) << text;
  ASSERT_EQ(positions_of(masks), positions_of(twin)) << text;
  ASSERT_EQ(row_ends_of(masks), row_ends_of(twin)) << text;
  const RowBorder border = find_row_border(bytes.data(), text.size(), dialect);
  const RowBorder border_twin = find_row_border_scalar(bytes.data(), text.size(), dialect);
  ASSERT_EQ(border.last_row_end, border_twin.last_row_end) << text;
  ASSERT_EQ(border.well_quoted, border_twin.well_quoted) << text;
}

void expect_twins_agree(const std::string& text) {
  expect_twins_agree(text, kDialect);
  expect_twins_agree(text, newlines());
}

// Text that is mostly structure.
rc::Gen<std::string> dirty_text() {
  return rc::gen::mapcat(rc::gen::inRange(0, 300), [](int size) {
    return rc::gen::container<std::string>(
        static_cast<std::size_t>(size),
        rc::gen::weightedElement<char>(
            {{6, 'a'}, {3, ','}, {3, '"'}, {1, '\n'}, {1, '\r'}, {1, '\xC3'}}));
  });
}

TEST(ImportStructure, MasksAgreeWithTheirTwinOnEveryTarget) {
  on_every_target(
      [] { rc::check("masks equal the scalar twin", [] { expect_twins_agree(*dirty_text()); }); });
}

TEST(ImportStructure, BordersOfBlocksHideNothing) {
  on_every_target([] {
    for (std::size_t fill = 50; fill < 140; ++fill) {
      const std::string head(fill, 'x');
      for (const char* tail : {"\r\n", "\r", "\n", "\"\"\r\n", ",\"a\"\r\nb", ",\"a\r\n\"\n",
                               ",\"\"\"\"\n", "\"", ",\"a\"", ",\"a\"b"}) {
        expect_twins_agree(head + tail);
        expect_twins_agree(head + tail + "1,2\n");
      }
    }
  });
}

TEST(ImportStructure, WellQuotedTextMeansWhatTheStateMachineSays) {
  rc::check("verified masks equal the state machine", [] {
    const std::string text = *dirty_text() + "\n";
    const std::string bytes = padded(text);
    const Dialect dialect = *rc::gen::arbitrary<bool>() ? newlines() : kDialect;
    Structure masks;
    find_structure(bytes.data(), text.size(), dialect, masks);
    Structure machine;
    std::vector<FaultyRow> faults;
    find_quoted_structure(bytes.data(), text.size(), dialect, machine, faults);
    // Masks give up on carriage returns that are text.
    const bool gave_up = !masks.well_quoted && dialect == newlines();
    RC_ASSERT(gave_up || masks.well_quoted == faults.empty());
    if (!masks.well_quoted) return;
    RC_ASSERT(positions_of(masks) == positions_of(machine));
    RC_ASSERT(row_ends_of(masks) == row_ends_of(machine));
  });
}

TEST(ImportStructure, FaultyRowsEndAtTheirFirstLineEnd) {
  const std::string text = "1,\"never closed,3\n4,5\n6,a\"b,7\n8,\"x\"y\n9\n";
  const std::string bytes = padded(text);
  Structure structure;
  std::vector<FaultyRow> faults;
  find_quoted_structure(bytes.data(), text.size(), kDialect, structure, faults);
  ASSERT_EQ(structure.row_count, 5U);
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].row, 0U);
  EXPECT_EQ(faults[1].row, 2U);
  EXPECT_EQ(faults[1].fault, QuoteFault::kStrayQuote);
  EXPECT_EQ(faults[2].row, 3U);
  EXPECT_EQ(faults[2].fault, QuoteFault::kTextAfterQuote);
}

TEST(ImportStructure, ChunksWithAnEscapeAndWithoutGiveTheSameRows) {
  const std::string text = "a,\"b,c\"\n,x\r\nalone\n\"p\nq\",y\n\nd,e,f\n1,\"\"\n";
  for (const QuoteEscape escape : {QuoteEscape::kBackslash, QuoteEscape::kLetters}) {
    Dialect dialect;
    dialect.escape = escape;
    RowShape shape;
    shape.fields = 2;
    const std::string plain = padded(text);
    const std::string escaped = padded(text + "z,\\\\\n");
    ASSERT_NE(dialect.has_masks_for(text), dialect.has_masks_for(escaped));
    RowFrame by_masks;
    RowFrame by_bytes;
    by_masks.find(plain.data(), text.size(), dialect, shape);
    by_bytes.find(escaped.data(), escaped.size() - kTextPadding, dialect, shape);
    ASSERT_EQ(by_masks.rows(), 4U);
    ASSERT_EQ(by_bytes.rows(), 5U);
    EXPECT_EQ(by_masks.bad_rows().size(), 2U);
    EXPECT_EQ(by_bytes.bad_rows().size(), 2U);
    for (std::uint32_t row = 0; row < by_masks.rows(); ++row) {
      for (std::uint32_t field = 0; field < 2; ++field) {
        const Span one = by_masks.field(row, field);
        const Span other = by_bytes.field(row, field);
        EXPECT_EQ(one.begin, other.begin) << row;
        EXPECT_EQ(one.end, other.end) << row;
      }
    }
  }
}

TEST(ImportStructure, SplitsAHeader) {
  const std::string text = "a,\"b \"\"c\"\"\",\"x\ny\"\r\n1,2,3\n";
  const SplitRow row = split_first_row(text.data(), text.size(), kDialect, false);
  ASSERT_TRUE(row.complete);
  EXPECT_EQ(row.fields, (std::vector<std::string>{"a", "b \"c\"", "x\ny"}));
  EXPECT_EQ(text.substr(row.next), "1,2,3\n");
}

}  // namespace
}  // namespace stave::loading
