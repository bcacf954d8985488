// Lines for the shell: edited, completed and remembered on a terminal, else read as they come.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stave::cli {

// What may stand at the end of `text`: whole words, of which `begun` is written already.
struct Completion {
  std::string begun;
  std::vector<std::string> words;
};
using Complete = std::function<Completion(const std::string& line)>;

enum class LineEnd { kLine, kInterrupted, kInputEnded };

class LineReader {
 public:
  virtual ~LineReader() = default;
  // Puts the next line, without its end, into `line`.
  virtual LineEnd read(const std::string& prompt, std::string& line) = 0;
};

// `history` is the file that remembers lines; empty: none.
std::unique_ptr<LineReader> terminal_lines(Complete complete, const std::string& history);
std::unique_ptr<LineReader> plain_lines();

}  // namespace stave::cli
