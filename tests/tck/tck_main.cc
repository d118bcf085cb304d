// tck_runner FEATURES_ROOT [--passing FILE] [--update] [--only TEXT] [--rows1] [--raw] [--failures FILE]
//
// Runs the openCypher TCK. Fails when a scenario of the passing list fails; --update adds
// what passes now (the list only ever grows). Without the TCK at hand it says so and skips.
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/tck/scenario_run.h"

namespace {

struct Arguments {
  std::filesystem::path root;
  std::filesystem::path passing;
  std::filesystem::path failures;
  std::string only;
  bool update = false;
  nexus::InstanceSettings settings;
};

Arguments read_arguments(int argc, char** argv) {
  Arguments arguments;
  for (int at = 1; at < argc; ++at) {
    const std::string word = argv[at];
    if (word == "--update") arguments.update = true;
    else if (word == "--rows1") arguments.settings.batch_rows = 1;
    else if (word == "--raw") arguments.settings.optimize = false;
    else if (word == "--passing") arguments.passing = argv[++at];
    else if (word == "--failures") arguments.failures = argv[++at];
    else if (word == "--only") arguments.only = argv[++at];
    else arguments.root = word;
  }
  return arguments;
}

std::set<std::string> read_lines(const std::filesystem::path& path) {
  std::set<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') lines.insert(line);
  }
  return lines;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = read_arguments(argc, argv);
  if (!std::filesystem::exists(arguments.root / "features")) {
    std::printf("SKIPPED: the openCypher TCK is not at %s (set NEXUS_TCK); no scenario ran\n", arguments.root.c_str());
    return 0;
  }
  const auto scenarios = nexus::tck::read_features(arguments.root / "features");
  std::set<std::string> passing = read_lines(arguments.passing);
  std::ofstream failures;
  if (!arguments.failures.empty()) failures.open(arguments.failures);
  std::size_t passed = 0, failed = 0, lost = 0;
  for (const auto& scenario : scenarios) {
    if (!arguments.only.empty() && scenario.id.find(arguments.only) == std::string::npos) continue;
    const std::string difference = nexus::tck::run_scenario(scenario, arguments.root / "graphs", arguments.settings);
    if (difference.empty()) {
      ++passed;
      if (arguments.update) passing.insert(scenario.id);
      continue;
    }
    ++failed;
    if (failures.is_open()) failures << scenario.id << ": " << difference << "\n";
    if (!arguments.only.empty()) std::printf("%s: %s\n", scenario.id.c_str(), difference.c_str());
    if (passing.count(scenario.id) != 0) {
      ++lost;
      std::printf("LOST %s: %s\n", scenario.id.c_str(), difference.c_str());
    }
  }
  if (arguments.update && !arguments.passing.empty()) {
    std::ofstream file(arguments.passing);
    file << "# Scenarios that pass; the list may only grow. Written by tck_runner --update.\n";
    for (const std::string& id : passing) file << id << "\n";
  }
  std::printf("TCK: %zu of %zu scenarios pass; %zu of the passing list are lost\n", passed, passed + failed, lost);
  std::printf("tck: %zu passed, %zu failed\n", passing.size() - lost, lost);
  return lost == 0 ? 0 : 1;
}
