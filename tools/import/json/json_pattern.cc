// Values are copied eight bytes at a time while their end is looked for.
#include "tools/import/json/json_pattern.h"

#include <bit>
#include <cstring>

#include "tools/import/json/byte_search.h"
#include "tools/import/json/json_word.h"
#include "tools/import/structure.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

std::uint64_t word_at(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, kWord);
  return word;
}

// One value after the other, to `out` if `kWrites`.
template <bool kWrites>
class ValueReader {
 public:
  ValueReader(const char* at, const char* end, char* out) : at_(at), end_(end), out_(out) {}

  const char* at() const { return at_; }
  char* out() const { return out_; }
  bool any_high() const { return (high_ & kHighBits) != 0; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  void pass(std::size_t bytes) { at_ += bytes; }
  void put(char byte) {
    if constexpr (kWrites) *out_++ = byte;
  }

  bool read() { return at_ < end_ && (*at_ == '"' ? read_string() : read_word()); }

 private:
  bool read_string() {
    const char* const begin = ++at_;
    char* const text = out_;
    std::uint64_t commas = 0;
    while (true) {
      const std::uint64_t word = word_at(at_);
      if constexpr (kWrites) std::memcpy(out_ + (at_ - begin), &word, kWord);
      high_ |= word;
      const std::uint64_t ends =
          bytes_like(word, '"') | bytes_like(word, '\\') | bytes_below(word, ' ');
      if (ends != 0) {
        const int end = std::countr_zero(ends);
        commas |= bytes_like(word, ',') & ((std::uint64_t{1} << end) - 1);
        at_ += end / 8;
        break;
      }
      commas |= bytes_like(word, ',');
      at_ += kWord;
      if (at_ >= end_) return false;
    }
    if (at_ >= end_ || *at_ != '"') return false;
    const auto size = static_cast<std::size_t>(at_ - begin);
    ++at_;
    if constexpr (!kWrites) return true;
    out_ += size;
    // An empty cell without quotes would be null.
    if (commas == 0 && size > 0) return true;
    std::memmove(text + 1, text, size);
    *text = '"';
    ++out_;
    *out_++ = '"';
    return true;
  }

  // Up to seven digits, perhaps with a point among them, are told from one word.
  std::size_t short_number_size() const {
    const std::uint64_t word = word_at(at_);
    const std::uint64_t others = bytes_not_digits(word);
    if (others == 0) return 0;
    const auto whole = static_cast<std::size_t>(std::countr_zero(others)) / 8;
    if (whole == 0 || (*at_ == '0' && whole > 1)) return 0;
    const char next = at_[whole];
    if (next == 'e' || next == 'E') return 0;
    if (next != '.') return whole;
    const std::uint64_t behind = others & (others - 1);
    if (behind == 0) return 0;
    const auto size = static_cast<std::size_t>(std::countr_zero(behind)) / 8;
    return size == whole + 1 || at_[size] == 'e' || at_[size] == 'E' ? 0 : size;
  }

  bool read_word() {
    std::size_t size = short_number_size();
    if (size == 0) size = json_word_size({at_, left()});
    if (size == 0 || size > left()) return false;
    if constexpr (kWrites) {
      const bool is_null = *at_ == 'n';
      if (!is_null) {
        size <= kWord ? std::memcpy(out_, at_, kWord) : std::memcpy(out_, at_, size);
        out_ += size;
      }
    }
    at_ += size;
    return true;
  }

  const char* at_;
  const char* const end_;
  char* out_;
  std::uint64_t high_ = 0;
};

}  // namespace

JsonPattern::Fixed::Fixed(std::string_view part) : text(part), size(part.size()) {
  const std::size_t last = size % kWord;
  last_mask = last == 0 ? 0 : ~std::uint64_t{0} >> (8 * (kWord - last));
  text.resize(size + kWord);
}

bool JsonPattern::Fixed::begins(const char* at) const {
  std::size_t i = 0;
  for (; i + kWord <= size; i += kWord) {
    if (word_at(at + i) != word_at(text.data() + i)) return false;
  }
  return ((word_at(at + i) ^ word_at(text.data() + i)) & last_mask) == 0;
}

void JsonPattern::learn(std::string_view object, std::span<const JsonMember> members,
                        std::span<const std::size_t> fields, std::size_t all_fields) {
  forget();
  all_fields_ = all_fields;
  const char* at = object.data();
  std::size_t next_field = 0;
  std::vector<Value> values;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const bool ascends = fields[i] < all_fields && (i == 0 || fields[i] > fields[i - 1]);
    if (!ascends) return;
    const JsonMember& member = members[i];
    const std::size_t quote = member.kind == JsonKind::kString ? 1 : 0;
    const char* const begin = member.text.data() - quote;
    values.push_back({Fixed({at, static_cast<std::size_t>(begin - at)}), fields[i] - next_field});
    next_field = fields[i];
    at = member.text.data() + member.text.size() + quote;
  }
  commas_at_end_ = all_fields - 1 - next_field;
  end_ = Fixed({at, static_cast<std::size_t>(object.data() + object.size() - at)});
  values_ = std::move(values);
}

template <bool kWrites>
char* JsonPattern::read(std::string_view object, char* out) const {
  ValueReader<kWrites> reader(object.data(), object.data() + object.size(), out);
  for (const Value& value : values_) {
    if (reader.left() < value.before.size || !value.before.begins(reader.at())) return nullptr;
    reader.pass(value.before.size);
    for (std::size_t i = 0; i < value.commas; ++i) reader.put(',');
    if (!reader.read()) return nullptr;
  }
  if (reader.left() != end_.size || !end_.begins(reader.at())) return nullptr;
  for (std::size_t i = 0; i < commas_at_end_; ++i) reader.put(',');
  reader.put('\n');
  if (reader.any_high() && !is_utf8(object)) return nullptr;
  return reader.out();
}

bool JsonPattern::takes(std::string_view object) {
  char room = '\0';
  const bool taken = !values_.empty() && read<false>(object, &room) != nullptr;
  misses_ = taken ? 0 : misses_ + 1;
  return taken;
}

char* JsonPattern::write(std::string_view object, char* out) {
  char* const end = values_.empty() ? nullptr : read<true>(object, out);
  misses_ = end != nullptr ? 0 : misses_ + 1;
  return end;
}

}  // namespace stave::loading
