// Each engine takes the tables in its own way: DuckDB as views over the files, ClickHouse as tables
// that it fills from them, the others as external tables with partitions.
#include "tools/export/ddl.h"

#include <fmt/format.h>

#include <set>

#include "tools/export/ddl_types.h"
#include "tools/export/row_writer.h"

namespace stave {
namespace {

// "streams/*/*/*.parquet"
std::string files_of(const TableExport& table, ExportFormat format) {
  std::string pattern = table.folder();
  if (!table.partition().period.empty()) pattern += "/*";
  if (!table.partition().cluster.empty()) pattern += "/*";
  return pattern + fmt::format("/*.{}", name_of(format));
}

std::string columns_of(const TableExport& table, SqlEngine engine) {
  std::string text;
  for (const Field& field : table.fields()) {
    text += fmt::format("{}\n  {} {}", text.empty() ? "" : ",", sql_name(engine, field.name),
                        sql_type(engine, field.type));
  }
  return text;
}

// Days are dates where every engine's reader makes null of kNoPeriod.
std::string period_type(const TableExport& table, SqlEngine engine, ExportBy by) {
  const bool is_date = by == ExportBy::kDay && engine != SqlEngine::kRedshift;
  if (table.partition().period.empty()) return "";
  if (is_date) return sql_type(engine, kDateType);
  return engine == SqlEngine::kRedshift ? "VARCHAR(32)" : sql_type(engine, kStringType);
}

std::string slug_type(SqlEngine engine) {
  return engine == SqlEngine::kRedshift ? "VARCHAR(128)" : sql_type(engine, kStringType);
}

// "day DATE, genre_key STRING"
std::string partition_columns(const TableExport& table, SqlEngine engine, ExportBy by) {
  const PartitionColumns& partition = table.partition();
  std::string text;
  if (!partition.period.empty()) {
    text = sql_name(engine, partition.period) + " " + period_type(table, engine, by);
  }
  if (!partition.cluster.empty()) {
    text += ", " + sql_name(engine, partition.cluster) + " " + slug_type(engine);
  }
  return text;
}

std::string duckdb_columns(const TableExport& table) {
  std::string text;
  for (const Field& field : table.fields()) {
    // Times are written in UTC without saying so.
    const std::string type = field.type.kind == TypeKind::kTimestamp
                                 ? "TIMESTAMP"
                                 : sql_type(SqlEngine::kDuckDb, field.type);
    text += fmt::format("{}{}: '{}'", text.empty() ? "" : ", ",
                        sql_text(SqlEngine::kDuckDb, field.name), type);
  }
  return "{" + text + "}";
}

std::string duckdb_table(const TableExport& table, const ExportOptions& options) {
  const SqlEngine engine = SqlEngine::kDuckDb;
  const PartitionColumns& partition = table.partition();
  std::string hive = ", hive_partitioning = false";
  if (!partition.period.empty()) {
    hive = fmt::format(", hive_partitioning = true, hive_types = {{{}: {}{}}}",
                       sql_text(engine, partition.period), period_type(table, engine, options.by),
                       partition.cluster.empty()
                           ? ""
                           : fmt::format(", {}: VARCHAR", sql_text(engine, partition.cluster)));
  }
  const std::string files = sql_text(engine, files_of(table, options.format));
  std::string reader;
  if (options.format == ExportFormat::kParquet) {
    reader = fmt::format("read_parquet({}{})", files, hive);
  } else if (options.format == ExportFormat::kCsv) {
    reader = fmt::format(
        "read_csv({}, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
        "allow_quoted_nulls = false,\n  columns = {}{})",
        files, duckdb_columns(table), hive);
  } else {
    reader = fmt::format("read_json({}, format = 'newline_delimited',\n  columns = {}{})", files,
                         duckdb_columns(table), hive);
  }
  return fmt::format("CREATE OR REPLACE VIEW {} AS\n  SELECT * FROM {};\n",
                     sql_name(engine, table.schema().name), reader);
}

const char* clickhouse_format(ExportFormat format) {
  switch (format) {
    case ExportFormat::kCsv:
      return "CSVWithNames";
    case ExportFormat::kJsonLines:
      return "JSONEachRow";
    case ExportFormat::kArrow:
      return "Arrow";
    case ExportFormat::kParquet:
      break;
  }
  return "Parquet";
}

// The column of the day that a row belongs to; empty: none.
std::string day_column(const TableExport& table, ExportBy by) {
  if (table.partition().period.empty()) return "";
  return by == ExportBy::kDay ? table.partition().period : "day";
}

// Ordered by day, clustering value and time, as the store is; dimensions by key.
std::string clickhouse_order(const TableExport& table, const std::string& day) {
  const SqlEngine engine = SqlEngine::kClickHouse;
  std::vector<std::string> names = table.schema().key;
  if (!day.empty()) names.push_back(day);
  if (!table.partition().of.empty()) names.push_back(table.partition().of);
  if (!table.schema().time_column.empty()) names.push_back(table.schema().time_column);
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + sql_name(engine, name);
  }
  return text.empty() ? "tuple()" : "(" + text + ")";
}

std::string clickhouse_table(const TableExport& table, const ExportOptions& options) {
  const SqlEngine engine = SqlEngine::kClickHouse;
  const std::string name = sql_name(engine, table.schema().name);
  std::string names;
  for (const Field& field : table.fields()) {
    names += (names.empty() ? "" : ", ") + sql_name(engine, field.name);
  }
  const std::string day = day_column(table, options.by);
  const std::string period =
      day.empty() ? "" : fmt::format("\nPARTITION BY toYYYYMM({})", sql_name(engine, day));
  std::string columns = columns_of(table, engine);
  if (!day.empty() && options.by == ExportBy::kDay) {
    // The files do not hold what their folders tell.
    columns += fmt::format(",\n  {} Nullable(Date32) MATERIALIZED toDate32(toTimezone({}, {}))",
                           sql_name(engine, day), sql_name(engine, table.schema().time_column),
                           sql_text(engine, table.timezone()));
  }
  return fmt::format(
      "CREATE TABLE IF NOT EXISTS {} ({}\n) ENGINE = MergeTree{}\nORDER BY {}\nSETTINGS "
      "allow_nullable_key = 1;\nINSERT INTO {} SELECT {}\n  FROM file({}, {});\n",
      name, columns, period, clickhouse_order(table, day), name, names,
      sql_text(engine, files_of(table, options.format)), clickhouse_format(options.format));
}

std::string spark_table(const TableExport& table, const ExportOptions& options) {
  const SqlEngine engine = SqlEngine::kSpark;
  const std::string name = sql_name(engine, table.schema().name);
  const PartitionColumns& partition = table.partition();
  std::string columns = columns_of(table, engine);
  std::string by;
  if (!partition.period.empty()) {
    columns += ",\n  " + partition_columns(table, engine, options.by);
    by = fmt::format("\nPARTITIONED BY ({}{})", sql_name(engine, partition.period),
                     partition.cluster.empty() ? "" : ", " + sql_name(engine, partition.cluster));
  }
  return fmt::format("CREATE TABLE {} ({}\n) USING PARQUET{}\nLOCATION '${{location}}/{}';\n{}",
                     name, columns, by, table.folder(),
                     by.empty() ? "" : fmt::format("MSCK REPAIR TABLE {};\n", name));
}

std::string athena_table(const TableExport& table, const ExportOptions& options) {
  const SqlEngine engine = SqlEngine::kAthena;
  const std::string name = sql_name(engine, table.schema().name);
  const std::string by = partition_columns(table, engine, options.by);
  return fmt::format(
      "CREATE EXTERNAL TABLE {} ({}\n){}\nSTORED AS PARQUET\nLOCATION "
      "'s3://BUCKET/PREFIX/{}/';\n{}",
      name, columns_of(table, engine), by.empty() ? "" : fmt::format("\nPARTITIONED BY ({})", by),
      table.folder(), by.empty() ? "" : fmt::format("MSCK REPAIR TABLE {};\n", name));
}

// Redshift finds no partitions by itself, so each is named.
std::string redshift_table(const FinishedTable& finished, const ExportOptions& options) {
  const SqlEngine engine = SqlEngine::kRedshift;
  const TableExport& table = *finished.table;
  const std::string name = "spectrum." + sql_name(engine, table.schema().name);
  const std::string by = partition_columns(table, engine, options.by);
  std::string text = fmt::format(
      "CREATE EXTERNAL TABLE {} ({}\n){}\nSTORED AS PARQUET\nLOCATION 's3://BUCKET/PREFIX/{}/';\n",
      name, columns_of(table, engine), by.empty() ? "" : fmt::format("\nPARTITIONED BY ({})", by),
      table.folder());
  if (by.empty()) return text;
  std::set<std::string> places;
  for (const ExportedFile& file : finished.files) {
    const std::string place = file.part.path.substr(0, file.part.path.rfind('/'));
    if (!places.insert(place).second) continue;
    std::string values = fmt::format("{}={}", sql_name(engine, table.partition().period),
                                     sql_text(engine, file.key.period));
    if (!table.partition().cluster.empty()) {
      values += fmt::format(", {}={}", sql_name(engine, table.partition().cluster),
                            sql_text(engine, file.key.slug));
    }
    text += fmt::format(
        "ALTER TABLE {} ADD IF NOT EXISTS PARTITION ({}) LOCATION 's3://BUCKET/PREFIX/{}/';\n",
        name, values, place);
  }
  return text;
}

}  // namespace

std::vector<DdlScript> ddl_scripts(const ExportOptions& options,
                                   const std::vector<FinishedTable>& tables) {
  DdlScript duckdb{"ddl/duckdb.sql", "-- Run in the folder of the export.\n"};
  if (options.format != ExportFormat::kParquet) {
    duckdb.text += "-- Times are in UTC.\n";
  }
  DdlScript clickhouse{
      "ddl/clickhouse.sql",
      "-- The folder of the export is that of user_files, or of clickhouse-local.\n"};
  DdlScript spark{"ddl/spark.sql", "-- spark-sql --hivevar location=FOLDER -f ddl/spark.sql\n"};
  DdlScript redshift{"ddl/redshift.sql",
                     "-- Put the place of the export for s3://BUCKET/PREFIX; the schema spectrum "
                     "is an external one.\n"};
  DdlScript athena{"ddl/athena.sql", "-- Put the place of the export for s3://BUCKET/PREFIX.\n"};
  for (const FinishedTable& finished : tables) {
    duckdb.text += "\n" + duckdb_table(*finished.table, options);
    clickhouse.text += "\n" + clickhouse_table(*finished.table, options);
    spark.text += "\n" + spark_table(*finished.table, options);
    redshift.text += "\n" + redshift_table(finished, options);
    athena.text += "\n" + athena_table(*finished.table, options);
  }
  switch (options.format) {
    case ExportFormat::kParquet:
      return {duckdb, clickhouse, spark, redshift, athena};
    case ExportFormat::kArrow:
      return {clickhouse};
    default:
      return {duckdb, clickhouse};
  }
}

}  // namespace stave
