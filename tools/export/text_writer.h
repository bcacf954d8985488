// CSV and JSON lines of an export, by the writers of query results.
#pragma once

#include <memory>

#include "stave/output.h"
#include "tools/export/row_writer.h"

namespace stave {

std::unique_ptr<RowWriter> make_text_writer(OutputFormat format, const std::vector<Field>& fields,
                                            const ProgramZone& zone, ByteSink sink);

}  // namespace stave
