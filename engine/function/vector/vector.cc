// vector(), its measures, and vector.similarity.*() on vectors and lists of numbers.
#include "value/vector.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/number.h"
#include "function/families.h"
#include "value/text.h"

namespace nexus::function {
namespace {

// Why out of line: many small texts would make code of their own at every place.
[[gnu::noinline]] Error bad(std::string_view function, std::initializer_list<std::string_view> parts) {
  std::string message(function);
  message += "() ";
  for (const std::string_view part : parts) message += part;
  return Error{ErrorCode::InvalidArgument, std::move(message)};
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "[1, 2.5, 3e-4]"; not many more numbers than `wanted`. Null when it is no such text.
Value numbers_of(std::string_view text, std::size_t wanted) {
  text = trim(text);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return Value::null();
  text = trim(text.substr(1, text.size() - 2));
  List numbers;
  for (bool more = !text.empty(); more && numbers.size() <= wanted;) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view part = trim(text.substr(0, end));
    const auto integer = parse_integer(part);
    const auto real = parse_double(part);
    if (!real) return Value::null();
    numbers.push_back(integer ? Value::integer(*integer) : Value::real(*real));
    more = end < text.size();
    text.remove_prefix(more ? end + 1 : end);
  }
  return Value::list(std::move(numbers));
}

Result<Value> make_vector(CallContext& context, Arguments arguments) {
  constexpr std::string_view kName = "vector";
  const std::int64_t wanted = arguments[1].integer();
  if (wanted < 1 || wanted > static_cast<std::int64_t>(kVectorDimensionMax)) {
    return bad(kName, {"needs a dimension from 1 to 4096, not ", to_text(arguments[1])});
  }
  const auto type = coordinate_type(arguments[2].string());
  if (!type) {
    return bad(kName, {"needs INTEGER8, INTEGER16, INTEGER32, INTEGER, FLOAT32 or FLOAT as coordinateType, not ",
                       arguments[2].string()});
  }
  const auto count = static_cast<std::size_t>(wanted);
  const Value numbers = arguments[0].is(Type::String) ? numbers_of(arguments[0].string(), count) : arguments[0];
  if (numbers.is_null()) return bad(kName, {"needs numbers between brackets in a STRING"});
  if (numbers.list().size() != count) {
    return bad(kName, {"needs as many numbers as its dimension of ", to_text(arguments[1])});
  }
  NX_TRY_DO(check_room(context, count * coordinate_bytes(*type)));
  Vector vector{*type, {}};
  for (const Value& number : numbers.list()) {
    if (!number.is_number() || !add_coordinate(vector, number)) {
      return bad(kName, {"cannot make ", to_text(number), " a coordinate of type ", coordinate_name(*type)});
    }
  }
  return Value::vector(std::move(vector));
}

Result<Value> dimension_count(CallContext&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(dimension(arguments[0].vector())));
}

constexpr std::string_view kMetrics[] = {"EUCLIDEAN", "MANHATTAN", "EUCLIDEAN_SQUARED", "COSINE", "DOT", "HAMMING"};
enum Metric : std::size_t { kEuclidean, kManhattan, kEuclideanSquared, kCosine, kDot, kHamming, kUnknown };

Metric metric_of(const Value& name) {
  return static_cast<Metric>(std::find(std::begin(kMetrics), std::end(kMetrics), name.string()) - kMetrics);
}

std::size_t size_of(const Value& value) {
  return value.is(Type::Vector) ? dimension(value.vector()) : value.list().size();
}

// NaN for what is no finite number.
double number_at(const Value& value, std::size_t at) {
  if (value.is(Type::Vector)) {
    const Vector& vector = value.vector();
    // Why by hand: these are what there are many of.
    if (std::endian::native == std::endian::little && vector.type == CoordinateType::Float32) {
      float real;
      std::memcpy(&real, vector.bytes.data() + sizeof real * at, sizeof real);
      return static_cast<double>(real);
    }
    return coordinate(vector, at).number();
  }
  const Value& number = value.list()[at];
  return number.is_number() && std::isfinite(number.number()) ? number.number() : std::nan("");
}

// The metric of two sequences of numbers; of COSINE and DOT the cosine and the product. Without `b` of `a` and nothing
// but zeros.
Result<double> measure(std::string_view function, const Value& a, const Value* b, Metric metric) {
  const std::size_t size = size_of(a);
  if (size == 0 || (b != nullptr && size != size_of(*b))) {
    return bad(function, {"expects two vectors of the same dimension"});
  }
  double dot = 0, square_a = 0, square_b = 0, square = 0, sum = 0, different = 0;
  for (std::size_t at = 0; at < size; ++at) {
    const double left = number_at(a, at);
    const double right = b == nullptr ? 0 : number_at(*b, at);
    const double difference = left - right;
    if (std::isnan(difference)) return bad(function, {"expects lists of finite numbers"});
    dot += left * right;
    square_a += left * left;
    square_b += right * right;
    square += difference * difference;
    sum += std::fabs(difference);
    different += difference != 0 ? 1 : 0;
  }
  const double norms = std::sqrt(square_a) * std::sqrt(square_b);
  switch (metric) {
    case kEuclidean: return std::sqrt(square);
    case kManhattan: return sum;
    case kEuclideanSquared: return square;
    case kDot: return dot;
    case kHamming: return different;
    case kCosine:
      if (!(norms > 0) || !std::isfinite(norms)) return bad(function, {"needs vectors of a finite length above 0"});
      return std::fmax(-1.0, std::fmin(1.0, dot / norms));
    case kUnknown: break;
  }
  return bad(function, {"needs EUCLIDEAN, MANHATTAN or, for distances, EUCLIDEAN_SQUARED, COSINE, DOT or HAMMING"});
}

Result<Value> cosine_similarity(CallContext&, Arguments arguments) {
  NX_TRY(const double cosine, measure("vector.similarity.cosine", arguments[0], &arguments[1], kCosine));
  return Value::real((1 + cosine) / 2);
}

Result<Value> euclidean_similarity(CallContext&, Arguments arguments) {
  NX_TRY(const double square,
         measure("vector.similarity.euclidean", arguments[0], &arguments[1], kEuclideanSquared));
  return Value::real(1 / (1 + square));
}

Result<Value> distance(CallContext&, Arguments arguments) {
  const Metric metric = metric_of(arguments[2]);
  NX_TRY(const double measured, measure("vector_distance", arguments[0], &arguments[1], metric));
  return Value::real(metric == kCosine ? 1 - measured : metric == kDot ? 0 - measured : measured);
}

Result<Value> norm(CallContext&, Arguments arguments) {
  const Metric metric = metric_of(arguments[1]);
  NX_TRY(const double measured,
         measure("vector_norm", arguments[0], nullptr, metric > kManhattan ? kUnknown : metric));
  return Value::real(measured);
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
