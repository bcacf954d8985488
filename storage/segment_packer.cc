// Packs are cut by the bytes of what comes, in its order, whatever it was before.
#include "storage/segment_packer.h"

#include <algorithm>

#include "storage/column_bytes.h"
#include "storage/pack_writer.h"

namespace stave {

Result<void> SegmentPacker::add(const SegmentState& segment, std::vector<std::string> files) {
  std::uint64_t bytes = 0;
  for (const std::string& file : files) {
    bytes += file.size();
  }
  if (!waiting_.empty() && bytes_ + bytes > kPackBytes) {
    if (auto written = write(); !written) {
      return written;
    }
  }
  waiting_.push_back({segment, std::move(files)});
  bytes_ += bytes;
  return {};
}

Result<void> SegmentPacker::add_as_is(const FileSystem& files, OpenPacks& packs,
                                      const SegmentState& segment) {
  std::vector<std::string> bytes(segment.columns.size() + 1);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const FileReference& file =
        i < segment.columns.size() ? segment.columns[i] : segment.load_of_row;
    if (!file.exists()) {
      continue;
    }
    auto read = read_column_bytes(files, file, packs);
    if (!read) {
      return pass(read);
    }
    bytes[i] = *std::move(read);
  }
  return add(segment, std::move(bytes));
}

Result<void> SegmentPacker::finish() {
  return waiting_.empty() ? Result<void>() : write();
}

Result<void> SegmentPacker::write() {
  PackWriter pack(
      transaction_,
      transaction_.new_pack_path(pack_folder(table_), pack_stem(waiting_.front().segment.day)),
      bytes_);
  std::size_t columns = 0;
  for (const Waiting& each : waiting_) {
    columns = std::max(columns, each.segment.columns.size());
  }
  const auto add = [&](Waiting& each, std::size_t at, FileReference& file) {
    if (!each.files[at].empty()) {
      pack.add(each.files[at], file);
      std::string().swap(each.files[at]);  // assigned an empty text it would keep its memory
    }
  };
  for (std::size_t column = 0; column < columns; ++column) {
    for (Waiting& each : waiting_) {
      if (column < each.segment.columns.size()) {
        add(each, column, each.segment.columns[column]);
      }
    }
  }
  for (Waiting& each : waiting_) {
    add(each, each.segment.columns.size(), each.segment.load_of_row);
  }
  for (Waiting& each : waiting_) {
    placed_[each.segment.id] = std::move(each.segment);
  }
  waiting_.clear();
  bytes_ = 0;
  return pack.finish();
}

void SegmentPacker::place(std::vector<SegmentState>& segments) const {
  for (SegmentState& segment : segments) {
    const auto found = placed_.find(segment.id);
    if (found != placed_.end()) {
      segment.columns = found->second.columns;
      segment.load_of_row = found->second.load_of_row;
    }
  }
}

}  // namespace stave
