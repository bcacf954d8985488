// simdjson's On Demand interface checks what is visited, so every value is visited, those of arrays
// too.
#include "tools/import/json/json_object.h"

#include <new>
#include <string>
#include <utility>

#include "tools/import/json/flat_object.h"
#include "tools/import/json/json_library.h"
#include "tools/import/json/json_word.h"
#include "tools/import/structure.h"
#include "tools/import/text_arena.h"

namespace stave::loading {

namespace {

namespace sj = simdjson;
using sj::ondemand::json_type;

static_assert(kTextPadding >= sj::SIMDJSON_PADDING);

// Deeper nesting than any dump's; each level is a call.
constexpr int kMostDepth = 64;

std::string_view without_blanks_behind(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n' ||
                           text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_plain_word(std::string_view text) {
  return !text.empty() && json_word_size(text) == text.size();
}

// By its beginning if it is a string or array.
bool is_other_value(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return false;
  return text[begin] == '"' || text[begin] == '[' ||
         is_plain_word(without_blanks_behind(text.substr(begin)));
}

// What is neither a string nor an array nor an object.
sj::error_code read_word(sj::ondemand::value value, std::string_view& text) {
  text = without_blanks_behind(value.raw_json_token());
  return is_plain_word(text) ? sj::SUCCESS : sj::TAPE_ERROR;
}

}  // namespace

struct JsonObject::State {
  explicit State(const JsonLibrary& used) : library(used) {}

  const JsonLibrary& library;
  sj::ondemand::parser parser;
  TextArena keys;

  sj::error_code flatten(sj::ondemand::object object, std::string_view prefix, int depth,
                         std::vector<JsonMember>& members);
  sj::error_code add(sj::ondemand::value value, std::string_view key, int depth,
                     std::vector<JsonMember>& members);
  sj::error_code check_object(sj::ondemand::object object, int depth);
  sj::error_code check_array(sj::ondemand::array array, int depth);
  sj::error_code check(sj::ondemand::value value, int depth);
  std::string_view joined(std::string_view prefix, std::string_view key);
};

std::string_view JsonObject::State::joined(std::string_view prefix, std::string_view key) {
  const std::size_t size = prefix.size() + 1 + key.size();
  char* text = keys.allocate(size);
  prefix.copy(text, prefix.size());
  text[prefix.size()] = '_';
  key.copy(text + prefix.size() + 1, key.size());
  return {text, size};
}

// A value within an array: valid, and else of no interest.
sj::error_code JsonObject::State::check(sj::ondemand::value value, int depth) {
  if (depth > kMostDepth) return sj::DEPTH_ERROR;
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == json_type::object) {
    sj::ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    return check_object(object, depth + 1);
  }
  if (type == json_type::array) {
    sj::ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    return check_array(array, depth + 1);
  }
  std::string_view text;
  return type == json_type::string ? value.get_string().get(text) : read_word(value, text);
}

sj::error_code JsonObject::State::check_object(sj::ondemand::object object, int depth) {
  for (auto each : object) {
    sj::ondemand::field field;
    if (const auto error = std::move(each).get(field)) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if (const auto error = check(field.value(), depth)) return error;
  }
  return sj::SUCCESS;
}

sj::error_code JsonObject::State::check_array(sj::ondemand::array array, int depth) {
  for (auto each : array) {
    sj::ondemand::value value;
    if (const auto error = each.get(value)) return error;
    if (const auto error = check(value, depth)) return error;
  }
  return sj::SUCCESS;
}

sj::error_code JsonObject::State::add(sj::ondemand::value value, std::string_view key, int depth,
                                      std::vector<JsonMember>& members) {
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  JsonMember member{key, {}, JsonKind::kWord};
  switch (type) {
    case json_type::object: {
      sj::ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      return flatten(object, key, depth + 1, members);
    }
    case json_type::array: {
      const char* begin = value.raw_json_token().data();
      sj::ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      if (const auto error = check_array(array, depth + 1)) return error;
      const char* next = nullptr;  // the comma or brace behind it
      if (const auto error = value.current_location().get(next)) return error;
      member.kind = JsonKind::kArray;
      member.text = without_blanks_behind({begin, static_cast<std::size_t>(next - begin)});
      break;
    }
    case json_type::string:
      member.kind = JsonKind::kString;
      if (const auto error = value.get_string().get(member.text)) return error;
      break;
    default:
      if (const auto error = read_word(value, member.text)) return error;
      if (member.text == "null") member.kind = JsonKind::kNull;
      break;
  }
  members.push_back(member);
  return sj::SUCCESS;
}

sj::error_code JsonObject::State::flatten(sj::ondemand::object object, std::string_view prefix,
                                          int depth, std::vector<JsonMember>& members) {
  if (depth > kMostDepth) return sj::DEPTH_ERROR;
  for (auto each : object) {
    sj::ondemand::field field;
    if (const auto error = std::move(each).get(field)) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if (depth > 0) key = joined(prefix, key);
    if (const auto error = add(field.value(), key, depth, members)) return error;
  }
  return sj::SUCCESS;
}

JsonObject::JsonObject() {
  if (const auto library = json_library()) state_ = std::make_unique<State>(**library);
}
JsonObject::~JsonObject() = default;

JsonFault JsonObject::fault(int error) {
  const auto code = static_cast<sj::error_code>(error);
  if (code == sj::MEMALLOC) throw std::bad_alloc();
  detail_ = state_->library.error_codes[code].message;
  return code == sj::UTF8_ERROR ? JsonFault::kNotUtf8 : JsonFault::kNotJson;
}

JsonFault JsonObject::read(std::string_view text) {
  is_flat_ = read_flat_object(text, members_);
  return is_flat_ ? JsonFault::kNone : read_by_library(text);
}

JsonFault JsonObject::read_by_library(std::string_view text) {
  members_.clear();
  if (state_ == nullptr) {
    detail_ = "the library for JSON is missing";
    return JsonFault::kNotJson;
  }
  state_->keys.clear();
  sj::ondemand::document document;
  if (const auto error =
          state_->parser.iterate(text.data(), text.size(), text.size() + sj::SIMDJSON_PADDING)
              .get(document)) {
    return fault(error);
  }
  sj::ondemand::object object;
  if (const auto error = document.get_object().get(object)) {
    if (error != sj::INCORRECT_TYPE) return fault(error);
    if (!is_other_value(text)) return fault(sj::TAPE_ERROR);
    detail_ = "no object";
    return JsonFault::kNotObject;
  }
  if (const auto error = state_->flatten(object, {}, 0, members_)) return fault(error);
  // Nothing may follow.
  const char* next = nullptr;
  if (document.current_location().get(next) == sj::SUCCESS) return fault(sj::TRAILING_CONTENT);
  return JsonFault::kNone;
}

}  // namespace stave::loading
