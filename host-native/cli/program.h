// Program: the command line `nexus …` as one definition, of which --help, manual pages and completion are made.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "host-native/cli/commands.h"

namespace nexus::host {

class Program {
 public:
  Program();
  ~Program();

  int run(int argc, char** argv);
  const CLI::App& app() const { return *app_; }

 private:
  std::unique_ptr<CLI::App> app_;
  std::vector<std::pair<CLI::App*, Command>> commands_;
};

}  // namespace nexus::host
