// See spilled_rows.h. A column of a piece is its values (of texts their lengths), the words of
// validity where there are nulls, then the texts.
#include "engine/spill/spilled_rows.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/runtime/vector_buffer.h"
#include "storage/checksum.h"

namespace stave {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
constexpr std::size_t kRowsOfWord = 64;  // pieces begin at whole words of validity
constexpr std::size_t kMostPieceRows = 16384;

std::size_t stored_width(Representation representation) {
  return representation == Representation::kString ? sizeof(std::uint32_t)
                                                   : width_of(representation);
}

std::size_t whole_words(std::size_t bytes) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  return (bytes + kWord - 1) / kWord * kWord;
}

// Where the words of validity begin.
std::size_t values_bytes(Representation representation, std::size_t rows) {
  return whole_words(stored_width(representation) * rows);
}

void append_texts(const std::string_view* texts, const std::uint64_t* validity, std::uint32_t rows,
                  std::size_t begin, std::string& out) {
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::string_view text = is_valid(validity, row) ? texts[row] : std::string_view();
    const auto size = static_cast<std::uint32_t>(text.size());
    std::memcpy(out.data() + begin + row * sizeof(size), &size, sizeof(size));
    out += text;
  }
}

struct ReadBuffer {
  std::unique_ptr<std::byte[]> bytes;  // aligned for every representation by new
  std::vector<std::string_view> texts;
};

}  // namespace

SpilledRows::SpilledRows(std::shared_ptr<TemporaryFile> file, std::vector<ColumnShape> shapes)
    : file_(std::move(file)), shapes_(std::move(shapes)) {
  std::size_t width = 1;
  for (ColumnShape& shape : shapes_) {
    width += width_of(shape.representation);
    shape.may_be_null = shape.representation == Representation::kCode;
    shape.range.reset();
    shape.step = 1;
    shape.few_values.reset();
  }
  const std::size_t rows = std::clamp(kPieceBytes / width, kRowsOfWord, kMostPieceRows);
  piece_rows_ = static_cast<std::uint32_t>(rows / kRowsOfWord * kRowsOfWord);
}

SpilledRows::~SpilledRows() {
  for (const Piece& piece : pieces_) {
    file_->release(piece.offset, piece.bytes);
  }
}

Result<void> SpilledRows::append(const Batch& batch) {
  for (std::uint32_t first = 0; first < batch.rows; first += piece_rows_) {
    auto done = append_piece(batch, first, std::min(piece_rows_, batch.rows - first));
    if (!done) {
      return done;
    }
  }
  return {};
}

Result<void> SpilledRows::append_piece(const Batch& batch, std::uint32_t first,
                                       std::uint32_t rows) {
  Piece piece;
  piece.rows = rows;
  std::string bytes;
  for (std::size_t column = 0; column < shapes_.size(); ++column) {
    const Vector& vector = batch.columns[column];
    const Representation representation = shapes_[column].representation;
    ColumnPlace place;
    place.begin = bytes.size();
    bytes.resize(bytes.size() + values_bytes(representation, rows));
    const std::uint64_t* validity = nullptr;
    if (vector.validity != nullptr) {
      validity = vector.validity + first / kRowsOfWord;
      place.has_validity = true;
      shapes_[column].may_be_null = true;
      bytes.append(reinterpret_cast<const char*>(validity),
                   words_for(rows) * sizeof(std::uint64_t));
    }
    if (representation == Representation::kString) {
      append_texts(vector.values<std::string_view>() + first, validity, rows, place.begin, bytes);
    } else {
      const std::size_t width = width_of(representation);
      std::memcpy(bytes.data() + place.begin, vector.values<char>() + first * width, rows * width);
    }
    bytes.resize(whole_words(bytes.size()));
    place.checksum = checksum_of(std::string_view(bytes).substr(place.begin));
    piece.columns.push_back(place);
  }
  piece.bytes = bytes.size();
  const auto offset = file_->append(std::as_bytes(std::span(bytes)));
  if (!offset) {
    return pass(offset);
  }
  piece.offset = *offset;
  bytes_ += piece.bytes;
  pieces_.push_back(std::move(piece));
  return {};
}

Result<Vector> SpilledRows::read(std::size_t piece_number, std::size_t column) const {
  const Piece& piece = pieces_[piece_number];
  const ColumnPlace& place = piece.columns[column];
  const ColumnShape& shape = shapes_[column];
  const std::uint64_t end =
      column + 1 < piece.columns.size() ? piece.columns[column + 1].begin : piece.bytes;
  const std::size_t size = end - place.begin;
  auto buffer = std::make_shared<ReadBuffer>();
  buffer->bytes.reset(new std::byte[size]);
  const std::span<std::byte> bytes(buffer->bytes.get(), size);
  if (const auto done = file_->read(piece.offset + place.begin, bytes); !done) {
    return pass(done);
  }
  if (checksum_of(bytes) != place.checksum) {
    return fail(ErrorCode::kDamaged,
                "A temporary file does not hold what the query wrote to it. Check the disk that "
                "TMPDIR is on, and run the query again.");
  }
  Vector vector;
  vector.type = shape.type;
  vector.representation = shape.representation;
  vector.dictionary = shape.dictionary;
  vector.size = piece.rows;
  vector.data = bytes.data();
  const std::size_t values = values_bytes(shape.representation, piece.rows);
  if (place.has_validity) {
    vector.validity = reinterpret_cast<const std::uint64_t*>(bytes.data() + values);
  }
  if (shape.representation == Representation::kString) {
    const char* text = reinterpret_cast<const char*>(bytes.data()) + values +
                       (place.has_validity ? words_for(piece.rows) * sizeof(std::uint64_t) : 0);
    const auto* sizes = reinterpret_cast<const std::uint32_t*>(bytes.data());
    buffer->texts.reserve(piece.rows);
    for (std::uint32_t row = 0; row < piece.rows; ++row) {
      buffer->texts.emplace_back(text, sizes[row]);
      text += sizes[row];
    }
    vector.data = buffer->texts.data();
  }
  vector.owner = std::move(buffer);
  return vector;
}

Result<Batch> SpilledRows::read(std::size_t piece) const {
  Batch batch;
  batch.rows = pieces_[piece].rows;
  for (std::size_t column = 0; column < shapes_.size(); ++column) {
    auto vector = read(piece, column);
    if (!vector) {
      return pass(std::move(vector));
    }
    batch.columns.push_back(*std::move(vector));
  }
  return batch;
}

}  // namespace stave
