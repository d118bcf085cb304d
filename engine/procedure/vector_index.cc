// db.index.vector.queryNodes() and queryRelationships(): the nearest neighbours of a vector by an index.
//
//   keys of the index ──▶ those whose bits differ least ──▶ their vectors, compared ──▶ the nearest k
//   40 bytes a vector      kCandidatesMin, or 50 for each     exactly
//                          that is wanted; all of few
//
// By the Euclidean similarity every vector is compared: the bits tell directions only.
// Cost: linear; some 5 ns for a key that is looked at, and a property read for each candidate.
#include <algorithm>
#include <cmath>

#include "procedure/registry.h"
#include "procedure/signature.h"
#include "storage/vector_key.h"
#include "value/vector.h"

namespace nexus::procedure {
namespace {

using storage::EntityKind;
using storage::IndexKey;
using storage::SchemaRule;

constexpr std::size_t kCandidatesMin = 2'000;
constexpr std::size_t kCandidatesForEach = 50;
constexpr std::int64_t kNeighborsMax = 100'000;
constexpr std::size_t kKeysAtOnce = 256;

struct Candidate {
  std::uint64_t id = 0;
  double measure = 0;  // Larger is nearer.
};

// By the number of different bits: the best `max` so far, and at most twice as many are held.
class Selection {
 public:
  explicit Selection(std::size_t max) : max_(max) {}
  void add(unsigned bits, std::uint64_t id) {
    if (bits >= bound_) return;
    items_.push_back({bits, id});
    if (items_.size() >= 2 * max_) cut();
  }
  std::vector<std::uint64_t> take() {
    if (items_.size() > max_) cut();
    std::vector<std::uint64_t> ids;
    for (const auto& [bits, id] : items_) ids.push_back(id);
    return ids;
  }

 private:
  void cut() {
    const auto end = items_.begin() + static_cast<std::ptrdiff_t>(max_);
    std::nth_element(items_.begin(), end, items_.end());
    bound_ = end->first;  // What follows is no better than this.
    items_.erase(end, items_.end());
  }

  const std::size_t max_;
  unsigned bound_ = 257;
  std::vector<std::pair<unsigned, std::uint64_t>> items_;
};

// Sums in several lanes, which compilers turn into vector instructions.
struct Sums {
  double dot = 0, square = 0;  // With the query, and of the vector or of the difference.
};
Sums exact_sums_of(std::span<const float> query, std::span<const float> vector, bool of_difference) {
  Sums sums;
  for (std::size_t at = 0; at < query.size(); ++at) {
    const double left = static_cast<double>(query[at]), right = static_cast<double>(vector[at]);
    sums.dot += left * right;
    sums.square += of_difference ? (right - left) * (right - left) : right * right;
  }
  return sums;
}

template <bool of_difference>
Sums sums_of(std::span<const float> query, std::span<const float> vector) {
  constexpr std::size_t kLanes = 8;
  float dot[kLanes] = {}, square[kLanes] = {};
  std::size_t at = 0;
  for (; at + kLanes <= query.size(); at += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float other = of_difference ? vector[at + lane] - query[at + lane] : vector[at + lane];
      dot[lane] += query[at + lane] * vector[at + lane];
      square[lane] += other * other;
    }
  }
  Sums sums;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sums.dot += static_cast<double>(dot[lane]);
    sums.square += static_cast<double>(square[lane]);
  }
  for (; at < query.size(); ++at) {
    const double left = static_cast<double>(query[at]), right = static_cast<double>(vector[at]);
    sums.dot += left * right;
    sums.square += of_difference ? (right - left) * (right - left) : right * right;
  }
  // Squares of very large and very small coordinates are no floats.
  const bool fits = std::isfinite(sums.dot) && std::isfinite(sums.square) && (of_difference || sums.square > 1e-30);
  return fits ? sums : exact_sums_of(query, vector, of_difference);
}

class Search {
 public:
  Search(exec::ProcedureContext& context, const SchemaRule& rule, std::vector<float> query)
      : context_(context), rule_(rule), query_(std::move(query)), norm_(std::sqrt(sums_of<false>(query_, query_).square)) {}

  Result<std::vector<Candidate>> nearest(std::size_t count) {
    NX_TRY(const std::vector<std::uint64_t> ids, candidates(count));
    std::vector<Candidate> found;
    NX_TRY_DO(context_.budget.charge(ids.size() * sizeof(Candidate)));
    for (const std::uint64_t id : ids) {
      NX_TRY_DO(tick());
      if (const auto measure = measured(id)) found.push_back({id, *measure});
    }
    const auto is_nearer = [](const Candidate& a, const Candidate& b) {
      return a.measure != b.measure ? a.measure > b.measure : a.id < b.id;
    };
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(count, found.size()));
    std::partial_sort(found.begin(), end, found.end(), is_nearer);
    found.erase(end, found.end());
    context_.budget.release(ids.size() * sizeof(Candidate));
    return found;
  }

  Value property(std::uint64_t id) const {
    return rule_.entity == EntityKind::Node ? context_.transaction.node_property(id, rule_.keys[0])
                                            : context_.transaction.relationship_property(id, rule_.keys[0]);
  }

 private:
  // Of few, or where bits say nothing, all.
  Result<std::vector<std::uint64_t>> candidates(std::size_t count) {
    const std::uint64_t entries = context_.transaction.index_count(rule_.id);
    const std::size_t max = std::max(kCandidatesMin, kCandidatesForEach * count);
    const bool takes_all = rule_.is_euclidean() || entries <= max;
    const std::size_t kept = takes_all ? static_cast<std::size_t>(entries) : 2 * max;
    NX_TRY_DO(context_.budget.charge(kept * sizeof(std::pair<unsigned, std::uint64_t>)));
    const auto center = context_.transaction.vector_center(rule_.id);
    const IndexKey wanted = storage::vector_key(query_, 0, center.get());
    std::vector<std::uint64_t> ids;
    Selection selection(max);
    IndexKey position;
    IndexKey keys[kKeysAtOnce];
    while (const std::size_t found = context_.transaction.scan_index_keys(rule_.id, position, keys)) {
      NX_TRY_DO(context_.cancellation.check(context_.clock));
      for (std::size_t at = 0; at < found; ++at) {
        if (takes_all) ids.push_back(keys[at].id);
        else selection.add(storage::different_bits(keys[at], wanted), keys[at].id);
      }
    }
    if (!takes_all) ids = selection.take();
    context_.budget.release(kept * sizeof(std::pair<unsigned, std::uint64_t>));
    return ids;
  }

  // Without dimensions in the index, vectors of others are in it, too.
  std::optional<double> measured(std::uint64_t id) {
    if (!storage::read_coordinates(property(id), query_.size(), !rule_.is_euclidean(), vector_)) return std::nullopt;
    if (rule_.is_euclidean()) return -sums_of<true>(query_, vector_).square;
    const Sums sums = sums_of<false>(query_, vector_);
    return sums.dot / (std::sqrt(sums.square) * norm_);
  }

  Result<> tick() {
    if (++steps_ % kKeysAtOnce != 0) return Done{};
    return context_.cancellation.check(context_.clock);
  }

  exec::ProcedureContext& context_;
  const SchemaRule& rule_;
  const std::vector<float> query_;
  const double norm_;
  std::vector<float> vector_;  // The one that is compared.
  std::size_t steps_ = 0;
};

Error bad_argument(std::string_view what) { return Error(ErrorCode::InvalidArgument, std::string(what)); }

exec::StreamResult query_index(exec::ProcedureContext& context, const List& arguments, EntityKind entity) {
  for (const Value& argument : arguments) {
    if (argument.is_null()) return bad_argument("db.index.vector.query…() takes no null.");
  }
  const std::string_view name = arguments[0].string();
  const SchemaRule* rule = context.transaction.schema().find(name);
  if (rule == nullptr || rule->kind != storage::RuleKind::VectorIndex) {
    return Error(ErrorCode::IndexNotFound, "there is no vector index `" + std::string(name) + "`");
  }
  if (rule->entity != entity) {
    return bad_argument("the vector index `" + std::string(name) + "` is about " +
                        (entity == EntityKind::Node ? "relationships: queryRelationships() searches it." : "nodes: queryNodes() searches it."));
  }
  const std::int64_t count = arguments[1].integer();
  if (count < 1 || count > kNeighborsMax) return bad_argument("numberOfNearestNeighbours is from 1 to 100,000.");
  auto query = storage::vector_coordinates(arguments[2], rule->vector.dimension, !rule->is_euclidean());
  if (!query) {
    const std::string dimension = rule->vector.dimension == 0 ? std::string("1 to 4096") : std::to_string(rule->vector.dimension);
    return bad_argument("the query vector must be a VECTOR or a list of " + dimension + " finite numbers" +
                        (rule->is_euclidean() ? "." : ", not all of them zero."));
  }
  Search search(context, *rule, std::move(*query));
  NX_TRY(const std::vector<Candidate> found, search.nearest(static_cast<std::size_t>(count)));
  std::vector<List> rows;
  NX_TRY_DO(context.budget.charge(found.size() * (sizeof(List) + 4 * sizeof(Value))));
  for (const Candidate& one : found) {
    const Value entity_value = entity == EntityKind::Node ? Value::node(one.id) : Value::relationship(one.id);
    // The score of vector.similarity.cosine() and .euclidean().
    const double score = rule->is_euclidean() ? 1 / (1 - one.measure) : (1 + std::clamp(one.measure, -1.0, 1.0)) / 2;
    rows.push_back({entity_value, Value::real(score)});
  }
  return stream_of(std::move(rows));
}

plan::ProcedureSignature signature_of(std::string name, plan::ProcedureSignature::Field entity, std::string_view what) {
  return signature(std::move(name),
                   "Finds the " + std::string(what) + " whose vectors are nearest to the given one, by a vector index, the nearest first.",
                   {string_field("indexName"), integer_field("numberOfNearestNeighbours"),
                    {"query", function::types(Type::List, Type::Vector), "LIST<FLOAT> | VECTOR"}},
                   {}, {std::move(entity), {"score", function::types(Type::Float), "FLOAT"}});
}

}  // namespace

void add_vector_index(Registry& registry) {
  registry.add(signature_of("db.index.vector.queryNodes", node_field("node"), "nodes"),
               [](exec::ProcedureContext& context, List arguments) { return query_index(context, arguments, EntityKind::Node); });
  registry.add(signature_of("db.index.vector.queryRelationships", relationship_field("relationship"), "relationships"),
               [](exec::ProcedureContext& context, List arguments) { return query_index(context, arguments, EntityKind::Relationship); });
}

}  // namespace nexus::procedure
