// The calls of stave/stave.h. Invariant: each is guarded, so that no exception gets into C, and
// empties what it will fill before anything can fail.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "stave/load_report.h"
#include "stave/program.h"
#include "stave/stave.h"
#include "stave/version.h"
#include "storage/guarded.h"
#include "storage/snapshot.h"
#include "tools/embed/call_error.h"
#include "tools/embed/call_options.h"
#include "tools/embed/cancellation.h"
#include "tools/embed/result_stream.h"
#include "tools/embed/store_lists.h"

struct stave_store {
  stave::Store store;
  stave::embed::OpenOptions options;
};

struct stave_cancel {
  std::shared_ptr<stave::embed::Cancellation> state =
      std::make_shared<stave::embed::Cancellation>();
};

namespace stave::embed {
namespace {

template <typename Work>
stave_status call(stave_error** error, const char* doing, Work work) noexcept {
  return give(guarded(doing, std::move(work)), error);
}

Failure null_argument(const char* name) {
  return fail(ErrorCode::kInvalidArgument, std::string("`") + name + "` is NULL.");
}

StopFlag flag_of(stave_cancel* cancel) {
  return cancel == nullptr ? std::make_shared<std::atomic<bool>>(false) : cancel->state->new_flag();
}

// A copy for a caller who frees it as C does; NULL where there is no memory.
char* text_for_c(const std::string& text) {
  auto* const copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy != nullptr) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

Result<std::vector<std::string>> file_names(const char* const* files) {
  std::vector<std::string> names;
  if (files == nullptr) return null_argument("files");
  for (; *files != nullptr; ++files) names.emplace_back(*files);
  return names;
}

// What a question is asked with, kept by its run.
struct Question {
  Store store;
  std::string text;  // the program, or the report's name
  QueryOptions options;
  StopFlag stop;
};

Result<Question> question(stave_store* store, const char* text, const char* name,
                          const stave_option* parameters, const stave_option* options,
                          stave_cancel* cancel) {
  if (store == nullptr) return null_argument("store");
  auto words = text_argument(text, name);
  if (!words) return pass(std::move(words));
  auto read = query_options(options, store->options);
  if (!read) return pass(std::move(read));
  auto values = parameters_of(parameters);
  if (!values) return pass(std::move(values));
  read->parameters = *std::move(values);
  StopFlag stop = flag_of(cancel);
  read->cancelled = stop.get();
  return Question{store->store, *std::move(words), *std::move(read), std::move(stop)};
}

// A stream cannot say after its first result that there are more.
Result<void> check_one_result(const Question& asked, std::vector<Diagnostic>& diagnostics) {
  const auto results = check(asked.store, asked.text, asked.options, &diagnostics);
  if (!results) return pass(results);
  if (results->size() == 1) return {};
  return fail(ErrorCode::kUnsupported, "A stream holds one result, and this program has " +
                                           std::to_string(results->size()) +
                                           ". Run its pipelines one by one.");
}

template <typename Ask>
stave_status stream(ArrowArrayStream* out, stave_error** error, Ask ask) noexcept {
  if (error != nullptr) *error = nullptr;
  if (out != nullptr) *out = ArrowArrayStream{};
  RunNotes notes;
  const auto begun = guarded("a program was started", [&]() -> Result<void> {
    if (out == nullptr) return null_argument("out");
    return ask(notes);
  });
  return give(begun, error, std::move(notes.diagnostics));
}

// Rows that are made at once.
template <typename List>
stave_status list(stave_store* store, ArrowArrayStream* out, stave_error** error,
                  List list) noexcept {
  return stream(out, error, [&](RunNotes& notes) -> Result<void> {
    if (store == nullptr) return null_argument("store");
    return start_stream([store = store->store, list = std::move(list)](
                            ResultSink& sink, RunNotes&) { return list(store, sink); },
                        flag_of(nullptr), *out, notes);
  });
}

}  // namespace
}  // namespace stave::embed

using namespace stave::embed;
using stave::Result;

extern "C" {

int32_t stave_abi_version(void) {
  return STAVE_ABI_VERSION;
}

const char* stave_version(void) {
  static const std::string text = stave::version();
  return text.c_str();
}

int32_t stave_format_version(void) {
  return stave::format_version();
}

stave_cancel* stave_cancel_new(void) {
  try {
    return new stave_cancel;
  } catch (...) {
    return nullptr;
  }
}

void stave_cancel_now(stave_cancel* token) {
  if (token != nullptr) token->state->cancel();
}

void stave_cancel_free(stave_cancel* token) {
  delete token;
}

stave_status stave_create(const char* path, const stave_option* options, stave_error** error) {
  return call(error, "a store was made", [&]() -> Result<void> {
    const auto folder = text_argument(path, "path");
    if (!folder) return pass(folder);
    const auto create = create_options(options);
    if (!create) return pass(create);
    return stave::create_store(*folder, *create);
  });
}

stave_status stave_open(const char* path, const stave_option* options, stave_store** store,
                        stave_error** error) {
  if (store != nullptr) *store = nullptr;
  return call(error, "a store was opened", [&]() -> Result<void> {
    if (store == nullptr) return null_argument("store");
    const auto folder = text_argument(path, "path");
    if (!folder) return pass(folder);
    auto open = open_options(options);
    if (!open) return pass(open);
    auto opened = stave::Store::open(*folder, open->as_of);
    if (!opened) return pass(opened);
    *store = new stave_store{*std::move(opened), *std::move(open)};
    return {};
  });
}

void stave_close(stave_store* store) {
  delete store;
}

uint64_t stave_snapshot(const stave_store* store) {
  return store == nullptr ? 0 : store->store.snapshot().manifest().snapshot;
}

stave_status stave_import(const char* path, const char* table, const char* const* files,
                          const stave_option* options, stave_cancel* cancel, char** report,
                          stave_error** error) {
  if (report != nullptr) *report = nullptr;
  return call(error, "files were imported", [&]() -> Result<void> {
    const auto folder = text_argument(path, "path");
    if (!folder) return pass(folder);
    const auto name = text_argument(table, "table");
    if (!name) return pass(name);
    const auto names = file_names(files);
    if (!names) return pass(names);
    auto import = import_options(options);
    if (!import) return pass(import);
    const StopFlag stop = flag_of(cancel);
    import->cancelled = stop.get();
    stave::LoadReport load;
    load.table = *name;
    load.files = *names;
    load.dry_run = import->dry_run;
    auto imported = stave::import_files(*folder, *name, *names, *import);
    if (imported) {
      load.summary = *std::move(imported);
    } else {
      load.error = imported.error();
    }
    if (report != nullptr) *report = text_for_c(stave::json_of(load));
    if (load.error) return tl::unexpected(*load.error);
    return {};
  });
}

void stave_text_free(char* text) {
  std::free(text);
}

stave_status stave_query(stave_store* store, const char* program, const stave_option* parameters,
                         const stave_option* options, stave_cancel* cancel,
                         struct ArrowArrayStream* out, stave_error** error) {
  return stream(out, error, [&](RunNotes& notes) -> Result<void> {
    auto asked = question(store, program, "program", parameters, options, cancel);
    if (!asked) return pass(std::move(asked));
    if (auto one = check_one_result(*asked, notes.diagnostics); !one) return one;
    StopFlag stop = asked->stop;
    return start_stream(
        [asked = *std::move(asked)](stave::ResultSink& sink, RunNotes& of_run) {
          return stave::query(asked.store, asked.text, asked.options, sink, &of_run.diagnostics,
                              &of_run.warnings);
        },
        std::move(stop), *out, notes);
  });
}

stave_status stave_report(stave_store* store, const char* name, const stave_option* parameters,
                          const stave_option* options, stave_cancel* cancel,
                          struct ArrowArrayStream* out, stave_error** error) {
  return stream(out, error, [&](RunNotes& notes) -> Result<void> {
    auto asked = question(store, name, "name", parameters, options, cancel);
    if (!asked) return pass(std::move(asked));
    StopFlag stop = asked->stop;
    return start_stream(
        [asked = *std::move(asked)](stave::ResultSink& sink, RunNotes& of_run) {
          return stave::report(asked.store, asked.text, asked.options, sink, &of_run.warnings);
        },
        std::move(stop), *out, notes);
  });
}

stave_status stave_tables(stave_store* store, struct ArrowArrayStream* out, stave_error** error) {
  return list(store, out, error, list_tables);
}

stave_status stave_columns(stave_store* store, const char* table, struct ArrowArrayStream* out,
                           stave_error** error) {
  const char* const wanted = table == nullptr ? "" : table;
  return stream(out, error, [&](RunNotes& notes) -> Result<void> {
    if (store == nullptr) return null_argument("store");
    return start_stream(
        [store = store->store, name = std::string(wanted)](stave::ResultSink& sink, RunNotes&) {
          return list_columns(store, name, sink);
        },
        flag_of(nullptr), *out, notes);
  });
}

stave_status stave_reports(stave_store* store, struct ArrowArrayStream* out, stave_error** error) {
  return list(store, out, error, list_reports);
}

stave_error* stave_stream_error(struct ArrowArrayStream* stream) {
  const stave::Error* error = is_own_stream(stream) ? last_error(*stream) : nullptr;
  return error == nullptr ? nullptr : new_error(*error);
}

const char* stave_stream_warnings(struct ArrowArrayStream* stream) {
  try {
    return is_own_stream(stream) ? keep_text(*stream, warnings_text(*stream)) : "";
  } catch (...) {
    return "";
  }
}

}  // extern "C"
