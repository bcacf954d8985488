// The smallest program of a user: makes a store, imports a file, asks a question.
#include <stave/import.h>
#include <stave/query.h>
#include <stave/store.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace {

class FirstCell : public stave::ResultSink {
 public:
  stave::Result<void> begin(const std::vector<stave::ResultColumn>&) override { return {}; }
  stave::Result<void> batch(const stave::ResultBatch& batch) override {
    if (batch.rows() > 0) value = batch.int64_at(0, 0);
    return {};
  }
  stave::Result<void> end() override { return {}; }
  std::int64_t value = -1;
};

int failed(const stave::Error& error) {
  std::fprintf(stderr, "%s: %s\n", stave::name_of(error.code), error.message.c_str());
  return 1;
}

}  // namespace

int main(int, char** arguments) {
  const std::string folder = arguments[1];
  const std::string store = folder + "/music.stave";
  const std::string dump = folder + "/streams.csv";
  std::ofstream(dump)
      << "user_id,track_id,listen_time\n1,a,2025-05-01 10:00:00\n2,a,2025-05-01 11:00:00\n";
  if (auto made = stave::create_store(store, {}); !made) return failed(made.error());
  auto imported = stave::import_files(store, "streams", {dump}, {});
  if (!imported) return failed(imported.error());
  auto opened = stave::Store::open(store);
  if (!opened) return failed(opened.error());
  FirstCell cell;
  auto asked = stave::query(*opened, "from streams | summarize n = count()", {}, cell);
  if (!asked) return failed(asked.error());
  std::printf("%lld plays\n", static_cast<long long>(cell.value));
  return cell.value == 2 ? 0 : 1;
}
