#include "instance/system/show_aliases.h"

#include "instance/caller.h"
#include "instance/database_name.h"
#include "procedure/signature.h"

namespace nexus::instance::system {
namespace {

Value text_or_null(const std::string& text) { return text.empty() ? Value::null() : Value::string(text); }

Value credentials_of(const Alias& alias) {
  if (!alias.is_remote()) return Value::null();
  return Value::string(alias.forwards_credentials ? "OIDC CREDENTIAL FORWARDING" : "STORED NATIVE CREDENTIALS");
}

List row_of(const Alias& alias) {
  return {Value::string(alias.name),
          text_or_null(alias.composite),
          Value::string(alias.target),
          Value::string(alias.is_remote() ? "remote" : "local"),
          text_or_null(alias.url),
          credentials_of(alias),
          text_or_null(alias.user),
          alias.is_remote() ? Value::map(alias.driver) : Value::null(),
          text_or_null(alias.language),
          Value::map(alias.properties)};
}

// One alias a row, a page of them at a time.
class AliasStream final : public exec::RowStream {
 public:
  AliasStream(DatabaseManager& manager, const Identity& identity) : manager_(manager), identity_(identity) {}

  Result<bool> next(List& row) override {
    if (at_ == page_.size()) {
      if (is_last_) return false;
      const std::string after = page_.empty() ? std::string() : page_.back().name;
      page_ = manager_.aliases(identity_, after, kPageRows);
      is_last_ = page_.size() < kPageRows;
      at_ = 0;
      if (page_.empty()) return false;
    }
    row = row_of(page_[at_++]);
    return true;
  }

 private:
  static constexpr std::size_t kPageRows = 256;
  DatabaseManager& manager_;
  const Identity& identity_;
  std::vector<Alias> page_;
  std::size_t at_ = 0;
  bool is_last_ = false;
};

plan::ProcedureSignature::Field map_field(std::string name) {
  return {std::move(name), function::types(Type::Map), "MAP"};
}

plan::ProcedureSignature signature_of_aliases() {
  using procedure::string_field;
  plan::ProcedureSignature signature;
  signature.name = "SHOW ALIASES";
  signature.inputs = {string_field("name")};
  signature.defaults = {Value::null()};
  signature.outputs = {string_field("name"),        string_field("composite"), string_field("database"),
                       string_field("location"),    string_field("url"),       string_field("credentials"),
                       string_field("user"),        map_field("driver"),       string_field("defaultLanguage"),
                       map_field("properties")};
  signature.default_outputs = {"name", "composite", "database", "location", "url", "credentials", "user"};
  signature.is_system_allowed = true;
  return signature;
}

}  // namespace

void add_show_aliases(procedure::Registry& registry) {
  registry.add(signature_of_aliases(), [](exec::ProcedureContext& context, List arguments) -> exec::StreamResult {
    const Identity& identity = caller_of(context).identity;
    DatabaseManager& manager = caller_of(context).administration.databases();
    if (arguments.empty() || arguments[0].is_null()) {
      return std::unique_ptr<exec::RowStream>(std::make_unique<AliasStream>(manager, identity));
    }
    std::vector<List> rows;
    if (const auto alias = manager.alias(identity, arguments[0].string())) rows.push_back(row_of(*alias));
    return procedure::stream_of(std::move(rows));
  });

  plan::ProcedureSignature choose;
  choose.name = "dbms.setDefaultDatabase";
  choose.description = "Chooses the default database; the old one must be stopped first.";
  choose.inputs = {procedure::string_field("databaseName")};
  choose.outputs = {procedure::string_field("result")};
  choose.is_system_allowed = true;
  registry.add(std::move(choose), [](exec::ProcedureContext& context, List arguments) -> exec::StreamResult {
    if (context.database_name != kSystemDatabase) {
      return Error(ErrorCode::NotSystemDatabase,
                   "dbms.setDefaultDatabase() is administration and runs on the system database only.");
    }
    if (arguments[0].is_null()) return Error(ErrorCode::InvalidArgumentType, "databaseName must be a STRING.");
    const std::string name(arguments[0].string());
    bool wait = false;
    NX_TRY_DO(caller_of(context).administration.run({nullptr, {}, 0, name, 0}, wait));
    return procedure::stream_of({{Value::string("Default database set to " + fold_database_name(name))}});
  });
}

}  // namespace nexus::instance::system
