// Writing results where rows of the same key are already: into a file, or as statements for a
// database. Doing it twice changes nothing. Rules: docs/reports.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stave/output.h"
#include "stave/query.h"
#include "stave/result.h"
#include "stave/store.h"

namespace stave {

// The columns that tell the rows of a report apart, as its line `# key: day, genre` names them;
// none where it has no such line.
std::vector<std::string> report_key(const Store& store, const std::string& name);

struct UpsertOptions {
  std::vector<std::string> key;
  OutputFormat format = OutputFormat::kCsv;  // csv, tsv, jsonl or parquet
  int threads = 0;
  std::uint64_t memory_limit = 0;
  const std::atomic<bool>* cancelled = nullptr;
};

struct UpsertSummary {
  std::uint64_t rows = 0;      // afterwards
  std::uint64_t replaced = 0;  // of those that were there
  std::uint64_t added = 0;
};

// Gives the rows of one result to a sink, as `query` and `report` do.
using RowProducer = std::function<Result<void>(ResultSink&)>;

// Gives to `out` the rows of the file `existing`, or of part-0, part-1 ... in the folder `existing`
// (none where it is missing), those of the same key replaced by the rows that `produce` gives, in
// order of the key, nulls last. The files are only read: the caller puts what `out` writes in their
// place. Fails with kInvalidData where the rows
// produced repeat a key, or the file does not have their columns.
Result<UpsertSummary> upsert_rows(const std::string& existing, const UpsertOptions& options,
                                  const RowProducer& produce, ResultSink& out);

// The same into part-0, part-1 ... of a folder, which then take the place of those that were there;
// made where it is missing. A fault leaves the folder as it was.
Result<UpsertSummary> upsert_folder(const std::string& folder, const UpsertOptions& options,
                                    const RowProducer& produce);

enum class UpsertDialect { kPostgres, kRedshift, kDynamoDb };

// By name: postgres, redshift, dynamodb.
Result<UpsertDialect> upsert_dialect(std::string_view name);

// Prints statements that bring the rows of one result into a table, made where it is missing:
//   postgres, redshift  one transaction: a staging table, then delete by key and insert.
//   dynamodb            requests of `batch-write-item`, 25 items each, a line each; an attribute
//                       that is null is left out, in a key it is an error.
std::unique_ptr<Output> make_upsert_statements(UpsertDialect dialect, const std::string& table,
                                               const std::vector<std::string>& key, TextSink write);

}  // namespace stave
