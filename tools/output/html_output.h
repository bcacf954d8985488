// Results as a page for the browser.
#pragma once

#include <memory>

#include "stave/output.h"

namespace stave {

std::unique_ptr<Output> make_html_output(const OutputOptions& options, TextSink write);

}  // namespace stave
