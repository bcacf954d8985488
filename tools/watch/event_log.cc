// See event_log.h. The keys of the lines: docs/watch.md.
#include "tools/watch/event_log.h"

#include <fmt/format.h>
#include <unistd.h>

namespace stave::watching {

namespace {

std::string ended(JsonWriter& json) {
  json.end_object();
  return json.json();
}

void write_error(const Error& error, JsonWriter& json) {
  json.key("error").begin_object();
  json.key("code").text(name_of(error.code));
  json.key("message").text(error.message);
  json.end_object();
}

}  // namespace

void EventLog::tell(std::string_view name, const std::string& text, const std::string& json) {
  const Result<void> written = log_.write(json);
  if (!on_event_) return;
  on_event_({std::string(name), text, json});
  if (!written) on_event_({"problem", written.error().message, ""});
}

void EventLog::started(const std::string& store, const std::string& inbox) {
  JsonWriter json = event_json(microseconds_now(), "start");
  json.key("store").text(store);
  json.key("inbox").text(inbox);
  json.key("process").number(static_cast<std::uint64_t>(getpid()));
  tell("start", fmt::format("watching {} for {}", inbox, store), ended(json));
}

void EventLog::stopped(const WatchSummary& summary) {
  JsonWriter json = event_json(microseconds_now(), "stop");
  json.key("imported").number(summary.imported);
  json.key("skipped").number(summary.skipped);
  json.key("failed").number(summary.failed);
  tell("stop",
       fmt::format("stopped: {} imported, {} skipped, {} failed", summary.imported, summary.skipped,
                   summary.failed),
       ended(json));
}

void EventLog::ran(const Run& run) {
  tell("run", sentence_of(run), json_of(run));
}

void EventLog::waits(const InboxFile& file, int attempt, const Error& error,
                     std::chrono::milliseconds wait) {
  JsonWriter json = event_json(microseconds_now(), "wait");
  json.key("file").text(file.path());
  json.key("attempt").number(static_cast<std::uint64_t>(attempt));
  const double seconds = std::chrono::duration<double>(wait).count();
  json.key("seconds").seconds(seconds);
  write_error(error, json);
  tell("wait",
       fmt::format("{} stays and is tried again in {:.3g} s: {}", file.path(), seconds,
                   error.message),
       ended(json));
}

void EventLog::ignored(const std::string& path, const std::string& reason) {
  JsonWriter json = event_json(microseconds_now(), "ignored");
  json.key("file").text(path);
  json.key("reason").text(reason);
  tell("ignored", fmt::format("ignored {}: {}", path, reason), ended(json));
}

void EventLog::called(const std::string& command, const std::string& file, int exit_code) {
  JsonWriter json = event_json(microseconds_now(), "hook");
  json.key("file").text(file);
  json.key("command").text(command);
  json.key("exit_code").number(static_cast<std::uint64_t>(exit_code));
  tell("hook", fmt::format("the command for {} ended with {}: {}", file, exit_code, command),
       ended(json));
}

void EventLog::problem(const Error& error) {
  JsonWriter json = event_json(microseconds_now(), "problem");
  write_error(error, json);
  tell("problem", error.message, ended(json));
}

}  // namespace stave::watching
