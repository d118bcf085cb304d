// apoc.text.*: how alike two texts are, and texts as bytes.
#include <algorithm>
#include <cmath>
#include <map>

#include "base/utf8.h"
#include "function/apoc/families.h"
#include "function/string/letter_case.h"

namespace nexus::function {
namespace {

using Points = std::vector<char32_t>;

Points points_of(std::string_view text) {
  Points made;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = first_code_point(text.substr(at));
    made.push_back(next.value);
    at += next.bytes;
  }
  return made;
}

// Cost: the product of the lengths, so texts have a limit.
constexpr std::size_t kCompareMax = 10'000;

Result<> check_lengths(std::string_view function, const Points& left, const Points& right) {
  if (left.size() <= kCompareMax && right.size() <= kCompareMax) return Done{};
  return Error{ErrorCode::LimitExceeded, "apoc.text." + std::string(function) + "() compares at most " +
                                             std::to_string(kCompareMax) + " characters"};
}

std::int64_t edits(const Points& left, const Points& right) {
  std::vector<std::int64_t> row(right.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = static_cast<std::int64_t>(j);
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::int64_t diagonal = row[0];
    row[0] = static_cast<std::int64_t>(i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::int64_t changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

Result<Value> distance(CallContext&, Arguments arguments) {
  const Points left = points_of(arguments[0].string()), right = points_of(arguments[1].string());
  NX_TRY_DO(check_lengths("distance", left, right));
  return Value::integer(edits(left, right));
}

Result<Value> similarity(CallContext&, Arguments arguments) {
  const Points left = points_of(arguments[0].string()), right = points_of(arguments[1].string());
  NX_TRY_DO(check_lengths("levenshteinSimilarity", left, right));
  const std::size_t longest = std::max(left.size(), right.size());
  if (longest == 0) return Value::real(1);
  return Value::real(1 - static_cast<double>(edits(left, right)) / static_cast<double>(longest));
}

// Few edits for the length: none up to 2 characters, one up to 4, two beyond.
Result<Value> fuzzy_match(CallContext&, Arguments arguments) {
  const Points left = points_of(arguments[0].string()), right = points_of(arguments[1].string());
  NX_TRY_DO(check_lengths("fuzzyMatch", left, right));
  const std::int64_t allowed = left.size() < 3 ? 0 : left.size() < 5 ? 1 : 2;
  return Value::boolean(edits(left, right) <= allowed);
}

Result<Value> hamming(CallContext&, Arguments arguments) {
  const Points left = points_of(arguments[0].string()), right = points_of(arguments[1].string());
  if (left.size() != right.size()) {
    return Error{ErrorCode::InvalidArgument, "apoc.text.hammingDistance() expects texts of the same length"};
  }
  std::int64_t differences = 0;
  for (std::size_t i = 0; i < left.size(); ++i) differences += left[i] == right[i] ? 0 : 1;
  return Value::integer(differences);
}

// The share of common characters, halved for those out of order.
double jaro(const Points& left, const Points& right) {
  if (left.empty() && right.empty()) return 1;
  const std::size_t longest = std::max(left.size(), right.size());
  const std::size_t window = longest / 2 > 0 ? longest / 2 - 1 : 0;
  std::vector<bool> left_used(left.size()), right_used(right.size());
  double matches = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::size_t end = std::min(right.size(), i + window + 1);
    for (std::size_t j = i > window ? i - window : 0; j < end; ++j) {
      if (right_used[j] || left[i] != right[j]) continue;
      left_used[i] = right_used[j] = true;
      ++matches;
      break;
    }
  }
  if (matches == 0) return 0;
  double moved = 0;
  std::size_t j = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!left_used[i]) continue;
    while (!right_used[j]) ++j;
    moved += left[i] == right[j++] ? 0 : 1;
  }
  return (matches / static_cast<double>(left.size()) + matches / static_cast<double>(right.size()) +
          (matches - moved / 2) / matches) / 3;
}

// 0 for the same text: one minus Jaro's similarity, raised for a common beginning.
Result<Value> jaro_winkler(CallContext&, Arguments arguments) {
  const Points left = points_of(arguments[0].string()), right = points_of(arguments[1].string());
  NX_TRY_DO(check_lengths("jaroWinklerDistance", left, right));
  const double base = jaro(left, right);
  std::size_t prefix = 0;
  while (prefix < std::min({left.size(), right.size(), std::size_t{4}}) && left[prefix] == right[prefix]) ++prefix;
  const double raised = base < 0.7 ? base : base + static_cast<double>(prefix) * 0.1 * (1 - base);
  return Value::real(1 - raised);
}

// Twice the common pairs of neighbours over all pairs, by word and ignoring case.
Result<Value> sorensen_dice(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_room(context, (arguments[0].string().size() + arguments[1].string().size()) * 64));
  const auto pairs = [](std::string_view text) {
    std::map<std::pair<char32_t, char32_t>, std::int64_t> counts;
    const Points points = points_of(to_lower(text));
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (points[i - 1] != ' ' && points[i] != ' ') ++counts[{points[i - 1], points[i]}];
    }
    return counts;
  };
  const auto left = pairs(arguments[0].string()), right = pairs(arguments[1].string());
  std::int64_t common = 0, all = 0;
  for (const auto& [pair, count] : left) {
    const auto other = right.find(pair);
    if (other != right.end()) common += std::min(count, other->second);
    all += count;
  }
  for (const auto& entry : right) all += entry.second;
  return Value::real(all == 0 ? 0 : 2 * static_cast<double>(common) / static_cast<double>(all));
}

constexpr char kHexDigits[] = "0123456789ABCDEF";

Result<Value> url_encode(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_room(context, arguments[0].string().size() * 3));
  std::string made;
  for (const char c : arguments[0].string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       c == '-' || c == '_' || c == '.' || c == '*';
    if (plain) made += c;
    else if (c == ' ') made += '+';
    else made += {'%', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
  }
  return Value::string(made);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Result<Value> url_decode(CallContext& context, Arguments arguments) {
  const std::string_view text = arguments[0].string();
  NX_TRY_DO(check_room(context, text.size()));
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      made += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return Error{ErrorCode::InvalidArgument, "apoc.text.urldecode(): % without two digits"};
    made += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_utf8(made)) return Error{ErrorCode::InvalidArgument, "apoc.text.urldecode(): the bytes are no UTF-8"};
  return Value::string(made);
}

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Result<Value> base64_encode(CallContext& context, Arguments arguments) {
  const std::string_view text = arguments[0].string();
  NX_TRY_DO(check_room(context, text.size() * 2));
  std::string made;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) made += i + k <= text.size() ? kBase64[bits >> (18 - 6 * k) & 63] : '=';
  }
  return Value::string(made);
}

Result<Value> base64_decode(CallContext& context, Arguments arguments) {
  std::string_view text = arguments[0].string();
  NX_TRY_DO(check_room(context, text.size()));
  const Error malformed{ErrorCode::InvalidArgument, "apoc.text.base64Decode() expects a text in base64"};
  if (text.size() % 4 != 0) return malformed;
  for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  std::string made;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = std::string_view(kBase64).find(c);
    if (digit == std::string_view::npos) return malformed;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    made += static_cast<char>(bits >> count & 255);
  }
  if (!is_utf8(made)) return Error{ErrorCode::InvalidArgument, "apoc.text.base64Decode(): the bytes are no UTF-8"};
  return Value::string(made);
}

Result<Value> byte_count(CallContext&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(arguments[0].string().size()));
}

Result<Value> hex_value(CallContext&, Arguments arguments) {
  auto bits = static_cast<std::uint64_t>(arguments[0].integer());
  std::string made;
  do made.insert(made.begin(), kHexDigits[bits & 15]);
  while ((bits >>= 4) != 0);
  const std::size_t width = made.size() <= 4 ? 4 : made.size() <= 8 ? 8 : 16;
  return Value::string(std::string(width - made.size(), '0') + made);
}

constexpr TypeSet kString = types(Type::String);
constexpr TypeSet kInteger = types(Type::Integer);
constexpr TypeSet kFloat = types(Type::Float);
constexpr Parameter kText[] = {{"text", kString}};
constexpr Parameter kTwo[] = {{"text1", kString}, {"text2", kString}};
constexpr Parameter kValue[] = {{"value", kInteger}};

constexpr Example kDistance[] = {{"apoc.text.distance('kitten', 'sitting')", "3"}, {"apoc.text.distance('é', null)", "null"}};
constexpr Example kLevenshtein[] = {{"apoc.text.levenshteinDistance('Levenshtein', 'Levenstein')", "1"},
                                    {"apoc.text.levenshteinDistance(null, '')", "null"}};
constexpr Example kSimilarity[] = {{"apoc.text.levenshteinSimilarity('abcd', 'abce')", "0.75"},
                                   {"apoc.text.levenshteinSimilarity('', '')", "1.0"},
                                   {"apoc.text.levenshteinSimilarity('', null)", "null"}};
constexpr Example kFuzzy[] = {{"apoc.text.fuzzyMatch('The', 'the')", "true"}, {"apoc.text.fuzzyMatch('ab', 'ac')", "false"},
                              {"apoc.text.fuzzyMatch(null, 'a')", "null"}};
constexpr Example kHamming[] = {{"apoc.text.hammingDistance('karolin', 'kathrin')", "3"},
                                {"apoc.text.hammingDistance('a', 'ab')", "error InvalidArgument"},
                                {"apoc.text.hammingDistance(null, 'a')", "null"}};
constexpr Example kJaro[] = {{"apoc.text.jaroWinklerDistance('abc', 'abc')", "0.0"}, {"apoc.text.jaroWinklerDistance('a', 'b')", "1.0"},
                             {"apoc.text.jaroWinklerDistance('a', null)", "null"}};
constexpr Example kDice[] = {{"apoc.text.sorensenDiceSimilarity('night', 'nacht')", "0.25"},
                             {"apoc.text.sorensenDiceSimilarity(null, '')", "null"}};
constexpr Example kUrlEncode[] = {{"apoc.text.urlencode('a b&é')", "'a+b%26%C3%A9'"}, {"apoc.text.urlencode(null)", "null"}};
constexpr Example kUrlDecode[] = {{"apoc.text.urldecode('a+b%26%C3%A9')", "'a b&é'"}, {"apoc.text.urldecode('%4')", "error InvalidArgument"},
                                  {"apoc.text.urldecode(null)", "null"}};
constexpr Example kEncode[] = {{"apoc.text.base64Encode('neo4j')", "'bmVvNGo='"}, {"apoc.text.base64Encode('')", "''"},
                               {"apoc.text.base64Encode(null)", "null"}};
constexpr Example kDecode[] = {{"apoc.text.base64Decode('bmVvNGo=')", "'neo4j'"}, {"apoc.text.base64Decode('a')", "error InvalidArgument"},
                               {"apoc.text.base64Decode(null)", "null"}};
constexpr Example kByteCount[] = {{"apoc.text.byteCount('aé')", "3"}, {"apoc.text.byteCount(null)", "null"}};
constexpr Example kHex[] = {{"apoc.text.hexValue(255)", "'00FF'"}, {"apoc.text.hexValue(65536)", "'00010000'"}, {"apoc.text.hexValue(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"apoc.text.distance", "apoc", kTwo, kInteger, "Returns how many characters must change to turn one text into the other.", kDistance, distance},
    {"apoc.text.levenshteinDistance", "apoc", kTwo, kInteger, "The same as apoc.text.distance().", kLevenshtein, distance},
    {"apoc.text.levenshteinSimilarity", "apoc", kTwo, kFloat, "Returns 1 minus the distance over the longer length.", kSimilarity, similarity},
    {"apoc.text.fuzzyMatch", "apoc", kTwo, types(Type::Boolean), "Returns whether two texts differ by a few characters at most.", kFuzzy, fuzzy_match},
    {"apoc.text.hammingDistance", "apoc", kTwo, kInteger, "Returns at how many places two texts of one length differ.", kHamming, hamming},
    {"apoc.text.jaroWinklerDistance", "apoc", kTwo, kFloat, "Returns 0 for the same texts up to 1 for nothing in common, by Jaro and Winkler.", kJaro, jaro_winkler},
    {"apoc.text.sorensenDiceSimilarity", "apoc", kTwo, kFloat, "Returns the share of letter pairs two texts have in common.", kDice, sorensen_dice},
    {"apoc.text.urlencode", "apoc", kText, kString, "Returns a text as part of a URL's query.", kUrlEncode, url_encode},
    {"apoc.text.urldecode", "apoc", kText, kString, "Returns the text of a part of a URL's query.", kUrlDecode, url_decode},
    {"apoc.text.base64Encode", "apoc", kText, kString, "Returns the bytes of a text in base64.", kEncode, base64_encode},
    {"apoc.text.base64Decode", "apoc", kText, kString, "Returns the text whose bytes are given in base64.", kDecode, base64_decode},
    {"apoc.text.byteCount", "apoc", kText, kInteger, "Returns the number of bytes of a text.", kByteCount, byte_count},
    {"apoc.text.hexValue", "apoc", kValue, kString, "Returns a number in hexadecimal, 4, 8 or 16 digits.", kHex, hex_value},
};

}  // namespace

std::span<const ScalarFunction> apoc_distance_functions() { return kFunctions; }

}  // namespace nexus::function
