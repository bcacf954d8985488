// Guesses by the words before the cursor: half a program cannot be parsed.
#include "tools/cli/program_completion.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "stave/program.h"

namespace stave::cli {
namespace {

constexpr std::array<const char*, 5> kBeforeTable = {"from", "union", "many", "semi", "anti"};
constexpr std::array<const char*, 3> kJoinKinds = {"inner", "left", "full"};

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Words with their dots; any other character that is no blank is a word of its own.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    const bool part = in_word(c);
    if (part && inside) {
      words.back() += c;
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      words.emplace_back(1, c);
    }
    inside = part;
  }
  return words;
}

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

const TableDescription* find_table(const StoreDescription& store, const std::string& name) {
  for (const TableDescription& table : store.tables) {
    if (table.name == name) {
      return &table;
    }
  }
  return nullptr;
}

// Columns, and relations with a dot behind them.
void add_names(const TableDescription& table, const std::string& prefix,
               std::set<std::string>& into) {
  for (const ColumnDescription& column : table.columns) {
    into.insert(prefix + column.name);
    if (!column.relation.empty()) {
      into.insert(prefix + column.relation + ".");
    }
  }
}

// The table that a path leads to, from any of these.
const TableDescription* follow(const StoreDescription& store, const TableDescription* table,
                               const std::string& path) {
  std::size_t begin = 0;
  while (table != nullptr && begin < path.size()) {
    const std::size_t dot = path.find('.', begin);
    const std::string name = path.substr(begin, dot - begin);
    const TableDescription* next = nullptr;
    for (const ColumnDescription& column : table->columns) {
      if (column.relation == name) {
        next = find_table(store, column.leads_to);
      }
    }
    table = next;
    begin = dot + 1;
  }
  return table;
}

struct Written {
  std::vector<const TableDescription*> tables;  // sources so far
  std::set<std::string> relations;              // `let` names
  std::set<std::string> names;                  // made by `name = ...`
};

Written look_back(const StoreDescription& store, const std::vector<std::string>& words) {
  Written found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (const auto* table = find_table(store, words[i])) {
      found.tables.push_back(table);
    }
    if (i > 0 && words[i - 1] == "let") {
      found.relations.insert(words[i]);
    } else if (i + 1 < words.size() && words[i + 1] == "=" && in_word(words[i][0]) &&
               (i + 2 >= words.size() || words[i + 2] != "=")) {
      found.names.insert(words[i]);
    }
  }
  return found;
}

}  // namespace

Completion complete_program(const StoreDescription& store, const std::string& text) {
  Completion completion;
  std::size_t begin = text.size();
  while (begin > 0 && in_word(text[begin - 1])) {
    --begin;
  }
  completion.begun = text.substr(begin);
  const std::vector<std::string> words = words_of(text.substr(0, begin));
  const std::string before = words.empty() ? "" : words.back();
  const Written written = look_back(store, words);

  std::set<std::string> all;
  const std::size_t dot = completion.begun.rfind('.');
  if (dot != std::string::npos) {
    const std::string path = completion.begun.substr(0, dot + 1);
    for (const TableDescription* table : written.tables) {
      if (const auto* end = follow(store, table, path)) {
        add_names(*end, path, all);
      }
    }
  } else if (is_one_of(kBeforeTable, before) || is_one_of(kJoinKinds, before)) {
    for (const TableDescription& table : store.tables) {
      all.insert(table.name);
    }
    all.insert(written.relations.begin(), written.relations.end());
    if (is_one_of(kJoinKinds, before)) {
      all.insert("many");
    }
  } else if (before == "|") {
    all.insert(stage_words().begin(), stage_words().end());
  } else if (before == "join") {
    all = {"inner", "left", "full", "semi", "anti"};
  } else if (before.empty() || before == ";") {
    all = {"from", "param", "set", "let", "metric"};
  } else {
    for (const TableDescription* table : written.tables) {
      add_names(*table, "", all);
    }
    all.insert(written.names.begin(), written.names.end());
    for (const std::string& name : function_names()) {
      all.insert(name + "(");
    }
    all.insert({"by", "per", "desc", "over", "and", "or", "not", "day"});
  }
  for (const std::string& word : all) {
    if (word.starts_with(completion.begun)) {
      completion.words.push_back(word);
    }
  }
  return completion;
}

}  // namespace stave::cli
