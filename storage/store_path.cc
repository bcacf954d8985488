// Paths are checked both when files are made and when a manifest names them, so that no manifest,
// however damaged, makes Stave touch a file outside its store.
#include "storage/store_path.h"

#include <fmt/format.h>

namespace stave {
namespace {

constexpr std::size_t kLongestPath = 4096;
constexpr std::size_t kLongestSafeName = 80;

bool is_path_part(std::string_view part) {
  if (part.empty() || part == "." || part == "..") {
    return false;
  }
  for (const char byte : part) {
    if (static_cast<unsigned char>(byte) < 0x20 || byte == '\\' || byte == 0x7F) {
      return false;
    }
  }
  return true;
}

bool is_safe(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
}

}  // namespace

bool is_store_path(std::string_view path) {
  if (path.empty() || path.size() > kLongestPath) {
    return false;
  }
  std::size_t begin = 0;
  while (true) {
    const std::size_t slash = path.find('/', begin);
    const std::size_t end = slash == std::string_view::npos ? path.size() : slash;
    if (!is_path_part(path.substr(begin, end - begin))) {
      return false;
    }
    if (slash == std::string_view::npos) {
      return true;
    }
    begin = slash + 1;
  }
}

Result<void> check_store_path(std::string_view path) {
  if (!is_store_path(path)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("A path inside a store must be relative and stay inside it: \"{}\". "
                            "Use names without \"..\", backslashes and control characters.",
                            path));
  }
  return {};
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

std::string path_in(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty()) path += '/';
  return path.append(name);
}

std::string safe_file_name(std::string_view text) {
  std::string name(text.substr(0, kLongestSafeName));
  for (char& byte : name) {
    byte = is_safe(byte) ? byte : '_';
  }
  if (name.empty() || name.front() == '.') {
    name.insert(name.begin(), '_');
  }
  return name;
}

}  // namespace stave
