#include "host-native/cli/word_completion.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "host-native/cli/options.h"

namespace nexus::host {
namespace {

constexpr unsigned kSecondsMax = 1;

// Where the words lead before the last one.
struct Walk {
  const CLI::App* app;
  const CLI::Option* pending = nullptr;  // Its value comes next.
  std::size_t positionals = 0;
  bool only_positionals = false;  // Behind "--".
};

bool takes_value(const CLI::Option& option) { return option.get_type_size() != 0; }

std::string long_name(const CLI::Option& option) {
  return option.get_lnames().empty() ? std::string() : option.get_lnames()[0];
}

const CLI::App* subcommand(const CLI::App& app, const std::string& name) {
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_name() == name) return sub;
  }
  return nullptr;
}

void step(Walk& walk, const std::string& word, WordCompletion& completion) {
  if (walk.pending != nullptr) {
    completion.options[long_name(*walk.pending)] = word;
    walk.pending = nullptr;
    return;
  }
  if (word == "--") {
    walk.only_positionals = true;
    return;
  }
  if (walk.only_positionals || word.size() < 2 || word[0] != '-') {
    const CLI::App* sub = walk.only_positionals ? nullptr : subcommand(*walk.app, word);
    if (sub == nullptr) {
      ++walk.positionals;
      return;
    }
    walk.app = sub;
    walk.positionals = 0;
    return;
  }
  const auto equals = word.find('=');
  const CLI::Option* option = walk.app->get_option_no_throw(word.substr(0, equals));
  if (option == nullptr || !takes_value(*option)) return;
  if (equals == std::string::npos) walk.pending = option;
  else completion.options[long_name(*option)] = word.substr(equals + 1);
}

void add(WordCompletion& completion, const std::string& word, const std::string& description) {
  if (word.starts_with(completion.typed)) completion.words.emplace_back(completion.prefix + word, description);
}

void add_value(WordCompletion& completion, const CLI::Option& option) {
  const OptionValue value = value_of(option);
  completion.kind = value.kind;
  // Name=file
  const auto equals = completion.typed.find('=');
  if (value.kind == OptionValue::Kind::File && value.name.find('=') != std::string::npos) {
    if (equals == std::string::npos) {
      completion.kind = OptionValue::Kind::Text;
      return;
    }
    completion.prefix += completion.typed.substr(0, equals + 1);
    completion.typed.erase(0, equals + 1);
  }
  for (const auto& choice : value.choices) add(completion, choice, "");
}

void add_options(WordCompletion& completion, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty() || !option->nonpositional()) continue;
    for (const auto& name : option->get_lnames()) add(completion, "--" + name, option->get_description());
    if (!option->get_lnames().empty() && completion.typed != "-" + (option->get_snames().empty() ? "" : option->get_snames()[0])) {
      continue;
    }
    for (const auto& name : option->get_snames()) add(completion, "-" + name, option->get_description());
  }
}

extern "C" void leave(int) { _exit(kExitOk); }

void find_databases(WordCompletion& completion) {
  TargetFlags flags;
  flags.data = completion.options["data"];
  flags.uri = completion.options["uri"];
  flags.user = completion.options["user"];
  flags.password_file = completion.options["password-file"];
  auto target = resolve(flags, Config::load());
  if (!target) return;
  target->database.clear();
  // A Tab must not make a data directory.
  struct stat status {};
  if (!target->data.empty() && stat((target->data + "/system").c_str(), &status) != 0) return;
  const auto connection = connect(*target);
  if (!connection) return;
  const auto table = query(**connection, "SHOW DATABASES YIELD name, currentStatus WHERE name STARTS WITH $typed "
                                         "RETURN name, currentStatus LIMIT 1000",
                           {{"typed", Value::string(completion.typed)}});
  if (!table) return;
  for (const List& row : table->rows) add(completion, std::string(row[0].string()), std::string(row[1].string()));
}

}  // namespace

OptionValue value_of(const CLI::Option& option) {
  if (!takes_value(option)) return {};
  // "NAME:{a,b}" with a validator for choices, "TEXT:DIR" with one for folders.
  const std::string type = option.get_type_name();
  const auto colon = type.find(':');
  OptionValue value{OptionValue::Kind::Text, type.substr(0, colon), {}};
  const std::string validator = colon == std::string::npos ? "" : type.substr(colon + 1);
  if (validator == "DIR" || validator == "FILE") value.name = validator;
  if (validator.starts_with('{') && validator.ends_with('}')) {
    value.kind = OptionValue::Kind::Choice;
    for (std::string_view rest = std::string_view(validator).substr(1); !rest.empty();) {
      const auto choice = rest.substr(0, rest.find_first_of(",}"));
      rest.remove_prefix(choice.size() + 1);
      value.choices.emplace_back(choice);
    }
  }
  if (value.name == "DIR") value.kind = OptionValue::Kind::Directory;
  if (value.name == "FILE" || value.name.ends_with("=FILE")) value.kind = OptionValue::Kind::File;
  if (value.name == "DATABASE") value.kind = OptionValue::Kind::Database;
  return value;
}

WordCompletion complete_words(const CLI::App& app, const std::vector<std::string>& words) {
  WordCompletion completion;
  if (words.empty()) return completion;
  Walk walk{&app};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) step(walk, words[i], completion);
  completion.typed = words.back();
  if (walk.pending != nullptr) {
    add_value(completion, *walk.pending);
    return completion;
  }
  const auto equals = completion.typed.find('=');
  if (!walk.only_positionals && completion.typed.starts_with("--") && equals != std::string::npos) {
    const CLI::Option* option = walk.app->get_option_no_throw(completion.typed.substr(0, equals));
    if (option == nullptr) return completion;
    completion.prefix = completion.typed.substr(0, equals + 1);
    completion.typed.erase(0, equals + 1);
    add_value(completion, *option);
    return completion;
  }
  if (!walk.only_positionals && completion.typed.starts_with('-')) {
    add_options(completion, *walk.app);
    return completion;
  }
  for (const CLI::App* sub : walk.app->get_subcommands([](const CLI::App*) { return true; })) {
    if (walk.positionals == 0 && !sub->get_group().empty()) add(completion, sub->get_name(), sub->get_description());
  }
  const auto positionals =
      walk.app->get_options([](const CLI::Option* option) { return option->get_positional() && !option->nonpositional(); });
  if (walk.positionals < positionals.size()) add_value(completion, *positionals[walk.positionals]);
  return completion;
}

int print_completions(const CLI::App& app, const std::vector<std::string>& words) {
  WordCompletion completion = complete_words(app, words);
  if (completion.kind == OptionValue::Kind::File) fmt::print(":files\n");
  if (completion.kind == OptionValue::Kind::Directory) fmt::print(":directories\n");
  if (completion.kind == OptionValue::Kind::Database) {
    signal(SIGALRM, leave);
    alarm(kSecondsMax);
    find_databases(completion);
    alarm(0);
  }
  for (const auto& [word, description] : completion.words) fmt::print("{}\t{}\n", word, description);
  return kExitOk;
}

}  // namespace nexus::host
