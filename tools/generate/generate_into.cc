// `stave gen --into STORE`: the text of each dump goes from the generator to the import in memory,
// so that store and dumps cannot differ.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <new>

#include "stave/generate.h"
#include "stave/import.h"
#include "stave/store.h"
#include "tools/generate/tables.h"

namespace stave {
namespace {

using generator::Dump;

// A dump's text, block after block.
class DumpText {
 public:
  explicit DumpText(const Dump& dump) : dump_(dump), text_(dump.header) {}

  Result<std::size_t> read(char* out, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
      if (taken_ == text_.size()) {
        if (block_ == dump_.blocks) break;
        text_.clear();
        taken_ = 0;
        dump_.make_block(block_++, text_);
        if (dump_.on_block) dump_.on_block();
      }
      const std::size_t part = std::min(size - done, text_.size() - taken_);
      std::memcpy(out + done, text_.data() + taken_, part);
      taken_ += part;
      done += part;
    }
    return done;
  }

 private:
  const Dump& dump_;
  std::string text_;
  std::size_t taken_ = 0;
  std::uint64_t block_ = 0;
};

Result<void> import_world(const std::string& store, const generator::World& world,
                          const GenerateOptions& options) {
  ImportOptions import_options;
  import_options.threads = options.threads;
  import_options.memory_limit = options.memory_limit;
  import_options.cancelled = options.cancelled;
  std::uint64_t blocks = 0;
  for (const generator::Table& table : generator::all_tables()) blocks += table.dump(world).blocks;
  std::uint64_t done = 0;
  for (const generator::Table& table : generator::all_tables()) {
    Dump dump = table.dump(world);
    dump.on_block = [&] {
      ++done;
      if (options.on_progress) {
        options.on_progress(done * generator::kRowsPerBlock, blocks * generator::kRowsPerBlock);
      }
    };
    DumpText text(dump);
    const ImportStream stream{fmt::format("made up with seed {}: {}", options.seed, table.name),
                              [&](char* out, std::size_t size) { return text.read(out, size); }};
    if (auto imported = import_stream(store, table.name, stream, import_options); !imported) {
      return pass(imported);
    }
  }
  return {};
}

}  // namespace

Result<void> generate_into(const std::string& store, const GenerateOptions& options) {
  const auto world = generator::draw_world(options);
  if (!world) return pass(world);
  std::error_code unknown;
  if (!std::filesystem::exists(store, unknown)) {
    if (auto made = create_store(store, {}); !made) return made;
  }
  try {
    return import_world(store, *world, options);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kIo, "Out of memory while making rows up. Ask for fewer of them.");
  }
}

}  // namespace stave
