#include "instance/database_options.h"

#include <limits>

#include "base/number.h"

namespace nexus::instance {
namespace {

constexpr std::size_t kEnvironmentBytesMax = 32;
constexpr std::string_view kLogEnrichments[] = {"OFF", "FULL", "DIFF"};

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr Unit kSizes[] = {{"B", 1},
                           {"KB", 1'000},
                           {"MB", 1'000'000},
                           {"GB", 1'000'000'000},
                           {"KiB", std::uint64_t{1} << 10},
                           {"MiB", std::uint64_t{1} << 20},
                           {"GiB", std::uint64_t{1} << 30}};
constexpr Unit kTimes[] = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};

Error bad_option(std::string_view key, std::string_view expected) {
  return Error(ErrorCode::InvalidOption, "Option '" + std::string(key) + "' takes " + std::string(expected) + ".");
}

// "512 MiB" or "30s": a whole number, perhaps a space, a unit.
std::optional<std::uint64_t> number_with_unit(std::string_view text, std::span<const Unit> units) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  const auto number = parse_integer(text.substr(0, digits));
  if (!number || *number < 0 || digits == std::string_view::npos) return std::nullopt;
  std::string_view name = text.substr(digits);
  if (name.front() == ' ') name.remove_prefix(1);
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    const auto count = static_cast<std::uint64_t>(*number);
    if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / unit.factor) return std::nullopt;
    return count * unit.factor;
  }
  return std::nullopt;
}

Result<> set_number(std::uint64_t& target, std::string_view key, const Value& value, std::span<const Unit> units,
                    std::string_view expected) {
  if (value.is_null()) {
    target = 0;
    return Done{};
  }
  std::optional<std::uint64_t> number;
  if (value.is(Type::Integer) && value.integer() >= 0) number = static_cast<std::uint64_t>(value.integer());
  if (value.is(Type::String)) number = number_with_unit(value.string(), units);
  if (!number) return bad_option(key, expected);
  target = *number;
  return Done{};
}

Result<> set_text(std::string& target, std::string_view key, const Value& value, bool is_good,
                  std::string_view expected) {
  if (!value.is_null() && !is_good) return bad_option(key, expected);
  target = value.is_null() ? std::string() : std::string(value.string());
  return Done{};
}

std::string_view text_of(const Value& value) { return value.is(Type::String) ? value.string() : std::string_view(); }

bool is_log_enrichment(std::string_view text) {
  for (const std::string_view item : kLogEnrichments) {
    if (item == text) return true;
  }
  return false;
}

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > kEnvironmentBytesMax) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

Value number_or_null(std::uint64_t number) {
  return number == 0 ? Value::null() : Value::integer(static_cast<std::int64_t>(number));
}
Value text_or_null(const std::string& text) { return text.empty() ? Value::null() : Value::string(text); }

}  // namespace

bool is_database_option(std::string_view key) {
  bool found = false;
  for_each_option({}, [&](std::string_view name, Value) { found = found || name == key; });
  return found;
}

Result<> set_option(DatabaseOptions& options, std::string_view key, const Value& value) {
  constexpr std::string_view kBytes = "a number of bytes, or a text such as '512 MiB'";
  if (key == "memoryLimit") return set_number(options.memory_bytes_max, key, value, kSizes, kBytes);
  if (key == "storeLimit") return set_number(options.store_bytes_max, key, value, kSizes, kBytes);
  if (key == "queryTimeout") {
    return set_number(options.query_timeout_ms, key, value, kTimes, "a number of milliseconds, or a text such as '30s'");
  }
  const std::string_view text = text_of(value);
  if (key == "sync") return set_text(options.sync, key, value, text == "commit" || text == "async", "'commit' or 'async'");
  if (key == "environment") {
    return set_text(options.environment, key, value, is_label(text), "1 to 32 lower case letters, digits and dashes");
  }
  if (key == "txLogEnrichment") {
    return set_text(options.log_enrichment, key, value, is_log_enrichment(text), "'OFF', 'FULL' or 'DIFF'");
  }
  return Error(ErrorCode::InvalidOption, "There is no database option '" + std::string(key) + "'.");
}

void for_each_option(const DatabaseOptions& options, const std::function<void(std::string_view, Value)>& use) {
  use("environment", text_or_null(options.environment));
  use("memoryLimit", number_or_null(options.memory_bytes_max));
  use("queryTimeout", number_or_null(options.query_timeout_ms));
  use("storeLimit", number_or_null(options.store_bytes_max));
  use("sync", text_or_null(options.sync));
  use("txLogEnrichment", text_or_null(options.log_enrichment));
}

Map options_map(const DatabaseOptions& options) {
  Map map;
  for_each_option(options, [&](std::string_view key, Value value) {
    if (!value.is_null()) map.emplace_back(std::string(key), std::move(value));
  });
  return map;
}

}  // namespace nexus::instance
