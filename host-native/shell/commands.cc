#include "host-native/shell/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host-native/http/validate.h"
#include "host-native/shell/printer.h"

namespace nexus::host {
namespace {

constexpr std::array<ShellCommand, 12> kCommands = {{
    {"use", "[NAME]", ArgumentKind::Database, "switch to a database; alone: the default one"},
    {"param", "NAME => VALUE", ArgumentKind::Parameter, "set a parameter, used as $NAME; VALUE is an expression"},
    {"params", "[clear]", ArgumentKind::Word, "show the parameters, or forget them"},
    {"begin", "", ArgumentKind::Nothing, "open a transaction; the prompt ends with # while it is open"},
    {"commit", "", ArgumentKind::Nothing, "keep what the transaction did"},
    {"rollback", "", ArgumentKind::Nothing, "undo what the transaction did"},
    {"source", "FILE", ArgumentKind::File, "run the statements and commands of a file"},
    {"format", "NAME", ArgumentKind::Format, "how results look, as :set output"},
    {"set", "[NAME VALUE]", ArgumentKind::Setting, "change a setting; alone: show all of them"},
    {"help", "", ArgumentKind::Nothing, "show the commands and settings"},
    {"exit", "", ArgumentKind::Nothing, "leave, as Ctrl-D"},
    {"quit", "", ArgumentKind::Nothing, "leave"},
}};

constexpr std::array<ShellSetting, 6> kSettings = {{
    {"output", "table|vertical|plain|csv|tsv|json|jsonl", "how results look"},
    {"timing", "on|off", "whether the footer says how long a statement took"},
    {"footer", "on|off", "rows, time and changes below a result"},
    {"pager", "on|off|COMMAND", "what shows results that are longer than the screen"},
    {"width", "auto|off|COLUMNS", "where wide tables are cut; auto is the width of the screen"},
    {"on-error", "stop|continue", "what a file does after a statement that failed"},
}};

std::string_view first_word(std::string_view& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return text = {};
  text.remove_prefix(begin);
  const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n"));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

std::span<const ShellCommand> shell_commands() { return kCommands; }
std::span<const ShellSetting> shell_settings() { return kSettings; }

const ShellCommand* find_command(std::string_view name) {
  for (const auto& command : kCommands) {
    if (equal_ignoring_case(command.name, name)) return &command;
  }
  return nullptr;
}

const ShellSetting* find_setting(std::string_view name) {
  for (const auto& setting : kSettings) {
    if (equal_ignoring_case(setting.name, name)) return &setting;
  }
  return nullptr;
}

std::vector<std::string> setting_words(const ShellSetting& setting) {
  std::vector<std::string> words;
  for (std::string_view rest = setting.values; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find('|'));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (word[0] >= 'a') words.emplace_back(word);
  }
  return words;
}

std::optional<std::string> command_for(std::string_view statement) {
  const std::string_view verb = first_word(statement);
  const std::string_view noun = first_word(statement);
  if (!first_word(statement).empty() || !(noun.empty() || equal_ignoring_case(noun, "transaction"))) return std::nullopt;
  for (const std::string_view name : {"begin", "commit", "rollback"}) {
    if (equal_ignoring_case(verb, name)) return std::string(name);
  }
  return std::nullopt;
}

std::string help_text() {
  std::string text =
      "A statement ends with ';' and may span lines; ended by \\G its rows stand below each other.\n"
      "Tab completes keywords, names of the database and commands.\n\n";
  const auto line = [&text](const std::string& head, std::string_view help) {
    text += fmt::format("  {:<24} {}\n", head, help);
  };
  for (const auto& command : kCommands) {
    line(fmt::format(":{}{}{}", command.name, command.argument.empty() ? "" : " ", command.argument), command.help);
  }
  text += "\nSettings, with what they may be:\n";
  for (const auto& setting : kSettings) {
    line(fmt::format(":set {}", setting.name), fmt::format("{} ({})", setting.help, setting.values));
  }
  text += "\nCtrl-C interrupts the running statement, Ctrl-R searches the history. SHOW DATABASES; lists what there is.\n";
  return text;
}

}  // namespace nexus::host
