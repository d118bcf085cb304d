// Every query of the openCypher TCK goes through the parser alone: what may run must parse,
// what is broken as text must be refused with the code the TCK names.
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "syntax/parser.h"
#include "syntax/printer.h"
#include "tests/support/catch.h"
#include "tests/tck/feature.h"

namespace nexus::tck {
namespace {

// Details that the text alone decides; all others need names or types.
const std::set<std::string> kTextual = {"UnexpectedSyntax",    "InvalidUnicodeLiteral", "InvalidUnicodeCharacter",
                                        "InvalidNumberLiteral", "IntegerOverflow",       "FloatingPointOverflow",
                                        "InvalidRelationshipPattern", "InvalidClauseComposition"};

std::string expected_detail(const Scenario& scenario) {
  for (const Step& step : scenario.steps) {
    if (step.kind == Step::Kind::Error && step.text.rfind("SyntaxError|compile time|", 0) == 0) {
      return step.text.substr(step.text.rfind('|') + 1);
    }
  }
  return {};
}

struct Counts {
  std::size_t parsed = 0, refused = 0;
};

void check_valid(const Scenario& scenario, const std::string& text, Counts& counts) {
  auto statement = syntax::parse(text);
  if (!statement) {
    FAIL_CHECK(scenario.id << ": " << statement.error().message << "\n" << text);
    return;
  }
  const std::string printed = syntax::print(*statement);
  auto again = syntax::parse(printed);
  if (!again) FAIL_CHECK(scenario.id << ": printed as " << printed << ": " << again.error().message);
  else if (syntax::print(*again) != printed) FAIL_CHECK(scenario.id << ": not a fixpoint: " << printed);
  else ++counts.parsed;
}

void check_query(const Scenario& scenario, const Step& step, Counts& counts) {
  const std::string detail = step.kind == Step::Kind::Execute ? expected_detail(scenario) : std::string();
  if (detail.empty()) return check_valid(scenario, step.text, counts);
  auto statement = syntax::parse(step.text);
  if (!statement) {
    ++counts.refused;
    const Error& error = statement.error();
    CHECK(error.compile_time);
    CHECK(error.position.is_known());
    if (error_name(error.code) != detail) {
      FAIL_CHECK(scenario.id << ": " << error_name(error.code) << " instead of " << detail << ": " << error.message);
    }
  } else if (kTextual.count(detail) == 1) {
    FAIL_CHECK(scenario.id << " should be refused with " << detail << "\n" << step.text);
  } else {
    ++counts.parsed;
  }
}

TEST_CASE("the queries of the TCK parse, print and parse again") {
  const char* variable = std::getenv("NEXUS_TCK");
  const std::filesystem::path root = variable ? variable : NEXUS_TCK_DIR;
  if (!std::filesystem::exists(root / "features")) {
    WARN("SKIPPED: the openCypher TCK is not at " << root.string() << " (set NEXUS_TCK); no query was parsed");
    return;
  }
  Counts counts;
  for (const Scenario& scenario : read_features(root / "features")) {
    for (const Step& step : scenario.steps) {
      using Kind = Step::Kind;
      if (step.kind == Kind::Execute || step.kind == Kind::Control || step.kind == Kind::Prepare) {
        check_query(scenario, step, counts);
      }
    }
  }
  CHECK(counts.parsed > 4000);
  CHECK(counts.refused > 30);
}

}  // namespace
}  // namespace nexus::tck
