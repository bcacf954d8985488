// `stave gen DIR`: draws the world once and writes its dumps one after another.
#include "stave/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <thread>
#include <vector>

#include "tools/generate/tables.h"

namespace stave {
namespace {

using generator::Dump;
using generator::World;

Result<void> write_tables(const std::string& directory, const World& world,
                          const GenerateOptions& options) {
  std::vector<Dump> dumps;
  std::uint64_t blocks = 0;
  for (const generator::Table& table : generator::all_tables()) {
    Dump& dump = dumps.emplace_back(table.dump(world));
    dump.path = fmt::format("{}/{}.csv", directory, table.name);
    blocks += dump.blocks;
  }
  const int threads = options.threads > 0
                          ? options.threads
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::uint64_t done = 0;
  for (Dump& dump : dumps) {
    dump.on_block = [&] {
      ++done;
      if (options.on_progress) {
        options.on_progress(done * generator::kRowsPerBlock, blocks * generator::kRowsPerBlock);
      }
    };
    if (auto written = write_dump(dump, threads, options.cancelled); !written) {
      return written;
    }
  }
  return {};
}

}  // namespace

Result<void> generate(const std::string& directory, const GenerateOptions& options) {
  const auto world = generator::draw_world(options);
  if (!world) {
    return pass(world);
  }
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return fail(ErrorCode::kIo,
                fmt::format("Cannot make the folder: {} ({}).", directory, error.message()));
  }
  try {
    return write_tables(directory, *world, options);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kIo, "Out of memory while writing the dumps. Use fewer threads.");
  }
}

}  // namespace stave
