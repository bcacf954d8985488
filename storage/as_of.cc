// A snapshot can be collected between the moment that it is chosen and the moment that it is held;
// then the choice is made again.
#include "storage/as_of.h"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>

#include "storage/store_folder.h"
#include "storage/type_text.h"

namespace stave {
namespace {

constexpr int kMostAttempts = 1000;
constexpr std::size_t kMostNamed = 10;

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc() && stopped == end ? std::optional(number) : std::nullopt;
}

// Reads digits, as many as the field has, then the character that must follow it.
class TimeText {
 public:
  explicit TimeText(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }
  int digits(std::size_t count) {
    int number = 0;
    for (std::size_t i = 0; i < count && !failed_; ++i) {
      const char digit = rest_.empty() ? ' ' : rest_.front();
      failed_ = digit < '0' || digit > '9';
      number = number * 10 + (digit - '0');
      rest_.remove_prefix(failed_ ? 0 : 1);
    }
    return number;
  }
  void one_of(std::string_view allowed) {
    failed_ = failed_ || rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos;
    rest_.remove_prefix(failed_ ? 0 : 1);
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// The last microsecond that the text covers.
std::optional<std::int64_t> time_in(std::string_view text) {
  using std::chrono::microseconds;
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
  }
  TimeText in(text);
  const int year = in.digits(4);
  in.one_of("-");
  const int month = in.digits(2);
  in.one_of("-");
  const int day = in.digits(2);
  const date::year_month_day civil(date::year(year), date::month(static_cast<unsigned>(month)),
                                   date::day(static_cast<unsigned>(day)));
  if (in.failed() || !civil.ok()) {
    return std::nullopt;
  }
  const date::sys_days midnight(civil);
  microseconds time = midnight.time_since_epoch();
  if (in.is_at_end()) {
    return (time + std::chrono::hours(24) - microseconds(1)).count();
  }
  in.one_of("T ");
  const int hour = in.digits(2);
  in.one_of(":");
  const int minute = in.digits(2);
  time += std::chrono::hours(hour) + std::chrono::minutes(minute);
  int second = 0;
  if (!in.is_at_end()) {
    in.one_of(":");
    second = in.digits(2);
    time += std::chrono::seconds(second);
    if (!in.is_at_end()) {
      in.one_of(".");
    }
    for (int unit = 100'000; unit > 0 && !in.is_at_end() && !in.failed(); unit /= 10) {
      time += microseconds(in.digits(1) * unit);
    }
  }
  const bool fits = hour < 24 && minute < 60 && second < 60;
  return in.failed() || !in.is_at_end() || !fits ? std::nullopt : std::optional(time.count());
}

std::string nearest_text(const std::vector<std::uint64_t>& there, std::uint64_t wanted) {
  const auto middle = std::ranges::lower_bound(there, wanted) - there.begin();
  const auto first = std::max<std::ptrdiff_t>(0, middle - static_cast<int>(kMostNamed) / 2);
  const auto last = std::min<std::ptrdiff_t>(std::ssize(there), first + std::ptrdiff_t{kMostNamed});
  return fmt::format("{}", fmt::join(there.begin() + first, there.begin() + last, ", "));
}

Result<std::uint64_t> find_by_time(const FileSystem& files, const std::string& as_of,
                                   const std::vector<std::uint64_t>& there, std::int64_t time) {
  std::string earliest;
  for (auto snapshot = there.rbegin(); snapshot != there.rend(); ++snapshot) {
    const auto manifest = read_manifest(files, *snapshot);
    if (!manifest && manifest.error().code != ErrorCode::kNotFound) {
      return pass(manifest);
    }
    if (manifest && manifest->created_at <= time) {
      return *snapshot;
    }
    if (manifest) {
      earliest = fmt::format("; the earliest is {}, committed {} UTC", *snapshot,
                             timestamp_text(manifest->created_at));
    }
  }
  return fail(ErrorCode::kNotFound,
              fmt::format("No snapshot of this store is as old as {} UTC: {}{}. `stave snapshots` "
                          "lists them all.",
                          as_of, files.root(), earliest));
}

}  // namespace

Result<std::uint64_t> find_snapshot_as_of(const FileSystem& files, const std::string& as_of) {
  const auto number = number_in(as_of);
  const auto time = number ? std::nullopt : time_in(as_of);
  if (!number && !time) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("This is neither the number of a snapshot nor a time: \"{}\". Write "
                            "for example 12, 2026-11-20 or 2026-11-20T12:00 (UTC).",
                            as_of));
  }
  if (auto marked = read_marker(files); !marked && marked.error().code == ErrorCode::kNotFound) {
    return pass(marked);
  }
  const auto there = list_snapshots(files);
  if (!there) {
    return pass(there);
  }
  if (time) {
    return find_by_time(files, as_of, *there, *time);
  }
  if (!std::ranges::binary_search(*there, *number)) {
    return fail(ErrorCode::kNotFound,
                fmt::format("Snapshot {} is not in this store: {} has {}, the nearest being {}. "
                            "`stave snapshots` lists them all.",
                            *number, files.root(), there->size(), nearest_text(*there, *number)));
  }
  return *number;
}

Result<PinnedSnapshot> pin_snapshot(const FileSystem& files, const std::string& as_of) {
  PinnedSnapshot pinned;
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const auto snapshot =
        as_of.empty() ? find_last_snapshot(files) : find_snapshot_as_of(files, as_of);
    if (!snapshot) {
      return pass(snapshot);
    }
    pinned.snapshot = *snapshot;
    auto lock = files.share(manifest_path(*snapshot));
    if (lock) {
      pinned.lock = *std::move(lock);
      return pinned;
    }
    const ErrorCode code = lock.error().code;
    if (code != ErrorCode::kNotFound && code != ErrorCode::kLocked) {
      return pass(lock);
    }
    // Somebody is collecting it this very moment.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return fail(ErrorCode::kIo,
              fmt::format("A snapshot could not be held for reading: {} of {} was in use by `stave "
                          "gc` each of {} times. Try again.",
                          pinned.snapshot, files.root(), kMostAttempts));
}

}  // namespace stave
