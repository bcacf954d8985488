// Each program opens the store anew, so that it sees what was imported meanwhile.
#include "tools/cli/shell_session.h"

#include <chrono>
#include <cstdio>
#include <functional>

#include "stave/store.h"
#include "stave/suggest.h"
#include "tools/cli/pager.h"
#include "tools/cli/program_text.h"
#include "tools/cli/query_interrupt.h"
#include "tools/cli/rows.h"

namespace stave::cli {
namespace {

constexpr const char* kHelp =
    "A program ends with ; behind its pipeline, or with an empty line. Commands:\n"
    "  \\d [TABLE]           the tables, or the columns of one\n"
    "  \\timing [on|off]     tell how long each program took\n"
    "  \\format [FORMAT]     how results are printed: table, csv, tsv, json, jsonl, md, html\n"
    "                       or xlsx\n"
    "  \\o [FILE]            results go to FILE, which appears with the next \\o or at the end\n"
    "  \\explain [PROGRAM]   how the program (else the last one) would run\n"
    "  \\i FILE              run the program in FILE\n"
    "  \\?                   this\n"
    "  \\q                   the end\n";

Rows table_rows(const StoreDescription& store) {
  Rows rows({{"table", kStringType},
             {"kind", kStringType},
             {"rows", kInt64Type},
             {"first_day", kStringType},
             {"last_day", kStringType}});
  for (const TableDescription& table : store.tables) {
    rows.add({Cell(table.name), Cell(std::string(table.is_fact ? "fact" : "dimension")),
              number_cell(table.rows), text_or_null(table.first_day),
              text_or_null(table.last_day)});
  }
  return rows;
}

Rows column_rows(const TableDescription& table) {
  Rows rows({{"column", kStringType},
             {"type", kStringType},
             {"path", kStringType},
             {"leads_to", kStringType}});
  for (const ColumnDescription& column : table.columns) {
    rows.add({Cell(column.name), Cell(to_string(column.type)), text_or_null(column.relation),
              text_or_null(column.leads_to)});
  }
  return rows;
}

}  // namespace

ShellSession::ShellSession(std::string store, std::string as_of, const GlobalOptions& options,
                           QueryOptions query, bool has_terminal)
    : store_(std::move(store)),
      as_of_(std::move(as_of)),
      options_(options),
      query_(std::move(query)),
      has_terminal_(has_terminal) {
  if (!options_.output_path.empty()) {
    output(options_.output_path);
  }
}

const std::vector<std::string>& ShellSession::commands() {
  static const std::vector<std::string> names = {"\\d",       "\\timing", "\\format", "\\o",
                                                 "\\explain", "\\i",      "\\?",      "\\q"};
  return names;
}

void ShellSession::failed(const Error& error, const std::vector<Diagnostic>& diagnostics) {
  std::fflush(stdout);
  const int code = report_error(error, options_, diagnostics);
  if (exit_code_ == kDone) {
    exit_code_ = code;
  }
}

Result<Store> ShellSession::open() const {
  return Store::open(store_, as_of_);
}

QueryOptions ShellSession::query_options(const std::string& origin) const {
  QueryOptions query = query_;
  query.origin = origin;
  query.threads = options_.threads;
  query.memory_limit = options_.memory_limit;
  query.cancelled = &interrupt_flag();
  return query;
}

void ShellSession::print(
    const std::function<Result<void>(ResultSink&, std::vector<Diagnostic>&)>& use) {
  std::vector<Diagnostic> faults;
  if (file_) {
    if (auto done = use(file_->sink(options_), faults); !done) {
      failed(done.error(), faults);
    }
    return;
  }
  Pager pager;
  if (has_terminal_ && options_.format == OutputFormat::kTable && pager.open()) {
    OutputOptions form;
    form.max_rows = options_.max_rows;
    const auto sink = make_output(form, [&](std::string_view text) { return pager.write(text); });
    auto done = use(*sink, faults);
    pager.close();
    if (!done && (done.error().code != ErrorCode::kCancelled || interrupted())) {
      failed(done.error(), faults);
    }
    return;
  }
  OutputTarget target;
  auto done = target.open("");
  if (done) {
    done = use(target.sink(options_), faults);
  }
  const auto finished = target.finish();  // also what came before a fault
  if (done) {
    done = finished;
  }
  if (!done) {
    failed(done.error(), faults);
  }
}

void ShellSession::program(const std::string& text, const std::string& origin) {
  last_program_ = text;
  const auto store = open();
  if (!store) {
    return failed(store.error());
  }
  take_interrupt();
  std::vector<std::string> warnings;
  const auto begin = std::chrono::steady_clock::now();
  print([&](ResultSink& sink, std::vector<Diagnostic>& faults) {
    return query(*store, text, query_options(origin), sink, &faults, &warnings);
  });
  take_interrupt();
  if (!options_.quiet) {
    report_warnings(warnings, options_);
  }
  if (timing_) {
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::fprintf(stderr, "Time: %.1f ms\n", took.count());
  }
}

bool ShellSession::command(const std::string& line) {
  const std::size_t blank = line.find_first_of(" \t");
  const std::string name = line.substr(0, blank);
  std::string argument = blank == std::string::npos ? "" : line.substr(blank);
  const auto strip = [&] {
    const std::size_t first = argument.find_first_not_of(" \t\r");
    argument = first == std::string::npos ? "" : argument.substr(first);
    argument.erase(argument.find_last_not_of(" \t\r") + 1);
  };
  strip();
  if (name != "\\explain" && argument.ends_with(";")) {
    argument.pop_back();
    strip();
  }
  if (name == "\\q" || name == "\\q;") {
    return false;
  }
  if (name == "\\d") {
    describe(argument);
  } else if (name == "\\timing") {
    timing(argument);
  } else if (name == "\\format") {
    format(argument);
  } else if (name == "\\o") {
    output(argument);
  } else if (name == "\\explain") {
    explain(argument.empty() ? last_program_ : argument);
  } else if (name == "\\i") {
    include(argument);
  } else if (name == "\\?") {
    help();
  } else {
    failed({ErrorCode::kInvalidArgument,
            with_hint("There is no command " + name + ".", name, commands()) +
                " \\? lists the commands."});
  }
  return true;
}

void ShellSession::describe(const std::string& name) {
  const auto store = open();
  const auto description = store ? stave::describe(*store) : Result<StoreDescription>(pass(store));
  if (!description) {
    return failed(description.error());
  }
  if (name.empty()) {
    return print([&](ResultSink& sink, std::vector<Diagnostic>&) {
      return table_rows(*description).print(sink);
    });
  }
  std::vector<std::string> names;
  for (const TableDescription& table : description->tables) {
    names.push_back(table.name);
    if (table.name == name) {
      return print([&](ResultSink& sink, std::vector<Diagnostic>&) {
        return column_rows(table).print(sink);
      });
    }
  }
  failed({ErrorCode::kInvalidArgument,
          with_hint("There is no table " + name + ".", name, names) + " \\d lists the tables."});
}

void ShellSession::explain(const std::string& text) {
  if (text.empty()) {
    return failed({ErrorCode::kInvalidArgument,
                   "There is no program to explain. Write it behind \\explain, or run one first."});
  }
  const auto store = open();
  const auto plan = store ? stave::explain(*store, text, query_options("shell"))
                          : Result<std::string>(pass(store));
  if (!plan) {
    return failed(plan.error());
  }
  if (file_) {
    if (auto written = file_->write(*plan); !written) {
      failed(written.error());
    }
    return;
  }
  std::fputs(plan->c_str(), stdout);
  std::fflush(stdout);
}

void ShellSession::timing(const std::string& argument) {
  if (!argument.empty() && argument != "on" && argument != "off") {
    return failed({ErrorCode::kInvalidArgument, "\\timing is on or off, not " + argument + "."});
  }
  timing_ = argument.empty() ? !timing_ : argument == "on";
}

void ShellSession::format(const std::string& name) {
  if (name.empty()) {
    std::printf("%s\n", options_.format_name.c_str());
    std::fflush(stdout);
    return;
  }
  const auto form = output_format(name);
  if (!form) {
    return failed(form.error());
  }
  options_.format = *form;
  options_.format_name = name;
}

void ShellSession::close_output() {
  if (file_) {
    if (auto finished = file_->finish(); !finished) {
      failed(finished.error());
    }
    file_.reset();
  }
}

void ShellSession::output(const std::string& path) {
  close_output();
  if (path.empty()) {
    return;
  }
  auto file = std::make_unique<OutputTarget>();
  if (auto opened = file->open(path); !opened) {
    return failed(opened.error());
  }
  file_ = std::move(file);
}

void ShellSession::include(const std::string& path) {
  const auto text = read_whole_file(path);
  if (!text) {
    return failed(text.error());
  }
  program(*text, path);
}

void ShellSession::help() {
  std::fputs(kHelp, stdout);
  std::fflush(stdout);
}

}  // namespace stave::cli
