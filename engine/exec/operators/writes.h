// The single steps writing clauses are made of: CREATE's items, SET's and REMOVE's.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "exec/evaluators/evaluators.h"
#include "exec/token.h"
#include "plan/plan.h"

namespace nexus::exec {

// Why: a clause never sees its own writes, and a later clause sees all of them.
struct Barriers {
  bool before = false;  // The whole input is read before the first write.
  bool after = false;   // The last write is done before the first row goes on.
};

// A label or type: written down, or computed (a string, or a list of strings).
class NameSource {
 public:
  NameSource(storage::TokenKind kind, std::string_view name, EvaluatorPtr expression)
      : kind_(kind), token_(kind, name), expression_(std::move(expression)) {}

  // Appends the ids; interns names that are new.
  Result<> intern(Context& context, Value* row, std::vector<storage::TokenId>& ids);
  // The same without names that are not there.
  Result<> find(Context& context, Value* row, std::vector<storage::TokenId>& ids);

 private:
  Result<> computed(Context& context, Value* row, bool interns, std::vector<storage::TokenId>& ids);

  storage::TokenKind kind_;
  Token token_;
  EvaluatorPtr expression_;
};

// The properties of a new entity: {key: expression, …} without building the map, or any
// expression that gives a map, an entity or null.
class PropertySource {
 public:
  struct Entry {
    Token key;
    EvaluatorPtr value;
  };
  PropertySource() = default;
  explicit PropertySource(std::vector<Entry> entries) : entries_(std::move(entries)) {}
  explicit PropertySource(EvaluatorPtr map) : map_(std::move(map)) {}

  // MergeReadOwnWrites for a null when `refuses_null`; else nulls are left out.
  Result<> load(Context& context, Value* row, bool refuses_null, std::vector<storage::Property>& properties);

 private:
  Result<> add(Context& context, bool refuses_null, Token& key, Value value,
               std::vector<storage::Property>& properties);

  std::vector<Entry> entries_;
  EvaluatorPtr map_;
};

struct CreateStep {
  bool is_node = true;
  plan::Slot slot = 0;
  plan::Slot start = 0;  // Relationships only.
  plan::Slot end = 0;
  std::vector<NameSource> names;  // Labels, or the one type.
  PropertySource properties;

  // Creates and fills the slot.
  Result<> run(Context& context, Value* row, bool refuses_null);

 private:
  Result<> run_node(Context& context, Value* row, std::vector<storage::Property> values);
  Result<> run_relationship(Context& context, Value* row, std::vector<storage::Property> values);
};

class UpdateStep {
 public:
  virtual ~UpdateStep() = default;
  virtual Result<> run(Context& context, Value* row) = 0;
};
using UpdateStepPtr = std::unique_ptr<UpdateStep>;

// `value` null: remove. `dynamic_key` null: `key` it is.
struct PropertyParts {
  EvaluatorPtr subject;
  std::string_view key;
  EvaluatorPtr dynamic_key;
  EvaluatorPtr value;
};
UpdateStepPtr make_set_property(PropertyParts parts);
UpdateStepPtr make_set_properties(plan::Slot subject, EvaluatorPtr value, bool merge);
UpdateStepPtr make_set_labels(plan::Slot subject, std::vector<NameSource> labels);
UpdateStepPtr make_remove_labels(plan::Slot subject, std::vector<NameSource> labels);

}  // namespace nexus::exec
