// normalize(): a string in a Unicode normal form.
#include "function/families.h"
#include "function/string/normal_form.h"

namespace nexus::function {
namespace {

Result<Value> normalize(CallContext& context, Arguments arguments) {
  const std::string_view text = arguments[0].string();
  const std::string_view form = arguments.size() > 1 ? arguments[1].string() : std::string_view("NFC");
  NX_TRY_DO(check_room(context, text.size() * 12));
  if (form == "NFC") return Value::string(to_nfc(text));
  if (form == "NFD") return Value::string(to_nfd(text));
  if (form == "NFKC" || form == "NFKD") {
    return Error{ErrorCode::NotImplemented, "normalize() to " + std::string(form) + " is not built"};
  }
  return Error{ErrorCode::InvalidArgument, "normalize() knows no form '" + std::string(form) + "'"};
}

constexpr TypeSet kString = types(Type::String);
constexpr Parameter kParameters[] = {{"input", kString}, {"form", kString, true}};
constexpr Example kExamples[] = {
    {"normalize('e\\u0301') = 'é'", "true"},
    {"size(normalize('é', 'NFD'))", "2"},
    {"normalize('abc')", "'abc'"},
    {"normalize('')", "''"},
    {"normalize(null)", "null"},
    {"normalize('é', 'NFX')", "error InvalidArgument"},
};
constexpr ScalarFunction kFunctions[] = {
    {"normalize", "string", kParameters, kString,
     "Returns a string in the Unicode normal form NFC (the default) or NFD.", kExamples, normalize},
};

}  // namespace

std::span<const ScalarFunction> normalize_functions() { return kFunctions; }

}  // namespace nexus::function
