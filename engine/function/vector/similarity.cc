// vector.similarity.cosine() and vector.similarity.euclidean() on lists of numbers.
#include <cmath>

#include "function/families.h"

namespace nexus::function {
namespace {

Result<> check_vector(std::string_view function, const List& list) {
  for (const Value& item : list) {
    if (!item.is_number() || !std::isfinite(item.number())) {
      return Error{ErrorCode::InvalidArgument, std::string(function) + "() expects lists of finite numbers"};
    }
  }
  return Done{};
}

Result<> check_vectors(std::string_view function, const List& a, const List& b) {
  NX_TRY_DO(check_vector(function, a));
  NX_TRY_DO(check_vector(function, b));
  if (a.empty() || a.size() != b.size()) {
    return Error{ErrorCode::InvalidArgument,
                 std::string(function) + "() expects two vectors of the same dimension, not " +
                     std::to_string(a.size()) + " and " + std::to_string(b.size())};
  }
  return Done{};
}

Result<Value> cosine(CallContext&, Arguments arguments) {
  const List& a = arguments[0].list();
  const List& b = arguments[1].list();
  NX_TRY_DO(check_vectors("vector.similarity.cosine", a, b));
  double dot = 0;
  double square_a = 0;
  double square_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += a[i].number() * b[i].number();
    square_a += a[i].number() * a[i].number();
    square_b += b[i].number() * b[i].number();
  }
  const double norms = std::sqrt(square_a) * std::sqrt(square_b);
  if (!(norms > 0) || !std::isfinite(norms)) {
    return Error{ErrorCode::InvalidArgument, "vector.similarity.cosine() needs vectors of a finite length above 0"};
  }
  return Value::real((1 + std::fmax(-1.0, std::fmin(1.0, dot / norms))) / 2);
}

Result<Value> euclidean(CallContext&, Arguments arguments) {
  const List& a = arguments[0].list();
  const List& b = arguments[1].list();
  NX_TRY_DO(check_vectors("vector.similarity.euclidean", a, b));
  double square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = a[i].number() - b[i].number();
    square += difference * difference;
  }
  return Value::real(1 / (1 + square));
}

constexpr TypeSet kList = types(Type::List);
constexpr Parameter kParameters[] = {{"a", kList}, {"b", kList}};
constexpr Example kCosineExamples[] = {
    {"vector.similarity.cosine([1, 0], [2, 0])", "1.0"},
    {"vector.similarity.cosine([1, 0], [0, 1.5])", "0.5"},
    {"vector.similarity.cosine([1], [-1])", "0.0"},
    {"vector.similarity.cosine(null, [1])", "null"},
    {"vector.similarity.cosine([0], [1])", "error InvalidArgument"},
    {"vector.similarity.cosine([1], [1, 2])", "error InvalidArgument"},
};
constexpr Example kEuclideanExamples[] = {
    {"vector.similarity.euclidean([1, 2], [1, 2])", "1.0"},
    {"vector.similarity.euclidean([0], [1])", "0.5"},
    {"vector.similarity.euclidean([1], null)", "null"},
    {"vector.similarity.euclidean([], [])", "error InvalidArgument"},
    {"vector.similarity.euclidean(['ä'], [1])", "error InvalidArgument"},
};
constexpr ScalarFunction kFunctions[] = {
    {"vector.similarity.cosine", "vector", kParameters, types(Type::Float),
     "Returns how alike the directions of two vectors are, from 0 (opposite) to 1 (the same).", kCosineExamples,
     cosine},
    {"vector.similarity.euclidean", "vector", kParameters, types(Type::Float),
     "Returns how near two vectors are, from 0 (far away) to 1 (the same).", kEuclideanExamples, euclidean},
};

}  // namespace

std::span<const ScalarFunction> similarity_functions() { return kFunctions; }

}  // namespace nexus::function
