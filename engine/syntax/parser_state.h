// Parser: the state and the methods of recursive descent, spread over parser_*.cc by topic.
//
// Errors are sticky: fail() keeps the first one and moves the cursor onto the end of the
// tokens, where it stays. So no method checks what it called: nothing matches any more, every
// loop ends, the results are well-formed rubbish and parse() throws them away.
// Invariant: a returned ExpressionPtr is never null.
// Invariant: every recursion passes a Nesting, so the stack is bounded by ParseLimits.
#pragma once

#include <initializer_list>
#include <string>

#include "syntax/lexer.h"
#include "syntax/parser.h"

namespace nexus::syntax {

class Parser {
 public:
  Parser(std::string_view text, const ParseLimits& limits);

  Statement statement();
  ExpressionPtr lone_expression();
  const std::optional<nexus::Error>& error() const { return error_; }

 private:
  using Kind = TokenKind;

  // One level of nesting: counts the levels open now (the stack) and the levels of the tree
  // built so far below here (its destructor's stack). What `|` ends is decided anew inside.
  class Nesting {
   public:
    explicit Nesting(Parser& parser);
    ~Nesting();
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
    std::uint32_t height_;
    bool bar_ends_;
  };
  void deepen();  // The expression under construction becomes the child of a new node.

  // parser.cc: tokens
  const Token& peek(std::size_t ahead = 0) const;
  const Token& token_at(std::size_t index) const;
  std::string_view text_of(const Token& token) const;
  bool at(Kind kind, std::size_t ahead = 0) const { return peek(ahead).kind == kind; }
  bool at_word(std::string_view upper, std::size_t ahead = 0) const;
  bool at_words(std::initializer_list<std::string_view> words, std::size_t ahead = 0) const;
  bool at_any_word(std::initializer_list<std::string_view> words, std::size_t ahead = 0) const;
  bool at_name(std::size_t ahead = 0) const { return at(Kind::Word, ahead) || at(Kind::QuotedName, ahead); }
  bool at_end() const { return at(Kind::End) || at(Kind::Semicolon); }
  void take(std::size_t count = 1);
  bool accept(Kind kind);
  bool accept_word(std::string_view upper);
  bool accept_words(std::initializer_list<std::string_view> words);  // All of them or none.
  bool accept_any_word(std::initializer_list<std::string_view> words);
  void expect(Kind kind, std::string_view sign);
  void expect_word(std::string_view upper);
  void expect_words(std::initializer_list<std::string_view> words);
  void fail(ErrorCode code, std::string message, Position position);
  void fail_expected(std::string_view what);  // "Expected …, found …" at the cursor.
  std::string name(std::string_view what);
  std::string name_text(const Token& token) const;
  std::string take_parameter();
  std::int64_t take_integer(std::string_view what);
  std::string source(std::uint32_t begin) const;  // From this byte to the end of the last taken token.
  template <class Item>
  void list(Item&& item) {  // item {, item}
    do item();
    while (accept(Kind::Comma));
  }

  // parser_expression.cc, parser_atom.cc
  enum Precedence : int { kOr = 1, kXor, kAnd, kNot, kComparison, kPredicate, kAdditive, kMultiplicative, kPower };
  struct OperatorHere;
  ExpressionPtr make(Expression::Node node, Position position);
  ExpressionPtr expression();             // Nested: `|` belongs to labels again.
  ExpressionPtr expression_before_bar();  // `|` ends it: inside [… | …] and reduce.
  ExpressionPtr predicate();              // An expression that may be a path pattern as a whole.
  Expression expression_value() { return std::move(*expression()); }
  ExpressionPtr operators(int precedence_min);
  ExpressionPtr operand(int precedence_min);
  ExpressionPtr continue_operators(ExpressionPtr left, int precedence_min, int precedence_max);
  OperatorHere operator_here() const;
  bool at_comparing_operator() const;
  ExpressionPtr boolean_chain(ExpressionPtr left, int precedence);
  ExpressionPtr comparison_chain(ExpressionPtr left);
  ExpressionPtr arithmetic_chain(ExpressionPtr left, int precedence);
  ExpressionPtr predicate_operator(ExpressionPtr left);
  ExpressionPtr is_operator(ExpressionPtr left);
  TypeName type_name();
  TypeName type_without_union();
  TypeName::Kind type_kind();
  VectorType vector_type();
  std::string coordinate_word();
  ExpressionPtr prefix(int precedence_min);
  ExpressionPtr signed_operand();
  ExpressionPtr postfix(ExpressionPtr base, bool labels_allowed);
  ExpressionPtr subscript(ExpressionPtr base);
  ExpressionPtr atom();
  ExpressionPtr number(bool negative);
  ExpressionPtr decimal_number(std::string digits, bool negative, Position position);
  ExpressionPtr string_literal();
  ExpressionPtr parameter();
  ExpressionPtr list_or_comprehension();
  ExpressionPtr list_comprehension();
  ExpressionPtr pattern_comprehension();
  ExpressionPtr map_literal();
  ExpressionPtr map_or_parameter(std::string_view what);
  ExpressionPtr parenthesized_or_pattern();
  bool at_reserved_word() const;
  ExpressionPtr word_atom();
  ExpressionPtr keyword_atom();  // Null when the word at the cursor is an ordinary name.
  ExpressionPtr function_or_variable();
  ExpressionPtr function_call(std::vector<std::string> name, Position position);
  ExpressionPtr trim_call(Position position);
  bool at_argument_word(const FunctionCall& call) const;
  ExpressionPtr case_expression();
  void case_branch(CaseExpression& expression);
  ExpressionPtr quantifier(QuantifierKind kind);
  ExpressionPtr reduce();
  ExpressionPtr map_projection();
  ExpressionPtr subquery(SubqueryKind kind);
  RegularQuery subquery_body(SubqueryKind kind);
  bool at_function_name(std::size_t& parts) const;
  bool at_path_pattern(std::size_t ahead = 0) const;
  void allow_pattern(const Expression& expression);  // A truth value is asked for here.

  // parser_pattern.cc
  std::vector<PatternPath> patterns();
  PatternPath pattern_path(bool selectors_allowed);
  PathSelector path_selector();
  bool at_path_selector() const;
  void shortest_function(PatternPath& path);
  void path_elements(std::vector<PatternElement>& elements);
  void path_element(std::vector<PatternElement>& elements);
  bool at_group() const;
  GroupPattern group_pattern();
  NodePattern node_pattern();
  RelationshipPattern relationship_pattern();
  VariableLength variable_length();
  std::optional<Quantifier> quantifier_sign();
  template <class Pattern, class Extra>
  void properties_and_where(Pattern& pattern, std::optional<LabelExpression>& labels, Extra&& extra);
  LabelExpression label_expression(bool bar_allowed);
  LabelExpression label_conjunction();
  LabelExpression label_operand();
  LabelName label_name();
  bool at_label() const;

  // parser_query.cc, parser_clause.cc
  RegularQuery regular_query();
  RegularQuery query_segment();
  RegularQuery united_queries();
  Conditional conditional();
  SingleQuery single_query();
  bool clause(SingleQuery& query);  // False when no clause begins here.
  std::optional<Clause::Node> clause_node(SingleQuery& query);
  std::optional<Clause::Node> reading_clause();
  std::optional<Clause::Node> writing_clause();
  void check_order(const SingleQuery& query);
  void check_complete(const RegularQuery& query);
  ExpressionPtr optional_where();
  Match match(bool optional);
  Hint hint();
  bool at_all_quantifier() const;
  Projection projection();
  ProjectionItem projection_item();
  void ordering(Ordering& ordering);
  With projection_star();
  With let_clause();
  std::vector<SetItem> set_items();
  SetItem set_item();
  ExpressionPtr property_target();
  RemoveItem remove_item();
  std::vector<LabelName> label_list();
  Merge merge();
  Foreach foreach();
  Clause::Node call(bool optional, bool is_first);
  CallProcedure call_procedure(bool optional, bool is_first);
  CallSubquery call_subquery(bool optional);
  InTransactions in_transactions();
  void on_error(InTransactions& settings);
  LoadCsv load_csv();
  YieldItem yield_item();
  GraphReference graph_reference();

  // parser_show.cc
  ShowCommand show();
  bool show_of_users(ShowCommand& command);
  bool show_names(ShowCommand& command);
  bool show_privileges(ShowCommand& command, std::optional<ShowKind> of);
  void show_filtered(ShowCommand& command);
  void show_executable(ShowCommand& command);
  void show_tail(ShowCommand& command);
  Yield show_yield();
  TerminateTransactions terminate();
  bool at_show_tail() const;

  // parser_admin.cc, parser_user.cc, parser_schema.cc
  std::optional<Statement::Node> command();
  std::optional<Statement::Node> create_command();
  std::optional<Statement::Node> drop_command();
  std::optional<Statement::Node> alter_command();
  std::optional<Statement::Node> transaction_command();
  std::optional<Statement::Node> server_command();
  // parser_privilege.cc
  std::optional<Statement::Node> role_command();
  std::optional<Statement::Node> privilege_command();
  std::optional<Statement::Node> membership(bool revokes);
  std::size_t privilege_words(std::string_view words) const;
  void privilege(ChangePrivilege& change);
  void privilege_properties(ChangePrivilege& change);
  void privilege_target(ChangePrivilege& change, std::uint8_t places);
  void privilege_elements(ChangePrivilege& change);
  void names_or_star(std::vector<std::string>& names, bool& star, std::string_view what);
  std::string glob();
  bool if_not_exists(bool or_replace);
  bool if_exists() { return accept_words({"IF", "EXISTS"}); }
  SymbolicName symbolic_name(std::string_view what);
  CreateDatabase create_database(bool or_replace);
  void create_database_tail(CreateDatabase& command);
  AlterDatabase alter_database();
  bool alter_database_change(AlterDatabase& command);
  DropDatabase drop_database();
  UndropDatabase undrop_database();
  Topology topology();
  CypherVersion language();
  Wait wait();
  ExpressionPtr integer_or_parameter(std::string_view what);
  ExpressionPtr string_or_parameter(std::string_view what);
  AliasSettings alias_settings(bool is_create);
  bool alias_setting(AliasSettings& settings);
  UserSettings user_settings(bool is_create);
  bool user_setting(UserSettings& settings);
  void user_removal(UserSettings& settings);
  bool change_required();
  UserAuth user_auth();
  std::optional<Statement::Node> create_schema(bool or_replace);
  CreateIndex create_index(IndexKind kind, bool or_replace);
  CreateConstraint create_constraint(bool or_replace);
  void constraint_kind(CreateConstraint& command);
  DropIndex drop_index();
  std::string schema_entity(EntityKind& entity, std::vector<std::string>& labels);
  std::vector<std::string> schema_properties(const std::string& variable);
  std::string schema_property(const std::string& variable);
  void schema_variable(const std::string& variable);
  std::vector<std::string> schema_keys();
  std::optional<SymbolicName> schema_name();

  std::string_view text_;
  ParseLimits limits_;
  Tokens tokens_;
  std::size_t at_ = 0;
  std::optional<nexus::Error> error_;
  std::uint32_t depth_ = 0;
  std::uint32_t height_ = 0;
  std::uint32_t expressions_ = 0;
  std::uint32_t expression_subqueries_ = 0;  // EXISTS, COUNT and COLLECT open now.
  bool bar_ends_ = false;
  // Path patterns met as expressions where no truth value was asked for (so far).
  std::vector<Position> stray_patterns_;
};

}  // namespace nexus::syntax
