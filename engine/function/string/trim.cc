// trim(), btrim(), ltrim(), rtrim(): what a text begins and ends with, taken away.
#include <algorithm>

#include "base/utf8.h"
#include "function/families.h"

namespace nexus::function {
namespace {

bool is_white_space(char32_t c) {
  if (c <= 0x20) return c == 0x20 || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

// The code points to take away: white space when none are given.
class TrimSet {
 public:
  explicit TrimSet(Arguments arguments) {
    if (arguments.size() < 2) return;
    is_given_ = true;
    for (std::string_view text = arguments[1].string(); !text.empty();) {
      const CodePoint point = first_code_point(text);
      points_.push_back(point.value);
      text.remove_prefix(point.bytes);
    }
    std::sort(points_.begin(), points_.end());
  }
  bool contains(char32_t c) const {
    return is_given_ ? std::binary_search(points_.begin(), points_.end(), c) : is_white_space(c);
  }

 private:
  bool is_given_ = false;
  std::vector<char32_t> points_;
};

std::string_view trim_start(std::string_view text, const TrimSet& set) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (!set.contains(point.value)) break;
    text.remove_prefix(point.bytes);
  }
  return text;
}

std::string_view trim_end(std::string_view text, const TrimSet& set) {
  while (!text.empty()) {
    const CodePoint point = last_code_point(text);
    if (!set.contains(point.value)) break;
    text.remove_suffix(point.bytes);
  }
  return text;
}

Result<Value> ltrim(CallContext&, Arguments arguments) {
  return Value::string(trim_start(arguments[0].string(), TrimSet(arguments)));
}

Result<Value> rtrim(CallContext&, Arguments arguments) {
  return Value::string(trim_end(arguments[0].string(), TrimSet(arguments)));
}

Result<Value> btrim(CallContext&, Arguments arguments) {
  const TrimSet set(arguments);
  return Value::string(trim_end(trim_start(arguments[0].string(), set), set));
}

constexpr TypeSet kString = types(Type::String);
constexpr Parameter kInput[] = {{"input", kString}};
constexpr Parameter kInputAndSet[] = {{"input", kString}, {"characters", kString, true}};

constexpr Example kTrimExamples[] = {
    {"trim('  é  ')", "'é'"}, {"trim('\\t\\n')", "''"}, {"trim('')", "''"}, {"trim(null)", "null"}};
constexpr Example kBtrimExamples[] = {
    {"btrim('  a b  ')", "'a b'"}, {"btrim('xyäaxyx', 'äyx')", "'a'"}, {"btrim('a', '')", "'a'"},
    {"btrim('xx', 'x')", "''"},    {"btrim(null, 'x')", "null"},
};
constexpr Example kLtrimExamples[] = {
    {"ltrim('  ä ')", "'ä '"}, {"ltrim('xya', 'yx')", "'a'"}, {"ltrim('')", "''"}, {"ltrim(null)", "null"}};
constexpr Example kRtrimExamples[] = {
    {"rtrim(' ä  ')", "' ä'"}, {"rtrim('axyx', 'yx')", "'a'"}, {"rtrim('')", "''"}, {"rtrim(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"trim", "string", kInput, kString, "Returns a string without white space at both ends.", kTrimExamples, btrim},
    {"btrim", "string", kInputAndSet, kString,
     "Returns a string without any of `characters`, by default white space, at both ends.", kBtrimExamples, btrim},
    {"ltrim", "string", kInputAndSet, kString,
     "Returns a string without any of `characters`, by default white space, at its start.", kLtrimExamples, ltrim},
    {"rtrim", "string", kInputAndSet, kString,
     "Returns a string without any of `characters`, by default white space, at its end.", kRtrimExamples, rtrim},
};

}  // namespace

std::span<const ScalarFunction> trim_functions() { return kFunctions; }

}  // namespace nexus::function
