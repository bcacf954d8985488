// Look-ups run in groups: hash and prefetch the slots, read the slots and prefetch the values, then
// compare. Once every chunk has been tested, the tests fall away (kVerified).
// Checksums hold for what was written, not for what a forger wrote: positions and offsets are
// bounded before they are used, and probing ends after as many steps as there are slots.
#include "storage/domain_segment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/domain_hash.h"
#include "storage/file_header.h"

namespace stave {

Result<std::unique_ptr<DomainSegment>> DomainSegment::open(const FileSystem& files,
                                                           const DomainSegmentState& state,
                                                           DictionaryKind kind) {
  auto file = files.open(state.file.path);
  if (!file) {
    return fail(file.error().code == ErrorCode::kNotFound ? ErrorCode::kDamaged : file.error().code,
                file.error().message + " The store names it: run `stave verify`.");
  }
  const std::string& origin = (*file)->path();
  if ((*file)->size() != state.file.size) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A key domain has the wrong size: {} bytes, {} expected ({}). Run "
                            "`stave verify`.",
                            (*file)->size(), state.file.size, origin));
  }
  auto segment = open_file(*std::move(file));
  if (!segment) {
    return segment;
  }
  const DomainLayout& layout = (*segment)->layout();
  if (layout.kind != kind || layout.first_code != state.first_code || layout.count != state.count ||
      (*segment)->checksum() != state.file.checksum) {
    return fail(
        ErrorCode::kDamaged,
        fmt::format("A key domain is not the one that the manifest means: {} codes from {}, "
                    "checksum {:016x}; {} from {}, checksum {:016x} expected ({}). Run `stave "
                    "verify`.",
                    layout.count, layout.first_code, (*segment)->checksum(), state.count,
                    state.first_code, state.file.checksum, (*segment)->file_->path()));
  }
  return segment;
}

Result<std::unique_ptr<DomainSegment>> DomainSegment::open_file(
    std::unique_ptr<ReadableFile> file) {
  constexpr std::string_view kWhat = "key domain";
  const std::string origin = file->path();
  const std::uint64_t size = file->size();
  const auto bytes = file->map();
  if (!bytes) {
    return pass(bytes);
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  const std::string_view footer = text.substr(size - std::min(size, DomainLayout::kFooterBytes));
  const auto stated = stated_checksum(footer, kDomainMagic, kWhat, origin);
  if (!stated) {
    return pass(stated);
  }
  // The table of chunk checksums lies before the footer; how long it is follows from the size
  // alone: a body of n bytes has ceil(n / 65536) checksums.
  const std::uint64_t rest = size - footer.size();
  const std::uint64_t chunks =
      (rest + ChunkVerifier::kChunkBytes + 7) / (ChunkVerifier::kChunkBytes + 8);
  const std::uint64_t body = chunks * 8 > rest ? 0 : rest - chunks * 8;
  RunningChecksum checksum;
  checksum.add(text.substr(body, rest - body));
  checksum.add(footer.substr(kChecksummedFrom));
  if (checksum.value() != *stated) {
    return fail(ErrorCode::kDamaged,
                fmt::format("The checksum of a key domain's footer does not match: {:016x} stated, "
                            "{:016x} found ({}). Run `stave verify`.",
                            *stated, checksum.value(), origin));
  }
  if (auto checked = check_file_version(footer, kWhat, origin); !checked) {
    return pass(checked);
  }
  // Its parts, the body that the chunks cover among them, fill the file.
  const auto layout = decode_domain_footer(footer, size, origin);
  if (!layout) {
    return pass(layout);
  }
  std::vector<std::uint64_t> checksums(chunks);
  std::memcpy(checksums.data(), bytes->data() + body, chunks * 8);
  auto verifier =
      std::make_unique<ChunkVerifier>(bytes->subspan(0, body), std::move(checksums), origin);
  return std::unique_ptr<DomainSegment>(
      new DomainSegment(std::move(file), *bytes, *layout, *stated, std::move(verifier)));
}

DomainSegment::DomainSegment(std::unique_ptr<ReadableFile> file, std::span<const std::byte> bytes,
                             const DomainLayout& layout, std::uint64_t checksum,
                             std::unique_ptr<ChunkVerifier> verifier)
    : file_(std::move(file)),
      bytes_(bytes),
      layout_(layout),
      checksum_(checksum),
      verifier_(std::move(verifier)) {
  // Parts begin at multiples of 8 of a mapping, which itself is aligned.
  offsets_ = bytes_.data() + layout_.values_at();
  numbers_ = reinterpret_cast<const std::int64_t*>(offsets_);
  text_ = reinterpret_cast<const char*>(bytes_.data() + layout_.text_at());
  index_ = reinterpret_cast<const std::uint32_t*>(bytes_.data() + layout_.index_at());
}

std::uint64_t DomainSegment::offset_at(std::uint64_t index) const {
  if (layout_.offset_bytes == 4) {
    return reinterpret_cast<const std::uint32_t*>(offsets_)[index];
  }
  return reinterpret_cast<const std::uint64_t*>(offsets_)[index];
}

template <bool kVerified>
std::uint32_t DomainSegment::slot_at(std::uint64_t slot) const {
  if constexpr (!kVerified) {
    if (!verifier_->touch(layout_.index_at() + slot * 4, 4)) {
      return 0;
    }
  }
  return index_[slot];
}

// A short text may lie on two lines of the caches.
void DomainSegment::prefetch_text(std::uint64_t begin, std::uint64_t end) const {
  __builtin_prefetch(text_ + std::min(begin, layout_.text_bytes));
  __builtin_prefetch(text_ + std::min(end - 1, layout_.text_bytes));
}

template <bool kVerified>
bool DomainSegment::equals(std::uint32_t position, std::int64_t value) const {
  if constexpr (!kVerified) {
    if (!verifier_->touch(layout_.values_at() + std::uint64_t{position} * 8, 8)) {
      return false;
    }
  }
  return numbers_[position] == value;
}

template <bool kVerified>
std::string_view DomainSegment::text_at(std::uint32_t position) const {
  if constexpr (!kVerified) {
    const std::uint64_t width = layout_.offset_bytes;
    if (!verifier_->touch(layout_.values_at() + position * width, 2 * width)) {
      return {};
    }
  }
  const std::uint64_t begin = offset_at(position);
  const std::uint64_t end = offset_at(std::uint64_t{position} + 1);
  if (begin > end || end > layout_.text_bytes) {
    verifier_->add_damage(fmt::format("the text of value {} lies outside", position));
    return {};
  }
  if constexpr (!kVerified) {
    if (begin < end && !verifier_->touch(layout_.text_at() + begin, end - begin)) {
      return {};
    }
  }
  return {text_ + begin, end - begin};
}

template <bool kVerified>
bool DomainSegment::equals(std::uint32_t position, std::string_view value) const {
  return text_at<kVerified>(position) == value;
}

void DomainSegment::prefetch_value(std::uint32_t position, std::int64_t) const {
  __builtin_prefetch(numbers_ + position);
}

void DomainSegment::prefetch_value(std::uint32_t position, std::string_view) const {
  __builtin_prefetch(offsets_ + std::uint64_t{position} * layout_.offset_bytes);
}

template <bool kVerified, typename T>
void DomainSegment::find_group(std::span<const T> values, std::span<std::uint32_t> codes) const {
  const SlotFormat format{layout_.position_bits};
  std::array<std::uint64_t, kLookupGroup> hashes;
  std::array<std::uint64_t, kLookupGroup> slots;
  for (std::size_t i = 0; i < values.size(); ++i) {
    hashes[i] = domain_hash(values[i]);
    slots[i] = slot_of(hashes[i], layout_.slots);
    __builtin_prefetch(index_ + slots[i]);
  }
  // The first slot whose tag matches, or an empty one; `words` says what it holds.
  std::array<std::uint32_t, kLookupGroup> words;
  const auto next_candidate = [&](std::size_t i) {
    std::uint64_t slot = slots[i];
    std::uint32_t word = slot_at<kVerified>(slot);
    for (std::uint64_t steps = 0; word != 0 && !format.matches(word, hashes[i]); ++steps) {
      slot = slot + 1 == layout_.slots ? 0 : slot + 1;
      word = steps < layout_.slots ? slot_at<kVerified>(slot) : 0;
    }
    slots[i] = slot;
    words[i] = word != 0 && format.position(word) < layout_.count ? word : 0;
  };
  constexpr bool kPlainTexts = kVerified && std::is_same_v<T, std::string_view>;
  const std::uint64_t size = kPlainTexts ? text_size_.load(std::memory_order_acquire) : 0;
  const auto is_value = [&](std::uint32_t position, T value) {
    if constexpr (kPlainTexts) {
      if (size != 0) {
        return std::string_view(text_ + position * size, size) == value;
      }
    }
    return equals<kVerified>(position, value);
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    next_candidate(i);
    if (words[i] != 0) {
      const std::uint64_t position = format.position(words[i]);
      size != 0 ? prefetch_text(position * size, (position + 1) * size)
                : prefetch_value(format.position(words[i]), values[i]);
    }
  }
  for (std::size_t i = 0; kPlainTexts && size == 0 && i < values.size(); ++i) {
    if (words[i] != 0) {
      const std::uint64_t position = format.position(words[i]);
      prefetch_text(offset_at(position), offset_at(position + 1));
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::uint64_t steps = 0; words[i] != 0 && steps < layout_.slots; ++steps) {
      const std::uint32_t position = format.position(words[i]);
      if (is_value(position, values[i])) {
        codes[i] = layout_.first_code + position;
        break;
      }
      slots[i] = slots[i] + 1 == layout_.slots ? 0 : slots[i] + 1;
      next_candidate(i);
    }
  }
}

template <bool kVerified>
void DomainSegment::find_direct(std::span<const std::int64_t> values,
                                std::span<std::uint32_t> codes) const {
  if (is_in_order_.load(std::memory_order_acquire)) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::uint64_t slot =
          static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(layout_.minimum);
      const std::uint32_t code = layout_.first_code + static_cast<std::uint32_t>(slot);
      codes[i] = slot < layout_.slots ? code : codes[i];
    }
    return;
  }
  const std::uint32_t* const near = near_index_.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t slot =
        static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(layout_.minimum);
    if (slot < layout_.slots) {
      const std::uint32_t word = near != nullptr ? near[slot] : slot_at<kVerified>(slot);
      codes[i] = word != 0 && word <= layout_.count ? layout_.first_code + word - 1 : codes[i];
    }
  }
}

template <bool kVerified, typename T>
void DomainSegment::find_all(std::span<const T> values, std::span<std::uint32_t> codes) const {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    if (layout_.index_kind == DomainIndexKind::kDirect) {
      find_direct<kVerified>(values, codes);
      return;
    }
  }
  for (std::size_t i = 0; i < values.size(); i += kLookupGroup) {
    const std::size_t count = std::min(kLookupGroup, values.size() - i);
    find_group<kVerified, T>(values.subspan(i, count), codes.subspan(i, count));
  }
}

// Whether look-ups may go without tests. Those who look up many values, as imports do, have all
// chunks tested at once, since some may never be touched otherwise, and learn how values lie. All
// chunks may have been touched long before.
bool DomainSegment::is_verified(std::size_t lookups) const {
  if (has_learned_.load(std::memory_order_acquire)) {
    return verifier_->is_complete();
  }
  const std::uint64_t enough = layout_.count / 8;
  const std::uint64_t before = lookups_.fetch_add(lookups, std::memory_order_relaxed);
  if (before <= enough && before + lookups > enough && layout_.count > 0) {
    verifier_->touch(0, layout_.body_bytes());
    learn_index();
    has_learned_.store(true, std::memory_order_release);
  }
  return verifier_->is_complete();
}

// Called once. Look-ups that run meanwhile go on with what they have.
void DomainSegment::learn_index() const {
  if (!verifier_->is_complete()) {
    return;
  }
  if (layout_.kind == DictionaryKind::kString) {
    learn_size();
    return;
  }
  if (layout_.index_kind != DomainIndexKind::kDirect) {
    return;
  }
  std::uint64_t in_order = 0;
  while (in_order < std::min<std::uint64_t>(layout_.slots, layout_.count) &&
         index_[in_order] == in_order + 1) {
    ++in_order;
  }
  if (in_order == layout_.slots) {
    is_in_order_.store(true, std::memory_order_release);
  } else {
    copy_index();
  }
}

// Identifiers mostly have one size: then a position tells where its text lies.
void DomainSegment::learn_size() const {
  const std::uint64_t size = layout_.text_bytes / layout_.count;
  bool is_same = size > 0;
  for (std::uint64_t i = 0; is_same && i <= layout_.count; ++i) {
    is_same = offset_at(i) == i * size;
  }
  if (is_same) {
    text_size_.store(size, std::memory_order_release);
  }
}

void DomainSegment::copy_index() const {
  constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20;
  const std::uint64_t bytes = layout_.slots * sizeof(std::uint32_t);
  if (bytes < kHugePage || bytes > kMostBytes) {
    return;
  }
  copied_index_.assign(index_, index_ + layout_.slots);
  near_index_.store(copied_index_.data(), std::memory_order_release);
}

void DomainSegment::find(std::span<const std::int64_t> values,
                         std::span<std::uint32_t> codes) const {
  is_verified(values.size()) ? find_all<true>(values, codes) : find_all<false>(values, codes);
}

void DomainSegment::find(std::span<const std::string_view> values,
                         std::span<std::uint32_t> codes) const {
  is_verified(values.size()) ? find_all<true>(values, codes) : find_all<false>(values, codes);
}

std::int64_t DomainSegment::int64_at(std::uint32_t position) const {
  const std::uint64_t at = layout_.values_at() + std::uint64_t{position} * 8;
  return verifier_->is_complete() || verifier_->touch(at, 8) ? numbers_[position] : 0;
}

std::string_view DomainSegment::string_at(std::uint32_t position) const {
  return verifier_->is_complete() ? text_at<true>(position) : text_at<false>(position);
}

Result<void> DomainSegment::verify() const {
  verifier_->touch(0, layout_.body_bytes());
  if (auto sound = verifier_->damage(); !sound) {
    return sound;
  }
  for (std::uint32_t position = 0; position < layout_.count; ++position) {
    std::uint32_t code = kNullCode;
    if (layout_.kind == DictionaryKind::kInt64) {
      const std::int64_t value = numbers_[position];
      find_all<true, std::int64_t>({&value, 1}, {&code, 1});
    } else {
      const std::string_view value = text_at<true>(position);
      find_all<true, std::string_view>({&value, 1}, {&code, 1});
    }
    if (code != layout_.first_code + position) {
      verifier_->add_damage(
          fmt::format("the index leads from value {} to code {}", position, code));
    }
  }
  return verifier_->damage();
}

}  // namespace stave
