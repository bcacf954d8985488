// The parts of a store one by one: manifests, schemas, blocks of each kind, column files, domains.
#include <gtest/gtest.h>

#include <numeric>

#include "storage/domain.h"
#include "storage/guarded.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/transaction.h"
#include "tests/campaign/allocation/allocation_campaign.h"
#include "tests/campaign/support/tiny_store.h"
#include "tests/storage/support/column_samples.h"

namespace stave::campaign {
namespace {

constexpr std::uint32_t kRows = 300;

void fail_every(const std::string& name, const std::function<Result<void>()>& run) {
  fail_every_allocation({.name = name, .run = [&] { return guarded("a test ran", run); }});
}

TEST(PartAllocation, Schema) {
  // Read beforehand: toml++ ends the process where it gets no memory.
  const Schema& schema = tiny_schema();
  fail_every("a schema is checked and written", [&]() -> Result<void> {
    auto checked = check_schema(schema);
    return checked && schema_to_toml(schema).empty() ? fail(ErrorCode::kInternal, "an empty schema")
                                                     : checked;
  });
}

TEST(PartAllocation, Manifest) {
  const auto files = memory_file_system("memory");
  ASSERT_TRUE(create_store(*files, tiny_schema(), "UTC"));
  const std::string bytes = read_whole(*files, manifest_path(0)).value();
  fail_every("a manifest is decoded", [&]() -> Result<void> {
    const auto manifest = decode_manifest(bytes, "manifest");
    return manifest ? Result<void>() : pass(manifest);
  });
  const Manifest manifest = decode_manifest(bytes, "manifest").value();
  fail_every("a manifest is encoded", [&]() -> Result<void> {
    return encode_manifest(manifest) == bytes ? Result<void>()
                                              : fail(ErrorCode::kInternal, "other bytes");
  });
}

TEST(PartAllocation, Blocks) {
  std::mt19937_64 random(1);
  for (const Physical physical : testing::kAllPhysicals) {
    const auto samples = testing::column_samples(physical, kRows, random);
    const std::string kind = "kind " + std::to_string(static_cast<int>(physical));
    std::vector<std::string> blocks(samples.size());
    fail_every("blocks are encoded, " + kind, [&]() -> Result<void> {
      for (std::size_t i = 0; i < samples.size(); ++i) {
        blocks[i].clear();
        encode_block(samples[i].values(), {}, blocks[i]);
      }
      return {};
    });
    fail_every("blocks are decoded, " + kind, [&]() -> Result<void> {
      DecodedBlock decoded;
      for (const std::string& block : blocks) {
        const auto bytes = std::as_bytes(std::span(block));
        if (auto read = decode_block(bytes, physical, kRows, decoded); !read) {
          return read;
        }
      }
      return {};
    });
  }
}

TEST(PartAllocation, ColumnFiles) {
  std::mt19937_64 random(2);
  for (const Physical physical : testing::kAllPhysicals) {
    const auto samples = testing::column_samples(physical, kRows, random);
    const std::string kind = "kind " + std::to_string(static_cast<int>(physical));
    FileReference reference;
    std::shared_ptr<FileSystem> files;
    fail_every_allocation({.name = "a column file is written, " + kind,
                           .run =
                               [&] {
                                 return guarded("a test ran", [&]() -> Result<void> {
                                   ColumnFileWriter writer(*files, "a.col", physical, {});
                                   for (const auto& sample : samples) {
                                     if (auto written = writer.append(sample.values()); !written) {
                                       return written;
                                     }
                                   }
                                   auto finished = writer.finish();
                                   if (!finished) {
                                     return pass(finished);
                                   }
                                   reference = *std::move(finished);
                                   return {};
                                 });
                               },
                           .prepare = [&] { files = memory_file_system("memory"); }});
    fail_every("a column file is read, " + kind, [&]() -> Result<void> {
      const auto reader = ColumnFileReader::open(*files, reference, physical);
      if (!reader) {
        return pass(reader);
      }
      DecodedBlock block;
      for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
        if (auto read = (*reader)->read_block(i, block); !read) {
          return read;
        }
      }
      return {};
    });
  }
}

Result<void> add_to(DomainWriter& domain, bool strings, std::int64_t count) {
  for (std::int64_t value = 0; value < count; ++value) {
    const auto code =
        strings ? domain.add_string("value " + std::to_string(value)) : domain.add_int64(value * 3);
    if (!code) {
      return pass(code);
    }
  }
  return {};
}

TEST(PartAllocation, Domains) {
  for (const bool strings : {false, true}) {
    const std::string kind = strings ? "strings" : "integers";
    const auto files = memory_file_system("memory");
    fail_every("values are added to a domain of " + kind, [&]() -> Result<void> {
      DomainWriter writer("values", nullptr);
      return add_to(writer, strings, 500);
    });
    DomainWriter writer("values", nullptr);
    ASSERT_TRUE(add_to(writer, strings, 500));
    DomainState state;
    std::uint64_t number = 0;
    fail_every("a domain is written, " + kind, [&]() -> Result<void> {
      auto written = writer.write(*files, "d-" + std::to_string(++number), DomainState());
      if (!written) {
        return pass(written);
      }
      state = *std::move(written);
      return {};
    });
    fail_every("a domain is opened and asked, " + kind, [&]() -> Result<void> {
      const auto domain = Domain::open(*files, state);
      if (!domain) {
        return pass(domain);
      }
      const std::uint32_t code =
          strings ? (*domain)->find_string("value 499") : (*domain)->find_int64(499 * 3);
      return code == 500 ? (*domain)->damage() : fail(ErrorCode::kInternal, "another code");
    });
  }
  fail_every("a domain of integers becomes strings", []() -> Result<void> {
    DomainWriter writer("values", nullptr);
    auto added = add_to(writer, false, 100);
    return added ? writer.become_strings() : added;
  });
}

}  // namespace
}  // namespace stave::campaign
