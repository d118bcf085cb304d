// vector(), its measures, and vector.similarity.*() on vectors and lists of numbers.
#include "value/vector.h"

#include <cmath>

#include "base/number.h"
#include "function/families.h"
#include "value/text.h"

namespace nexus::function {
namespace {

Error bad(std::string_view function, std::string_view why) {
  return Error{ErrorCode::InvalidArgument, std::string(function) + "() " + std::string(why)};
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "[1, 2.5, 3e-4]"; not many more numbers than `wanted`.
Result<List> numbers_of(std::string_view text, std::size_t wanted) {
  text = trim(text);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') {
    return bad("vector", "needs numbers between brackets in a STRING");
  }
  text = trim(text.substr(1, text.size() - 2));
  List numbers;
  while (!text.empty() && numbers.size() <= wanted) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view part = trim(text.substr(0, end));
    const bool is_last = end == text.size();
    text.remove_prefix(is_last ? end : end + 1);
    const auto integer = parse_integer(part);
    const auto real = parse_double(part);
    if (!real || (!is_last && text.empty())) return bad("vector", quote_string(part) + " is not a number");
    numbers.push_back(integer ? Value::integer(*integer) : Value::real(*real));
  }
  return numbers;
}

Result<Value> make_vector(CallContext& context, Arguments arguments) {
  const std::int64_t wanted = arguments[1].integer();
  if (wanted < 1 || wanted > static_cast<std::int64_t>(kVectorDimensionMax)) {
    return bad("vector", "needs a dimension from 1 to 4096, not " + std::to_string(wanted));
  }
  const auto type = coordinate_type(arguments[2].string());
  if (!type) {
    return bad("vector", "needs INTEGER8, INTEGER16, INTEGER32, INTEGER, FLOAT32 or FLOAT as coordinateType, not " +
                             std::string(arguments[2].string()));
  }
  const auto count = static_cast<std::size_t>(wanted);
  List parsed;
  if (arguments[0].is(Type::String)) {
    NX_TRY(parsed, numbers_of(arguments[0].string(), count));
  }
  const List& list = arguments[0].is(Type::String) ? parsed : arguments[0].list();
  if (list.size() != count) {
    return bad("vector", "needs as many numbers as its dimension of " + std::to_string(count) +
                             (list.size() > count ? ", got more" : ", got " + std::to_string(list.size())));
  }
  NX_TRY_DO(check_room(context, count * coordinate_bytes(*type)));
  Vector vector{*type, {}};
  for (const Value& number : list) {
    if (!number.is_number()) {
      return bad("vector", "needs numbers as coordinates, not " + std::string(type_name(number.type())));
    }
    if (!add_coordinate(vector, number)) {
      return bad("vector", "cannot make " + to_text(number) + " a coordinate of type " +
                               std::string(coordinate_name(*type)));
    }
  }
  return Value::vector(std::move(vector));
}

Result<Value> dimension_count(CallContext&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(dimension(arguments[0].vector())));
}

// What all measures of two sequences of numbers are made of.
struct Sums {
  double dot = 0;
  double square_a = 0;
  double square_b = 0;
  double square_difference = 0;
  double difference = 0;
  double different = 0;

  Result<double> cosine(std::string_view function) const {
    const double norms = std::sqrt(square_a) * std::sqrt(square_b);
    if (!(norms > 0) || !std::isfinite(norms)) return bad(function, "needs vectors of a finite length above 0");
    return std::fmax(-1.0, std::fmin(1.0, dot / norms));
  }
};

std::size_t size_of(const Value& value) {
  return value.is(Type::Vector) ? dimension(value.vector()) : value.list().size();
}

Result<double> number_at(std::string_view function, const Value& value, std::size_t at) {
  if (value.is(Type::Vector)) return coordinate(value.vector(), at).number();
  const Value& item = value.list()[at];
  if (!item.is_number() || !std::isfinite(item.number())) return bad(function, "expects lists of finite numbers");
  return item.number();
}

Result<Sums> sums_of(std::string_view function, const Value& a, const Value& b) {
  if (size_of(a) == 0 || size_of(a) != size_of(b)) {
    return bad(function, "expects two vectors of the same dimension, not " + std::to_string(size_of(a)) + " and " +
                             std::to_string(size_of(b)));
  }
  Sums sums;
  for (std::size_t at = 0; at < size_of(a); ++at) {
    NX_TRY(const double left, number_at(function, a, at));
    NX_TRY(const double right, number_at(function, b, at));
    sums.dot += left * right;
    sums.square_a += left * left;
    sums.square_b += right * right;
    sums.square_difference += (left - right) * (left - right);
    sums.difference += std::fabs(left - right);
    sums.different += left != right ? 1 : 0;
  }
  return sums;
}

Result<Value> cosine_similarity(CallContext&, Arguments arguments) {
  NX_TRY(const Sums sums, sums_of("vector.similarity.cosine", arguments[0], arguments[1]));
  NX_TRY(const double cosine, sums.cosine("vector.similarity.cosine"));
  return Value::real((1 + cosine) / 2);
}

Result<Value> euclidean_similarity(CallContext&, Arguments arguments) {
  NX_TRY(const Sums sums, sums_of("vector.similarity.euclidean", arguments[0], arguments[1]));
  return Value::real(1 / (1 + sums.square_difference));
}

Result<Value> distance(CallContext&, Arguments arguments) {
  NX_TRY(const Sums sums, sums_of("vector_distance", arguments[0], arguments[1]));
  const std::string_view metric = arguments[2].string();
  if (metric == "EUCLIDEAN") return Value::real(std::sqrt(sums.square_difference));
  if (metric == "EUCLIDEAN_SQUARED") return Value::real(sums.square_difference);
  if (metric == "MANHATTAN") return Value::real(sums.difference);
  if (metric == "DOT") return Value::real(0.0 - sums.dot);
  if (metric == "HAMMING") return Value::real(sums.different);
  if (metric != "COSINE") {
    return bad("vector_distance", "needs EUCLIDEAN, EUCLIDEAN_SQUARED, MANHATTAN, COSINE, DOT or HAMMING as "
                                  "vectorDistanceMetric, not " + std::string(metric));
  }
  NX_TRY(const double cosine, sums.cosine("vector_distance"));
  return Value::real(1 - cosine);
}

Result<Value> norm(CallContext&, Arguments arguments) {
  const std::string_view metric = arguments[1].string();
  if (metric != "EUCLIDEAN" && metric != "MANHATTAN") {
    return bad("vector_norm", "needs EUCLIDEAN or MANHATTAN as vectorDistanceMetric, not " + std::string(metric));
  }
  double squares = 0, sum = 0;
  for (const Value& number : coordinates(arguments[0].vector())) {
    squares += number.number() * number.number();
    sum += std::fabs(number.number());
  }
  return Value::real(metric == "EUCLIDEAN" ? std::sqrt(squares) : sum);
}

constexpr TypeSet kVector = types(Type::Vector);
constexpr TypeSet kNumbers = types(Type::List, Type::Vector);
constexpr Parameter kMaking[] = {{"vectorValue", types(Type::List, Type::String)},
                                 {"dimension", types(Type::Integer)},
                                 {"coordinateType", types(Type::String)}};
constexpr Parameter kOne[] = {{"vector", kVector}};
constexpr Parameter kTwo[] = {{"a", kNumbers}, {"b", kNumbers}};
constexpr Parameter kDistance[] = {
    {"vector1", kVector}, {"vector2", kVector}, {"vectorDistanceMetric", types(Type::String)}};
constexpr Parameter kNorm[] = {{"vector", kVector}, {"vectorDistanceMetric", types(Type::String)}};

constexpr Example kMakingExamples[] = {
    {"vector([1, 2, 3], 3, INTEGER8)", "vector([1, 2, 3], 3, INTEGER8)"},
    {"vector('[1.05, 2e2]', 2, FLOAT32)", "vector([1.05, 200.0], 2, FLOAT32)"},
    {"vector([1.9, -1.9], 2, INT64)", "vector([1, -1], 2, INTEGER)"},
    {"vector(null, 3, FLOAT)", "null"},
    {"vector([1, 2], 3, FLOAT)", "error InvalidArgument"},
    {"vector([128], 1, INTEGER8)", "error InvalidArgument"},
    {"vector([null], 1, FLOAT)", "error InvalidArgument"},
    {"vector([], 0, FLOAT)", "error InvalidArgument"},
    {"vector('[1, ä]', 2, FLOAT)", "error InvalidArgument"},
};
constexpr Example kDimensionExamples[] = {
    {"vector_dimension_count(vector([1, 2, 3], 3, INT8))", "3"},
    {"vector_dimension_count(null)", "null"},
};
constexpr Example kDistanceExamples[] = {
    {"vector_distance(vector([0, 0], 2, INT8), vector([3, 4], 2, FLOAT), EUCLIDEAN)", "5.0"},
    {"vector_distance(vector([1, 2], 2, INT8), vector([3, -4], 2, INT8), MANHATTAN)", "8.0"},
    {"vector_distance(vector([1, 2], 2, INT8), vector([3, 4], 2, INT8), DOT)", "-11.0"},
    {"vector_distance(vector([1, 0], 2, INT8), vector([0, 1], 2, INT8), COSINE)", "1.0"},
    {"vector_distance(vector([1, 2, 3], 3, INT8), vector([1, 3, 2], 3, INT8), HAMMING)", "2.0"},
    {"vector_distance(vector([1], 1, INT8), vector([1, 2], 2, INT8), DOT)", "error InvalidArgument"},
    {"vector_distance(vector([1], 1, INT8), null, DOT)", "null"},
};
constexpr Example kNormExamples[] = {
    {"vector_norm(vector([3, -4], 2, INT8), EUCLIDEAN)", "5.0"},
    {"vector_norm(vector([3, -4], 2, INT8), MANHATTAN)", "7.0"},
    {"vector_norm(vector([3], 1, INT8), DOT)", "error InvalidArgument"},
    {"vector_norm(null, EUCLIDEAN)", "null"},
};
constexpr Example kCosineExamples[] = {
    {"vector.similarity.cosine([1, 0], [2, 0])", "1.0"},
    {"vector.similarity.cosine([1, 0], [0, 1.5])", "0.5"},
    {"vector.similarity.cosine([1], [-1])", "0.0"},
    {"vector.similarity.cosine(null, [1])", "null"},
    {"vector.similarity.cosine([0], [1])", "error InvalidArgument"},
    {"vector.similarity.cosine([1], [1, 2])", "error InvalidArgument"},
    {"vector.similarity.cosine(vector([1], 1, INT8), [2])", "1.0"},
};
constexpr Example kEuclideanExamples[] = {
    {"vector.similarity.euclidean([1, 2], [1, 2])", "1.0"},
    {"vector.similarity.euclidean([0], [1])", "0.5"},
    {"vector.similarity.euclidean([1], null)", "null"},
    {"vector.similarity.euclidean([], [])", "error InvalidArgument"},
    {"vector.similarity.euclidean(['ä'], [1])", "error InvalidArgument"},
};
constexpr ScalarFunction kFunctions[] = {
    {"vector", "vector", kMaking, kVector,
     "Makes a vector of numbers, or of a text like '[1, 2]'; the type is INTEGER8, INTEGER16, INTEGER32, INTEGER, "
     "FLOAT32 or FLOAT.",
     kMakingExamples, make_vector},
    {"vector_dimension_count", "vector", kOne, types(Type::Integer), "Returns how many coordinates a vector has.",
     kDimensionExamples, dimension_count},
    {"vector_distance", "vector", kDistance, types(Type::Float),
     "Returns how far two vectors are from each other: EUCLIDEAN, EUCLIDEAN_SQUARED, MANHATTAN, COSINE, DOT or "
     "HAMMING.",
     kDistanceExamples, distance},
    {"vector_norm", "vector", kNorm, types(Type::Float), "Returns the length of a vector: EUCLIDEAN or MANHATTAN.",
     kNormExamples, norm},
    {"vector.similarity.cosine", "vector", kTwo, types(Type::Float),
     "Returns how alike the directions of two vectors are, from 0 (opposite) to 1 (the same).", kCosineExamples,
     cosine_similarity},
    {"vector.similarity.euclidean", "vector", kTwo, types(Type::Float),
     "Returns how near two vectors are, from 0 (far away) to 1 (the same).", kEuclideanExamples,
     euclidean_similarity},
};

}  // namespace

std::span<const ScalarFunction> vector_functions() { return kFunctions; }

}  // namespace nexus::function
