#include "host-native/shell/commands.h"

#include "host-native/shell/printer.h"
#include "tests/support/catch.h"

namespace nexus::host {
namespace {

TEST_CASE("commands and settings are found in any case") {
  CHECK(find_command("USE")->name == "use");
  CHECK(find_command("nonsense") == nullptr);
  CHECK(find_setting("Pager")->name == "pager");
  CHECK(find_setting("") == nullptr);
}

TEST_CASE("values of settings are words, but those in capitals") {
  CHECK(setting_words(*find_setting("pager")) == std::vector<std::string>{"on", "off"});
  CHECK(setting_words(*find_setting("output")) == format_names());
}

TEST_CASE("statements about transactions are commands of the shell") {
  CHECK(command_for("BEGIN") == "begin");
  CHECK(command_for("  commit\n TRANSACTION ") == "commit");
  CHECK(command_for("rollback") == "rollback");
  CHECK_FALSE(command_for("BEGIN x").has_value());
  CHECK_FALSE(command_for("BEGIN TRANSACTION now").has_value());
  CHECK_FALSE(command_for("RETURN 1").has_value());
  CHECK_FALSE(command_for("").has_value());
}

TEST_CASE("help names every command and setting") {
  const std::string text = help_text();
  for (const auto& command : shell_commands()) CHECK(text.find("  :" + std::string(command.name)) != std::string::npos);
  for (const auto& setting : shell_settings()) CHECK(text.find(":set " + std::string(setting.name)) != std::string::npos);
}

}  // namespace
}  // namespace nexus::host
