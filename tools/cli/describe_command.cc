// `stave describe`: what a store holds, table by table or column by column.
#include <algorithm>

#include "stave/store.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/output_target.h"
#include "tools/cli/program_run.h"
#include "tools/cli/quantity.h"
#include "tools/cli/rows.h"
#include "tools/cli/storage_rows.h"

namespace stave::cli {
namespace {

struct DescribeArguments {
  std::string store;
  std::string table;
  std::string as_of;
  bool storage = false;
};

std::string heading(const StoreDescription& store, const std::string& path) {
  return path + ": schema " + store.schema + ", days in " + store.timezone + ", snapshot " +
         std::to_string(store.snapshot) + ", " + bytes_text(store.bytes) + ", format " +
         std::to_string(store.format_version) + ", made " +
         store.created_at.substr(0, store.created_at.find('.')) + "\n\n";
}

Rows table_rows(const StoreDescription& store) {
  Rows rows({{"table", kStringType},
             {"kind", kStringType},
             {"rows", kInt64Type},
             {"first_day", kStringType},
             {"last_day", kStringType},
             {"segments", kInt64Type},
             {"bytes", kInt64Type},
             {"columns", kInt64Type}});
  for (const TableDescription& table : store.tables) {
    rows.add({table.name, table.is_fact ? "fact" : "dimension", number_cell(table.rows),
              text_or_null(table.first_day), text_or_null(table.last_day),
              number_cell(table.segments), number_cell(table.bytes),
              number_cell(table.columns.size())});
  }
  return rows;
}

Rows column_rows(const TableDescription& table) {
  Rows rows({{"table", kStringType},
             {"column", kStringType},
             {"type", kStringType},
             {"is_key", kBoolType},
             {"leads_to", kStringType},
             {"domain", kStringType}});
  for (const ColumnDescription& column : table.columns) {
    const std::string leads_to =
        column.leads_to.empty() ? "" : column.leads_to + " as " + column.relation;
    rows.add({table.name, column.name, to_string(column.type), column.is_key,
              text_or_null(leads_to), text_or_null(column.domain)});
  }
  return rows;
}

// All tables, the columns of one, or where the bytes are.
Result<Rows> described_rows(const StoreDescription& store, const DescribeArguments& arguments,
                            const GlobalOptions& options) {
  const auto table = std::ranges::find(store.tables, arguments.table, &TableDescription::name);
  if (!arguments.table.empty() && table == store.tables.end()) {
    std::vector<std::string> names;
    for (const TableDescription& known : store.tables) {
      names.push_back(known.name);
    }
    return fail(ErrorCode::kInvalidArgument,
                with_hint("There is no table " + arguments.table + ".", arguments.table, names) +
                    " `stave describe STORE` lists them.");
  }
  if (arguments.storage) {
    return storage_rows(store, arguments.table, options.format == OutputFormat::kTable);
  }
  return arguments.table.empty() ? table_rows(store) : column_rows(*table);
}

Result<void> describe_to(OutputTarget& target, const DescribeArguments& arguments,
                         const GlobalOptions& options) {
  const auto store = Store::open(arguments.store, arguments.as_of);
  if (!store) {
    return pass(store);
  }
  const auto described = describe(*store);
  if (!described) {
    return pass(described);
  }
  const auto rows = described_rows(*described, arguments, options);
  if (!rows) {
    return pass(rows);
  }
  if (auto opened = target.open(options.output_path); !opened) {
    return opened;
  }
  if (options.format == OutputFormat::kTable && !options.quiet) {
    if (auto written = target.write(heading(*described, arguments.store)); !written) {
      return written;
    }
  }
  const auto printed = rows->print(target.sink(options));
  return printed ? target.finish() : printed;
}

int run(const DescribeArguments& arguments, const GlobalOptions& options) {
  OutputTarget target;
  const auto done = describe_to(target, arguments, options);
  return done || target.reader_left() ? static_cast<int>(kDone)
                                      : report_error(done.error(), options);
}

}  // namespace

Command add_describe(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<DescribeArguments>();
  CLI::App* parser = add_command(
      root, options, "describe", "Show what a store holds",
      "Without a table: all tables with their rows, days and size. With one: its columns, their\n"
      "types, and the tables they lead to. With --storage: where the bytes are.",
      "  stave describe music.stave\n"
      "  stave describe music.stave streams\n"
      "  stave describe music.stave --storage            # bytes and codecs of every column\n"
      "  stave describe music.stave streams --storage\n"
      "  stave describe music.stave --format json\n");
  parser->add_option("STORE", arguments->store, "The store to describe")->type_name("")->required();
  parser->add_option("TABLE", arguments->table, "One table")->type_name("");
  parser->add_flag("--storage", arguments->storage,
                   "Show bytes, bits a row and codecs of each column");
  add_as_of_option(*parser, arguments->as_of);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
