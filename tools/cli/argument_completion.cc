// Guesses by position: which option a word belongs to, else which argument of its command it is.
// Invariant: whatever is wrong with the words or the store, there is just nothing to offer.
#include "tools/cli/argument_completion.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "stave/output.h"
#include "stave/query.h"
#include "tools/cli/cli11.h"
#include "tools/cli/program_completion.h"

namespace stave::cli {
namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 3> kTakeProgram = {"query", "check", "sql"};
constexpr std::array<std::string_view, 4> kTakeTable = {"import", "describe", "compact", "export"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

const CLI::Option* option_of(const CLI::App& parser, const std::string& word) {
  return word.size() > 1 && word[0] == '-' ? parser.get_option_no_throw(word) : nullptr;
}

bool takes_value(const CLI::Option* option) {
  return option != nullptr && option->get_items_expected_max() > 0;
}

Words option_names(const CLI::App& parser) {
  Words names;
  for (const CLI::Option* option : parser.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<const CLI::App*> commands_of(const CLI::App& root) {
  return root.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* command_of(const CLI::App& root, const std::string& name) {
  for (const CLI::App* command : commands_of(root)) {
    if (command->get_name() == name) {
      return command;
    }
  }
  return nullptr;
}

Words command_names(const CLI::App& root) {
  Words names;
  for (const CLI::App* command : commands_of(root)) {
    names.push_back(command->get_name());
  }
  names.emplace_back("--version");
  return names;
}

class Completer {
 public:
  Completer(const CLI::App& parser, const Words& words) : parser_(parser), current_(words.back()) {
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
      const CLI::Option* option = option_of(parser, words[i]);
      if (takes_value(option)) {
        ++i;
        value_of_ = i + 1 == words.size() ? option : nullptr;
      } else if (option == nullptr) {
        arguments_.push_back(words[i]);
      }
    }
  }

  ArgumentCompletion complete() {
    if (value_of_ != nullptr) {
      return value();
    }
    if (!current_.empty() && current_[0] == '-') {
      return {option_names(parser_), false};
    }
    return argument();
  }

 private:
  ArgumentCompletion value() {
    if (value_of_->check_lname("format")) {
      const auto& names = output_format_names();
      return {Words(names.begin(), names.end()), false};
    }
    if (value_of_->check_lname("errors")) {
      return {{"text", "json"}, false};
    }
    if (value_of_->check_lname("param")) {
      return {report_parameters(), false};
    }
    return {{}, value_of_->get_type_name() == "FILE" || value_of_->get_type_name() == "DIR"};
  }

  ArgumentCompletion argument() {
    const std::string& command = parser_.get_name();
    if (command == "completion") {
      return {{"bash", "fish", "zsh"}, false};
    }
    if (command == "fmt" || arguments_.empty()) {
      return {{}, true};
    }
    if (arguments_.size() == 1 && is_one_of(kTakeProgram, command)) {
      return {program(), false};
    }
    if (arguments_.size() == 1 && is_one_of(kTakeTable, command)) {
      return {tables(), false};
    }
    if (arguments_.size() == 1 && command == "report") {
      return {reports(), false};
    }
    return {{}, true};
  }

  Words program() const {
    const auto store = Store::open(arguments_[0]);
    const auto description = store ? describe(*store) : Result<StoreDescription>(pass(store));
    if (!description) {
      return {};
    }
    const Completion completion = complete_program(*description, current_);
    const std::string before = current_.substr(0, current_.size() - completion.begun.size());
    Words words;
    for (const std::string& word : completion.words) {
      words.push_back(before + word);
    }
    return words;
  }

  Words tables() const {
    const auto store = Store::open(arguments_[0]);
    const auto description = store ? describe(*store) : Result<StoreDescription>(pass(store));
    Words names;
    if (description) {
      for (const TableDescription& table : description->tables) {
        names.push_back(table.name);
      }
    }
    return names;
  }

  std::vector<ReportDescription> report_list() const {
    if (arguments_.empty()) {
      return {};
    }
    const auto store = Store::open(arguments_[0]);
    return store ? list_reports(*store) : std::vector<ReportDescription>();
  }

  Words reports() const {
    Words names;
    for (const ReportDescription& report : report_list()) {
      names.push_back(report.name);
    }
    return names;
  }

  Words report_parameters() const {
    Words names;
    for (const ReportDescription& report : report_list()) {
      if (arguments_.size() > 1 && report.name == arguments_[1]) {
        for (const ReportParameter& parameter : report.parameters) {
          names.push_back(parameter.name + "=");
        }
      }
    }
    return names;
  }

  const CLI::App& parser_;
  std::string current_;
  Words arguments_;                        // without options and their values
  const CLI::Option* value_of_ = nullptr;  // the option that the last word is the value of
};

// A word as it stands on the line, perhaps in quotes that are not closed yet.
std::string without_quotes(std::string word) {
  if (!word.empty() && (word[0] == '\'' || word[0] == '"')) {
    if (word.size() > 1 && word.back() == word[0]) {
      word.pop_back();
    }
    word.erase(0, 1);
  }
  return word;
}

}  // namespace

ArgumentCompletion complete_arguments(const CLI::App& root, const Words& given) {
  if (given.empty()) {
    return {};
  }
  Words words;
  for (const std::string& word : given) {
    words.push_back(without_quotes(word));
  }
  ArgumentCompletion all;
  if (words.size() == 1) {
    all.words = command_names(root);
  } else if (const CLI::App* command = command_of(root, words[0])) {
    all = Completer(*command, words).complete();
  }
  std::erase_if(all.words,
                [&](const std::string& word) { return !word.starts_with(words.back()); });
  std::sort(all.words.begin(), all.words.end());
  return all;
}

}  // namespace stave::cli
