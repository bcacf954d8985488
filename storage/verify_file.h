// One file of a store, read to its last byte, each block decoded.
// Invariant: damage is a line that names the file, and the block where it is in one; an error is
// what says nothing about the file, such as a lack of memory.
#pragma once

#include <string>
#include <vector>

#include "storage/file_system.h"
#include "storage/files_to_verify.h"

namespace stave {

struct FileVerification {
  std::uint64_t blocks = 0;
  std::vector<std::string> damages;
};

// Predictors are loaded once for all files.
Result<FileVerification> verify_file(const FileSystem& files, const FileToVerify& target,
                                     Predictors& predictors);

// A fault becomes a line of `damages`, `where` before it, unless it says nothing about the file.
Result<void> note_damage(const Error& fault, const std::string& where,
                         std::vector<std::string>& damages);

// What lies in `folder` under no name that is known.
Result<void> note_strays(const FileSystem& files, const std::string& folder,
                         const std::vector<std::string>& known, std::vector<std::string>& strays);

}  // namespace stave
