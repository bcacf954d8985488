// libedit on a terminal. It waits for keys in `read_key`, so that Ctrl-C gives the line up.
#include "tools/cli/line_reader.h"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <iostream>

#include "tools/cli/query_interrupt.h"

namespace stave::cli {
namespace {

constexpr int kRemembered = 2000;  // lines

class PlainLines : public LineReader {
 public:
  LineEnd read(const std::string& /*prompt*/, std::string& line) override {
    return std::getline(std::cin, line) ? LineEnd::kLine : LineEnd::kInputEnded;
  }
};

std::string common_start(const std::vector<std::string>& words) {
  std::string start = words.front();
  for (const std::string& word : words) {
    const auto differs = std::mismatch(start.begin(), start.end(), word.begin(), word.end());
    start.erase(differs.first, start.end());
  }
  return start;
}

// False where Ctrl-C came first. It is held back but while waiting, so that one that comes between
// the look at the flag and the wait ends the wait too.
bool wait_for_key() {
  sigset_t interrupt;
  sigset_t before;
  ::sigemptyset(&interrupt);
  ::sigaddset(&interrupt, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &interrupt, &before);
  pollfd keys{STDIN_FILENO, POLLIN, 0};
  int ready = 0;
  while (!interrupted() && ready <= 0) {
    ready = ::ppoll(&keys, 1, nullptr, &before);
    if (ready < 0 && errno != EINTR) {
      break;
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return !interrupted();
}

class TerminalLines : public LineReader {
 public:
  TerminalLines(Complete complete, std::string history)
      : complete_(std::move(complete)),
        history_path_(std::move(history)),
        history_(::history_init()),
        editor_(::el_init("stave", stdin, stdout, stderr)) {
    HistEvent event{};
    ::history(history_, &event, H_SETSIZE, kRemembered);
    ::history(history_, &event, H_SETUNIQUE, 1);
    if (!history_path_.empty()) {
      ::history(history_, &event, H_LOAD, history_path_.c_str());
    }
    ::el_set(editor_, EL_CLIENTDATA, this);
    ::el_set(editor_, EL_EDITOR, "emacs");
    ::el_set(editor_, EL_PROMPT, &TerminalLines::prompt);
    ::el_set(editor_, EL_HIST, ::history, history_);
    ::el_set(editor_, EL_GETCFN, &TerminalLines::read_key);
    ::el_set(editor_, EL_ADDFN, "stave-complete", "Complete the word", &TerminalLines::complete);
    ::el_set(editor_, EL_BIND, "^I", "stave-complete", nullptr);
    ::el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  }
  ~TerminalLines() override {
    HistEvent event{};
    if (!history_path_.empty()) {
      ::history(history_, &event, H_SAVE, history_path_.c_str());
    }
    ::el_end(editor_);
    ::history_end(history_);
  }
  TerminalLines(const TerminalLines&) = delete;
  TerminalLines& operator=(const TerminalLines&) = delete;

  LineEnd read(const std::string& prompt, std::string& line) override {
    prompt_ = prompt;
    ::el_resize(editor_);
    int length = 0;
    const char* text = ::el_gets(editor_, &length);
    if (text == nullptr || length <= 0) {
      const bool interrupted = take_interrupt();
      std::fputs(interrupted ? "^C\n" : "\n", stdout);
      return interrupted ? LineEnd::kInterrupted : LineEnd::kInputEnded;
    }
    line.assign(text, static_cast<std::size_t>(length));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
      line.pop_back();
    }
    if (!line.empty()) {
      HistEvent event{};
      ::history(history_, &event, H_ENTER, line.c_str());
    }
    return LineEnd::kLine;
  }

 private:
  static TerminalLines& of(EditLine* editor) {
    void* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<TerminalLines*>(self);
  }
  static char* prompt(EditLine* editor) { return of(editor).prompt_.data(); }

  // One character; 0 at the end of the input, -1 where Ctrl-C came instead.
  static int read_key(EditLine* /*editor*/, wchar_t* key) {
    std::mbstate_t state{};
    for (;;) {
      if (!wait_for_key()) {
        return -1;
      }
      char byte = 0;
      const auto count = ::read(STDIN_FILENO, &byte, 1);
      if (count < 0 && errno == EINTR && !interrupted()) {
        continue;
      }
      if (count <= 0) {
        return static_cast<int>(count);
      }
      const std::size_t used = std::mbrtowc(key, &byte, 1, &state);
      if (used == static_cast<std::size_t>(-1)) {
        *key = L'?';
        return 1;
      }
      if (used != static_cast<std::size_t>(-2)) {
        return 1;
      }
    }
  }

  static unsigned char complete(EditLine* editor, int /*key*/) {
    const LineInfo* info = ::el_line(editor);
    const Completion found = of(editor).complete_(std::string(info->buffer, info->cursor));
    if (found.words.empty()) {
      return CC_ERROR;
    }
    std::string more = common_start(found.words).substr(found.begun.size());
    if (found.words.size() == 1 &&
        std::string(".(").find(found.words.front().back()) == std::string::npos) {
      more += ' ';
    }
    if (!more.empty()) {
      ::el_insertstr(editor, more.c_str());
      return CC_REFRESH;
    }
    std::fputc('\n', stdout);
    for (const std::string& word : found.words) {
      std::fprintf(stdout, "%s  ", word.c_str());
    }
    std::fputc('\n', stdout);
    return CC_REDISPLAY;
  }

  Complete complete_;
  std::string history_path_;
  std::string prompt_;
  History* history_;
  EditLine* editor_;
};

}  // namespace

std::unique_ptr<LineReader> terminal_lines(Complete complete, const std::string& history) {
  return std::make_unique<TerminalLines>(std::move(complete), history);
}

std::unique_ptr<LineReader> plain_lines() {
  return std::make_unique<PlainLines>();
}

}  // namespace stave::cli
