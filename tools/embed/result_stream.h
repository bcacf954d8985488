// A run that pushes its batches, as a stream that its reader pulls from: the run has a thread of
// its own and waits while kWaitingBatches lie there unread. Invariant: the thread has ended once
// the stream is released; a batch that was made is given to the reader or released, whatever
// happens.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "stave/query.h"
#include "stave/stave.h"
#include "tools/embed/cancellation.h"

namespace stave::embed {

// What a run leaves beside its rows.
struct RunNotes {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> warnings;
};

// Gives its rows to the sink; stops where the flag that it was made with is set.
using Run = std::function<Result<void>(ResultSink&, RunNotes&)>;

// Begins the run and waits until its columns are known. Where it fails before, `out` stays empty
// and `notes` says what is wrong with the program.
Result<void> start_stream(Run run, StopFlag stop, ArrowArrayStream& out, RunNotes& notes);

// Whether `start_stream` filled it, and it was not released.
bool is_own_stream(const ArrowArrayStream* stream);
// Of such a stream. Null: no call failed.
const Error* last_error(const ArrowArrayStream& stream);
std::string warnings_text(const ArrowArrayStream& stream);
// Where a text lives until it is replaced.
const char* keep_text(ArrowArrayStream& stream, std::string text);

}  // namespace stave::embed
