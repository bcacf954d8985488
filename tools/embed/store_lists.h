// What a store has, as rows: its tables, their columns, its reports. Columns: stave/stave.h.
#pragma once

#include <string>

#include "stave/query.h"
#include "stave/store.h"

namespace stave::embed {

Result<void> list_tables(const Store& store, ResultSink& sink);
// `table` empty: of all. kNotFound where there is none of that name.
Result<void> list_columns(const Store& store, const std::string& table, ResultSink& sink);
Result<void> list_reports(const Store& store, ResultSink& sink);

}  // namespace stave::embed
