// normalize(): a string in a Unicode normal form.
#include <utility>

#include "base/normal_form.h"
#include "function/families.h"

namespace nexus::function {
namespace {

constexpr std::pair<std::string_view, NormalForm> kForms[] = {
    {"NFC", NormalForm::NFC}, {"NFD", NormalForm::NFD}, {"NFKC", NormalForm::NFKC}, {"NFKD", NormalForm::NFKD}};

Result<Value> normalize(CallContext& context, Arguments arguments) {
  const std::string_view text = arguments[0].string();
  const std::string_view form = arguments.size() > 1 ? arguments[1].string() : std::string_view("NFC");
  NX_TRY_DO(check_room(context, text.size() * 12));
  for (const auto& [name, known] : kForms) {
    if (form == name) return Value::string(nexus::normalize(text, known));
  }
  return Error{ErrorCode::InvalidArgument, "normalize() knows no form '" + std::string(form) + "'"};
}

constexpr TypeSet kString = types(Type::String);
constexpr Parameter kParameters[] = {{"input", kString}, {"form", kString, true}};
constexpr Example kExamples[] = {
    {"normalize('e\\u0301') = 'é'", "true"},
    {"size(normalize('é', 'NFD'))", "2"},
    {"normalize('x²', 'NFKC')", "'x2'"},
    {"normalize('ﬁ', 'NFKD')", "'fi'"},
    {"normalize('abc')", "'abc'"},
    {"normalize('')", "''"},
    {"normalize(null)", "null"},
    {"normalize('é', 'NFX')", "error InvalidArgument"},
};
constexpr ScalarFunction kFunctions[] = {
    {"normalize", "string", kParameters, kString,
     "Returns a string in the Unicode normal form NFC (the default), NFD, NFKC or NFKD.", kExamples, normalize},
};

}  // namespace

std::span<const ScalarFunction> normalize_functions() { return kFunctions; }

}  // namespace nexus::function
