// What the import took its inputs for, in the words of its report.
#pragma once

#include <vector>

#include "stave/import.h"
#include "tools/import/chunk_reader.h"

namespace stave::loading {

// To be asked once the types of new columns are known.
// `header_echoes`: by file, what was found of them behind its beginning.
std::vector<InputDescription> describe_inputs(const std::vector<ReadInput>& inputs,
                                              const std::vector<std::uint64_t>& header_echoes,
                                              const LoadTable& table);

}  // namespace stave::loading
