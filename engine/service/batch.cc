#include "service/batch.h"

#include <set>
#include <utility>

#include "service/bookmark.h"
#include "service/json.h"
#include "service/plan_tree.h"
#include "service/request.h"
#include "value/point.h"

namespace nexus::service {
namespace {

Error not_a_batch(std::string what) { return Error{ErrorCode::InvalidRequest, std::move(what)}; }

void append_name(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
}

// `resultDataContents`: which forms a row has.
Result<> read_forms(const List& names, BatchStatement& statement) {
  if (names.empty()) return Done{};
  statement.as_row = statement.as_graph = false;
  for (const Value& name : names) {
    if (!name.is(Type::String)) return not_a_batch("'resultDataContents' must be a list of strings");
    std::string form;
    for (const char c : name.string()) form += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    if (form == "row") statement.as_row = true;
    else if (form == "graph") statement.as_graph = true;
    else if (form == "rest") return Error{ErrorCode::NotImplemented, "the form 'rest' of 'resultDataContents' is not built; take row or graph"};
    else return not_a_batch("'resultDataContents' may hold row and graph");
  }
  return Done{};
}

Result<BatchStatement> read_statement(const Value& value) {
  NX_TRY(const Body body, Body::of(value, {"statement", "parameters", "includeStats", "resultDataContents"}));
  BatchStatement statement;
  NX_TRY(statement.text, body.required_text("statement"));
  NX_TRY(statement.parameters, body.map("parameters"));
  NX_TRY(const auto with_stats, body.flag("includeStats"));
  statement.with_stats = with_stats.value_or(false);
  NX_TRY(const List forms, body.list("resultDataContents"));
  NX_TRY_DO(read_forms(forms, statement));
  return statement;
}

void append_row_value(std::string& out, const Value& value);

void append_properties(std::string& out, const Map& properties) {
  out += '{';
  for (const auto& [name, value] : properties) {
    append_name(out, name);
    append_row_value(out, value);
  }
  out += '}';
}

// Calls use(entity) for the nodes and relationships of a path, in its order.
template <class Use>
void for_each_entity(const PathData& path, Use use) {
  for (std::size_t at = 0; at < path.nodes.size(); ++at) {
    if (at != 0) use(path.relationships[at - 1]);
    use(path.nodes[at]);
  }
}

// Why not append_json: the clients of this API know points as objects.
void append_point(std::string& out, const Point& point) {
  out += "{\"type\":\"Point\",\"coordinates\":[";
  append_json(out, Value::real(point.x));
  append_json(out += ',', Value::real(point.y));
  if (point.has_z()) append_json(out += ',', Value::real(point.z));
  out += "],\"crs\":{\"srid\":" + std::to_string(point.srid);
  append_json_string(out += ",\"name\":", crs_name(point.srid).value_or("unknown"));
  out += "}}";
}

void append_row_value(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::Node: return append_properties(out, value.node().properties);
    case Type::Relationship: return append_properties(out, value.relationship().properties);
    case Type::Map: return append_properties(out, value.map());
    case Type::Point: return append_point(out, value.point());
    case Type::Path:
      out += '[';
      for_each_entity(value.path(), [&out](const Value& entity) { append_row_value(out.back() == '[' ? out : out += ',', entity); });
      out += ']';
      return;
    case Type::List: {
      out += '[';
      bool is_first = true;
      for (const Value& item : value.list()) {
        append_row_value(std::exchange(is_first, false) ? out : out += ',', item);
      }
      out += ']';
      return;
    }
    case Type::Null:
    case Type::Boolean:
    case Type::Integer:
    case Type::Float:
    case Type::String:
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime:
    case Type::DateTime:
    case Type::Duration:
    case Type::Vector: return append_json(out, value);
  }
}

void append_entity_meta(std::string& out, std::uint64_t id, std::string_view element_id, std::string_view type) {
  out += "{\"id\":" + std::to_string(id);
  append_json_string(out += ",\"elementId\":", element_id);
  append_json_string(out += ",\"type\":", type);
  out += '}';
}

// Which entity a value is; of a path and a list one entry for each part, null for everything else.
void append_meta(std::string& out, const Value& value) {
  const auto append_part = [&out](const Value& part) { append_meta(out.back() == '[' ? out : out += ',', part); };
  if (value.is(Type::Node)) return append_entity_meta(out, value.node().id, value.node().element_id, "node");
  if (value.is(Type::Relationship)) {
    return append_entity_meta(out, value.relationship().id, value.relationship().element_id, "relationship");
  }
  if (value.is(Type::Path)) {
    out += '[';
    for_each_entity(value.path(), append_part);
    out += ']';
  } else if (value.is(Type::List) && !value.list().empty()) {
    out += '[';
    for (const Value& item : value.list()) append_part(item);
    out += ']';
  } else {
    out += "null";
  }
}

// The entities of a row, each once.
class RowGraph {
 public:
  void add(const Value& value) {
    if (value.is(Type::Node)) add_node(value.node());
    else if (value.is(Type::Relationship)) add_relationship(value.relationship());
    else if (value.is(Type::Path)) for_each_entity(value.path(), [this](const Value& entity) { add(entity); });
    if (value.is(Type::List)) {
      for (const Value& item : value.list()) add(item);
    } else if (value.is(Type::Map)) {
      for (const auto& [name, member] : value.map()) add(member);
    }
  }

  void append_to(std::string& out) const {
    out += "{\"nodes\":[" + nodes_ + "],\"relationships\":[" + relationships_ + "]}";
  }

 private:
  static void append_ids(std::string& out, std::string_view id_name, std::string_view element_id_name, std::uint64_t id,
                         std::string_view element_id) {
    append_name(out, id_name);
    out += '"' + std::to_string(id) + '"';
    append_name(out, element_id_name);
    append_json_string(out, element_id);
  }

  void add_node(const NodeData& node) {
    if (!seen_nodes_.insert(node.id).second) return;
    std::string& out = nodes_.empty() ? nodes_ : nodes_ += ',';
    append_ids(out += '{', "id", "elementId", node.id, node.element_id);
    out += ",\"labels\":[";
    for (const std::string& label : node.labels) append_json_string(out.back() == '[' ? out : out += ',', label);
    append_properties(out += "],\"properties\":", node.properties);
    out += '}';
  }

  void add_relationship(const RelationshipData& relationship) {
    if (!seen_relationships_.insert(relationship.id).second) return;
    std::string& out = relationships_.empty() ? relationships_ : relationships_ += ',';
    append_ids(out += '{', "id", "elementId", relationship.id, relationship.element_id);
    append_name(out, "type");
    append_json_string(out, relationship.type);
    append_ids(out, "startNode", "startNodeElementId", relationship.start, relationship.start_element_id);
    append_ids(out, "endNode", "endNodeElementId", relationship.end, relationship.end_element_id);
    append_properties(out += ",\"properties\":", relationship.properties);
    out += '}';
  }

  std::string nodes_;
  std::string relationships_;
  std::set<std::uint64_t> seen_nodes_;
  std::set<std::uint64_t> seen_relationships_;
};

void append_stats(std::string& out, const UpdateCounters& counters) {
  const std::pair<std::string_view, std::uint64_t> all[] = {
      {"nodes_created", counters.nodes_created},
      {"nodes_deleted", counters.nodes_deleted},
      {"properties_set", counters.properties_set},
      {"relationships_created", counters.relationships_created},
      {"relationship_deleted", counters.relationships_deleted},  // The name is theirs.
      {"labels_added", counters.labels_added},
      {"labels_removed", counters.labels_removed},
      {"indexes_added", counters.indexes_added},
      {"indexes_removed", counters.indexes_removed},
      {"constraints_added", counters.constraints_added},
      {"constraints_removed", counters.constraints_removed},
      {"system_updates", counters.system_updates}};
  out += ",\"stats\":{\"contains_updates\":";
  out += counters.contains_updates() ? "true" : "false";
  out += ",\"contains_system_updates\":";
  out += counters.system_updates != 0 ? "true" : "false";
  for (const auto& [name, count] : all) {
    append_name(out, name);
    out += std::to_string(count);
  }
  out += '}';
}

// The members of an operator; its arguments stand among them.
void append_operator(std::string& out, const Value& plan) {
  out += '{';
  for (const auto& [name, value] : plan.map()) {
    if (name == "args") {
      for (const auto& [argument, said] : value.map()) {
        append_name(out, argument);
        append_json(out, said);
      }
      continue;
    }
    append_name(out, name);
    if (name != "children") {
      append_json(out, value);
      continue;
    }
    out += '[';
    for (const Value& child : value.list()) append_operator(out.back() == '[' ? out : out += ',', child);
    out += ']';
  }
  out += '}';
}

}  // namespace

Result<Batch> read_batch(const HttpRequest& request) {
  NX_TRY(const Body body, Body::parse(request, {"statements"}));
  NX_TRY(const List statements, body.list("statements"));
  if (statements.size() > Batch::kStatementsMax) {
    return Error{ErrorCode::LimitExceeded, "a request may have " + std::to_string(Batch::kStatementsMax) + " statements"};
  }
  Batch batch;
  for (const Value& one : statements) {
    NX_TRY(BatchStatement statement, read_statement(one));
    batch.statements.push_back(std::move(statement));
  }
  const std::string_view access = request.header("Access-Mode");
  if (!access.empty() && access != "READ" && access != "WRITE") return not_a_batch("the header Access-Mode must be READ or WRITE");
  if (access == "READ") batch.options.access = AccessMode::Read;
  if (const std::string_view bookmarks = request.header("Bookmarks"); !bookmarks.empty()) {
    NX_TRY(const Value list, parse_json(bookmarks));
    NX_TRY_DO(check_bookmarks(&list));
  }
  batch.options.session_commands = false;
  return batch;
}

void append_batch_row(std::string& out, const List& row, const BatchStatement& statement) {
  out += '{';
  if (statement.as_row) {
    out += "\"row\":[";
    for (const Value& value : row) append_row_value(&value == row.data() ? out : out += ',', value);
    out += "],\"meta\":[";
    for (const Value& value : row) append_meta(&value == row.data() ? out : out += ',', value);
    out += ']';
  }
  if (statement.as_graph) {
    RowGraph graph;
    for (const Value& value : row) graph.add(value);
    append_name(out, "graph");
    graph.append_to(out);
  }
  out += '}';
}

void append_batch_summary(std::string& out, const Summary& summary, const BatchStatement& statement) {
  if (statement.with_stats) append_stats(out, summary.counters);
  if (!summary.plan_tree) return;
  append_operator(out += ",\"plan\":{\"root\":", plan_value(*summary.plan_tree));
  out += '}';
}

}  // namespace nexus::service
