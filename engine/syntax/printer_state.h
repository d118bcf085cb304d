// Printer: the methods behind print(), spread over printer*.cc by topic.
//
// put() is overloaded for every part of the tree; add() puts several things in a row.
#pragma once

#include <string>
#include <string_view>

#include "syntax/printer.h"

namespace nexus::syntax {

class Printer {
 public:
  template <class... Parts>
  Printer& add(const Parts&... parts) {
    (put(parts), ...);
    return *this;
  }
  std::string take() { return std::move(out_); }

 private:
  // As a name in a place that keywords may take too, or in one that only names may take.
  struct Name {
    std::string_view text;
  };
  struct Key {
    std::string_view text;
  };

  void put(std::string_view text) { out_ += text; }
  void put(const char* text) { out_ += text; }
  void put(Name name);
  void put(Key key);
  template <class Items, class Print>
  void separated(const Items& items, std::string_view between, Print&& print_item) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += between;
      first = false;
      print_item(item);
    }
  }
  template <class Items>
  void commas(const Items& items) {
    separated(items, ", ", [this](const auto& item) { this->put(item); });
  }
  void names(const std::vector<std::string>& items);
  void dotted(const std::vector<std::string>& parts);
  template <class Part>
  void optional(std::string_view before, const Part& part) {
    if (part) add(before, *part);
  }

  // printer_expression.cc
  void put(const Expression& expression);
  void operand(const Expression& expression, int precedence_min);
  void guarded(const Expression& expression);  // In parentheses when it would read as `name IN …` or `name = …`.
  void parenthesize(std::size_t begin);  // What was put since then.
  void arguments(const std::vector<Expression>& items, std::size_t word = 0);
  template <class Operands>
  void chain(const Operands& operands, std::string_view between, int precedence);
  void node(const NullLiteral&) { put("null"); }
  void node(const BooleanLiteral& literal) { put(literal.value ? "true" : "false"); }
  void node(const IntegerLiteral& literal) { put(std::to_string(literal.value)); }
  void node(const FloatLiteral& literal);
  void node(const StringLiteral& literal) { put(quote_string(literal.value)); }
  void node(const ListLiteral& literal);
  void node(const MapLiteral& literal);
  void node(const Parameter& parameter);
  void node(const Variable& variable) { put(Name{variable.name}); }
  void node(const CaseSubject&) {}
  void node(const PropertyAccess& access);
  void node(const IndexAccess& access);
  void node(const ListSlice& slice);
  void node(const HasLabels& test);
  void node(const Not& expression);
  void node(const And& expression);
  void node(const Or& expression);
  void node(const Xor& expression);
  void node(const Comparison& comparison);
  void node(const Arithmetic& arithmetic);
  void node(const Sign& sign);
  void node(const Predicate& predicate);
  void node(const IsNull& test);
  void node(const IsTyped& test);
  void node(const IsNormalized& test);
  void node(const FunctionCall& call);
  void node(const CountStar&) { put("count(*)"); }
  void node(const CaseExpression& expression);
  void case_condition(const Expression& condition);
  void node(const QuantifierExpression& quantifier);
  void node(const ListComprehension& comprehension);
  void node(const PatternComprehension& comprehension);
  void node(const Reduce& reduce);
  void node(const MapProjection& projection);
  void node(const PatternExpression& pattern) { put(*pattern.pattern); }
  void node(const SubqueryExpression& subquery);
  void put(const TypeName& type);

  // printer_pattern.cc
  void put(const LabelName& label);
  void put(const LabelExpression& labels) { label(labels, 0); }
  void label(const LabelExpression& labels, int level);
  void put(const NodePattern& pattern);
  void put(const RelationshipPattern& pattern);
  void put(const GroupPattern& group);
  void put(const Quantifier& quantifier);
  void put(const VariableLength& length);
  void put(const PatternElement& element);
  void put(const PathSelector& selector);
  void put(const PatternPath& path);

  // printer_clause.cc
  void put(const Clause& clause);
  void put(const SingleQuery& query);
  void put(const RegularQuery& query);
  void put(const SymbolicName& name);
  void put(const GraphReference& graph);
  void put(const Projection& projection);
  void put(const Ordering& ordering);
  void put(const Hint& hint);
  void put(const SetItem& item);
  void put(const RemoveItem& item);
  void put(const YieldItem& item);
  void put(const Yield& yield);
  void put(const InTransactions& settings);
  void labels_of(const std::string& variable, const std::vector<LabelName>& labels);
  void node(const Match& match);
  void node(const Unwind& unwind) { add("UNWIND ", unwind.list, " AS ", Name{unwind.variable}); }
  void node(const With& with);
  void node(const Return& clause) { add("RETURN ", clause.projection); }
  void node(const Create& create);
  void node(const Merge& merge);
  void node(const Set& set);
  void node(const Remove& remove);
  void node(const Delete& deletion);
  void node(const Foreach& loop);
  void node(const CallProcedure& call);
  void node(const CallSubquery& call);
  void node(const Conditional& conditional);
  void node(const LoadCsv& load);
  void node(const Use& use) { add("USE ", use.graph); }
  void node(const Finish&) { put("FINISH"); }
  void node(const ShowCommand& command);
  void node(const TerminateTransactions& command);

  // printer.cc, printer_admin.cc
  void put(const Statement& statement);
  void node(const RegularQuery& query) { put(query); }
  void put(CypherVersion version) { put(version == CypherVersion::Cypher25 ? "CYPHER 25" : "CYPHER 5"); }
  void put(const Wait& wait);
  void put(const Topology& topology);
  void put(const AlterDatabase::Change& change);
  void put(const AliasSettings& settings);
  void put(const UserSettings& settings);
  void put(const UserAuth& auth);
  void password_change(const std::optional<bool>& required);
  void node(const CreateDatabase& command);
  void node(const AlterDatabase& command);
  void node(const StartDatabase& command) { add("START DATABASE ", command.name, command.wait); }
  void node(const StopDatabase& command) { add("STOP DATABASE ", command.name, command.wait); }
  void node(const DropDatabase& command);
  void node(const UndropDatabase& command);
  void node(const CreateAlias& command);
  void node(const AlterAlias& command);
  void node(const DropAlias& command);
  void node(const CreateUser& command);
  void node(const AlterUser& command);
  void node(const AlterCurrentUser& command);
  void node(const RenameUser& command);
  void node(const DropUser& command);
  void node(const CreateRole& command);
  void node(const RenameRole& command);
  void node(const DropRole& command);
  void node(const ChangeMembership& command);
  void node(const ChangePrivilege& command);
  void resources(const ChangePrivilege& command);
  void node(const UnsupportedAdminCommand& command);
  void node(const CreateIndex& command);
  void node(const DropIndex& command);
  void node(const CreateConstraint& command);
  void node(const DropConstraint& command);
  void node(const TransactionCommand& command);
  void node(const SessionUse& command);

  std::string out_;
};

}  // namespace nexus::syntax
