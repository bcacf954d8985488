// The rows there are and the rows to come are two tables of a store for the moment, so that reading
// files, telling rows apart and ordering them is what Stave does anyway.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "stave/import.h"
#include "stave/upsert.h"
#include "storage/guarded.h"
#include "tools/upsert/part_folder.h"

namespace stave {
namespace {

namespace fs = std::filesystem;

// A folder that goes with everything in it.
class Workshop {
 public:
  Result<void> open() {
    std::string pattern = (fs::temp_directory_path() / "stave-upsert-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      return fail(ErrorCode::kIo, "No folder for temporary files can be made: " + pattern +
                                      ". Set TMPDIR to a folder with room.");
    }
    folder_ = pattern;
    return {};
  }
  ~Workshop() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

// Writes the rows to come into a file, and remembers what they are.
class NewRows : public ResultSink {
 public:
  NewRows(const std::string& path, OutputFormat format) : file_(path, std::ios::binary) {
    OutputOptions options;
    options.format = format;
    output_ = make_output(options, [this](std::string_view text) -> Result<void> {
      file_.write(text.data(), static_cast<std::streamsize>(text.size()));
      return file_ ? Result<void>()
                   : Result<void>(fail(ErrorCode::kNoSpace,
                                       "There is no room for temporary files. Set TMPDIR to a "
                                       "folder with room."));
    });
  }

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    if (columns_) {
      return fail(ErrorCode::kUnsupported,
                  "One result is upserted into one file, and this program has several.");
    }
    columns_ = columns;
    return output_->begin(columns);
  }
  Result<void> batch(const ResultBatch& batch) override {
    rows_ += batch.rows();
    return output_->batch(batch);
  }
  Result<void> end() override { return output_->end(); }
  Result<void> finish() {
    auto finished = output_->finish();
    file_.close();
    return finished;
  }

  const std::vector<ResultColumn>& columns() const { return *columns_; }
  std::uint64_t rows() const { return rows_; }

 private:
  std::ofstream file_;
  std::unique_ptr<Output> output_;
  std::optional<std::vector<ResultColumn>> columns_;
  std::uint64_t rows_ = 0;
};

// Passes rows on as they were called and typed before they went through the store: lists as lists.
class AsTheyWere : public ResultSink {
 public:
  AsTheyWere(const std::vector<ResultColumn>& columns, ResultSink& out)
      : columns_(columns), out_(out) {}
  Result<void> begin(const std::vector<ResultColumn>&) override { return out_.begin(columns_); }
  Result<void> batch(const ResultBatch& batch) override {
    rows_ += batch.rows();
    return out_.batch(batch);
  }
  Result<void> end() override { return out_.end(); }
  std::uint64_t rows() const { return rows_; }

 private:
  const std::vector<ResultColumn>& columns_;
  ResultSink& out_;
  std::uint64_t rows_ = 0;
};

class FirstCells : public ResultSink {
 public:
  Result<void> begin(const std::vector<ResultColumn>&) override { return {}; }
  Result<void> batch(const ResultBatch& batch) override {
    if (batch.rows() == 0 || text) return {};
    text.emplace();
    for (std::size_t column = 0; column < width; ++column) {
      *text += column == 0 ? "" : ", ";
      if (batch.is_null(0, column)) *text += "null";
      batch.append_text(0, column, *text);
    }
    return {};
  }
  Result<void> end() override { return {}; }

  std::size_t width = 0;
  std::optional<std::string> text;
};

std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') quoted += '\\';
    quoted += byte;
  }
  return quoted + "\"";
}

// Two tables of the result's columns.
std::string schema_of(const std::vector<ResultColumn>& columns) {
  std::string toml = "name = \"upsert\"\n";
  for (const char* table : {"there", "fresh"}) {
    toml += fmt::format("\n[[table]]\nname = \"{}\"\nkind = \"fact\"\ncolumns = [\n", table);
    for (const ResultColumn& column : columns) {
      const bool is_text =
          column.type.kind == TypeKind::kList || column.type.kind == TypeKind::kNull;
      toml += fmt::format("  {{ name = {}, type = \"{}\" }},\n", toml_text(column.name),
                          is_text ? "string" : to_string(column.type));
    }
    toml += "]\n";
  }
  return toml;
}

Result<void> check_names(const std::vector<ResultColumn>& columns,
                         const std::vector<std::string>& key) {
  for (const ResultColumn& column : columns) {
    if (column.name.find('`') != std::string::npos) {
      return fail(ErrorCode::kUnsupported, "A column with a ` in its name cannot be upserted: " +
                                               column.name + ". Rename it.");
    }
  }
  if (key.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "What tells the rows apart is not known. Name the columns with --key, or in a line "
                "`# key: ...` of the report.");
  }
  for (const std::string& name : key) {
    if (std::ranges::find(columns, name, &ResultColumn::name) == columns.end()) {
      return fail(ErrorCode::kInvalidArgument, "The key names a column that the result lacks: " +
                                                   name + ". Name columns of the result.");
    }
  }
  return {};
}

ImportOptions reading(OutputFormat format, const UpsertOptions& options, const Workshop& workshop) {
  ImportOptions reading;
  reading.rejects_directory = workshop.path("");
  reading.extra_columns = ExtraColumns::kFail;
  reading.again = true;
  reading.threads = options.threads;
  reading.memory_limit = options.memory_limit;
  reading.cancelled = options.cancelled;
  if (format == OutputFormat::kParquet) return reading;
  reading.format.format =
      format == OutputFormat::kJsonLines ? InputFormat::kJsonLines : InputFormat::kCsv;
  if (format == OutputFormat::kJsonLines) return reading;
  reading.format.encoding = TextEncoding::kUtf8;
  reading.format.separator = format == OutputFormat::kTsv ? "\t" : ",";
  reading.format.quote = '"';
  reading.format.escape = QuoteEscape::kDoubled;
  reading.format.comment = '\0';
  reading.format.header = true;
  return reading;
}

// The files with rows that are there: one, or the parts of a folder.
Result<std::vector<std::string>> files_there(const std::string& path) {
  std::error_code error;
  std::vector<std::string> files = {path};
  if (fs::is_directory(path, error)) {
    auto parts = parts_in(path);
    if (!parts) return parts;
    files = *std::move(parts);
  }
  std::erase_if(files, [&](const std::string& file) {
    return !fs::is_regular_file(file, error) || fs::file_size(file, error) == 0;
  });
  return files;
}

std::string quoted(const std::string& name, const std::string& before = "") {
  return before + "`" + name + "`";
}

template <typename Name>
std::string joined(const std::vector<std::string>& key, const std::string& between, Name name) {
  std::string text;
  for (const std::string& column : key) text += (text.empty() ? "" : between) + name(column);
  return text;
}

Result<void> check_unique(const Store& store, const std::vector<std::string>& key,
                          const QueryOptions& asked) {
  FirstCells found;
  found.width = key.size();
  const auto columns = joined(key, ", ", [](const auto& name) { return quoted(name); });
  const auto ran = query(store,
                         fmt::format("from fresh | summarize upserted_rows = count() by {} | where "
                                     "upserted_rows > 1 | take 1",
                                     columns),
                         asked, found);
  if (!ran) return ran;
  if (found.text) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("Two rows of the result have the same key ({}): {}. Name more columns "
                            "with --key.",
                            joined(key, ", ", [](const auto& name) { return name; }), *found.text));
  }
  return {};
}

Result<UpsertSummary> upsert(const std::string& existing, const UpsertOptions& options,
                             const RowProducer& produce, ResultSink& out) {
  const bool is_columnar = options.format == OutputFormat::kParquet;
  if (!is_columnar && options.format != OutputFormat::kCsv &&
      options.format != OutputFormat::kTsv && options.format != OutputFormat::kJsonLines) {
    return fail(ErrorCode::kInvalidArgument,
                "Rows are upserted into files of the formats csv, tsv, jsonl and parquet. Give one "
                "of them with --format.");
  }
  Workshop workshop;
  if (auto opened = workshop.open(); !opened) return pass(opened);
  // Instants in columns; as they are printed in text, so that both sides read alike.
  const OutputFormat between = is_columnar ? OutputFormat::kParquet : OutputFormat::kCsv;
  const std::string fresh_file = workshop.path("fresh");
  NewRows fresh(fresh_file, between);
  auto done = produce(fresh);
  if (done) done = fresh.finish();
  if (!done) return pass(done);
  if (auto sound = check_names(fresh.columns(), options.key); !sound) return pass(sound);
  const std::string store_path = workshop.path("rows.stave");
  const std::string schema_path = workshop.path("schema.toml");
  std::ofstream(schema_path) << schema_of(fresh.columns());
  if (auto made = create_store(store_path, {schema_path, "UTC"}); !made) return pass(made);
  UpsertSummary summary;
  if (fresh.rows() > 0) {
    const auto read =
        import_files(store_path, "fresh", {fresh_file}, reading(between, options, workshop));
    if (!read) return pass(read);
  }
  std::uint64_t there = 0;
  const auto files = files_there(existing);
  if (!files) return pass(files);
  if (!files->empty()) {
    const auto read =
        import_files(store_path, "there", *files, reading(options.format, options, workshop));
    if (!read) {
      return fail(
          ErrorCode::kInvalidData,
          fmt::format("The file does not hold rows of this result: {} ({}) Write to another "
                      "file, or without --upsert to replace it.",
                      existing, read.error().message));
    }
    there = read->rows;
  }
  const auto store = Store::open(store_path);
  if (!store) return pass(store);
  QueryOptions asked;
  asked.origin = "upsert";
  asked.threads = options.threads;
  asked.memory_limit = options.memory_limit;
  asked.cancelled = options.cancelled;
  if (auto unique = check_unique(*store, options.key, asked); !unique) return pass(unique);
  const std::string program = fmt::format(
      "from there | join anti (from fresh) as fresh_rows on {} | union (from fresh) | sort {}",
      joined(options.key, " and ",
             [](const auto& name) { return quoted(name) + " is " + quoted(name, "fresh_rows."); }),
      joined(options.key, ", ", [](const auto& name) { return quoted(name); }));
  AsTheyWere all(fresh.columns(), out);
  if (auto ran = query(*store, program, asked, all); !ran) return pass(ran);
  summary.rows = all.rows();
  summary.replaced = there + fresh.rows() - all.rows();
  summary.added = fresh.rows() - std::min(fresh.rows(), summary.replaced);
  return summary;
}

}  // namespace

Result<UpsertSummary> upsert_rows(const std::string& existing, const UpsertOptions& options,
                                  const RowProducer& produce, ResultSink& out) {
  return guarded("rows were upserted", [&] { return upsert(existing, options, produce, out); });
}

}  // namespace stave
