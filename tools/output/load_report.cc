// Keys are only ever added: programs read them.
#include "stave/load_report.h"

#include "tools/output/load_json.h"

namespace stave {
namespace {

// '\0' stands for none.
void write_character(std::optional<char> character, JsonWriter& json) {
  const bool is_given = character && *character != '\0';
  json.text_or_null(is_given ? std::string(1, *character) : "");
}

// What is null was neither given nor looked for.
void write_format(const DumpFormat& format, JsonWriter& json) {
  json.begin_object();
  json.key("format").text_or_null(format.format ? name_of(*format.format) : "");
  json.key("encoding").text_or_null(format.encoding ? name_of(*format.encoding) : "");
  json.key("separator").text_or_null(format.separator.value_or(""));
  write_character(format.quote, json.key("quote"));
  json.key("escape").text_or_null(format.escape ? name_of(*format.escape) : "");
  json.key("line_end").text_or_null(format.line_end ? name_of(*format.line_end) : "");
  write_character(format.comment, json.key("comment"));
  json.key("header");
  if (format.header) {
    json.flag(*format.header);
  } else {
    json.null();
  }
  json.key("skip_lines").number(format.skip_lines);
  json.key("header_rows").number(format.header_rows);
  json.key("spare_separators").number(format.spare_separators);
  json.key("header_echoes").number(format.header_echoes);
  json.key("empty_rows").number(format.empty_rows);
  json.key("row_counts").number(format.row_counts);
  json.end_object();
}

// Keys of which no value was committed yet are still free to be numbers or text.
std::string type_text(Type type) {
  return type.kind == TypeKind::kNull ? "key" : to_string(type);
}

void write_inputs(const std::vector<InputDescription>& inputs, JsonWriter& json) {
  json.begin_array();
  for (const InputDescription& input : inputs) {
    json.begin_object();
    json.key("name").text(input.name);
    json.key("compression").text(input.compression);
    write_format(input.format, json.key("format"));
    json.key("columns").begin_array();
    for (const InputDescription::Column& column : input.columns) {
      json.begin_object();
      json.key("header").text(column.header);
      json.key("column").text_or_null(column.column);
      json.key("type").text_or_null(column.column.empty() ? "" : type_text(column.type));
      json.key("is_new").flag(column.is_new);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

void write_summary(const ImportSummary& summary, JsonWriter& json) {
  json.key("load_id").number(summary.load_id);
  json.key("loads").begin_array();
  for (const std::uint64_t load : summary.loads) json.number(load);
  json.end_array();
  json.key("snapshot").number(summary.snapshot);
  json.key("rows").number(summary.rows);
  json.key("inserted").number(summary.inserted);
  json.key("updated").number(summary.updated);
  json.key("duplicates").number(summary.duplicates);
  json.key("removed").number(summary.removed);
  json.key("rejected").number(summary.rejected);
  json.key("rejects_path").text_or_null(summary.rejects_path);
  json.key("corrections").texts(summary.corrections);
  json.key("bytes").number(summary.bytes);
  json.key("stored_bytes").number(summary.stored_bytes);
  json.key("days").number(summary.partitions);
  json.key("seconds").seconds(summary.seconds);
  json.key("new_columns").texts(summary.new_columns);
  json.key("skipped_files").texts(summary.skipped_files);
  write_inputs(summary.inputs, json.key("inputs"));
}

void write_rules(const std::vector<RuleResult>& rules, JsonWriter& json) {
  json.begin_array();
  for (const RuleResult& rule : rules) {
    json.begin_object();
    json.key("rule").text(rule.rule);
    json.key("table").text(rule.table);
    json.key("severity").text(name_of(rule.severity));
    json.key("kept").flag(rule.kept);
    json.key("violations").number(rule.violations);
    json.key("finding").text_or_null(rule.finding);
    json.key("examples").texts(rule.examples);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

const char* status_of(const LoadReport& report) {
  if (!report.summary) return "failed";
  if (report.dry_run) return "dry_run";
  return report.summary->load_id == 0 ? "nothing_new" : "imported";
}

void write_load(const LoadReport& report, JsonWriter& json) {
  json.key("status").text(status_of(report));
  json.key("table").text(report.summary ? report.summary->table : report.table);
  json.key("files").texts(report.files);
  json.key("error");
  if (report.error) {
    json.begin_object();
    json.key("code").text(name_of(report.error->code));
    json.key("message").text(report.error->message);
    json.end_object();
  } else {
    json.null();
  }
  write_rules(report.rules, json.key("rules"));
  if (report.summary) write_summary(*report.summary, json);
}

std::string json_of(const LoadReport& report) {
  JsonWriter json;
  json.begin_object();
  write_load(report, json);
  json.end_object();
  return json.json();
}

}  // namespace stave
