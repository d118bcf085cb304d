#include "value/temporal/civil.h"
#include "value/temporal/temporal.h"

namespace nexus {
namespace {

using temporal::Wide;

template <class Number>
int order_of(const Number& left, const Number& right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}

Wide average_nanoseconds(const Duration& duration) {
  const Wide seconds = Wide{duration.months} * temporal::kSecondsPerMonth +
                       Wide{duration.days} * temporal::kSecondsPerDay + duration.seconds;
  return seconds * temporal::kNanosecondsPerSecond + duration.nanoseconds;
}

}  // namespace

int order_date(Date left, Date right) { return order_of(left.epoch_days, right.epoch_days); }

int order_local_time(LocalTime left, LocalTime right) { return order_of(left.nanoseconds, right.nanoseconds); }

int order_time(Time left, Time right) {
  const std::int64_t left_instant = left.nanoseconds - left.offset_seconds * temporal::kNanosecondsPerSecond;
  const std::int64_t right_instant = right.nanoseconds - right.offset_seconds * temporal::kNanosecondsPerSecond;
  if (const int order = order_of(left_instant, right_instant)) return order;
  return order_of(left.offset_seconds, right.offset_seconds);
}

int order_local_date_time(LocalDateTime left, LocalDateTime right) {
  if (const int order = order_of(left.epoch_seconds, right.epoch_seconds)) return order;
  return order_of(left.nanoseconds, right.nanoseconds);
}

int order_date_time(const DateTime& left, const DateTime& right) {
  if (const int order = order_of(left.epoch_seconds, right.epoch_seconds)) return order;
  if (const int order = order_of(left.nanoseconds, right.nanoseconds)) return order;
  if (const int order = order_of(left.offset_seconds, right.offset_seconds)) return order;
  return order_of(left.zone, right.zone);
}

int order_duration(const Duration& left, const Duration& right) {
  if (const int order = order_of(average_nanoseconds(left), average_nanoseconds(right))) return order;
  if (const int order = order_of(left.months, right.months)) return order;
  if (const int order = order_of(left.days, right.days)) return order;
  return order_of(left.seconds, right.seconds);
}

}  // namespace nexus
