// `stave report`: lists the named reports of a store, or runs one.
#include <algorithm>

#include "stave/materialize.h"
#include "stave/query.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/kept_rows.h"
#include "tools/cli/program_run.h"
#include "tools/cli/report_upsert.h"
#include "tools/cli/rows.h"

namespace stave::cli {
namespace {

struct ReportArguments {
  ProgramArguments common;
  std::string name;
  bool materialize = false;
  bool recompute = false;
  UpsertArguments upsert;
};

// "period: date (required), to: date, k: i64 = 5".
std::string parameters_text(const ReportDescription& report) {
  std::string text;
  for (const ReportParameter& parameter : report.parameters) {
    text += (text.empty() ? "" : ", ") + parameter.name + ": " + parameter.type;
    if (parameter.default_text.empty()) {
      text += " (required)";
    } else if (parameter.default_text != "null") {
      text += " = " + parameter.default_text;
    }
  }
  return text;
}

// Three lines a report and more, since one would be too wide.
std::string list_text(const Store& store, const std::vector<KeptReport>& kept) {
  std::string text;
  for (const ReportDescription& report : list_reports(store)) {
    text += report.name + "\n    " + report.summary + "\n";
    if (!report.parameters.empty()) {
      text += "    -p " + parameters_text(report) + "\n";
    }
    for (const KeptReport& one : kept) {
      if (one.name == report.name) {
        text += "    " + kept_text(one) + "\n";
      }
    }
  }
  return text + "\nRun one with: stave report " + store.path() + " NAME [-p PARAMETER=VALUE]\n";
}

int print_list(const ReportArguments& arguments, const GlobalOptions& options) {
  const auto store = Store::open(arguments.common.store, arguments.common.as_of);
  if (!store) {
    return report_error(store.error(), options);
  }
  const auto kept = list_kept_reports(*store);
  return kept ? print_text(list_text(*store, *kept), options) : report_error(kept.error(), options);
}

Result<void> list(const Store& store, ResultSink& sink) {
  const auto kept = list_kept_reports(store);
  if (!kept) {
    return pass(kept);
  }
  Rows rows({{"report", kStringType},
             {"parameters", kStringType},
             {"summary", kStringType},
             {"kept", kStringType}});
  for (const ReportDescription& report : list_reports(store)) {
    std::string of_report;
    for (const KeptReport& one : *kept) {
      if (one.name == report.name) {
        of_report += (of_report.empty() ? "" : "; ") + kept_text(one);
      }
    }
    rows.add({report.name, parameters_text(report), report.summary, of_report});
  }
  return rows.print(sink);
}

// Says what a misspelt name or parameter might have been, before anything is read.
Result<void> check_names(const Store& store, const std::string& name, const QueryOptions& query) {
  const auto report = find_report(store, name);
  if (!report) {
    std::vector<std::string> names;
    for (const ReportDescription& other : list_reports(store)) {
      names.push_back(other.name);
    }
    return fail(ErrorCode::kInvalidArgument,
                with_hint("There is no report " + name + ".", name, names) +
                    " `stave report STORE` lists them.");
  }
  std::vector<std::string> known;
  for (const ReportParameter& parameter : report->parameters) {
    known.push_back(parameter.name);
  }
  for (const auto& [given, value] : query.parameters) {
    if (std::find(known.begin(), known.end(), given) == known.end()) {
      const std::string takes =
          known.empty() ? "It takes none." : "It takes " + parameters_text(*report) + ".";
      return fail(
          ErrorCode::kInvalidArgument,
          with_hint("The report " + name + " has no parameter " + given + ".", given, known) + " " +
              takes);
    }
  }
  return {};
}

Result<void> keep(const ReportArguments& arguments, const QueryOptions& query) {
  if (!arguments.common.as_of.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "What is kept is of the newest snapshot: " + arguments.common.as_of +
                    " was asked for. Leave --as-of out.");
  }
  const auto kept = materialize(arguments.common.store, arguments.name, query);
  return kept ? Result<void>() : Result<void>(pass(kept));
}

// "What it shows. from 2025-05-01, k 5. music.stave, days in UTC."
std::string note_of(const Store& store, const std::string& name, const QueryOptions& query) {
  const auto report = find_report(store, name);
  std::string note = report ? report->summary : "";
  std::string given;
  for (const auto& [parameter, value] : query.parameters) {
    given += (given.empty() ? " " : ", ") + parameter + " " + value;
  }
  note += given.empty() ? "" : " With" + given + ".";
  const std::string& path = store.path();
  const std::size_t end = path.find_last_not_of('/') + 1;
  const std::string folder = path.substr(0, end);
  return note + " " + folder.substr(folder.rfind('/') + 1) + ".";
}

int run(const ReportArguments& arguments, const GlobalOptions& options) {
  if (arguments.name.empty() && options.format == OutputFormat::kTable) {
    return print_list(arguments, options);
  }
  const ProgramRun answer = [&](const Store& store, const QueryOptions& query, ResultSink& sink,
                                ProgramFaults& faults) -> Result<void> {
    if (arguments.name.empty()) {
      return list(store, sink);
    }
    if (auto checked = check_names(store, arguments.name, query); !checked) {
      return checked;
    }
    if (arguments.materialize) {
      if (auto kept = keep(arguments, query); !kept) {
        return kept;
      }
    }
    const auto answering = arguments.recompute ? compute_report : report;
    return answering(store, arguments.name, query, sink, &faults.warnings);
  };
  return arguments.upsert.wanted()
             ? run_upsert(arguments.common, arguments.name, arguments.upsert, options, answer)
             : run_program(arguments.common, options, arguments.name, answer,
                           [&](const Store& store, const QueryOptions& query) {
                             return options.format == OutputFormat::kHtml
                                        ? note_of(store, arguments.name, query)
                                        : std::string();
                           });
}

}  // namespace

Command add_report(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* parser = add_command(
      root, options, "report", "Run a KPI or royalty report, or list them",
      "Without a name: all reports, with the parameters each takes, and what is kept of them.\n"
      "Reports are programs of the query language; amounts of money are exact. A report that is\n"
      "kept is answered from there while nothing that it reads has changed.",
      "  stave report music.stave\n"
      "  stave report music.stave kpi.daily_genre -p from=2025-05-01 -p to=2025-05-07\n"
      "  stave report music.stave kpi.top_tracks -p k=10 --format csv -o top.csv\n"
      "  stave report music.stave kpi.daily_genre --materialize\n"
      "  stave report music.stave kpi.hourly -p from=2025-05-07 --upsert -o hourly.parquet\n"
      "  stave report music.stave kpi.metrics --sql-upsert redshift -o metrics.sql\n"
      "  stave report music.stave royalty.pro_rata -p period=2025-05-01 --format json\n");
  parser->add_option("STORE", arguments->common.store, "The store to report on")
      ->type_name("")
      ->required();
  parser->add_option("NAME", arguments->name, "The report, such as kpi.daily_genre")->type_name("");
  add_program_options(*parser, arguments->common);
  auto* materialize = parser->add_flag("--materialize", arguments->materialize,
                                       "Keep the result in the store; `stave refresh` keeps it up");
  parser->add_flag("--recompute", arguments->recompute, "Compute it, whatever is kept")
      ->excludes(materialize);
  add_upsert_options(*parser, arguments->upsert);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
