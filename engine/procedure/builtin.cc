// The procedures about the database a statement runs in and about the program itself.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "procedure/listing.h"
#include "procedure/registry.h"
#include "procedure/signature.h"

namespace nexus::procedure {

namespace {

using storage::TokenId;
using storage::TokenKind;
using Rows = std::vector<List>;

// The names of one kind that `is_used` says yes to, sorted.
template <class IsUsed>
exec::StreamResult names(const exec::ProcedureContext& context, TokenKind kind, IsUsed is_used) {
  Rows rows;
  for (TokenId token = 0; token < context.transaction.token_count(kind); ++token) {
    if (is_used(token)) rows.push_back({Value::string(context.transaction.token_name(kind, token))});
  }
  std::sort(rows.begin(), rows.end(),
            [](const List& left, const List& right) { return left[0].string() < right[0].string(); });
  return stream_of(std::move(rows));
}

exec::StreamResult labels(exec::ProcedureContext& context, List) {
  return names(context, TokenKind::Label,
               [&](TokenId label) { return context.transaction.node_count(label) != 0; });
}

exec::StreamResult relationship_types(exec::ProcedureContext& context, List) {
  return names(context, TokenKind::Type,
               [&](TokenId type) { return context.transaction.relationship_count(type) != 0; });
}

// Every key that was ever used: keys are not counted.
exec::StreamResult property_keys(exec::ProcedureContext& context, List) {
  return names(context, TokenKind::Key, [](TokenId) { return true; });
}

// The uuid is the middle of every element id.
std::string database_uuid(const exec::ProcedureContext& context) {
  const std::string id = context.graph.node_element_id(0);
  return id.substr(2, id.size() - 4);
}

exec::StreamResult info(exec::ProcedureContext& context, List) {
  return stream_of({{Value::string(database_uuid(context)), Value::string(context.database_name)}});
}

exec::StreamResult ping(exec::ProcedureContext&, List) {
  return stream_of({{Value::boolean(true)}});
}

exec::StreamResult components(exec::ProcedureContext&, List) {
  return stream_of({{Value::string("Nexus"), string_list({NEXUS_VERSION}), Value::string("community")}});
}

// Which types of values each property key holds, per set of labels or per relationship type.
struct KeySummary {
  std::set<std::string> types;
  std::uint64_t count = 0;
};
struct ShapeSummary {
  std::map<TokenId, KeySummary> keys;
  std::uint64_t count = 0;
};

void add_properties(ShapeSummary& shape, std::span<const storage::Property> properties) {
  ++shape.count;
  for (const auto& property : properties) {
    KeySummary& key = shape.keys[property.key];
    ++key.count;
    key.types.emplace(type_name(property.value.type()));
  }
}

void add_rows(const exec::ProcedureContext& context, const List& head, const ShapeSummary& shape, Rows& rows) {
  if (shape.keys.empty()) {
    List row = head;
    row.insert(row.end(), {Value::null(), Value::null(), Value::boolean(false)});
    rows.push_back(std::move(row));
  }
  for (const auto& [key, summary] : shape.keys) {
    List row = head;
    row.push_back(Value::string(context.transaction.token_name(TokenKind::Key, key)));
    row.push_back(string_list({summary.types.begin(), summary.types.end()}));
    row.push_back(Value::boolean(summary.count == shape.count));
    rows.push_back(std::move(row));
  }
}

exec::StreamResult node_type_properties(exec::ProcedureContext& context, List) {
  std::map<std::vector<TokenId>, ShapeSummary> shapes;
  storage::ScanPosition position;
  std::vector<storage::NodeId> ids(1024);
  for (;;) {
    const std::size_t count = context.transaction.scan_nodes(position, ids);
    if (count == 0) break;
    NX_TRY_DO(context.cancellation.check(context.clock));
    for (std::size_t i = 0; i < count; ++i) {
      const auto node_labels = context.transaction.labels(ids[i]);
      add_properties(shapes[{node_labels.begin(), node_labels.end()}], context.transaction.node_properties(ids[i]));
    }
  }
  Rows rows;
  for (const auto& [label_ids, shape] : shapes) {
    std::vector<std::string> names;
    std::string type;
    for (const auto label : label_ids) {
      names.emplace_back(context.transaction.token_name(TokenKind::Label, label));
      type += ":`" + names.back() + "`";
    }
    add_rows(context, {Value::string(type), string_list(names)}, shape, rows);
  }
  return stream_of(std::move(rows));
}

exec::StreamResult relationship_type_properties(exec::ProcedureContext& context, List) {
  std::map<TokenId, ShapeSummary> shapes;
  storage::ScanPosition position;
  std::vector<storage::RelationshipId> ids(1024);
  for (;;) {
    const std::size_t count = context.transaction.scan_relationships(position, ids);
    if (count == 0) break;
    NX_TRY_DO(context.cancellation.check(context.clock));
    for (std::size_t i = 0; i < count; ++i) {
      const auto record = context.transaction.relationship(ids[i]);
      if (record) add_properties(shapes[record->type], context.transaction.relationship_properties(ids[i]));
    }
  }
  Rows rows;
  for (const auto& [type, shape] : shapes) {
    const std::string name = ":`" + std::string(context.transaction.token_name(TokenKind::Type, type)) + "`";
    add_rows(context, {Value::string(name)}, shape, rows);
  }
  return stream_of(std::move(rows));
}

Value schema_node(std::uint64_t id, std::string_view label) {
  NodeData data;
  data.id = virtual_id(id);
  data.element_id = virtual_element_id(id);
  data.labels = {std::string(label)};
  data.properties = make_map({{"name", Value::string(label)},
                              {"indexes", Value::list({})},
                              {"constraints", Value::list({})}});
  return Value::node(std::move(data));
}

Value schema_relationship(std::uint64_t id, std::string_view type, std::uint64_t start, std::uint64_t end) {
  RelationshipData data;
  data.id = virtual_id(id);
  data.element_id = virtual_element_id(id);
  data.type = type;
  data.start = virtual_id(start);
  data.end = virtual_id(end);
  data.start_element_id = virtual_element_id(start);
  data.end_element_id = virtual_element_id(end);
  data.properties = make_map({{"name", Value::string(type)}});
  return Value::relationship(std::move(data));
}

// Cost: O(relationships) times the labels of their ends.
exec::StreamResult visualization(exec::ProcedureContext& context, List) {
  const storage::Transaction& transaction = context.transaction;
  std::map<TokenId, std::uint64_t> ids;
  List nodes;
  for (TokenId label = 0; label < transaction.token_count(TokenKind::Label); ++label) {
    if (transaction.node_count(label) == 0) continue;
    ids.emplace(label, nodes.size());
    nodes.push_back(schema_node(nodes.size(), transaction.token_name(TokenKind::Label, label)));
  }
  std::set<std::tuple<TokenId, TokenId, TokenId>> seen;  // Start label, type, end label.
  storage::ScanPosition position;
  std::vector<storage::RelationshipId> scanned(1024);
  while (const std::size_t count = transaction.scan_relationships(position, scanned)) {
    NX_TRY_DO(context.cancellation.check(context.clock));
    for (std::size_t i = 0; i < count; ++i) {
      const auto record = transaction.relationship(scanned[i]);
      if (!record) continue;
      for (const TokenId start : transaction.labels(record->start)) {
        for (const TokenId end : transaction.labels(record->end)) seen.emplace(start, record->type, end);
      }
    }
  }
  List relationships;
  for (const auto& [start, type, end] : seen) {
    relationships.push_back(schema_relationship(relationships.size(), transaction.token_name(TokenKind::Type, type),
                                                ids.at(start), ids.at(end)));
  }
  return stream_of({{Value::list(std::move(nodes)), Value::list(std::move(relationships))}});
}

}  // namespace

void add_builtin(Registry& registry) {
  registry.add(signature("db.labels", "Lists the labels that nodes have.", {string_field("label")}), labels);
  registry.add(signature("db.relationshipTypes", "Lists the types that relationships have.",
                         {string_field("relationshipType")}),
               relationship_types);
  registry.add(signature("db.propertyKeys", "Lists the names of all properties ever used.",
                         {string_field("propertyKey")}),
               property_keys);
  registry.add(signature("db.info", "Tells the id and the name of the database.",
                         {string_field("id"), string_field("name")}),
               info);

  auto ping_signature = signature("db.ping", "Answers true: the database can be reached.", {boolean_field("success")});
  ping_signature.is_system_allowed = true;
  registry.add(std::move(ping_signature), ping);
  auto components_signature =
      signature("dbms.components", "Lists the program's components and their versions.",
                {string_field("name"), list_field("versions", "LIST<STRING>"), string_field("edition")});
  components_signature.is_system_allowed = true;
  registry.add(std::move(components_signature), components);

  const auto key = string_field("propertyName");
  const auto types = list_field("propertyTypes", "LIST<STRING>");
  const auto mandatory = boolean_field("mandatory");
  registry.add(signature("db.schema.nodeTypeProperties", "Lists the properties of every set of labels, with their types.",
                         {string_field("nodeType"), list_field("nodeLabels", "LIST<STRING>"), key, types, mandatory}),
               node_type_properties);
  registry.add(signature("db.schema.relTypeProperties", "Lists the properties of every relationship type, with their types.",
                         {string_field("relType"), key, types, mandatory}),
               relationship_type_properties);
  add_schema_listings(registry);
  registry.add(signature("db.schema.visualization", "Draws the schema: a node a label, a relationship a type between two labels.",
                         {list_field("nodes", "LIST<NODE>"), list_field("relationships", "LIST<RELATIONSHIP>")}),
               visualization);
  add_listings(registry);
  add_meta(registry);
  add_writers(registry);
  add_vector_index(registry);
}

}  // namespace nexus::procedure
