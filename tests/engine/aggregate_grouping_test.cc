// Groupings against a row-at-a-time reference: random rows with nulls, every strategy, dealt to
// several threads in batches of any size.
#include "engine/aggregate/grouping.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>

#include "engine/aggregate/group_order.h"
#include "engine/aggregate/result_vector.h"
#include "storage/file_system.h"
#include "storage/schema.h"
#include "storage/snapshot.h"
#include "storage/transaction.h"

namespace stave {
namespace {

class TestDictionary : public Dictionary {
 public:
  explicit TestDictionary(std::vector<std::string> values) : values_(std::move(values)) {}
  DictionaryKind kind() const override { return DictionaryKind::kString; }
  std::uint32_t size() const override { return static_cast<std::uint32_t>(values_.size()); }
  std::string_view string_at(std::uint32_t code) const override { return values_[code - 1]; }
  std::int64_t int64_at(std::uint32_t) const override { return 0; }
  std::uint32_t find_string(std::string_view) const override { return 0; }
  std::uint32_t find_int64(std::int64_t) const override { return 0; }

 private:
  std::vector<std::string> values_;
};

using Integer = std::optional<std::int64_t>;
using Text = std::optional<std::string>;

struct Row {
  Text genre;     // coded
  Integer hour;   // an integer without a known range
  Text platform;  // plain text
  Integer value;
  std::optional<double> real;
};

// Nulls last, as results come.
struct NullsLast {
  template <typename T>
  static int order(const std::optional<T>& left, const std::optional<T>& right) {
    if (!left || !right) return static_cast<int>(!left) - static_cast<int>(!right);
    return *left < *right ? -1 : (*right < *left ? 1 : 0);
  }
  bool operator()(const std::tuple<Text, Integer, Text>& left,
                  const std::tuple<Text, Integer, Text>& right) const {
    if (const int o = order(std::get<0>(left), std::get<0>(right)); o != 0) return o < 0;
    if (const int o = order(std::get<1>(left), std::get<1>(right)); o != 0) return o < 0;
    return order(std::get<2>(left), std::get<2>(right)) < 0;
  }
};
using Reference = std::map<std::tuple<Text, Integer, Text>, std::vector<Row>, NullsLast>;

const std::vector<std::string> kGenres = {"rock", "jazz", "", "pop", "ambient", "folk"};

ColumnShape shape_of(Type type, Representation representation,
                     std::shared_ptr<const Dictionary> dictionary = nullptr) {
  ColumnShape shape;
  shape.type = type;
  shape.representation = representation;
  shape.dictionary = std::move(dictionary);
  return shape;
}

template <typename T, typename Of>
Vector column_of(Type type, Representation representation, std::span<const Row> rows, Of of) {
  std::vector<T> values(rows.size());
  ValidityBits validity(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (of(rows[i])) {
      values[i] = T(*of(rows[i]));
    } else {
      validity.clear(i);
    }
  }
  return make_vector(type, representation, std::move(values), std::move(validity));
}

Vector genres_of(std::span<const Row> rows, const std::shared_ptr<const Dictionary>& dictionary) {
  std::vector<std::uint32_t> codes(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].genre) continue;
    codes[i] = static_cast<std::uint32_t>(
        std::find(kGenres.begin(), kGenres.end(), *rows[i].genre) - kGenres.begin() + 1);
  }
  Vector vector = make_vector(kStringType, Representation::kCode, std::move(codes),
                              ValidityBits(rows.size()));
  vector.dictionary = dictionary;
  return vector;
}

AggregateCall call_of(AggregateFunction function, Type type, std::size_t arguments,
                      Value parameter = {}) {
  AggregateCall call;
  call.function = function;
  call.type = type;
  call.arguments.resize(arguments);
  call.parameter = std::move(parameter);
  call.name = "x";
  return call;
}

class GroupingTest : public ::testing::Test {
 protected:
  GroupingTest() {
    Schema schema;
    schema.name = "empty";
    files_ = memory_file_system("grouping");
    context_ = make_context(0);
  }

  std::unique_ptr<ExecutionContext> make_context(std::uint64_t limit) {
    ExecutionOptions options;
    options.threads = 3;
    options.memory_limit = limit;
    return std::make_unique<ExecutionContext>(snapshot(), options);
  }
  // The parts under test never look at it.
  const Snapshot& snapshot() const { return *reinterpret_cast<const Snapshot*>(files_.get()); }

  std::shared_ptr<FileSystem> files_;
  std::shared_ptr<const Dictionary> dictionary_ = std::make_shared<TestDictionary>(kGenres);
  std::unique_ptr<ExecutionContext> context_;
};
