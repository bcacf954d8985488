// A sentence on a terminal; one row of the same columns for every import otherwise.
#include "tools/cli/import_summary.h"

#include <algorithm>
#include <string>

#include "tools/cli/dump_format_text.h"
#include "tools/cli/output_target.h"
#include "tools/cli/quantity.h"
#include "tools/cli/rows.h"

namespace stave::cli {
namespace {

std::string new_columns_text(const std::vector<std::string>& columns) {
  constexpr std::size_t kMostNamed = 20;
  if (columns.empty()) {
    return "";
  }
  std::string text = columns.size() == 1 ? "  new column: " : "  new columns: ";
  for (std::size_t i = 0; i < std::min(columns.size(), kMostNamed); ++i) {
    text += (i == 0 ? "" : ", ") + columns[i];
  }
  if (columns.size() > kMostNamed) {
    text += " and " + grouped(columns.size() - kMostNamed) + " more";
  }
  return text + "\n";
}

// What was not taken for rows at the beginning of files: who meant them as rows has to know.
std::string beginnings_text(const std::vector<InputDescription>& inputs) {
  constexpr std::size_t kMostNamed = 5;
  std::vector<std::string> lines;
  for (const InputDescription& input : inputs) {
    const DumpFormat& format = input.format;
    if (*format.format != InputFormat::kCsv) continue;
    std::string line;
    if (format.skip_lines > 0) {
      line = grouped(format.skip_lines) + (format.skip_lines == 1 ? " line" : " lines") +
             " passed over";
    }
    if (*format.header && format.header_rows > 1) {
      line += (line.empty() ? "" : ", ") + grouped(format.header_rows) + " rows are the header";
    }
    if (format.spare_separators > 0) {
      line += (line.empty() ? "" : ", ") + grouped(format.spare_separators) +
              (format.spare_separators == 1 ? " separator" : " separators") +
              " at the end of rows passed over that the header lacks";
    }
    if (format.header_echoes > 0) {
      line += (line.empty() ? "" : ", ") + grouped(format.header_echoes) +
              (format.header_echoes == 1 ? " row passed over that repeats or underlines the header"
                                         : " rows passed over that repeat or underline the header");
    }
    if (format.empty_rows > 0) {
      line += (line.empty() ? "" : ", ") + grouped(format.empty_rows) +
              (format.empty_rows == 1 ? " row" : " rows") + " of separators alone passed over";
    }
    if (format.row_counts > 0) {
      line += (line.empty() ? "" : ", ") + grouped(format.row_counts) +
              (format.row_counts == 1 ? " line passed over that counts the rows"
                                      : " lines passed over that count the rows");
    }
    if (!line.empty()) lines.push_back("  " + input.name + ": " + line + "\n");
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(lines.size(), kMostNamed); ++i) text += lines[i];
  if (lines.size() > kMostNamed) {
    text += "  and so in " + grouped(lines.size() - kMostNamed) + " more files\n";
  }
  return text;
}

// What happened beside the rows that came in, a line each.
std::string notes_text(const ImportSummary& summary) {
  std::string text;
  if (summary.duplicates > 0) {
    text += "  " + grouped(summary.duplicates) + " rows repeat a key of their file: the " +
            "first was kept unless --on-duplicate said otherwise\n";
  }
  if (summary.removed > 0) {
    text += "  " + grouped(summary.removed) + " rows left out: the same were there before them\n";
  }
  text += new_columns_text(summary.new_columns);
  for (const std::string& file : summary.skipped_files) {
    text += "  skipped " + file + ": imported before (--again imports it once more)\n";
  }
  if (summary.rejected > 0) {
    text += "  " + grouped(summary.rejected) + " rows rejected, see " + summary.rejects_path + "\n";
  }
  if (!summary.origin_path.empty()) {
    text += "  what was not said is as in the first load of these rows, see " +
            summary.origin_path + "\n";
  }
  for (const std::string& path : summary.corrections) {
    text += "  to be corrected and imported: " + path + "\n";
  }
  return text;
}

// Rules that warn; those that fail are in the error.
std::string rules_text(const std::vector<RuleResult>& rules) {
  std::string text;
  for (const RuleResult& rule : rules) {
    if (rule.kept) {
      continue;
    }
    text += "  warning: " + rule.rule + ": " + rule.finding + " (" + grouped(rule.violations) +
            (rule.violations == 1 ? " violation)\n" : " violations)\n");
    for (const std::string& example : rule.examples) {
      text += "    " + example + "\n";
    }
  }
  return text;
}

// A key of a store that has none yet is of no type before it is committed.
std::string type_text(const Type& type) {
  return type == kNullType ? "key" : to_string(type);
}

// How the columns of each input were understood.
std::string inputs_text(const ImportSummary& summary) {
  std::string text;
  for (const InputDescription& input : summary.inputs) {
    text += input.name + ": " + (input.compression == "none" ? "" : input.compression + ", ") +
            dump_format_text(input.format) + "\n";
    for (const InputDescription::Column& column : input.columns) {
      text += "  " + (column.header.empty() ? "(no name)" : column.header);
      if (column.column.empty()) {
        text += ": left out\n";
        continue;
      }
      text += (column.header == column.column ? ": " : " -> " + column.column + ": ") +
              type_text(column.type) + (column.is_new ? ", new\n" : "\n");
    }
  }
  return text;
}

std::string loads_text(const ImportSummary& summary) {
  if (summary.loads.size() < 2) return "; load " + std::to_string(summary.load_id);
  return "; loads " + std::to_string(summary.loads.front()) + " to " +
         std::to_string(summary.loads.back());
}

std::string summary_text(const ImportSummary& summary, bool dry_run) {
  std::string text = dry_run ? inputs_text(summary) : "";
  text += summary.table + ": ";
  if (summary.rows == 0 && !summary.skipped_files.empty()) {
    text += "nothing new\n";
    return text + notes_text(summary);
  }
  text += grouped(summary.rows) + " rows";
  if (summary.inserted + summary.updated > 0) {
    text += " (" + grouped(summary.inserted) + " new, " + grouped(summary.updated) + " updated)";
  }
  if (summary.partitions > 0) {
    text += " over " + grouped(summary.partitions) + (summary.partitions == 1 ? " day" : " days");
  }
  text += " from " + bytes_text(summary.bytes) + " in " + duration_text(summary.seconds);
  if (summary.seconds > 0) {
    text += ", " + rough_number(static_cast<double>(summary.rows) / summary.seconds) + " rows/s";
  }
  text += dry_run ? "; " + bytes_text(summary.stored_bytes) + " would be stored; nothing was\n"
                  : loads_text(summary) + "\n" + beginnings_text(summary.inputs);
  return text + notes_text(summary);
}

Rows summary_rows(const ImportSummary& summary) {
  Rows rows({{"table", kStringType},
             {"load_id", kInt64Type},
             {"snapshot", kInt64Type},
             {"rows", kInt64Type},
             {"inserted", kInt64Type},
             {"updated", kInt64Type},
             {"duplicates", kInt64Type},
             {"rejected", kInt64Type},
             {"rejects_path", kStringType},
             {"bytes", kInt64Type},
             {"stored_bytes", kInt64Type},
             {"days", kInt64Type},
             {"skipped_files", kInt64Type},
             {"milliseconds", kInt64Type}});
  rows.add({summary.table, number_cell(summary.load_id), number_cell(summary.snapshot),
            number_cell(summary.rows), number_cell(summary.inserted), number_cell(summary.updated),
            number_cell(summary.duplicates), number_cell(summary.rejected),
            text_or_null(summary.rejects_path), number_cell(summary.bytes),
            number_cell(summary.stored_bytes), number_cell(summary.partitions),
            number_cell(summary.skipped_files.size()),
            static_cast<std::int64_t>(summary.seconds * 1000)});
  return rows;
}

}  // namespace

Result<void> print_load_report(const LoadReport& report, bool as_json,
                               const GlobalOptions& options) {
  OutputTarget target;
  if (auto opened = target.open(options.output_path); !opened) {
    return opened;
  }
  Result<void> written;
  if (as_json) {
    written = target.write(json_of(report) + "\n");
  } else if (options.format == OutputFormat::kTable) {
    written =
        target.write(summary_text(*report.summary, report.dry_run) + rules_text(report.rules));
  } else {
    written = summary_rows(*report.summary).print(target.sink(options));
  }
  return written ? target.finish() : written;
}

}  // namespace stave::cli
