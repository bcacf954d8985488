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
    if (object_.read(text.substr(row.begin, row.end - row.begin)) != JsonFault::kNone) continue;
    for (const JsonMember& member : object_.members()) {
      if (fields_.find(member.key) != JsonFields::kUnknown) continue;
      if (member.kind == JsonKind::kNull && !is_column_(std::string(member.key))) continue;
      fields_.add(member.key);
    }
  }
  return fields_.names().size() > before;
}

}  // namespace stave::loading
