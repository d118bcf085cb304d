// Runs every example of the registry as a query, and keeps docs/reference/functions.md current.
//
//   functions_reference docs/reference/functions.md            check: examples, and that the file is up to date
//   functions_reference docs/reference/functions.md --write    write the file
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "function/function.h"
#include "tests/support/test_instance.h"
#include "value/text.h"

namespace {

using namespace nexus;

std::string types_text(function::TypeSet types) {
  if (types == function::kAny) return "ANY";
  std::string text;
  for (unsigned i = static_cast<unsigned>(Type::Boolean); i <= static_cast<unsigned>(kTypeLast); ++i) {
    if ((types & (function::TypeSet{1} << i)) == 0) continue;
    if (!text.empty()) text += " or ";
    text += type_name(static_cast<Type>(i));
  }
  return text;
}

template <class Function>
void describe(std::ostringstream& out, const Function& function, bool variadic) {
  out << "### `" << function.name << "(";
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    const function::Parameter& parameter = function.parameters[i];
    out << (i == 0 ? "" : ", ") << parameter.name << (parameter.optional ? "?" : "");
    if (variadic && i + 1 == function.parameters.size()) out << "…";
  }
  out << ")` → " << types_text(function.returns) << "\n\n" << function.summary << "\n";
  if (!function.parameters.empty()) out << "\n";
  for (const function::Parameter& parameter : function.parameters) {
    out << "- `" << parameter.name << "`: " << types_text(parameter.types) << (parameter.optional ? ", optional" : "") << "\n";
  }
  out << "\n```\n";
  for (const function::Example& example : function.examples) out << example.call << "  →  " << example.yields << "\n";
  out << "```\n\n";
}

std::string reference() {
  std::ostringstream out;
  out << "# Functions\n\nMade from the registry by `functions_reference docs/reference/functions.md --write`; every example here is a test.\n"
         "A null argument makes the result null unless an example says otherwise.\n\n";
  std::vector<std::string_view> categories;
  std::map<std::string_view, std::vector<const function::ScalarFunction*>> by_category;
  for (const auto* scalar : function::scalar_functions()) {
    if (by_category[scalar->category].empty()) categories.push_back(scalar->category);
    by_category[scalar->category].push_back(scalar);
  }
  for (const auto category : categories) {
    out << "## " << category << "\n\n";
    for (const auto* scalar : by_category[category]) describe(out, *scalar, scalar->variadic);
  }
  out << "## aggregating\n\n";
  for (const auto* aggregate : function::aggregate_functions()) describe(out, *aggregate, false);
  return out.str();
}

std::string answer(Session& session, std::string_view call) {
  auto table = query(session, "RETURN " + std::string(call) + " AS value");
  if (!table) return "error " + std::string(error_name(table.error().code));
  return to_text(table->rows.at(0).at(0));
}

// A type that is wrong in the text is refused before anything runs, under a name of its own.
bool same(const std::string& actual, std::string_view expected) {
  return actual == expected || (expected == "error InvalidArgumentValue" && actual == "error InvalidArgumentTypeSyntax");
}

int check_examples() {
  test::TestInstance instance;
  const auto session = instance.session();
  int run = 0, failed = 0;
  const auto check = [&](const auto& function) {
    for (const function::Example& example : function.examples) {
      ++run;
      const std::string actual = answer(*session, example.call);
      if (same(actual, example.yields)) continue;
      ++failed;
      std::printf("%s\n    expected %s\n    actual   %s\n", std::string(example.call).c_str(),
                  std::string(example.yields).c_str(), actual.c_str());
    }
  };
  for (const auto* scalar : function::scalar_functions()) check(*scalar);
  for (const auto* aggregate : function::aggregate_functions()) check(*aggregate);
  std::printf("examples: %d run, %d failed\n", run, failed);
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::printf("usage: functions_reference FILE [--write]\n");
    return 2;
  }
  const std::string wanted = reference();
  if (argc > 2 && std::string_view(argv[2]) == "--write") {
    std::ofstream(argv[1]) << wanted;
    return 0;
  }
  int failed = check_examples();
  std::ifstream in(argv[1]);
  const std::string found{std::istreambuf_iterator<char>(in), {}};
  if (found != wanted) {
    std::printf("%s is not current; run functions_reference with --write\n", argv[1]);
    ++failed;
  }
  return failed == 0 ? 0 : 1;
}
