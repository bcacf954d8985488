// Rows of a piece on their way into files, one part after another; or, where the clustering is out
// of date, all files of a period at once, of which the largest is written out whenever together
// they hold too much.
#include "tools/export/table_piece.h"

#include <algorithm>
#include <map>
#include <utility>

#include "tools/export/all_rows.h"

namespace stave {
namespace {

constexpr std::uint64_t kMostWaiting = std::uint64_t{192} << 20;

}  // namespace

class TableExport::PieceWriter {
 public:
  PieceWriter(const TableExport& table, Pipeline::Worker& worker, ExportFolder& folder,
              RowFormat& format, std::atomic<std::uint64_t>& rows_done)
      : table_(table), worker_(worker), folder_(folder), format_(format), rows_done_(rows_done) {}

  Result<void> write_part(const Piece::Part& part) {
    PartitionWriter writer(folder_, format_, table_.fields_, table_.place_of(part.key));
    auto written = each_batch(part, [&](const Batch& batch) {
      return writer.append(batch, all_rows_.first(batch.rows));
    });
    return written ? finish(writer, part.key) : written;
  }

  Result<void> write_by_row(const Piece::Part& part) {
    std::map<std::uint32_t, PartitionWriter> writers;  // by code less 1, so that null is last
    auto written = each_batch(part, [&](const Batch& batch) -> Result<void> {
      const auto* codes = batch.columns.back().values<std::uint32_t>();
      std::map<std::uint32_t, std::vector<std::uint32_t>> rows_of;
      for (std::uint32_t row = 0; row < batch.rows; ++row) rows_of[codes[row] - 1].push_back(row);
      for (const auto& [code, rows] : rows_of) {
        const PartitionKey key{part.key.period, table_.slugs_[code + 1]};
        auto& writer =
            writers.try_emplace(code, folder_, format_, table_.fields_, table_.place_of(key))
                .first->second;
        if (auto appended = writer.append(batch, rows); !appended) return appended;
      }
      return release_some(writers);
    });
    if (!written) return written;
    for (auto& [code, writer] : writers) {
      if (auto finished = finish(writer, {part.key.period, table_.slugs_[code + 1]}); !finished) {
        return finished;
      }
    }
    return {};
  }

  std::vector<ExportedFile> take_files() { return std::move(files_); }

 private:
  template <typename Take>
  Result<void> each_batch(const Piece::Part& part, Take take) {
    for (const Morsel& morsel : part.morsels) {
      if (auto checked = table_.context_.check_cancelled(); !checked) return checked;
      if (auto read = table_.reader_->read(morsel, worker_, batch_); !read) return read;
      if (batch_.rows > 0) {
        table_.integer_keys_.decode(batch_, decoded_);
        if (auto taken = take(batch_); !taken) return taken;
      }
      rows_done_.fetch_add(morsel.rows, std::memory_order_relaxed);
    }
    return {};
  }

  static Result<void> release_some(std::map<std::uint32_t, PartitionWriter>& writers) {
    std::uint64_t waiting = 0;
    for (const auto& [code, writer] : writers) waiting += writer.waiting_bytes();
    if (waiting < kMostWaiting) return {};
    const auto largest =
        std::max_element(writers.begin(), writers.end(), [](const auto& a, const auto& b) {
          return a.second.waiting_bytes() < b.second.waiting_bytes();
        });
    return largest->second.release();
  }

  Result<void> finish(PartitionWriter& writer, const PartitionKey& key) {
    auto parts = writer.finish();
    if (!parts) return pass(parts);
    for (PartFile& part : *parts) files_.push_back({std::move(part), key});
    return {};
  }

  const TableExport& table_;
  Pipeline::Worker& worker_;
  ExportFolder& folder_;
  RowFormat& format_;
  std::atomic<std::uint64_t>& rows_done_;
  std::vector<ExportedFile> files_;
  Batch batch_;
  IntegerKeys::Memory decoded_;
  AllRows all_rows_;
};

Result<std::vector<ExportedFile>> TableExport::write(std::size_t piece, int worker,
                                                     ExportFolder& folder, RowFormat& format,
                                                     std::atomic<std::uint64_t>& rows_done) {
  auto& reading = workers_[static_cast<std::size_t>(worker)];
  if (!reading) reading = reader_->make_worker();
  PieceWriter writer(*this, *reading, folder, format, rows_done);
  for (const Piece::Part& part : pieces_[piece].parts) {
    auto written = pieces_[piece].by_row ? writer.write_by_row(part) : writer.write_part(part);
    if (!written) return pass(written);
  }
  return writer.take_files();
}

}  // namespace stave
