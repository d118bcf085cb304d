#include "instance/schema_commands.h"

#include "base/match.h"
#include "catalog/schema_commands.h"
#include "instance/database_name.h"
#include "instance/literal.h"
#include "instance/statement_rules.h"
#include "instance/system/admin.h"
#include "plan/binder.h"

namespace nexus::instance {
namespace {

storage::EntityKind entity_of(syntax::EntityKind kind) {
  return kind == syntax::EntityKind::Node ? storage::EntityKind::Node : storage::EntityKind::Relationship;
}

storage::RuleKind rule_of(syntax::ConstraintKind kind) {
  switch (kind) {
    case syntax::ConstraintKind::Unique: return storage::RuleKind::Unique;
    case syntax::ConstraintKind::Key: return storage::RuleKind::Key;
    case syntax::ConstraintKind::Exists: return storage::RuleKind::Exists;
    case syntax::ConstraintKind::PropertyType: return storage::RuleKind::PropertyType;
  }
  return storage::RuleKind::Unique;
}

std::string_view kind_name(syntax::IndexKind kind) {
  switch (kind) {
    case syntax::IndexKind::Range: return "RANGE";
    case syntax::IndexKind::Text: return "TEXT";
    case syntax::IndexKind::Point: return "POINT";
    case syntax::IndexKind::Vector: return "VECTOR";
    case syntax::IndexKind::Fulltext: return "FULLTEXT";
    case syntax::IndexKind::Lookup: return "LOOKUP";
  }
  return "";
}

// One command on one transaction; what it changed goes into the counters.
class SchemaCommand {
 public:
  SchemaCommand(const Request& request, storage::Transaction& transaction, UpdateCounters& counters)
      : parameters_(request.parameters),
        position_(request.prepared->statement.position),
        transaction_(transaction),
        counters_(counters) {}

  Result<> run(const syntax::CreateIndex& command) {
    const bool is_vector = command.kind == syntax::IndexKind::Vector;
    if (command.kind != syntax::IndexKind::Range && !is_vector) {
      return system::not_implemented("CREATE " + std::string(kind_name(command.kind)) + " INDEX", position_);
    }
    if (command.or_replace) return no_replace("INDEX");
    catalog::RuleRequest request;
    if (is_vector) NX_TRY_DO(read_vector_options(command.options, request));
    else NX_TRY_DO(check_options(command.options));
    request.entity = entity_of(command.entity);
    request.label = command.labels.front();
    request.properties = command.properties;
    if (is_vector && request.properties.size() != 1) {
      return Error(ErrorCode::InvalidArgument, "A vector index is about one property.", position_);
    }
    request.if_not_exists = command.if_not_exists;
    NX_TRY(request.name, name(command.name));
    NX_TRY(const bool changed, catalog::create_rule(transaction_, request));
    counters_.indexes_added += changed ? 1 : 0;
    return Done{};
  }

  Result<> run(const syntax::DropIndex& command) {
    if (!command.name) return system::not_implemented("DROP INDEX ON :Label(property)", position_);
    NX_TRY(const std::string index, name_value(*command.name, parameters_));
    NX_TRY(const bool changed, catalog::drop_index(transaction_, index, command.if_exists));
    counters_.indexes_removed += changed ? 1 : 0;
    return Done{};
  }

  Result<> run(const syntax::CreateConstraint& command) {
    if (command.or_replace) return no_replace("CONSTRAINT");
    NX_TRY_DO(check_options(command.options));
    catalog::RuleRequest request;
    request.kind = rule_of(command.kind);
    request.entity = entity_of(command.entity);
    request.label = command.label;
    request.properties = command.properties;
    request.if_not_exists = command.if_not_exists;
    if (command.type) {
      NX_TRY(const auto allowed, plan::property_types(*command.type, position_));
      request.types = allowed.types;
      request.vector = allowed.vector;
    }
    NX_TRY(request.name, name(command.name));
    NX_TRY(const bool changed, catalog::create_rule(transaction_, request));
    counters_.constraints_added += changed ? 1 : 0;
    return Done{};
  }

  Result<> run(const syntax::DropConstraint& command) {
    NX_TRY(const std::string constraint, name_value(command.name, parameters_));
    NX_TRY(const bool changed, catalog::drop_constraint(transaction_, constraint, command.if_exists));
    counters_.constraints_removed += changed ? 1 : 0;
    return Done{};
  }

  template <class Other>
  Result<> run(const Other&) {
    return system::not_implemented("This statement as a schema command", position_);
  }

 private:
  Error no_replace(std::string_view what) const {
    return Error(ErrorCode::UnexpectedSyntax,
                 "CREATE OR REPLACE " + std::string(what) + " is not possible: drop it first, or say IF NOT EXISTS.",
                 position_);
  }

  // {indexConfig: {`vector.dimensions`: 3, `vector.similarity_function`: 'cosine'}}, each part optional.
  Result<> read_vector_options(const syntax::ExpressionPtr& written, catalog::RuleRequest& request) const {
    request.kind = storage::RuleKind::VectorIndex;
    request.types = storage::SchemaRule::kVectors;
    if (!written) return Done{};
    const auto bad = [&](std::string_view key, std::string_view expected) {
      return Error(ErrorCode::InvalidOption,
                   "Option '" + std::string(key) + "' of a vector index takes " + std::string(expected) + ".", written->position);
    };
    NX_TRY(const Value options, literal_value(*written, parameters_));
    if (!options.is(Type::Map)) return Error(ErrorCode::InvalidOption, "OPTIONS must be a map.", written->position);
    for (const auto& [key, value] : options.map()) {
      const bool is_ours = key == "indexProvider" && value.is(Type::String) && value.string() == "vector-1.0";
      if (!is_ours && !(key == "indexConfig" && value.is(Type::Map))) return bad(key, "indexConfig with a map, and indexProvider 'vector-1.0'");
    }
    const Value* config = options.find("indexConfig");
    if (config == nullptr) return Done{};
    for (const auto& [key, value] : config->map()) {
      if (key == "vector.dimensions") {
        const bool fits = value.is(Type::Integer) && value.integer() >= 1 && value.integer() <= static_cast<std::int64_t>(kVectorDimensionMax);
        if (!fits) return bad(key, "an INTEGER from 1 to 4096");
        request.vector.dimension = static_cast<std::uint16_t>(value.integer());
      } else if (key == "vector.similarity_function") {
        std::string name(value.is(Type::String) ? value.string() : std::string_view());
        for (char& letter : name) letter = static_cast<char>(letter | 0x20);
        if (name != "cosine" && name != "euclidean") return bad(key, "'cosine' or 'euclidean'");
        if (name == "euclidean") request.types |= storage::SchemaRule::kEuclidean;
      } else {
        return Error(ErrorCode::InvalidOption,
                     "A vector index has no option '" + key +
                         "': it takes `vector.dimensions` and `vector.similarity_function`, and has no graph to tune.",
                     written->position);
      }
    }
    return Done{};
  }

  // An empty indexConfig and the provider we are.
  Result<> check_options(const syntax::ExpressionPtr& written) const {
    if (!written) return Done{};
    NX_TRY(const Value options, literal_value(*written, parameters_));
    if (!options.is(Type::Map)) return Error(ErrorCode::InvalidOption, "OPTIONS must be a map.", written->position);
    for (const auto& [key, value] : options.map()) {
      const bool is_ours = key == "indexProvider" && value.is(Type::String) && value.string() == "range-1.0";
      const bool is_empty = key == "indexConfig" && value.is(Type::Map) && value.map().empty();
      if (!is_ours && !is_empty) {
        return Error(ErrorCode::InvalidOption, "A range index or constraint has no option '" + key + "' like this.",
                     written->position);
      }
    }
    return Done{};
  }

  Result<std::optional<std::string>> name(const std::optional<syntax::SymbolicName>& written) const {
    if (!written) return std::optional<std::string>();
    NX_TRY(std::string text, name_value(*written, parameters_));
    return std::optional<std::string>(std::move(text));
  }

  const Map& parameters_;
  Position position_;
  storage::Transaction& transaction_;
  UpdateCounters& counters_;
};

Result<> check_target(const Request& request, const Target& target) {
  if (target.is_system) return not_allowed_on_system(*request.prepared);
  if (target.is_composite) {
    return Error(ErrorCode::GraphAccessOnComposite,
                 "Composite database '" + printable_name(target.name) + "' has no indexes or constraints of its own.",
                 request.prepared->statement.position);
  }
  return check_write_access(request, target);
}

Result<> change(const Request& request, storage::Transaction& transaction, UpdateCounters& counters) {
  SchemaCommand command(request, transaction, counters);
  Result<> done =
      std::visit([&](const auto& node) -> Result<> { return command.run(node); }, request.prepared->statement.node);
  if (!done && !done.error().position.is_known()) done.error().position = request.prepared->statement.position;
  return done;
}

std::unique_ptr<Cursor> answer(const Request& request, const Target& target, Summary summary) {
  summary.database = target.name;
  summary.statement_type = "s";
  const Environment& environment = request.core.environment;
  summary.elapsed_us = static_cast<std::uint64_t>(environment.now() - request.started_nanoseconds) / 1'000;
  return std::make_unique<BufferedCursor>(std::vector<std::string>(), std::vector<List>(), std::move(summary),
                                          environment.settings.batch_rows);
}

Result<Summary> change_and_commit(const Request& request, const Target& target, Work& work) {
  NX_TRY_DO(work.store().prepare_for_schema());
  NX_TRY_DO(work.begin_write({work.cancellation().deadline_nanoseconds(), &work.cancellation().requested()}));
  Summary summary;
  NX_TRY_DO(change(request, *work.transaction, summary.counters));
  NX_TRY(const storage::CommitReceipt receipt, work.database().commit(*work.transaction));
  summary.bookmark = bookmark_text(target.database->uuid_as_text(), receipt.timestamp);
  summary.durable = receipt.is_durable;
  summary.commit_ticket = receipt.ticket;
  return summary;
}

}  // namespace

bool is_schema_command(const syntax::Statement& statement) {
  return std::holds_alternative<syntax::CreateIndex>(statement.node) ||
         std::holds_alternative<syntax::DropIndex>(statement.node) ||
         std::holds_alternative<syntax::CreateConstraint>(statement.node) ||
         std::holds_alternative<syntax::DropConstraint>(statement.node);
}

Result<std::unique_ptr<Cursor>> run_schema_command(const Request& request, const Target& target,
                                                   const std::function<void(const std::shared_ptr<Work>&)>& on_start) {
  NX_TRY_DO(check_target(request, target));
  NX_TRY(const std::shared_ptr<Work> work, request.core.manager->enter(target, request.identity));
  const std::lock_guard guard(work->mutex);
  NX_TRY_DO(work->begin_statement(request.deadline_nanoseconds(target),
                                  request.core.environment.settings.query_memory_bytes_max));
  work->note_statement({request.prepared, &request.prepared->text});
  on_start(work);
  auto summary = change_and_commit(request, target, *work);
  work->end();
  if (!summary) return work->explain(std::move(summary.error()));
  request.core.manager->committed(target.database);
  return answer(request, target, std::move(*summary));
}

Result<std::unique_ptr<Cursor>> run_schema_command_in(const Request& request, const Target& target, Work& work) {
  NX_TRY_DO(check_target(request, target));
  NX_TRY_DO(work.begin_statement(request.deadline_nanoseconds(target),
                                 request.core.environment.settings.query_memory_bytes_max));
  work.note_statement({request.prepared, &request.prepared->text});
  Summary summary;
  const auto run = [&]() -> Result<> {
    if (work.transaction->has_data_writes()) {
      return Error(ErrorCode::TransactionTypeForbidden,
                   "A transaction that has changed data cannot change indexes or constraints.");
    }
    NX_TRY_DO(work.store().prepare_for_schema());
    return change(request, *work.transaction, summary.counters);
  };
  Result<> done = run();
  work.finish_statement();
  if (!done) return work.explain(std::move(done.error()));
  return answer(request, target, std::move(summary));
}

}  // namespace nexus::instance
