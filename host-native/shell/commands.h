// The ":" commands and settings of the shell, as :help, completion and the manual page list them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nexus::host {

// What stands behind a command; tells completion what to offer.
enum class ArgumentKind : std::uint8_t { Nothing, Database, Parameter, File, Format, Setting, Word };

struct ShellCommand {
  std::string_view name;
  std::string_view argument;  // As written in help: "NAME", "[NAME]", or nothing.
  ArgumentKind kind;
  std::string_view help;
};

struct ShellSetting {
  std::string_view name;
  std::string_view values;  // "on|off"; a value in capitals stands for what the user writes.
  std::string_view help;
};

std::span<const ShellCommand> shell_commands();
std::span<const ShellSetting> shell_settings();

// In any case of letters; nullptr when there is none.
const ShellCommand* find_command(std::string_view name);
const ShellSetting* find_setting(std::string_view name);
// The values of a setting that are words, "on" and "off".
std::vector<std::string> setting_words(const ShellSetting& setting);
// A statement that the shell runs as its command, so that it means the same everywhere: BEGIN, COMMIT and ROLLBACK,
// TRANSACTION behind them or not.
std::optional<std::string> command_for(std::string_view statement);

// What :help prints.
std::string help_text();

}  // namespace nexus::host
