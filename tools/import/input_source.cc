// Plain inputs are read straight into the caller's buffer; compressed ones through a decompressor,
// which has a thread of its own where the load has several.
#include "tools/import/input_source.h"

#include <vector>

#include "tools/import/compression/decompressors.h"
#include "tools/import/compression/read_ahead.h"
#include "tools/import/parquet/parquet_text.h"
#include "tools/import/raw_input.h"

namespace stave::loading {

// The stream uses what stands before it.
struct InputSource::State {
  explicit State(std::unique_ptr<RawInput> input) : raw(std::move(input)), bytes(*raw) {}
  std::unique_ptr<RawInput> raw;
  Compression compression = Compression::kNone;
  CompressedBytes bytes;
  std::unique_ptr<ByteStream> stream;  // null: not compressed
  std::vector<Type> column_types;
};

namespace {

std::unique_ptr<ByteStream> decompress(Compression compression, CompressedBytes& bytes) {
  switch (compression) {
    case Compression::kGzip:
      return decompress_gzip(bytes);
    case Compression::kBzip2:
      return decompress_bzip2(bytes);
    case Compression::kZstd:
      return decompress_zstd(bytes);
    case Compression::kParquet:
    case Compression::kNone:
      break;
  }
  return nullptr;
}

// A stream's text is made while it is read: worth a thread like decompressing.
class StreamText final : public ByteStream {
 public:
  explicit StreamText(RawInput& input) : input_(input) {}
  Result<std::size_t> read(char* out, std::size_t size) override { return input_.read(out, size); }

 private:
  RawInput& input_;
};

// What was read in another order counts as read, and is in the hash.
Result<void> pass_over(RawInput& input) {
  std::vector<char> buffer(std::size_t{1} << 20);
  while (true) {
    const auto got = input.read(buffer.data(), buffer.size());
    if (!got) return pass(got);
    if (*got < buffer.size()) return {};
  }
}

// Its parts are found from its end, so it must be a file.
Result<ParquetDump> text_of_parquet(const std::string& path, std::uint64_t bytes) {
  if (bytes == 0) {
    return fail(ErrorCode::kUnsupported,
                "A Parquet file cannot come through a pipe: " + path + ". Name the file instead.");
  }
  return parquet_text(path);
}

}  // namespace

InputSource::InputSource(std::unique_ptr<State> state) : state_(std::move(state)) {}

InputSource::~InputSource() {
  state_->raw->stop();
}

Result<std::unique_ptr<InputSource>> InputSource::open(const std::string& path,
                                                       SourceOptions options) {
  if (options.stream != nullptr) {
    auto state = std::make_unique<State>(RawInput::of(*options.stream));
    state->stream = std::make_unique<StreamText>(*state->raw);
    if (options.threads > 1) state->stream = std::make_unique<ReadAhead>(std::move(state->stream));
    return std::unique_ptr<InputSource>(new InputSource(std::move(state)));
  }
  Result<std::unique_ptr<RawInput>> raw = RawInput::open(path, options.cancelled);
  if (!raw) return pass(raw);
  Result<std::string> first = (*raw)->peek(kMagicBytes);
  if (!first) return pass(first);
  Result<Compression> compression = find_compression(*first, path);
  if (!compression) return pass(compression);
  auto state = std::make_unique<State>(std::move(*raw));
  state->compression = *compression;
  state->stream = decompress(*compression, state->bytes);
  if (*compression == Compression::kParquet) {
    auto text = text_of_parquet(state->raw->path(), state->raw->bytes_total());
    if (!text) return pass(text);
    state->stream = std::move(text->text);
    state->column_types = std::move(text->types);
  }
  if (state->stream != nullptr && options.threads > 1) {
    state->stream = std::make_unique<ReadAhead>(std::move(state->stream));
  }
  return std::unique_ptr<InputSource>(new InputSource(std::move(state)));
}

Result<std::size_t> InputSource::read(char* out, std::size_t size) {
  if (state_->stream == nullptr) return state_->raw->read(out, size);
  auto got = state_->stream->read(out, size);
  if (got && *got < size && state_->compression == Compression::kParquet) {
    if (auto hashed = pass_over(*state_->raw); !hashed) return pass(hashed);
  }
  return got;
}

std::shared_ptr<const PlainFile> InputSource::plain_file() const {
  return state_->stream == nullptr ? state_->raw->file() : nullptr;
}

Result<void> InputSource::take(const char* bytes, std::size_t got, std::size_t asked) {
  return state_->raw->take(bytes, got, asked);
}

Compression InputSource::compression() const {
  return state_->compression;
}
std::vector<Type> InputSource::column_types() const {
  return state_->column_types;
}
const std::string& InputSource::path() const {
  return state_->raw->path();
}
std::uint64_t InputSource::bytes_total() const {
  return state_->raw->bytes_total();
}
std::uint64_t InputSource::bytes_read() const {
  return state_->raw->bytes_read();
}
std::uint64_t InputSource::content_hash() const {
  return state_->raw->hash();
}

Result<std::uint64_t> hash_file(const std::string& path) {
  Result<std::unique_ptr<RawInput>> input = RawInput::open(path);
  if (!input) return pass(input);
  std::vector<char> buffer(std::size_t{1} << 20);
  while (true) {
    Result<std::size_t> got = (*input)->read(buffer.data(), buffer.size());
    if (!got) return pass(got);
    if (*got < buffer.size()) return (*input)->hash();
  }
}

}  // namespace stave::loading
