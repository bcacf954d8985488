// Plain inputs are read straight into the caller's buffer; compressed ones through the filters of
// Boost.Iostreams, whose exceptions end here.
#include "tools/import/input_source.h"

#include <fmt/format.h>

#include <array>
#include <boost/iostreams/categories.hpp>
#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <boost/iostreams/read.hpp>
#include <exception>
#include <optional>
#include <string_view>
#include <vector>

#include "tools/import/raw_input.h"

namespace stave::loading {

namespace {

namespace io = boost::iostreams;

enum class Compression { kNone, kGzip, kBzip2, kZstd };

constexpr std::size_t kFilterBuffer = std::size_t{256} << 10;

Compression compression_of(std::string_view first) {
  if (first.starts_with("\x1f\x8b")) return Compression::kGzip;
  if (first.starts_with("BZh")) return Compression::kBzip2;
  if (first.starts_with("\x28\xb5\x2f\xfd")) return Compression::kZstd;
  return Compression::kNone;
}

// What the filters read from. A failure of the file is kept for the caller, since the filters would
// only report an end of input.
class RawDevice {
 public:
  using char_type = char;
  using category = io::source_tag;

  RawDevice(RawInput* input, std::optional<Error>* failure) : input_(input), failure_(failure) {}

  std::streamsize read(char* out, std::streamsize size) {
    Result<std::size_t> got = input_->read(out, static_cast<std::size_t>(size));
    if (!got) {
      *failure_ = got.error();
      return -1;
    }
    return *got == 0 && size > 0 ? -1 : static_cast<std::streamsize>(*got);
  }

 private:
  RawInput* input_;
  std::optional<Error>* failure_;
};

}  // namespace

struct InputSource::State {
  std::unique_ptr<RawInput> raw;
  Compression compression = Compression::kNone;
  std::optional<Error> failure;
  io::filtering_streambuf<io::input> filters;
};

InputSource::InputSource(std::unique_ptr<State> state) : state_(std::move(state)) {}
InputSource::~InputSource() = default;

Result<std::unique_ptr<InputSource>> InputSource::open(const std::string& path) {
  Result<std::unique_ptr<RawInput>> raw = RawInput::open(path);
  if (!raw) return pass(raw);
  Result<std::string> first = (*raw)->peek(4);
  if (!first) return pass(first);
  auto state = std::make_unique<State>();
  state->raw = std::move(*raw);
  state->compression = compression_of(*first);
  switch (state->compression) {
    case Compression::kNone:
      break;
    case Compression::kGzip:
      state->filters.push(io::gzip_decompressor(io::zlib::default_window_bits, kFilterBuffer));
      break;
    case Compression::kBzip2:
      state->filters.push(io::bzip2_decompressor(false, kFilterBuffer));
      break;
    case Compression::kZstd:
      state->filters.push(io::zstd_decompressor(kFilterBuffer));
      break;
  }
  if (state->compression != Compression::kNone) {
    state->filters.push(RawDevice(state->raw.get(), &state->failure), kFilterBuffer);
  }
  return std::unique_ptr<InputSource>(new InputSource(std::move(state)));
}

Result<std::size_t> InputSource::read(char* out, std::size_t size) {
  if (state_->compression == Compression::kNone) return state_->raw->read(out, size);
  std::size_t done = 0;
  try {
    while (done < size) {
      const std::streamsize got =
          io::read(state_->filters, out + done, static_cast<std::streamsize>(size - done));
      if (got <= 0) break;
      done += static_cast<std::size_t>(got);
    }
  } catch (const std::exception& exception) {
    if (state_->failure) return Failure(*state_->failure);
    return fail(ErrorCode::kInvalidData,
                fmt::format("The compressed input is broken or cut off: {} ({}). Test it with the "
                            "program that made it, or fetch it again.",
                            path(), exception.what()));
  }
  if (state_->failure) return Failure(*state_->failure);
  // The hash is of the whole file, also where the last compressed block does not end it.
  std::array<char, 4096> rest{};
  while (done < size) {
    Result<std::size_t> got = state_->raw->read(rest.data(), rest.size());
    if (!got) return got;
    if (*got < rest.size()) break;
  }
  return done;
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
