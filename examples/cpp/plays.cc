// A store from C++: make it, import dumps, ask it, go through the batches of the answer.
//   plays_in_cpp FOLDER      makes FOLDER/music.stave
#include <stave/import.h>
#include <stave/query.h>
#include <stave/store.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace {

// Gets the columns of a result, then its rows batch by batch.
class Printer : public stave::ResultSink {
 public:
  stave::Result<void> begin(const std::vector<stave::ResultColumn>& columns) override {
    columns_ = columns;
    return {};
  }
  stave::Result<void> batch(const stave::ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      std::string line;
      for (std::size_t column = 0; column < columns_.size(); ++column) {
        line += (column == 0 ? "" : " ");
        batch.append_text(row, column, line);
      }
      std::puts(line.c_str());
    }
    return {};
  }
  stave::Result<void> end() override { return {}; }

 private:
  std::vector<stave::ResultColumn> columns_;
};

stave::Result<void> run(const std::string& folder) {
  const std::string path = folder + "/music.stave";
  if (auto made = stave::create_store(path, {}); !made) return made;

  std::ofstream(folder + "/streams.csv") << "user_id,track_id,listen_time\n"
                                            "1,a,2025-05-01 10:00:00\n"
                                            "2,a,2025-05-01 11:00:00\n"
                                            "2,b,2025-05-02 09:30:00\n";
  stave::ImportOptions import;
  import.max_rejects_percent = 0.1;
  const auto imported = stave::import_files(path, "streams", {folder + "/streams.csv"}, import);
  if (!imported) return stave::pass(imported);
  std::printf("%llu rows imported\n", static_cast<unsigned long long>(imported->rows));

  const auto store = stave::Store::open(path);
  if (!store) return stave::pass(store);
  stave::QueryOptions options;
  options.parameters["track"] = "a";
  Printer printer;
  if (auto asked = stave::query(*store,
                                "param track: string; from streams | where track_id == $track "
                                "| summarize plays = count() by day | sort day",
                                options, printer);
      !asked) {
    return asked;
  }
  stave::QueryOptions top;
  top.parameters["k"] = "1";
  return stave::report(*store, "kpi.top_tracks", top, printer);
}

}  // namespace

int main(int, char** arguments) {
  const auto done = run(arguments[1]);
  if (done) return 0;
  std::fprintf(stderr, "%s: %s\n", stave::name_of(done.error().code), done.error().message.c_str());
  return 1;
}
