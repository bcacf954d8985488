// Strings are looked through eight bytes at a time.
#include "tools/import/json/flat_object.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "tools/import/json/byte_search.h"
#include "tools/import/json/json_word.h"
#include "tools/import/structure.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

static_assert(kTextPadding >= sizeof(std::uint64_t));

class FlatObject {
 public:
  FlatObject(std::string_view text, std::vector<JsonMember>& members)
      : text_(text), members_(members) {}

  bool read() {
    pass_blanks();
    if (!pass('{')) return false;
    do {
      pass_blanks();
      if (!read_member()) return false;
      pass_blanks();
    } while (pass(','));
    if (!pass('}')) return false;
    pass_blanks();
    return at_ == text_.size() && (!any_high_ || is_utf8(text_));
  }

 private:
  bool read_member() {
    JsonMember member;
    if (!read_string(member.key)) return false;
    pass_blanks();
    if (!pass(':')) return false;
    pass_blanks();
    if (at_ == text_.size()) return false;
    if (text_[at_] == '"') {
      member.kind = JsonKind::kString;
      if (!read_string(member.text)) return false;
    } else {
      const std::size_t size = json_word_size(text_.substr(at_));
      if (size == 0) return false;
      member.kind = text_[at_] == 'n' ? JsonKind::kNull : JsonKind::kWord;
      member.text = text_.substr(at_, size);
      at_ += size;
    }
    members_.push_back(member);
    return true;
  }

  bool read_string(std::string_view& string) {
    if (!pass('"')) return false;
    const std::size_t begin = at_;
    for (; at_ < text_.size(); at_ += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text_.data() + at_, sizeof(word));
      const std::uint64_t ends =
          bytes_like(word, '"') | bytes_like(word, '\\') | bytes_below(word, ' ');
      any_high_ |= (word & kHighBits) != 0;
      if (ends == 0) continue;
      at_ += static_cast<std::size_t>(std::countr_zero(ends)) / 8;
      if (at_ >= text_.size() || text_[at_] != '"') return false;
      string = text_.substr(begin, at_ - begin);
      ++at_;
      return true;
    }
    return false;
  }

  bool pass(char byte) {
    if (at_ >= text_.size() || text_[at_] != byte) return false;
    ++at_;
    return true;
  }
  void pass_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  std::string_view text_;
  std::vector<JsonMember>& members_;
  std::size_t at_ = 0;
  bool any_high_ = false;  // perhaps only behind the text
};

}  // namespace

bool read_flat_object(std::string_view text, std::vector<JsonMember>& members) {
  members.clear();
  return FlatObject(text, members).read();
}

}  // namespace stave::loading
