// Where a column file lies, for messages: put into words where there is one to write, since a
// question about many days opens thousands of files.
#pragma once

#include <string>
#include <utility>

#include "storage/manifest.h"
#include "storage/open_packs.h"

namespace stave {

class ColumnFileOrigin {
 public:
  ColumnFileOrigin() = default;
  ColumnFileOrigin(std::string text) {  // NOLINT(google-explicit-constructor): a name is one
    file_.path = std::move(text);
  }
  ColumnFileOrigin(const char* text)  // NOLINT(google-explicit-constructor)
      : ColumnFileOrigin(std::string(text)) {}
  // `column` is its name, or empty.
  ColumnFileOrigin(const FileReference& file, std::string column)
      : file_(file), column_(std::move(column)) {}

  std::string text() const { return place_text(file_, column_); }

 private:
  FileReference file_;
  std::string column_;
};

}  // namespace stave
