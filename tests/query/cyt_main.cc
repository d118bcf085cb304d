// cyt_runner DIRECTORY [--mode memory|disk|reopen|rows1|raw|http]… [--only TEXT] [--bless]
//
// Runs every .cyt file below DIRECTORY in each mode. --bless writes what came out into the
// file (to be read by a person before it is committed).
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>

#include "tests/support/cyt_run.h"

namespace {

using nexus::cyt::Difference;

struct Arguments {
  std::filesystem::path directory;
  std::vector<std::string> modes;
  std::string only;
  bool bless = false;
};

struct Totals {
  std::size_t passed = 0, failed = 0, skipped = 0;
};

Arguments read_arguments(int argc, char** argv) {
  Arguments arguments;
  for (int at = 1; at < argc; ++at) {
    const std::string word = argv[at];
    if (word == "--bless") arguments.bless = true;
    else if (word == "--only") arguments.only = argv[++at];
    else if (word == "--mode") arguments.modes.push_back(argv[++at]);
    else arguments.directory = word;
  }
  if (arguments.modes.empty()) arguments.modes = {"memory"};
  return arguments;
}

// Puts the actual lines under the directive's ----. Later lines first, so that numbers hold.
void bless(const std::filesystem::path& path, std::vector<Difference> differences) {
  std::vector<std::string> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  in.close();
  std::sort(differences.begin(), differences.end(),
            [](const Difference& a, const Difference& b) { return a.directive->line > b.directive->line; });
  for (const Difference& difference : differences) {
    const auto& directive = *difference.directive;
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(directive.line + directive.body.size());
    const std::size_t old_count = directive.has_expected ? directive.expected.size() + 1 : 0;
    const auto at = lines.erase(first, first + static_cast<std::ptrdiff_t>(old_count));
    std::vector<std::string> fresh{"----"};
    fresh.insert(fresh.end(), difference.actual.begin(), difference.actual.end());
    lines.insert(at, fresh.begin(), fresh.end());
  }
  std::ofstream out(path);
  for (const std::string& line : lines) out << line << "\n";
}

void run_file(const std::filesystem::path& path, const std::string& mode, const Arguments& arguments, Totals& totals) {
  const nexus::cyt::File file = nexus::cyt::read_file(path);
  std::vector<Difference> to_bless;
  for (const auto& item : file.cases) {
    if (!arguments.only.empty() && (path.string() + " " + item.name).find(arguments.only) == std::string::npos) continue;
    const auto outcome = nexus::cyt::run_case(item, mode, arguments.directory / "fixtures");
    if (outcome.skipped) {
      ++totals.skipped;
    } else if (outcome.differences.empty()) {
      ++totals.passed;
    } else {
      ++totals.failed;
      for (const Difference& difference : outcome.differences) {
        const std::size_t line = difference.directive != nullptr ? difference.directive->line : item.line;
        std::printf("%s:%zu: [%s] %s\n    %s\n", path.c_str(), line, mode.c_str(), item.name.c_str(),
                    difference.message.c_str());
        if (difference.directive != nullptr && !difference.actual.empty()) to_bless.push_back(difference);
      }
    }
  }
  if (arguments.bless && !to_bless.empty()) bless(path, std::move(to_bless));
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = read_arguments(argc, argv);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments.directory)) {
    if (entry.path().extension() == ".cyt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Totals totals;
  for (const std::string& mode : arguments.modes) {
    if (!nexus::cyt::is_mode(mode)) {
      std::printf("not a mode: %s\n", mode.c_str());
      return 2;
    }
    for (const auto& path : files) {
      try {
        run_file(path, mode, arguments, totals);
      } catch (const std::exception& failure) {
        ++totals.failed;
        std::printf("%s\n", failure.what());
      }
    }
  }
  std::printf("cyt: %zu passed, %zu failed, %zu skipped\n", totals.passed, totals.failed, totals.skipped);
  return totals.failed == 0 ? 0 : 1;
}
