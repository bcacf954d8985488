// The C interface as a program in C sees it: results, errors, what may be released when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "stave/stave.h"
#include "tests/tools/support/import_fixture.h"
#include "tests/tools/support/stream_text.h"

namespace stave::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CInterface : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    std::filesystem::remove_all(store_path());
    ASSERT_EQ(STAVE_OK, stave_create(store_path().c_str(), nullptr, nullptr));
    import_text("streams",
                "user_id,track_id,listen_time,likes\n1,a,2025-05-01 10:00:00,5\n"
                "2,b,2025-05-01 11:00:00,\n");
    open();
  }
  void TearDown() override {
    stave_close(store_);
    stave_error_free(error_);
    ImportTest::TearDown();
  }

  stave_status import_text(const std::string& table, const std::string& csv,
                           std::vector<stave_option> options = {}, char** report = nullptr) {
    const std::string name = file("c" + std::to_string(next_++) + ".csv", csv);
    const std::array<const char*, 2> files{name.c_str(), nullptr};
    const std::string rejects = folder_;
    options.push_back({"rejects", rejects.c_str()});
    options.push_back({nullptr, nullptr});
    free_error();
    return stave_import(store_path().c_str(), table.c_str(), files.data(), options.data(), nullptr,
                        report, &error_);
  }
  void open() {
    stave_close(store_);
    ASSERT_EQ(STAVE_OK, stave_open(store_path().c_str(), nullptr, &store_, nullptr));
  }
  stave_status query(const std::string& program, const stave_option* parameters = nullptr,
                     const stave_option* options = nullptr, stave_cancel* cancel = nullptr) {
    free_error();
    return stave_query(store_, program.c_str(), parameters, options, cancel, &stream_, &error_);
  }
  StreamText rows_of(const std::string& program, const stave_option* parameters = nullptr) {
    const stave_status status = query(program, parameters);
    EXPECT_EQ(STAVE_OK, status) << stave_error_message(error_);
    return status == STAVE_OK ? text_of(stream_) : StreamText{};
  }
  void free_error() {
    stave_error_free(error_);
    error_ = nullptr;
  }

  stave_store* store_ = nullptr;
  stave_error* error_ = nullptr;
  ArrowArrayStream stream_{};

 private:
  int next_ = 0;
};

TEST_F(CInterface, AnswersAQuestionAsAStream) {
  const StreamText text = rows_of("from streams | sort user_id | select user_id, track_id, likes");
  EXPECT_EQ("user_id l, track_id u, likes l", text.schema);
  EXPECT_THAT(text.rows, ElementsAre("1|a|5", "2|b|~"));
  EXPECT_EQ(0, text.status);
}

TEST_F(CInterface, HasEveryTypeOfTheLanguage) {
  const StreamText text = rows_of(
      "from streams | sort user_id | select b = likes == 5, f = 0.5::f64, d = date(listen_time), "
      "t = listen_time, m = 12.34::decimal(10,2), w = 1.5::decimal(30,1), "
      "l = split(\"x,\" + track_id, \",\"), n = null");
  EXPECT_EQ("b b, f g, d tdD, t tsu:UTC, m d:10,2, w d:30,1, l +l, n u", text.schema);
  EXPECT_THAT(text.rows, ElementsAre("true|0.500000|20209|1746093600000000|1234|15|[x,a]|~",
                                     "~|0.500000|20209|1746097200000000|1234|15|[x,b]|~"));
}

TEST_F(CInterface, GivesAnEmptyResultItsSchema) {
  const StreamText text = rows_of("from streams | where user_id == 77 | select user_id");
  EXPECT_EQ("user_id l", text.schema);
  EXPECT_TRUE(text.rows.empty());
}

TEST_F(CInterface, SetsParametersAndOptions) {
  const std::array<stave_option, 2> parameters{{{"u", "2"}, {nullptr, nullptr}}};
  EXPECT_THAT(rows_of("param u: i64; from streams | where user_id == $u | select track_id",
                      parameters.data())
                  .rows,
              ElementsAre("b"));
  const std::array<stave_option, 2> unknown{{{"thread", "2"}, {nullptr, nullptr}}};
  EXPECT_EQ(STAVE_INVALID_ARGUMENT, query("from streams", nullptr, unknown.data()));
  EXPECT_THAT(stave_error_message(error_), HasSubstr("did you mean `threads`?"));
  const std::array<stave_option, 2> wrong{{{"threads", "two"}, {nullptr, nullptr}}};
  EXPECT_EQ(STAVE_INVALID_ARGUMENT, query("from streams", nullptr, wrong.data()));
  EXPECT_THAT(stave_error_message(error_), HasSubstr("\"two\""));
}

TEST_F(CInterface, SaysWhereAProgramIsWrong) {
  EXPECT_EQ(STAVE_INVALID_PROGRAM, query("from streams\n| where user_ip == 1"));
  EXPECT_EQ(nullptr, stream_.release);
  EXPECT_EQ(STAVE_INVALID_PROGRAM, stave_error_code(error_));
  EXPECT_EQ(2, stave_error_line(error_));
  EXPECT_EQ(9, stave_error_column(error_));
  EXPECT_EQ(7, stave_error_length(error_));
  EXPECT_THAT(stave_error_hint(error_), HasSubstr("user_id"));
  EXPECT_EQ('E', stave_error_fault(error_)[0]);
}

TEST_F(CInterface, RefusesAProgramOfSeveralResults) {
  EXPECT_EQ(STAVE_UNSUPPORTED, query("from streams; from users"));
  EXPECT_THAT(stave_error_message(error_), HasSubstr("this program has 2"));
}

TEST_F(CInterface, GivesAFaultOfRunningFromTheStream) {
  ASSERT_EQ(STAVE_OK, query("from streams | select x = user_id * 9223372036854775807 * user_id"));
  ArrowArray array{};
  EXPECT_EQ(EINVAL, stream_.get_next(&stream_, &array));
  EXPECT_EQ(nullptr, array.release);
  EXPECT_THAT(stream_.get_last_error(&stream_), HasSubstr("does not fit i64"));
  error_ = stave_stream_error(&stream_);
  EXPECT_EQ(STAVE_OVERFLOW, stave_error_code(error_));
  stream_.release(&stream_);
}

TEST_F(CInterface, OutlivesItsStoreAndItsStream) {
  ASSERT_EQ(STAVE_OK, query("from streams | sort user_id | select user_id, track_id"));
  stave_close(store_);
  store_ = nullptr;
  ArrowSchema schema{};
  ArrowArray array{};
  ASSERT_EQ(0, stream_.get_schema(&stream_, &schema));
  ASSERT_EQ(0, stream_.get_next(&stream_, &array));
  ArrowArrayStream moved = stream_;
  moved.release(&moved);
  ArrowArray child = *array.children[1];  // moved out
  array.children[1]->release = nullptr;
  array.release(&array);
  EXPECT_EQ("b", cell_text(*schema.children[1], child, 1));
  child.release(&child);
  schema.release(&schema);
}

TEST_F(CInterface, StopsARunWhoseStreamIsReleased) {
  std::string csv = "user_id,track_id,listen_time\n";
  for (int i = 0; i < 3'000; ++i) csv += std::to_string(i) + ",a,2025-05-02 10:00:00\n";
  ASSERT_EQ(STAVE_OK, import_text("streams", csv)) << stave_error_message(error_);
  open();
  // Hours, were it to run to its end.
  const std::string endless =
      "from streams | derive o = 1 | join inner many (from streams | derive o = 1 | select o) as x "
      "on o == x.o | join inner many (from streams | derive o = 1 | select o) as y on o == y.o | "
      "summarize n = count()";
  ASSERT_EQ(STAVE_OK, query(endless)) << stave_error_message(error_);
  stream_.release(&stream_);

  stave_cancel* cancel = stave_cancel_new();
  ASSERT_EQ(STAVE_OK, query(endless, nullptr, nullptr, cancel));
  std::thread other([cancel] { stave_cancel_now(cancel); });
  ArrowArray array{};
  EXPECT_EQ(ECANCELED, stream_.get_next(&stream_, &array));
  other.join();
  stream_.release(&stream_);
  // A token stays cancelled.
  ASSERT_EQ(STAVE_OK, query(endless, nullptr, nullptr, cancel));
  EXPECT_EQ(ECANCELED, stream_.get_next(&stream_, &array));
  stream_.release(&stream_);
  stave_cancel_free(cancel);
}

TEST_F(CInterface, ReportsOfALoadAlsoWhereItFails) {
  char* report = nullptr;
  EXPECT_EQ(STAVE_TOO_MANY_REJECTS,
            import_text("streams", "user_id,track_id,listen_time\n1,a,never\n2,b,2025-05-03\n", {},
                        &report));
  EXPECT_THAT(report, HasSubstr("\"status\":\"failed\""));
  stave_text_free(report);
  report = nullptr;
  EXPECT_EQ(STAVE_OK,
            import_text("streams", "user_id,track_id,listen_time\n1,a,never\n2,b,2025-05-03\n",
                        {{"max_rejects", "1"}, {"separator", ","}, {"header", "yes"}}, &report))
      << stave_error_message(error_);
  EXPECT_THAT(report, HasSubstr("\"rejected\":1"));
  stave_text_free(report);
  const std::uint64_t before = stave_snapshot(store_);
  open();
  EXPECT_EQ(before + 1, stave_snapshot(store_));
}

TEST_F(CInterface, MakesATableOfAFile) {
  EXPECT_EQ(STAVE_OK, import_text("shops", "shop;city\n1;Bonn\n",
                                  {{"create", "yes"}, {"key", "shop"}, {"separator", ";"}}))
      << stave_error_message(error_);
  open();
  EXPECT_THAT(rows_of("from shops").rows, ElementsAre("1|Bonn"));
}

TEST_F(CInterface, RunsReportsAndListsWhatThereIs) {
  ASSERT_EQ(STAVE_OK, stave_tables(store_, &stream_, nullptr));
  const StreamText tables = text_of(stream_);
  EXPECT_EQ("table u, kind u, rows l, bytes l, first_day u, last_day u", tables.schema);
  EXPECT_THAT(tables.rows, ::testing::Contains(HasSubstr("streams|fact|2|")));
  ASSERT_EQ(STAVE_OK, stave_columns(store_, "users", &stream_, nullptr));
  EXPECT_THAT(text_of(stream_).rows, ::testing::Contains("users|user_id|i64|true|~"));
  EXPECT_EQ(STAVE_NOT_FOUND, stave_columns(store_, "usres", &stream_, &error_));
  EXPECT_THAT(stave_error_message(error_), HasSubstr("did you mean `users`?"));
  ASSERT_EQ(STAVE_OK, stave_reports(store_, &stream_, nullptr));
  EXPECT_THAT(text_of(stream_).rows, ::testing::Contains(HasSubstr("kpi.daily_genre|")));
  const std::array<stave_option, 2> parameters{{{"k", "1"}, {nullptr, nullptr}}};
  ASSERT_EQ(STAVE_OK, stave_report(store_, "kpi.top_tracks", parameters.data(), nullptr, nullptr,
                                   &stream_, nullptr));
  EXPECT_EQ(0, text_of(stream_).status);
  free_error();
  EXPECT_EQ(STAVE_NOT_FOUND,
            stave_report(store_, "kpi.none", nullptr, nullptr, nullptr, &stream_, &error_));
}

TEST_F(CInterface, RefusesNull) {
  EXPECT_EQ(STAVE_INVALID_ARGUMENT, stave_open(nullptr, nullptr, nullptr, nullptr));
  EXPECT_EQ(STAVE_INVALID_ARGUMENT,
            stave_query(nullptr, "from streams", nullptr, nullptr, nullptr, &stream_, nullptr));
  EXPECT_EQ(STAVE_INVALID_ARGUMENT,
            stave_query(store_, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
  EXPECT_EQ(STAVE_INVALID_ARGUMENT,
            stave_import(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
  stave_close(nullptr);
  stave_error_free(nullptr);
  stave_cancel_now(nullptr);
  stave_cancel_free(nullptr);
  stave_text_free(nullptr);
  EXPECT_STREQ("", stave_error_message(nullptr));
  EXPECT_STREQ("", stave_stream_warnings(nullptr));
}

TEST_F(CInterface, TellsErrorsApart) {
  const std::string none = path("none.stave");
  stave_store* opened = store_;
  EXPECT_EQ(STAVE_NOT_FOUND, stave_open(none.c_str(), nullptr, &opened, &error_));
  EXPECT_EQ(nullptr, opened);
  EXPECT_STREQ("not_found", stave_status_name(stave_error_code(error_)));
  EXPECT_STREQ("ok", stave_status_name(STAVE_OK));
  EXPECT_EQ(STAVE_ALREADY_EXISTS, stave_create(store_path().c_str(), nullptr, nullptr));
  EXPECT_EQ(STAVE_ABI_VERSION, stave_abi_version());
}

// Numbers that the engine holds as Arrow does are not copied: a column twice is one buffer.
TEST_F(CInterface, SharesTheEnginesNumbers) {
  ASSERT_EQ(STAVE_OK, query("from streams | select a = user_id, b = likes, c = likes"));
  ArrowArray array{};
  ASSERT_EQ(0, stream_.get_next(&stream_, &array));
  EXPECT_EQ(array.children[1]->buffers[1], array.children[2]->buffers[1]);
  array.release(&array);
  stream_.release(&stream_);
}

}  // namespace
}  // namespace stave::testing
