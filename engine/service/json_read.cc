#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <algorithm>
#include <optional>
#include <vector>

#include "base/number.h"
#include "service/json.h"
#include "value/point.h"
#include "value/temporal/temporal.h"
#include "value/vector.h"

namespace nexus::service {
namespace {

using boost::json::error_code;
using boost::json::string_view;

std::string text_of(string_view part) { return {part.data(), part.size()}; }

template <class T, class Make>
Result<Value> made(Result<T> parsed, Make make) {
  if (!parsed) return std::move(parsed.error());
  return make(std::move(*parsed));
}

// "SRID=7203;POINT (1.0 2.0)", also with Z and without the space.
std::optional<Point> parse_point(std::string_view text) {
  if (text.substr(0, 5) != "SRID=") return std::nullopt;
  const std::size_t semicolon = text.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  const auto srid = parse_integer(text.substr(5, semicolon - 5));
  if (!srid || *srid < 0 || !crs_name(static_cast<std::uint32_t>(*srid))) return std::nullopt;
  Point point;
  point.srid = static_cast<std::uint32_t>(*srid);
  const std::string_view shape = text.substr(semicolon + 1);
  const std::size_t open = shape.find('(');
  if (open == std::string_view::npos || shape.back() != ')') return std::nullopt;
  std::string_view kind = shape.substr(0, open);
  while (!kind.empty() && kind.back() == ' ') kind.remove_suffix(1);
  if (kind != (point.has_z() ? "POINT Z" : "POINT")) return std::nullopt;
  std::string_view numbers = shape.substr(open + 1, shape.size() - open - 2);
  double* const places[] = {&point.x, &point.y, &point.z};
  const std::size_t count = point.has_z() ? 3 : 2;
  for (std::size_t at = 0; at < count; ++at) {
    const std::size_t end = at + 1 < count ? numbers.find(' ') : numbers.size();
    if (end == std::string_view::npos) return std::nullopt;
    const auto number = parse_double(numbers.substr(0, end));
    if (!number) return std::nullopt;
    *places[at] = *number;
    numbers.remove_prefix(std::min(numbers.size(), end + 1));
  }
  return point;
}

// {"coordinates": ["1.0", …], "coordinatesType": "FLOAT32"}
std::optional<Vector> parse_vector(const Value& value) {
  const bool has_members = value.is(Type::Map) && value.map().size() == 2 && value.map()[0].first == "coordinates" &&
                           value.map()[1].first == "coordinatesType";
  if (!has_members || !value.map()[0].second.is(Type::List) || !value.map()[1].second.is(Type::String)) {
    return std::nullopt;
  }
  const auto type = coordinate_type(value.map()[1].second.string());
  if (!type) return std::nullopt;
  Vector vector{*type, {}};
  for (const Value& coordinate : value.map()[0].second.list()) {
    if (!coordinate.is(Type::String)) return std::nullopt;
    const auto integer = parse_integer(coordinate.string());
    const auto real = parse_double(coordinate.string());
    if (!real || !add_coordinate(vector, integer ? Value::integer(*integer) : Value::real(*real))) return std::nullopt;
  }
  return is_valid(vector) ? std::optional<Vector>(std::move(vector)) : std::nullopt;
}

// {"$type": …, "_value": …}: what it names, or nullopt when it is an ordinary map.
std::optional<Result<Value>> typed_value(const Map& map) {
  if (map.size() != 2 || map[0].first != "$type" || map[1].first != "_value") return std::nullopt;
  if (!map[0].second.is(Type::String)) return std::nullopt;
  const std::string type(map[0].second.string());
  const Value& value = map[1].second;
  if (type == "Null") return Result<Value>(Value::null());
  if (type == "Boolean" || type == "List" || type == "Map") return Result<Value>(value);
  const auto wrong = [&type]() -> Result<Value> {
    return Error{ErrorCode::InvalidRequest, "a typed " + type + " does not have such a _value"};
  };
  if (type == "Vector") {
    auto vector = parse_vector(value);
    return vector ? Result<Value>(Value::vector(std::move(*vector))) : wrong();
  }
  if (!value.is(Type::String)) return wrong();
  const std::string_view text = value.string();
  if (type == "String") return Result<Value>(value);
  if (type == "Integer") {
    const auto integer = parse_integer(text);
    return integer ? Result<Value>(Value::integer(*integer)) : wrong();
  }
  if (type == "Float") {
    const auto real = parse_double(text == "NaN" || text == "Infinity" || text == "-Infinity" ? "0" : text);
    if (text == "Infinity" || text == "-Infinity" || text == "NaN") {
      const double infinity = *parse_double("1e999");
      return Result<Value>(Value::real(text == "NaN" ? infinity - infinity : text[0] == '-' ? -infinity : infinity));
    }
    return real ? Result<Value>(Value::real(*real)) : wrong();
  }
  if (type == "Date") return made(parse_date(text), [](Date date) { return Value::date(date); });
  if (type == "LocalTime") return made(parse_local_time(text), [](LocalTime time) { return Value::local_time(time); });
  if (type == "Time") return made(parse_time(text), [](Time time) { return Value::time(time); });
  if (type == "LocalDateTime") {
    return made(parse_local_date_time(text), [](LocalDateTime local) { return Value::local_date_time(local); });
  }
  if (type == "OffsetDateTime" || type == "ZonedDateTime") {
    return made(parse_date_time(text), [](DateTime date_time) { return Value::date_time(std::move(date_time)); });
  }
  if (type == "Duration") {
    return made(parse_duration(text), [](const Duration& duration) { return Value::duration(duration); });
  }
  if (type == "Point") {
    const auto point = parse_point(text);
    return point ? Result<Value>(Value::point(*point)) : wrong();
  }
  return Result<Value>(Error{ErrorCode::InvalidRequest, "there is no typed parameter of type " + type});
}

// Builds Values from the parser's events. The first wrong thing is kept in `error`; the
// parser is stopped by any non-zero code.
class Handler {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  std::optional<Error> error;
  Value result() { return std::move(root_); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(Type::Map); }
  bool on_array_begin(error_code&) { return open(Type::List); }

  bool on_object_end(std::size_t, error_code& code) {
    const std::size_t count = open_.back().map.size();
    Map map = make_map(std::move(open_.back().map));
    open_.pop_back();
    if (map.size() != count) return fail("a key stands twice in one object", code);
    if (auto typed = typed_value(map)) {
      if (!*typed) return fail(typed->error().message, code);
      return add(std::move(**typed));
    }
    return add(Value::map(std::move(map)));
  }
  bool on_array_end(std::size_t, error_code&) {
    List list = std::move(open_.back().list);
    open_.pop_back();
    return add(Value::list(std::move(list)));
  }
  bool on_key_part(string_view part, std::size_t, error_code&) { return text_ += text_of(part), true; }
  bool on_key(string_view part, std::size_t, error_code&) {
    open_.back().key = std::exchange(text_, {}) + text_of(part);
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return text_ += text_of(part), true; }
  bool on_string(string_view part, std::size_t, error_code&) {
    return add(Value::string(std::exchange(text_, {}) + text_of(part)));
  }
  bool on_number_part(string_view part, error_code&) { return text_ += text_of(part), true; }
  bool on_int64(std::int64_t, string_view part, error_code& code) { return number(part, code); }
  bool on_uint64(std::uint64_t, string_view part, error_code& code) { return number(part, code); }
  bool on_double(double, string_view part, error_code& code) { return number(part, code); }
  bool on_bool(bool value, error_code&) { return add(Value::boolean(value)); }
  bool on_null(error_code&) { return add(Value::null()); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  struct Open {
    Type type;
    std::string key;
    Map map;
    List list;
  };

  bool open(Type type) {
    open_.push_back({type, {}, {}, {}});
    return true;
  }

  bool add(Value value) {
    if (open_.empty()) root_ = std::move(value);
    else if (open_.back().type == Type::Map) open_.back().map.emplace_back(std::move(open_.back().key), std::move(value));
    else open_.back().list.push_back(std::move(value));
    return true;
  }

  // Why not the parser's own number: 1.81 is off by up to two units in the last place.
  bool number(string_view part, error_code& code) {
    const std::string text = std::exchange(text_, {}) + text_of(part);
    if (text.find_first_of(".eE") == std::string::npos) {
      const auto integer = parse_integer(text);
      if (!integer) return fail("the integer " + text.substr(0, 40) + " does not fit in 64 bits", code);
      return add(Value::integer(*integer));
    }
    const auto real = parse_double(text);
    if (!real || *real - *real != 0.0) return fail("the number " + text.substr(0, 40) + " is out of range", code);
    return add(Value::real(*real));
  }

  bool fail(std::string what, error_code& code) {
    error = Error{ErrorCode::InvalidRequest, std::move(what)};
    code = make_error_code(boost::json::error::syntax);
    return false;
  }

  std::vector<Open> open_;
  std::string text_;
  Value root_;
};

}  // namespace

Result<Value> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::json::basic_parser<Handler> parser(options);
  error_code code;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), code);
  Handler& handler = parser.handler();
  if (handler.error) return std::move(*handler.error);
  if (code) {
    return Error{ErrorCode::InvalidRequest, "the JSON is malformed near byte " + std::to_string(used) + ": " +
                                                std::string(code.message())};
  }
  for (std::size_t at = used; at < text.size(); ++at) {
    if (std::string_view(" \t\r\n").find(text[at]) == std::string_view::npos) {
      return Error{ErrorCode::InvalidRequest, "something follows the JSON document at byte " + std::to_string(at)};
    }
  }
  return handler.result();
}

}  // namespace nexus::service
