// Objects of one dump mostly have one order of keys: then a key costs one comparison.
#include "tools/import/json/json_keys.h"

namespace stave::loading {

void JsonFields::clear() {
  names_.clear();
  positions_.clear();
  guess_ = 0;
}

void JsonFields::add(std::string_view key) {
  positions_.emplace(std::string(key), names_.size());
  names_.emplace_back(key);
}

std::size_t JsonFields::find(std::string_view key) const {
  if (guess_ >= names_.size()) guess_ = 0;
  if (guess_ < names_.size() && names_[guess_] == key) return guess_++;
  const auto found = positions_.find(std::string(key));
  if (found == positions_.end()) return kUnknown;
  guess_ = found->second + 1;
  return found->second;
}

bool JsonKeys::gather(std::string_view text, JsonRows rows) {
  const std::size_t before = fields_.names().size();
  Span row;
  while (rows.next(row)) {
    const std::string_view object = text.substr(row.begin, row.end - row.begin);
    if (pattern_.takes(object) || object_.read(object) != JsonFault::kNone) continue;
    member_fields_.clear();
    for (const JsonMember& member : object_.members()) {
      std::size_t field = fields_.find(member.key);
      const bool adds = field == JsonFields::kUnknown &&
                        (member.kind != JsonKind::kNull || is_column_(std::string(member.key)));
      if (adds) {
        field = fields_.names().size();
        fields_.add(member.key);
      }
      member_fields_.push_back(field);
    }
    if (object_.is_flat() && pattern_.wants_another()) {
      pattern_.learn(object, object_.members(), member_fields_, fields_.names().size());
    }
  }
  return fields_.names().size() > before;
}

}  // namespace stave::loading
