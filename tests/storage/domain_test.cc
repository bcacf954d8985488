// Key domains against a plain map: adding, finding, writing, merging and reopening, with many
// threads, and what damage does.
#include "storage/domain.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <limits>
#include <numeric>
#include <thread>
#include <unordered_map>

#include "storage/domain_segment.h"
#include "storage/store_folder.h"

namespace stave {
namespace {

using testing::HasSubstr;

// The domain of a store over several loads, with the map that it must equal.
template <typename T>
class Loads {
 public:
  using Owned = std::conditional_t<std::is_same_v<T, std::int64_t>, std::int64_t, std::string>;

  // Adds the values as one load, checks every code, and reopens.
  void load(const std::vector<Owned>& values) {
    DomainWriter writer("d", committed_);
    for (const Owned& value : values) {
      const std::uint32_t before = writer.size();
      const Result<std::uint32_t> code = add(writer, value);
      ASSERT_TRUE(code) << code.error().message;
      const auto [expected, is_new] = codes_.try_emplace(value, before + 1);
      ASSERT_EQ(*code, expected->second);
      ASSERT_EQ(writer.size(), before + (is_new ? 1 : 0));
    }
    check(writer, values);
    ASSERT_NO_FATAL_FAILURE(check_at_once(values));
    auto state = writer.write(*files_, "domains/d-" + std::to_string(++loads_), state_);
    ASSERT_TRUE(state) << state.error().message;
    state_ = *state;
    ASSERT_EQ(state_.size, codes_.size());
    auto opened = Domain::open(*files_, state_);
    ASSERT_TRUE(opened) << opened.error().message;
    committed_ = *opened;
    check(*committed_, values);
    ASSERT_TRUE(committed_->damage());
    for (const DomainSegmentState& segment : state_.segments) {
      const auto verified = (*DomainSegment::open(*files_, segment, state_.kind))->verify();
      ASSERT_TRUE(verified) << verified.error().message;
    }
  }

  const DomainState& state() const { return state_; }
  const std::shared_ptr<const Domain>& committed() const { return committed_; }
  FileSystem& files() { return *files_; }

 private:
  // All values in one call get the codes that they got one by one.
  void check_at_once(const std::vector<Owned>& values) {
    DomainWriter writer("d", committed_);
    const std::vector<T> all(values.begin(), values.end());
    std::vector<std::uint32_t> codes(all.size());
    const Result<void> added = add_all(writer, all, codes);
    ASSERT_TRUE(added) << added.error().message;
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(codes[i], codes_.at(values[i])) << i;
    }
    check(writer, values);
  }

  static Result<void> add_all(DomainWriter& writer, std::span<const std::int64_t> values,
                              std::span<std::uint32_t> codes) {
    return writer.add_int64s(values, codes);
  }
  static Result<void> add_all(DomainWriter& writer, std::span<const std::string_view> values,
                              std::span<std::uint32_t> codes) {
    return writer.add_strings(values, codes);
  }
  static Result<std::uint32_t> add(DomainWriter& writer, std::int64_t value) {
    return writer.add_int64(value);
  }
  static Result<std::uint32_t> add(DomainWriter& writer, const std::string& value) {
    return writer.add_string(value);
  }
  template <typename D>
  static void find(const D& domain, std::span<const std::int64_t> values,
                   std::span<std::uint32_t> codes) {
    domain.find_int64s(values, codes);
  }
  template <typename D>
  static void find(const D& domain, std::span<const std::string_view> values,
                   std::span<std::uint32_t> codes) {
    domain.find_strings(values, codes);
  }
  static T absent(std::int64_t) { return 0x5AAA'5555'1234'5678; }
  static T absent(std::string_view) { return "never added \xFF"; }

  // All that is known, what is not, and every code's value.
  template <typename D>
  void check(const D& domain, const std::vector<Owned>& values) {
    std::vector<T> asked(values.begin(), values.end());
    for (const auto& [value, code] : codes_) {
      asked.push_back(value);
      if constexpr (std::is_same_v<T, std::int64_t>) {
        ASSERT_EQ(domain.int64_at(code), value);
      } else {
        ASSERT_EQ(domain.string_at(code), value);
      }
    }
    asked.push_back(absent(T{}));
    std::vector<std::uint32_t> found(asked.size(), 77);
    find(domain, asked, found);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto expected = codes_.find(Owned(asked[i]));
      ASSERT_EQ(found[i], expected == codes_.end() ? kNullCode : expected->second) << i;
    }
  }

  std::shared_ptr<FileSystem> files_ = memory_file_system("memory");
  std::unordered_map<Owned, std::uint32_t> codes_;
  DomainState state_;
  std::shared_ptr<const Domain> committed_;
  int loads_ = 0;
};

RC_GTEST_PROP(DomainProperty, IntegersKeepTheirCodes,
              (const std::vector<std::vector<std::int64_t>>& loads)) {
  Loads<std::int64_t> domain;
  for (const auto& values : loads) {
    ASSERT_NO_FATAL_FAILURE(domain.load(values));
  }
}

RC_GTEST_PROP(DomainProperty, StringsKeepTheirCodes,
              (const std::vector<std::vector<std::string>>& loads)) {
  Loads<std::string_view> domain;
  for (const auto& values : loads) {
    ASSERT_NO_FATAL_FAILURE(domain.load(values));
  }
}

TEST(Domain, CountersMayStopAnywhere) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  for (const std::int64_t after : {std::int64_t{2999}, std::int64_t{3002}, kLeast, kMost}) {
    Loads<std::int64_t> domain;
    std::vector<std::int64_t> values;
    for (std::int64_t i = 0; i < 2000; ++i) values.push_back(1000 + i);
    for (const std::int64_t value : {std::int64_t{1500}, std::int64_t{3000}, after, std::int64_t{0},
                                     std::int64_t{3001}, std::int64_t{1000}}) {
      values.push_back(value);
    }
    ASSERT_NO_FATAL_FAILURE(domain.load(values));
    ASSERT_NO_FATAL_FAILURE(domain.load({kMost - 1, kMost, kLeast, kLeast + 1}));
  }
}

TEST(Domain, ItsBytesDoNotDependOnThreads) {
  const auto files = memory_file_system("memory");
  for (const bool are_strings : {false, true}) {
    DomainWriter writer("d", nullptr);
    for (std::int64_t i = 0; i < 40'000; ++i) {
      const std::int64_t value = i * 0x1234'5678'9ABC;
      ASSERT_TRUE(are_strings ? writer.add_string(std::to_string(value)) : writer.add_int64(value));
    }
    std::vector<std::vector<std::byte>> written;
    for (const int threads : {1, 2}) {
      const std::string path = "domains/" + std::to_string(are_strings) + std::to_string(threads);
      const auto state = writer.write(*files, path, DomainState(), threads);
      ASSERT_TRUE(state) << state.error().message;
      const auto file = files->open(path);
      ASSERT_TRUE(file);
      written.emplace_back((*file)->size());
      ASSERT_TRUE((*file)->read(0, written.back()));
    }
    EXPECT_EQ(written[0], written[1]);
  }
}

TEST(Domain, TakesIntegersOfEveryShape) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  Loads<std::int64_t> domain;
  std::vector<std::int64_t> counter;
  std::vector<std::int64_t> sparse;
  std::vector<std::int64_t> downwards;
  for (std::int64_t i = 0; i < 100'000; ++i) {
    counter.push_back(1'000'000 + i);
    sparse.push_back(i * 0x1234'5678'9ABC);
    downwards.push_back(500'000 - i * 3);
  }
  ASSERT_NO_FATAL_FAILURE(domain.load(counter));
  ASSERT_NO_FATAL_FAILURE(domain.load(sparse));
  ASSERT_NO_FATAL_FAILURE(domain.load(downwards));
  ASSERT_NO_FATAL_FAILURE(domain.load({kLeast, kMost, 0, -1, kLeast + 1, kMost - 1}));
}

// Dense integers are looked up by reckoning where they came in order, and in the index otherwise.
TEST(Domain, TakesDenseIntegersInAnyOrder) {
  std::vector<std::int64_t> in_order(10'000);
  std::iota(in_order.begin(), in_order.end(), -3);
  std::vector<std::int64_t> swapped = in_order;
  std::swap(swapped[7000], swapped[7001]);
  std::vector<std::int64_t> with_gap = in_order;
  with_gap.erase(with_gap.end() - 2);
  for (const auto& values : {in_order, swapped, with_gap}) {
    Loads<std::int64_t> domain;
    ASSERT_NO_FATAL_FAILURE(domain.load(values));
    ASSERT_NO_FATAL_FAILURE(domain.load({-4, 9'997, 1LL << 32, -3}));
  }
}

TEST(Domain, TakesIntegersAtTheEdge) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  Loads<std::int64_t> low;
  Loads<std::int64_t> high;
  std::vector<std::int64_t> lows;
  std::vector<std::int64_t> highs;
  for (std::int64_t i = 0; i < 3000; ++i) {
    lows.push_back(kLeast + i);
    highs.push_back(kMost - i);
  }
  ASSERT_NO_FATAL_FAILURE(low.load(lows));
  ASSERT_NO_FATAL_FAILURE(low.load({kMost, kMost - 1}));
  ASSERT_NO_FATAL_FAILURE(high.load(highs));
  ASSERT_NO_FATAL_FAILURE(high.load({kLeast, kLeast + 1}));
}

TEST(Domain, TakesStringsOfEveryLength) {
  Loads<std::string_view> domain;
  std::vector<std::string> values = {"", std::string(1, '\0'), std::string(2, '\0')};
  for (std::size_t length = 1; length < 3'000'000; length = length * 3 + 1) {
    values.push_back(std::string(length, 'x'));
    values.push_back(std::string(length, 'y'));
  }
  ASSERT_NO_FATAL_FAILURE(domain.load(values));
  std::vector<std::string> many;
  for (int i = 0; i < 50'000; ++i) {
    many.push_back("spotify:track:" + std::to_string(i * 7919));
  }
  ASSERT_NO_FATAL_FAILURE(domain.load(many));
}

// Where a text lies then follows from its position; those who look up many are told so.
TEST(Domain, FindsTextsOfOneSize) {
  for (const bool one_differs : {false, true}) {
    const auto files = memory_file_system("memory");
    std::vector<std::string> values;
    for (int i = 0; i < 5000; ++i) values.push_back(fmt::format("id{:08}", i * 7919));
    if (one_differs) values.back() += "0";
    DomainWriter writer("d", nullptr);
    const std::vector<std::string_view> added(values.begin(), values.end());
    std::vector<std::uint32_t> codes(added.size());
    ASSERT_TRUE(writer.add_strings(added, codes));
    const auto state = writer.write(*files, "domains/d-000001.domain", {}, 1);
    ASSERT_TRUE(state);
    const auto domain = Domain::open(*files, *state);
    ASSERT_TRUE(domain);
    std::vector<std::string> others;
    for (const std::string& value : values) {
      others.push_back(value.substr(0, 9));
      others.push_back(value + "0");
      others.push_back("jd" + value.substr(2));
    }
    others.emplace_back();
    const std::vector<std::string_view> absent(others.begin(), others.end());
    for (int round = 0; round < 3; ++round) {
      std::vector<std::uint32_t> found(added.size());
      (*domain)->find_strings(added, found);
      ASSERT_EQ(found, codes);
      std::vector<std::uint32_t> none(absent.size());
      (*domain)->find_strings(absent, none);
      for (std::size_t i = 0; i < none.size(); ++i) {
        const bool is_there = one_differs && others[i] == values.back();
        ASSERT_EQ(none[i], is_there ? codes.back() : kNullCode) << others[i];
      }
    }
  }
}

TEST(Domain, KeepsFewSegments) {
  Loads<std::int64_t> domain;
  std::int64_t next = 0;
  for (int load = 0; load < 60; ++load) {
    std::vector<std::int64_t> values;
    for (int i = 0; i < 5000; ++i) {
      values.push_back(next++);
    }
    ASSERT_NO_FATAL_FAILURE(domain.load(values));
    ASSERT_LE(domain.state().segments.size(), 7U);
  }
}

TEST(Domain, BecomesStrings) {
  DomainWriter writer("d", nullptr);
  for (std::int64_t value = -3; value < 5000; ++value) {
    ASSERT_TRUE(writer.add_int64(value));
  }
  EXPECT_EQ(writer.add_string("B 12").error().code, ErrorCode::kInvalidData);
  ASSERT_TRUE(writer.become_strings());
  EXPECT_EQ(writer.kind(), DictionaryKind::kString);
  EXPECT_EQ(writer.string_at(1), "-3");
  EXPECT_EQ(*writer.add_string("4999"), 5003U);
  EXPECT_EQ(*writer.add_string("B 12"), 5004U);
  EXPECT_EQ(writer.add_int64(1).error().code, ErrorCode::kInvalidData);
}

TEST(Domain, StaysIntegersOnceCommitted) {
  Loads<std::int64_t> domain;
  domain.load({1, 2, 3});
  DomainWriter writer("users", domain.committed());
  const auto added = writer.add_string("abc");
  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message, HasSubstr("\"abc\" in users"));
  const auto became = writer.become_strings();
  ASSERT_FALSE(became);
  EXPECT_EQ(became.error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(*writer.add_int64(2), 2U);
}

// What a finder saw before its call began it must find, whatever is added meanwhile.
template <typename Add, typename Find>
void find_while_adding(std::uint32_t count, const Add& add, const Find& find) {
  std::atomic<std::uint32_t> added = 0;
  std::atomic<bool> failed = false;
  std::vector<std::thread> finders;
  for (int t = 0; t < 3; ++t) {
    finders.emplace_back([&] {
      std::uint32_t before = 0;
      while (before < count && !failed) {
        before = added.load(std::memory_order_acquire);
        const std::uint32_t first = before > 300 ? before - 300 : 0;
        if (!find(first, before)) {
          failed = true;
        }
      }
    });
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    add(i);
    added.store(i + 1, std::memory_order_release);
  }
  for (std::thread& finder : finders) {
    finder.join();
  }
  EXPECT_FALSE(failed);
}

class ConcurrentDomain : public testing::TestWithParam<std::int64_t> {};

TEST_P(ConcurrentDomain, FindsIntegersWhileOneAdds) {
  DomainWriter writer("d", nullptr);
  const auto value = [&](std::uint32_t i) {
    return static_cast<std::int64_t>(std::uint64_t{i} * static_cast<std::uint64_t>(GetParam()));
  };
  find_while_adding(
      200'000, [&](std::uint32_t i) { ASSERT_EQ(*writer.add_int64(value(i)), i + 1); },
      [&](std::uint32_t first, std::uint32_t last) {
        std::vector<std::int64_t> values;
        for (std::uint32_t i = first; i < last; ++i) {
          values.push_back(value(i));
        }
        std::vector<std::uint32_t> codes(values.size());
        writer.find_int64s(values, codes);
        for (std::uint32_t i = first; i < last; ++i) {
          if (codes[i - first] != i + 1 || writer.int64_at(i + 1) != value(i)) {
            return false;
          }
        }
        return true;
      });
}

INSTANTIATE_TEST_SUITE_P(Strides, ConcurrentDomain,
                         testing::Values(1, -1, 3, 1'000'003, 0x5851'F42D'4C95'7F2D));

TEST(Domain, FindsStringsWhileOneAdds) {
  DomainWriter writer("d", nullptr);
  const auto value = [](std::uint32_t i) { return "track number " + std::to_string(i); };
  find_while_adding(
      100'000, [&](std::uint32_t i) { ASSERT_EQ(*writer.add_string(value(i)), i + 1); },
      [&](std::uint32_t first, std::uint32_t last) {
        std::vector<std::string> values;
        for (std::uint32_t i = first; i < last; ++i) {
          values.push_back(value(i));
        }
        const std::vector<std::string_view> views(values.begin(), values.end());
        std::vector<std::uint32_t> codes(values.size());
        writer.find_strings(views, codes);
        for (std::uint32_t i = first; i < last; ++i) {
          if (codes[i - first] != i + 1 || writer.string_at(i + 1) != values[i - first]) {
            return false;
          }
        }
        return true;
      });
}

// A copy of the only segment's file with one bit changed: it does not open, or reports damage once
// it was read, and never gives a wrong value.
template <typename T, typename Read>
void flip_every_byte(Loads<T>& domain, const Read& read) {
  const DomainSegmentState& segment = domain.state().segments.at(0);
  const auto file = domain.files().open(segment.file.path).value();
  std::vector<std::byte> bytes(file->size());
  ASSERT_TRUE(file->read(0, bytes));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] ^= std::byte{1};
    const auto damaged_files = memory_file_system("damaged");
    ASSERT_TRUE(write_durably(*damaged_files, segment.file.path,
                              {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    const auto damaged = Domain::open(*damaged_files, domain.state());
    if (damaged) {
      read(**damaged);
      const auto sound = (*damaged)->damage();
      ASSERT_FALSE(sound) << at;
      ASSERT_EQ(sound.error().code, ErrorCode::kDamaged);
    } else {
      ASSERT_EQ(damaged.error().code, ErrorCode::kDamaged) << damaged.error().message;
    }
    bytes[at] ^= std::byte{1};
  }
}

TEST(Domain, NoticesEveryFlippedByteOfStrings) {
  Loads<std::string_view> domain;
  domain.load({"one", "two", "", "three and more"});
  flip_every_byte(domain, [](const Domain& damaged) {
    for (std::uint32_t code = 1; code <= 4; ++code) {
      EXPECT_EQ(damaged.string_at(code), "");
    }
  });
}

TEST(Domain, NoticesEveryFlippedByteOfIntegers) {
  for (const std::int64_t stride : {1, 1'000'000'007}) {
    Loads<std::int64_t> domain;
    domain.load({stride, 2 * stride, 3 * stride, 5 * stride});
    flip_every_byte(domain, [&](const Domain& damaged) {
      EXPECT_EQ(damaged.find_int64(2 * stride), kNullCode);
      EXPECT_EQ(damaged.int64_at(1), 0);
    });
  }
}

TEST(Domain, DoesNotWriteOnDamage) {
  Loads<std::string_view> domain;
  domain.load({"one", "two"});
  const DomainSegmentState& segment = domain.state().segments.at(0);
  const auto file = domain.files().open(segment.file.path).value();
  std::string bytes(file->size(), '\0');
  ASSERT_TRUE(file->read(0, std::as_writable_bytes(std::span(bytes))));
  bytes[30] = static_cast<char>(bytes[30] ^ 1);
  const auto damaged_files = memory_file_system("damaged");
  ASSERT_TRUE(write_durably(*damaged_files, segment.file.path, bytes));
  DomainWriter writer("d", Domain::open(*damaged_files, domain.state()).value());
  ASSERT_TRUE(writer.add_string("three"));
  EXPECT_FALSE(writer.write(*damaged_files, "domains/next", domain.state()));
}

TEST(Domain, EmptyHoldsNothing) {
  const auto files = memory_file_system("memory");
  const auto domain = Domain::open(*files, DomainState()).value();
  EXPECT_EQ(domain->size(), 0U);
  EXPECT_EQ(domain->kind(), DictionaryKind::kEmpty);
  EXPECT_EQ(domain->find_string("a"), kNullCode);
  EXPECT_EQ(domain->string_at(1), "");
}

}  // namespace
}  // namespace stave
