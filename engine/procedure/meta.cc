// The shape of a graph as clients ask for it that were written for APOC: what labels, types and
// properties there are, by looking at some nodes of each label.
//
// Cost: `sample` nodes of each label (1,000 unless told, -1 for all) and `maxRels` relationships of
// each of them; the memory is bounded by the number of different names.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "exec/charge.h"
#include "procedure/registry.h"
#include "procedure/signature.h"
#include "value/compare.h"

namespace nexus::procedure {
namespace {

using storage::EntityKind;
using storage::NodeId;
using storage::TokenId;
using storage::TokenKind;
using Rows = std::vector<List>;

struct MetaOptions {
  std::int64_t sample = 1000;
  std::int64_t relationships_max = 100;
  std::set<std::string, std::less<>> only_labels, only_types, no_labels, no_types;

  bool takes_label(std::string_view name) const { return takes(name, only_labels, no_labels); }
  bool takes_type(std::string_view name) const { return takes(name, only_types, no_types); }

 private:
  static bool takes(std::string_view name, const std::set<std::string, std::less<>>& only,
                    const std::set<std::string, std::less<>>& without) {
    return (only.empty() || only.find(name) != only.end()) && without.find(name) == without.end();
  }
};

Result<> take_number(const MapEntry& option, std::int64_t& into) {
  if (!option.second.is(Type::Integer)) {
    return Error{ErrorCode::InvalidArgument, "the option " + option.first + " is an integer"};
  }
  into = option.second.integer();
  return Done{};
}

Result<> take_names(const MapEntry& option, std::set<std::string, std::less<>>& into) {
  if (!option.second.is(Type::List)) {
    return Error{ErrorCode::InvalidArgument, "the option " + option.first + " is a list of names"};
  }
  for (const Value& item : option.second.list()) {
    if (item.is(Type::String)) into.emplace(item.string());
  }
  return Done{};
}

Result<MetaOptions> options_of(const Value& config) {
  MetaOptions options;
  if (config.is_null()) return options;
  for (const MapEntry& option : config.map()) {
    const std::string& key = option.first;
    if (key == "sample") NX_TRY_DO(take_number(option, options.sample));
    if (key == "maxRels") NX_TRY_DO(take_number(option, options.relationships_max));
    if (key == "includeLabels" || key == "labels") NX_TRY_DO(take_names(option, options.only_labels));
    if (key == "includeRels" || key == "rels") NX_TRY_DO(take_names(option, options.only_types));
    if (key == "excludeLabels") NX_TRY_DO(take_names(option, options.no_labels));
    if (key == "excludeRels" || key == "excludeTypes") NX_TRY_DO(take_names(option, options.no_types));
  }
  return options;
}

std::string_view type_word(const Value& value) {
  switch (value.type()) {
    case Type::Time: return "TIME";
    case Type::LocalTime: return "LOCAL_TIME";
    case Type::DateTime: return "DATE_TIME";
    case Type::LocalDateTime: return "LOCAL_DATE_TIME";
    case Type::List: return "LIST";
    default: return type_name(value.type());
  }
}

struct KeyShape {
  std::string_view type;  // Of the first value that was seen.
  bool is_list = false;
};
struct LinkShape {
  std::uint64_t count = 0;
  std::map<TokenId, std::uint64_t> ends;  // Labels at the other end.
};
struct LabelShape {
  std::map<TokenId, KeyShape> keys;
  std::map<TokenId, LinkShape> links;  // Outgoing, by type.
};
struct TypeShape {
  std::map<TokenId, KeyShape> keys;
  std::map<TokenId, LinkShape> links;  // By the label of the start.
};
struct Shapes {
  std::map<TokenId, LabelShape> labels;
  std::map<TokenId, TypeShape> types;
};

void note(std::map<TokenId, KeyShape>& keys, std::span<const storage::Property> properties) {
  for (const storage::Property& property : properties) {
    const auto [at, is_new] = keys.try_emplace(property.key);
    if (is_new) at->second = {type_word(property.value), property.value.is(Type::List)};
  }
}

class Survey {
 public:
  Survey(exec::ProcedureContext& context, const MetaOptions& options) : context_(context), options_(options) {}

  Result<Shapes> run() {
    const storage::Transaction& transaction = context_.transaction;
    for (TokenId label = 0; label < transaction.token_count(TokenKind::Label); ++label) {
      if (transaction.node_count(label) == 0 || !options_.takes_label(transaction.token_name(TokenKind::Label, label))) continue;
      NX_TRY_DO(look_at(label));
    }
    return std::move(shapes_);
  }

 private:
  // Every n-th of the label's nodes, so that the old and the young ones are seen.
  Result<> look_at(TokenId label) {
    const std::uint64_t count = context_.transaction.node_count(label);
    const std::uint64_t sample = options_.sample < 1 ? count : static_cast<std::uint64_t>(options_.sample);
    const std::uint64_t stride = std::max<std::uint64_t>(count / sample, 1);
    LabelShape& shape = shapes_.labels[label];
    storage::ScanPosition position;
    std::vector<NodeId> ids(1024);
    std::uint64_t at = 0;
    while (const std::size_t found = context_.transaction.scan_label(label, position, ids)) {
      NX_TRY_DO(context_.cancellation.check(context_.clock));
      for (std::size_t i = 0; i < found; ++i) {
        if (at++ % stride == 0) look_at(label, ids[i], shape);
      }
    }
    return Done{};
  }

  void look_at(TokenId label, NodeId node, LabelShape& shape) {
    const storage::Transaction& transaction = context_.transaction;
    note(shape.keys, transaction.node_properties(node));
    neighbors_.clear();
    transaction.expand(node, storage::Direction::Outgoing, {}, neighbors_);
    std::int64_t looked_at = 0;
    for (const storage::Neighbor& neighbor : neighbors_) {
      if (options_.relationships_max >= 0 && looked_at++ >= options_.relationships_max) break;
      if (!options_.takes_type(transaction.token_name(TokenKind::Type, neighbor.type))) continue;
      LinkShape& outgoing = shape.links[neighbor.type];
      TypeShape& type = shapes_.types[neighbor.type];
      LinkShape& link = type.links[label];
      ++outgoing.count;
      ++link.count;
      for (const TokenId end : transaction.labels(neighbor.node)) {
        if (!options_.takes_label(transaction.token_name(TokenKind::Label, end))) continue;
        ++outgoing.ends[end];
        ++link.ends[end];
      }
      note(type.keys, transaction.relationship_properties(neighbor.relationship));
    }
  }

  exec::ProcedureContext& context_;
  const MetaOptions& options_;
  Shapes shapes_;
  std::vector<storage::Neighbor> neighbors_;
};

struct RulesOfKey {
  bool is_unique = false, is_indexed = false, is_required = false;
};

RulesOfKey rules_of(const storage::Transaction& transaction, EntityKind entity, TokenId token, TokenId key) {
  RulesOfKey found;
  const storage::Schema& schema = transaction.schema();
  for (const std::uint32_t at : schema.about(entity, token)) {
    const storage::SchemaRule& rule = schema.rules()[at];
    if (std::find(rule.keys.begin(), rule.keys.end(), key) == rule.keys.end()) continue;
    found.is_unique = found.is_unique || (rule.is_unique() && rule.keys.size() == 1);
    found.is_indexed = found.is_indexed || rule.is_range();
    found.is_required = found.is_required || rule.needs_presence();
  }
  return found;
}

Value count_of(std::uint64_t count) { return Value::integer(static_cast<std::int64_t>(count)); }

class DataRows {
 public:
  explicit DataRows(const storage::Transaction& transaction) : transaction_(transaction) {}

  void add_keys(EntityKind entity, TokenId token, const std::map<TokenId, KeyShape>& keys) {
    for (const auto& [key, shape] : keys) {
      const RulesOfKey rules = rules_of(transaction_, entity, token, key);
      rows.push_back({name_of(entity, token), Value::string(transaction_.token_name(TokenKind::Key, key)),
                      Value::integer(0), Value::boolean(rules.is_unique), Value::boolean(rules.is_indexed),
                      Value::boolean(rules.is_required), Value::string(shape.type), Value::boolean(shape.is_list),
                      Value::null(), Value::integer(0), Value::integer(0), Value::list({}), Value::list({}), word(entity)});
    }
  }

  // `property` is the type for a label's row, the label at the start for a type's.
  void add_link(EntityKind entity, TokenId token, Value property, const LinkShape& link, std::uint64_t starts) {
    List ends;
    for (const auto& [label, count] : link.ends) ends.push_back(Value::string(transaction_.token_name(TokenKind::Label, label)));
    const std::uint64_t left = starts == 0 ? 0 : link.count / starts;
    rows.push_back({name_of(entity, token), std::move(property), count_of(link.count), Value::boolean(false),
                    Value::boolean(false), Value::boolean(false), Value::string("RELATIONSHIP"),
                    Value::boolean(link.count > starts), Value::null(), count_of(left), Value::integer(0),
                    Value::list(std::move(ends)), Value::list({}), word(entity)});
  }

  Rows rows;

 private:
  Value name_of(EntityKind entity, TokenId token) const {
    return Value::string(transaction_.token_name(entity == EntityKind::Node ? TokenKind::Label : TokenKind::Type, token));
  }
  static Value word(EntityKind entity) { return Value::string(entity == EntityKind::Node ? "node" : "relationship"); }

  const storage::Transaction& transaction_;
};

exec::StreamResult meta_data(exec::ProcedureContext& context, List arguments) {
  NX_TRY(const MetaOptions options, options_of(arguments[0]));
  NX_TRY(const Shapes shapes, Survey(context, options).run());
  const storage::Transaction& transaction = context.transaction;
  DataRows made(transaction);
  for (const auto& [label, shape] : shapes.labels) {
    made.add_keys(EntityKind::Node, label, shape.keys);
    for (const auto& [type, link] : shape.links) {
      made.add_link(EntityKind::Node, label, Value::string(transaction.token_name(TokenKind::Type, type)), link,
                    transaction.node_count(label));
    }
  }
  for (const auto& [type, shape] : shapes.types) {
    made.add_keys(EntityKind::Relationship, type, shape.keys);
    for (const auto& [label, link] : shape.links) {
      made.add_link(EntityKind::Relationship, type, Value::string(transaction.token_name(TokenKind::Label, label)), link,
                    transaction.node_count(label));
    }
  }
  return stream_of(std::move(made.rows));
}

exec::StreamResult meta_graph(exec::ProcedureContext& context, List arguments) {
  NX_TRY(const MetaOptions options, options_of(arguments[0]));
  NX_TRY(const Shapes shapes, Survey(context, options).run());
  const storage::Transaction& transaction = context.transaction;
  std::map<TokenId, std::uint64_t> indexes;
  List nodes, relationships;
  for (const auto& [label, shape] : shapes.labels) {
    const std::string name(transaction.token_name(TokenKind::Label, label));
    const std::uint64_t index = nodes.size();
    indexes.emplace(label, index);
    NodeData data;
    data.id = virtual_id(index);
    data.element_id = virtual_element_id(index);
    data.labels = {name};
    data.properties = make_map({{"name", Value::string(name)}, {"count", count_of(transaction.node_count(label))}});
    nodes.push_back(Value::node(std::move(data)));
  }
  for (const auto& [type, shape] : shapes.types) {
    const std::string name(transaction.token_name(TokenKind::Type, type));
    for (const auto& [start, link] : shape.links) {
      for (const auto& [end, count] : link.ends) {
        const std::uint64_t index = relationships.size();
        RelationshipData data;
        data.id = virtual_id(index);
        data.element_id = virtual_element_id(index);
        data.type = name;
        data.start = virtual_id(indexes.at(start));
        data.end = virtual_id(indexes.at(end));
        data.start_element_id = virtual_element_id(indexes.at(start));
        data.end_element_id = virtual_element_id(indexes.at(end));
        data.properties = make_map({{"type", Value::string(name)}, {"count", count_of(count)}});
        relationships.push_back(Value::relationship(std::move(data)));
      }
    }
  }
  return stream_of({{Value::list(std::move(nodes)), Value::list(std::move(relationships))}});
}

// How many entities an index on these keys holds, and how many different values they have.
struct IndexSize {
  std::uint64_t entries = 0;
  std::uint64_t distinct = 0;
};

Result<IndexSize> size_of(exec::ProcedureContext& context, const storage::SchemaRule& rule) {
  IndexSize size;
  size.entries = context.transaction.index_count(rule.id);
  if (rule.is_unique()) return IndexSize{size.entries, size.entries};
  constexpr std::uint64_t kBytesPerValue = 48;
  exec::Charge charge(context.budget);
  std::unordered_set<std::size_t> seen;  // Hashes: two values in four thousand million may count as one.
  storage::ScanPosition position;
  std::vector<NodeId> ids(1024);
  while (const std::size_t count = context.transaction.scan_label(rule.token, position, ids)) {
    NX_TRY_DO(context.cancellation.check(context.clock));
    NX_TRY_DO(charge.add(count * kBytesPerValue));
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t mixed = 0;
      bool is_whole = true;
      for (const TokenId key : rule.keys) {
        const Value value = context.transaction.node_property(ids[i], key);
        is_whole = is_whole && !value.is_null();
        mixed = mixed * 31 + hash(value);
      }
      if (is_whole) seen.insert(mixed);
    }
  }
  size.distinct = seen.size();
  return size;
}

exec::StreamResult schema_nodes(exec::ProcedureContext& context, List) {
  const storage::Transaction& transaction = context.transaction;
  Rows rows;
  for (const storage::SchemaRule& rule : transaction.schema().rules()) {
    if (rule.entity != EntityKind::Node || !rule.is_range()) continue;
    NX_TRY(const IndexSize size, size_of(context, rule));
    std::vector<std::string> keys;
    std::string joined;
    for (const TokenId key : rule.keys) {
      keys.emplace_back(transaction.token_name(TokenKind::Key, key));
      joined += (joined.empty() ? "" : ",") + keys.back();
    }
    const std::string label(transaction.token_name(TokenKind::Label, rule.token));
    const double selectivity = size.entries == 0 ? 0 : static_cast<double>(size.distinct) / static_cast<double>(size.entries);
    rows.push_back({Value::string(":" + label + "(" + joined + ")"), Value::string(label), string_list(keys),
                    Value::string("ONLINE"), Value::string(rule.is_unique() ? "UNIQUENESS" : "RANGE"),
                    Value::string("NO FAILURE"), Value::real(100), count_of(size.entries), Value::real(selectivity),
                    Value::string(rule.name)});
  }
  return stream_of(std::move(rows));
}

exec::StreamResult distinct_properties(exec::ProcedureContext& context, List arguments) {
  if (arguments[0].is_null() || arguments[1].is_null()) return stream_of({});
  const storage::Transaction& transaction = context.transaction;
  const auto label = transaction.find_token(TokenKind::Label, arguments[0].string());
  const auto key = transaction.find_token(TokenKind::Key, arguments[1].string());
  std::unordered_set<Value, ValueHash, ValueEquivalent> seen;
  if (!label || !key) return stream_of({{Value::list({})}});
  exec::Charge charge(context.budget);
  constexpr std::uint64_t kBytesPerValue = 64;
  storage::ScanPosition position;
  std::vector<NodeId> ids(1024);
  while (const std::size_t count = transaction.scan_label(*label, position, ids)) {
    NX_TRY_DO(context.cancellation.check(context.clock));
    NX_TRY_DO(charge.add(count * kBytesPerValue));
    for (std::size_t i = 0; i < count; ++i) {
      Value value = transaction.node_property(ids[i], *key);
      if (!value.is_null()) seen.insert(std::move(value));
    }
  }
  List values(seen.begin(), seen.end());
  std::sort(values.begin(), values.end(), [](const Value& left, const Value& right) { return order(left, right) < 0; });
  return stream_of({{Value::list(std::move(values))}});
}

}  // namespace

void add_meta(Registry& registry) {
  const Value none = Value::map({});
  const auto names = [](const char* name) { return list_field(name, "LIST<STRING>"); };
  registry.add(signature("apoc.meta.data", "Describes labels, types and properties, a row each, from a sample of the nodes.",
                      {map_field("config")}, {none},
                      {string_field("label"), string_field("property"), integer_field("count"), boolean_field("unique"),
                       boolean_field("index"), boolean_field("existence"), string_field("type"), boolean_field("array"),
                       list_field("sample", "LIST<ANY>"), integer_field("left"), integer_field("right"), names("other"),
                       names("otherLabels"), string_field("elementType")}),
               meta_data);
  registry.add(signature("apoc.meta.graph", "Draws the schema from a sample of the nodes: a node a label, with counts.",
                      {map_field("config")}, {none},
                      {list_field("nodes", "LIST<NODE>"), list_field("relationships", "LIST<RELATIONSHIP>")}),
               meta_graph);
  const plan::ProcedureSignature::Field populated{"populationProgress", function::types(Type::Float), "FLOAT"};
  const plan::ProcedureSignature::Field selectivity{"valuesSelectivity", function::types(Type::Float), "FLOAT"};
  registry.add(signature("apoc.schema.nodes", "Lists the indexes on nodes, with the number of entries and of distinct values.",
                      {map_field("config")}, {none},
                      {string_field("name"), string_field("label"), names("properties"), string_field("status"),
                       string_field("type"), string_field("failure"), populated, integer_field("size"), selectivity,
                       string_field("userDescription")}),
               schema_nodes);
  registry.add(signature("apoc.schema.properties.distinct", "The distinct values of a property of the nodes with a label.",
                      {string_field("label"), string_field("key")}, {}, {list_field("value", "LIST<ANY>")}),
               distinct_properties);
}

}  // namespace nexus::procedure
