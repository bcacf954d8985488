// The built-in schema as documented, schemas of users, and what is refused with which words.
#include "storage/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace stave {
namespace {

using testing::HasSubstr;

const ColumnSchema& column(const Schema& schema, std::string_view table, std::string_view name) {
  const TableSchema* found = schema.find_table(table);
  return found->columns.at(static_cast<std::size_t>(found->find_column(name)));
}

TEST(MusicSchema, HasEveryTable) {
  const Schema& schema = music_schema();
  EXPECT_EQ(schema.name, "music");
  EXPECT_EQ(schema.tables.size(), 26U);
  EXPECT_EQ(schema.resolve_table("plays"), schema.find_table("streams"));
  EXPECT_EQ(schema.resolve_table("Artist Payouts"), schema.find_table("payouts"));
  EXPECT_EQ(schema.resolve_table("nothing"), nullptr);
}

TEST(MusicSchema, DescribesStreams) {
  const TableSchema& streams = *music_schema().find_table("streams");
  EXPECT_EQ(streams.kind, TableKind::kFact);
  EXPECT_EQ(streams.time_column, "listen_time");
  EXPECT_EQ(streams.cluster_relation, "track");
  EXPECT_EQ(streams.cluster_column, "track_genre");
  EXPECT_FALSE(streams.is_code_addressed());
  const ColumnSchema& duration = column(music_schema(), "streams", "duration_sec");
  ASSERT_EQ(duration.aliases.size(), 3U);
  EXPECT_EQ(duration.aliases[2].name, "ms_played");
  EXPECT_EQ(duration.aliases[2].divide, 1000);
  EXPECT_EQ(column(music_schema(), "tracks", "duration_ms").aliases[0].multiply, 1000);
  EXPECT_EQ(column(music_schema(), "streams", "completion_pct").type, decimal_type(5, 2));
}

TEST(MusicSchema, SharesDomains) {
  const Schema& schema = music_schema();
  for (const auto& [table, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"streams", "country_code"},
                                                                  {"users", "country"},
                                                                  {"artists", "country"},
                                                                  {"royalty_rates", "country"},
                                                                  {"pools", "country"},
                                                                  {"sessions", "ip_country"}}) {
    EXPECT_EQ(column(schema, table, name).domain, "countries") << table;
  }
  EXPECT_TRUE(column(schema, "tracks", "track_id").typed_by_domain);
  EXPECT_TRUE(schema.find_table("tracks")->is_code_addressed());
  EXPECT_FALSE(schema.find_table("pools")->is_code_addressed());
}

TEST(MusicSchema, HasDefaultsOfKeys) {
  const Schema& schema = music_schema();
  const ColumnSchema& from = column(schema, "splits", "valid_from");
  EXPECT_EQ(from.default_kind, DefaultKind::kValue);
  EXPECT_EQ(std::get<std::int64_t>(from.default_value.data), 0);
  const ColumnSchema& end = column(schema, "payouts", "period_end");
  EXPECT_EQ(end.default_kind, DefaultKind::kLastDayOfMonth);
  EXPECT_EQ(end.default_source, "period_start");
  EXPECT_TRUE(column(schema, "pools", "period").first_of_month);
  EXPECT_TRUE(column(schema, "pools", "plan").null_in_key);
  EXPECT_FALSE(column(schema, "pools", "currency").null_in_key);
}

TEST(SchemaText, RoundTrips) {
  const std::string text = schema_to_toml(music_schema());
  const auto again = schema_from_toml(text, "again.toml");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(schema_to_toml(*again), text);
  EXPECT_EQ(again->tables.size(), music_schema().tables.size());
}

TEST(SchemaText, KeepsOddNames) {
  Schema schema;
  schema.name = "odd \"name\" \\";
  TableSchema table;
  table.name = "t";
  table.kind = TableKind::kFact;
  ColumnSchema odd;
  odd.name = "Künstler \"Name(s)\", é";
  odd.type = kStringType;
  odd.default_kind = DefaultKind::kValue;
  odd.default_value = Value{kStringType, std::string("tab\there")};
  table.columns.push_back(odd);
  schema.tables.push_back(table);
  const auto again = schema_from_toml(schema_to_toml(schema), "odd.toml");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->name, schema.name);
  EXPECT_EQ(again->tables[0].columns[0].name, odd.name);
  EXPECT_EQ(std::get<std::string>(again->tables[0].columns[0].default_value.data), "tab\there");
}

struct Refusal {
  const char* text;
  const char* message;
};

class RefusedSchema : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedSchema, SaysWhy) {
  const auto schema = schema_from_toml(GetParam().text, "mine.toml");
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(schema.error().message, HasSubstr(GetParam().message));
  EXPECT_THAT(schema.error().message, HasSubstr("mine.toml"));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, RefusedSchema,
    testing::Values(
        Refusal{"name = ", "not TOML"}, Refusal{"name = \"x\"\n", "needs tables"},
        Refusal{"name = 'x'\nextra = 1\n[[table]]\nname = 't'\nkind = 'fact'\n", "\"extra\""},
        Refusal{"name = 'x'\n[[table]]\nkind = 'fact'\n", "\"name\" is missing: mine.toml, line 2"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'cube'\n", "\"cube\""},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'decimal(40,2)' } ]\n",
                "\"decimal(40,2)\" of column \"a\""},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'i64' },\n{ name = 'a', type = 'i64' } ]\n",
                "two columns of the same name: t.a"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'dimension'\ncolumns = [\n"
                "{ name = 'a', type = 'i64' } ]\n",
                "needs a key: t"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'dimension'\nkey = ['b']\ncolumns = [\n"
                "{ name = 'a', type = 'i64' } ]\n",
                "\"b\""},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'dimension'\nkey = ['a']\ncolumns = [\n"
                "{ name = 'a', type = 'f64' } ]\n",
                "cannot be a key: t.a"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'key' } ]\n",
                "needs a domain: t.a"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ntime = 'a'\ncolumns = [\n"
                "{ name = 'a', type = 'i64' } ]\n",
                "time column"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncluster = 'a'\ncolumns = [\n"
                "{ name = 'a', type = 'i64' } ]\n",
                "\"relation.column\""},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'i64' } ]\n"
                "relations = [{ name = 'r', column = 'a', table = 'u' }]\n",
                "table that does not exist"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'key', domain = 'p' } ]\n"
                "relations = [{ name = 'r', column = 'a', table = 'u' }]\n"
                "[[table]]\nname = 'u'\nkind = 'dimension'\nkey = ['k']\ncolumns = [\n"
                "{ name = 'k', type = 'key', domain = 'q' } ]\n",
                "joins two domains"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'i64', default = 'x' } ]\n",
                "must fit the type"},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'date', default = { last_day_of_month = 'b' } } ]\n",
                "names \"b\""},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'i64', aliases = [{ name = 'b', divide = 0 }] } ]\n",
                "above 0"},
        Refusal{
            "name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ncolumns = [\n"
            "{ name = 'a b', type = 'i64' },\n{ name = 'c', type = 'i64', aliases = ['A_B'] } ]\n",
            "name of another column"},
        Refusal{"name = 'x'\n[[table]]\nname = '../t'\nkind = 'fact'\ncolumns = [\n"
                "{ name = 'a', type = 'i64' } ]\n",
                "\"../t\""},
        Refusal{"name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\naliases = ['T']\ncolumns = [\n"
                "{ name = 'a', type = 'i64' } ]\n",
                "same name or alias"}));

TEST(SchemaText, ReadsTheExampleOfItsPage) {
  std::ifstream page(STAVE_SOURCE_FOLDER "/docs/schema.md");
  ASSERT_TRUE(page);
  const std::string text((std::istreambuf_iterator<char>(page)), std::istreambuf_iterator<char>());
  const std::string fence = "```toml\n";
  const std::size_t begin = text.find(fence) + fence.size();
  const auto schema = schema_from_toml(text.substr(begin, text.find("```", begin) - begin), "page");
  ASSERT_TRUE(schema) << schema.error().message;
  EXPECT_EQ(schema->tables.size(), 3U);
}

TEST(Header, IsNormalized) {
  EXPECT_EQ(normalized_header("Track_Name"), "trackname");
  EXPECT_EQ(normalized_header("track name"), normalized_header("TRACK-NAME"));
}

}  // namespace
}  // namespace stave
