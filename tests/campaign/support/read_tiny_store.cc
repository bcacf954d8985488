// Reads a tiny store back, cell by cell, through what the engine reads it with.
#include <fmt/format.h>

#include <algorithm>

#include "storage/codec/block.h"
#include "storage/snapshot.h"
#include "tests/campaign/support/tiny_row.h"

namespace stave::campaign {
namespace {

using Cells = std::vector<std::string>;

std::string cell_of(const DecodedBlock& block, std::uint32_t row, const Domain* domain) {
  if (!is_valid(block.validity, row)) {
    return "-";
  }
  switch (block.physical) {
    case Physical::kCode: {
      const std::uint32_t code = block.codes[row];
      if (code == kNullCode || domain == nullptr) {
        return "-";
      }
      return domain->kind() == DictionaryKind::kInt64 ? std::to_string(domain->int64_at(code))
                                                      : std::string(domain->string_at(code));
    }
    case Physical::kInt64:
      return std::to_string(block.int64s[row]);
    case Physical::kInt128:
      return text_of(block.int128s[row]);
    case Physical::kFloat64:
      return text_of(block.float64s[row]);
    case Physical::kString:
      return std::string(block.strings[row]);
  }
  return "?";
}

Result<Cells> read_column(const Snapshot& snapshot,
                          const Result<std::unique_ptr<ColumnFileReader>>& reader,
                          const std::string& domain_name) {
  if (!reader) {
    return pass(reader);
  }
  std::shared_ptr<const Domain> domain;
  if ((*reader)->physical() == Physical::kCode) {
    auto opened = snapshot.domain(domain_name);
    if (!opened) {
      return pass(opened);
    }
    domain = *std::move(opened);
  }
  Cells cells;
  DecodedBlock block;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
    if (auto read = (*reader)->read_block(i, block); !read) {
      return pass(read);
    }
    for (std::uint32_t row = 0; row < block.rows; ++row) {
      cells.push_back(cell_of(block, row, domain.get()));
    }
  }
  if (domain != nullptr) {
    if (auto sound = domain->damage(); !sound) {
      return pass(sound);
    }
  }
  return cells;
}

Result<void> read_plays(const Snapshot& snapshot, Content& content) {
  const TableSchema& schema = snapshot.manifest().schema.tables[0];
  const TableState& table = snapshot.manifest().tables[0];
  for (const SegmentState& segment : table.segments) {
    std::vector<Cells> columns;
    for (std::size_t i = 0; i < kPlayColumns; ++i) {
      auto cells =
          read_column(snapshot, snapshot.open_column(table, segment, i), schema.columns[i].domain);
      if (!cells) {
        return pass(cells);
      }
      if (cells->size() != segment.rows) {
        return fail(ErrorCode::kInternal, "A column has not as many rows as its segment.");
      }
      columns.push_back(*std::move(cells));
    }
    for (std::uint32_t row = 0; row < segment.rows; ++row) {
      std::string line = std::to_string(segment.day);
      for (const Cells& column : columns) {
        line += "|" + column[row];
      }
      content.plays.push_back(std::move(line));
    }
  }
  std::ranges::sort(content.plays);
  return {};
}

Result<void> read_tracks(const Snapshot& snapshot, Content& content) {
  const TableState& table = snapshot.manifest().tables[1];
  if (!table.present.exists()) {
    return {};
  }
  const auto domain = snapshot.domain("tracks");
  const auto present =
      read_column(snapshot, snapshot.open_column(table.present, Physical::kInt64), "");
  const auto titles =
      read_column(snapshot, snapshot.open_column(table.columns[kTitle], Physical::kString), "");
  const auto genres =
      read_column(snapshot, snapshot.open_column(table.columns[kGenre], Physical::kCode), "genres");
  for (const auto* cells : {&present, &titles, &genres}) {
    if (!*cells) {
      return pass(*cells);
    }
  }
  if (!domain) {
    return pass(domain);
  }
  for (std::uint32_t position = 0; position < present->size(); ++position) {
    if ((*present)[position] == "1") {
      const std::string key((*domain)->string_at(position + 1));
      content.tracks[key] = key + "|" + (*titles)[position] + "|" + (*genres)[position];
    }
  }
  return (*domain)->damage();
}

}  // namespace

Result<Content> read_content(const std::shared_ptr<FileSystem>& files) {
  const auto snapshot = Snapshot::open(files);
  if (!snapshot) {
    return pass(snapshot);
  }
  Content content;
  content.snapshot = (*snapshot)->manifest().snapshot;
  if (auto read = read_plays(**snapshot, content); !read) {
    return pass(read);
  }
  if (auto read = read_tracks(**snapshot, content); !read) {
    return pass(read);
  }
  return content;
}

}  // namespace stave::campaign
