#include "host-native/cli/manual.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "host-native/cli/program.h"
#include "host-native/shell/commands.h"
#include "tests/support/catch.h"

namespace nexus::host {
namespace {

const CLI::App& command_called(const Program& program, const std::string& name) {
  for (const CLI::App* command : commands_with_pages(program.app())) {
    if (command->get_name() == name) return *command;
  }
  FAIL("there is no " + name);
  return program.app();
}

TEST_CASE("every command has a page with prose of its own") {
  const Program program;
  const auto commands = commands_with_pages(program.app());
  CHECK(commands.size() == 8);
  for (const CLI::App* command : commands) {
    CAPTURE(command->get_name());
    const std::string page = manual_page(*command);
    CHECK(page.find(".SH DESCRIPTION\n" + command->get_description() + "\n") == std::string::npos);
    for (const char* section : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"}) {
      CHECK(page.find(std::string(".SH ") + section + "\n") != std::string::npos);
    }
  }
  CHECK(page_name(*commands[0]) == "nexus");
  CHECK(page_name(command_called(program, "db")) == "nexus-db");
}

TEST_CASE("text is shown as it is written") {
  const Program program;
  const std::string page = manual_page(command_called(program, "shell"));
  CHECK(page.find("\\fB\\-f\\fR, \\fB\\-\\-format\\fR \\fIFORMAT\\fR\n") != std::string::npos);
  CHECK(page.find("echo \\(aqRETURN 1;\\(aq | nexus shell \\-\\-format csv") != std::string::npos);
  CHECK(page.find("ended by \\eG") != std::string::npos);
}

TEST_CASE("the page of the shell has its commands and settings") {
  const Program program;
  const std::string page = manual_page(command_called(program, "shell"));
  for (const auto& command : shell_commands()) CHECK(page.find("\\fB:" + std::string(command.name)) != std::string::npos);
  CHECK(page.find("\\fB:set pager\\fR") != std::string::npos);
}

}  // namespace
}  // namespace nexus::host
