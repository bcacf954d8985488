// What the import took its inputs for, in the words of its report.
#pragma once

#include <vector>

#include "stave/import.h"
#include "tools/import/chunk_reader.h"
#include "tools/import/load.h"

namespace stave::loading {

// To be asked once the types of new columns are known.
// `passed_over`: by file, what was found behind its beginning.
std::vector<InputDescription> describe_inputs(const std::vector<ReadInput>& inputs,
                                              const std::vector<PassedOver>& passed_over,
                                              const LoadTable& table);

}  // namespace stave::loading
