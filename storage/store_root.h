// The folder of a store on disk.
#pragma once

#include <memory>
#include <string>

#include "stave/result.h"
#include "storage/file_system.h"

namespace stave {

// kNotFound with advice where there is no folder of that name.
Result<std::shared_ptr<FileSystem>> open_store_root(const std::string& path);

// Makes the folder, and those above it, where missing; fsyncs the folder it lies in.
Result<std::shared_ptr<FileSystem>> make_store_root(const std::string& path);

}  // namespace stave
