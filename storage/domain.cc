// A domain is its segments, largest first by construction (see DomainWriter::write): look-ups ask
// one after another for what is still missing.
#include "storage/domain.h"

#include <algorithm>
#include <array>
#include <vector>

#include "storage/domain_segment.h"

namespace stave {
namespace {

constexpr std::size_t kBatch = 512;

class SegmentedDomain : public Domain {
 public:
  SegmentedDomain(DictionaryKind kind, std::uint32_t size,
                  std::vector<std::unique_ptr<DomainSegment>> segments)
      : kind_(kind), size_(size), segments_(std::move(segments)) {}

  DictionaryKind kind() const override { return kind_; }
  std::uint32_t size() const override { return size_; }

  std::string_view string_at(std::uint32_t code) const override {
    const DomainSegment* segment = segment_of(code, DictionaryKind::kString);
    return segment == nullptr ? std::string_view()
                              : segment->string_at(code - segment->layout().first_code);
  }
  std::int64_t int64_at(std::uint32_t code) const override {
    const DomainSegment* segment = segment_of(code, DictionaryKind::kInt64);
    return segment == nullptr ? 0 : segment->int64_at(code - segment->layout().first_code);
  }

  std::uint32_t find_string(std::string_view value) const override {
    std::uint32_t code = kNullCode;
    find_strings({&value, 1}, {&code, 1});
    return code;
  }
  std::uint32_t find_int64(std::int64_t value) const override {
    std::uint32_t code = kNullCode;
    find_int64s({&value, 1}, {&code, 1});
    return code;
  }

  void find_int64s(std::span<const std::int64_t> values,
                   std::span<std::uint32_t> codes) const override {
    find_all(values, codes, DictionaryKind::kInt64);
  }
  void find_strings(std::span<const std::string_view> values,
                    std::span<std::uint32_t> codes) const override {
    find_all(values, codes, DictionaryKind::kString);
  }

  Result<void> damage() const override {
    for (const auto& segment : segments_) {
      if (auto sound = segment->damage(); !sound) {
        return sound;
      }
    }
    return {};
  }

 private:
  const DomainSegment* segment_of(std::uint32_t code, DictionaryKind wanted) const {
    if (code == kNullCode || code > size_ || kind_ != wanted) {
      return nullptr;
    }
    for (const auto& segment : segments_) {
      if (code - segment->layout().first_code < segment->layout().count) {
        return segment.get();
      }
    }
    return nullptr;
  }

  template <typename T>
  void find_all(std::span<const T> values, std::span<std::uint32_t> codes,
                DictionaryKind wanted) const {
    std::ranges::fill(codes, kNullCode);
    if (kind_ != wanted || segments_.empty()) {
      return;
    }
    segments_.front()->find(values, codes);
    if (segments_.size() == 1) {
      return;
    }
    for (std::size_t i = 0; i < values.size(); i += kBatch) {
      const std::size_t count = std::min(kBatch, values.size() - i);
      find_missing(values.subspan(i, count), codes.subspan(i, count));
    }
  }

  template <typename T>
  void find_missing(std::span<const T> values, std::span<std::uint32_t> codes) const {
    std::array<T, kBatch> missing;
    std::array<std::uint32_t, kBatch> rows;
    std::array<std::uint32_t, kBatch> found;
    for (std::size_t s = 1; s < segments_.size(); ++s) {
      std::size_t count = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        missing[count] = values[i];
        rows[count] = static_cast<std::uint32_t>(i);
        count += codes[i] == kNullCode ? 1 : 0;
      }
      if (count == 0) {
        return;
      }
      std::fill_n(found.begin(), count, kNullCode);
      segments_[s]->find(std::span<const T>(missing.data(), count), {found.data(), count});
      for (std::size_t i = 0; i < count; ++i) {
        codes[rows[i]] = found[i];
      }
    }
  }

  DictionaryKind kind_;
  std::uint32_t size_;
  std::vector<std::unique_ptr<DomainSegment>> segments_;
};

}  // namespace

Result<std::shared_ptr<const Domain>> Domain::open(const FileSystem& files,
                                                   const DomainState& state) {
  std::vector<std::unique_ptr<DomainSegment>> segments;
  for (const DomainSegmentState& segment : state.segments) {
    auto opened = DomainSegment::open(files, segment, state.kind);
    if (!opened) {
      return pass(opened);
    }
    segments.push_back(*std::move(opened));
  }
  return std::make_shared<const SegmentedDomain>(state.kind, state.size, std::move(segments));
}

}  // namespace stave
