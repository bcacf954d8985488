// Puts the page together: a template, its style and script, the chart library, and the figures.
// Invariant: no text of a store is markup or script; it is JSON, and the script escapes what it
// shows.
#include "stave/dashboard.h"

#include <array>
#include <new>

#include "tools/dashboard/figures.h"
#include "tools/output/html_text.h"

namespace stave {

extern const std::string_view kDashboardPage;
extern const std::string_view kDashboardStyle;
extern const std::string_view kDashboardScript;
extern const std::string_view kChartLibrary;

namespace {

// Inside <script> the text must not hold `</`; in JSON a slash may be written with a backslash.
std::string inside_script(const std::string& json) {
  std::string text;
  text.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '/' && i > 0 && json[i - 1] == '<') text += '\\';
    text += json[i];
  }
  return text;
}

Result<void> write_page(const Store& store, const std::string& path,
                        const DashboardOptions& options, const TextSink& write) {
  const auto figures = Figures(store, options).json(path);
  if (!figures) return pass(figures);
  std::string title;
  append_escaped(options.title, title);
  const std::string data = inside_script(*figures);
  struct Part {
    std::string_view mark;
    std::string_view text;
  };
  const std::array<Part, 5> parts{{{"@TITLE@", title},
                                   {"@STYLE@", kDashboardStyle},
                                   {"@DATA@", data},
                                   {"@CHARTS@", kChartLibrary},
                                   {"@SCRIPT@", kDashboardScript}}};
  std::string_view rest = kDashboardPage;
  while (!rest.empty()) {
    std::size_t at = rest.size();
    const Part* next = nullptr;
    for (const Part& part : parts) {
      const std::size_t found = rest.find(part.mark);
      if (found < at) {
        at = found;
        next = &part;
      }
    }
    if (auto written = write(rest.substr(0, at)); !written) return written;
    if (next == nullptr) break;
    if (auto written = write(next->text); !written) return written;
    rest.remove_prefix(at + next->mark.size());
  }
  return {};
}

}  // namespace

Result<void> write_dashboard(const Store& store, const std::string& path,
                             const DashboardOptions& options, const TextSink& write) {
  if (kChartLibrary.empty()) {
    return fail(ErrorCode::kUnsupported,
                "This stave was built without the chart library, since the npm registry did not "
                "answer. Build it "
                "again with a connection.");
  }
  try {
    return write_page(store, path, options, write);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kOutOfMemory, "There is not enough memory to put the page together.");
  }
}

}  // namespace stave
