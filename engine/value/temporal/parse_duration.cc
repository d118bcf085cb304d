#include <algorithm>
#include <string>

#include "value/temporal/duration_builder.h"
#include "value/temporal/scanner.h"
#include "value/temporal/temporal.h"

namespace nexus {
namespace {

using temporal::DurationBuilder, temporal::kNamedUnits, temporal::kNanosecondsPerSecond, temporal::NamedUnit,
    temporal::Scanner;

Error malformed(std::string_view text) {
  constexpr std::size_t kShownBytesMax = 100;
  return Error(ErrorCode::InvalidArgument, "'" + std::string(text.substr(0, kShownBytesMax)) + "' is not a duration");
}

struct Amount {
  std::int64_t whole = 0;
  double fraction = 0;
};

// "12", "-3.25", "+0,5".
bool scan_amount(Scanner& scanner, Amount& amount) {
  const bool negative = scanner.take('-');
  if (!negative) scanner.take('+');
  if (!scanner.digits(scanner.digits_ahead(), amount.whole)) return false;
  if (scanner.take('.') || scanner.take(',')) {
    // Fifteen digits and their power of ten are exact doubles, so their quotient is the nearest one.
    constexpr std::size_t kDigitsMax = 15;
    const std::size_t width = scanner.digits_ahead();
    const std::size_t used = std::min(width, kDigitsMax);
    std::int64_t digits = 0;
    if (!scanner.digits(used, digits)) return false;
    scanner.reset(scanner.position() + width - used);
    double scale = 1;
    for (std::size_t i = 0; i < used; ++i) scale *= 10;
    amount.fraction = static_cast<double>(digits) / scale;
  }
  if (negative) {
    amount.whole = -amount.whole;
    amount.fraction = -amount.fraction;
  }
  return true;
}

// The units from `symbols` (kNamedUnits' rows from `first`) in their order, each at most once.
bool scan_units(Scanner& scanner, std::string_view symbols, std::size_t first, bool negative,
                DurationBuilder& builder) {
  std::size_t next = 0;
  while (!scanner.at_end() && scanner.peek() != 'T' && scanner.peek() != 't') {
    Amount amount;
    if (!scan_amount(scanner, amount)) return false;
    while (next < symbols.size() && !scanner.take(symbols[next])) ++next;
    if (next == symbols.size()) return false;
    const NamedUnit& unit = kNamedUnits[first + next++];
    if (negative) amount = {-amount.whole, -amount.fraction};
    builder.add(unit.unit, unit.multiplier, amount.whole, amount.fraction);
  }
  return next > 0;
}

// "2012-02-02T14:37:21.545": components in the places of a datetime.
std::optional<Duration> parse_date_form(std::string_view text) {
  Scanner scanner(text);
  std::int64_t year = 0, month = 0, day = 0;
  if (!scanner.digits(4, year)) return std::nullopt;
  const bool extended = scanner.take('-');
  if (!scanner.digits(2, month) || (extended && !scanner.take('-')) || !scanner.digits(2, day)) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (scanner.take('T')) {
    const auto time = parse_local_time(scanner.rest());
    if (!time) return std::nullopt;
    nanoseconds = time->nanoseconds;
  } else if (!scanner.at_end()) {
    return std::nullopt;
  }
  if (month > 12 || day > 31) return std::nullopt;
  return Duration{year * 12 + month, day, nanoseconds / kNanosecondsPerSecond,
                  static_cast<std::int32_t>(nanoseconds % kNanosecondsPerSecond)};
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  Scanner scanner(text);
  const bool negative = scanner.take('-');
  if (!negative) scanner.take('+');
  if (!scanner.take('P')) return malformed(text);
  if (const auto found = parse_date_form(scanner.rest())) {
    if (negative) return negate_duration(*found);
    return *found;
  }
  DurationBuilder builder;
  const bool has_date = scanner.peek() != 'T' && scanner.peek() != 't';
  if (has_date && !scan_units(scanner, "YQMWD", 0, negative, builder)) return malformed(text);
  if (scanner.take('T') && !scan_units(scanner, "HMS", 5, negative, builder)) return malformed(text);
  if (!scanner.at_end()) return malformed(text);
  return builder.build();
}

}  // namespace nexus
