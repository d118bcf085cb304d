// The part of DatabaseManager that knows second names: aliases and constituents of composite databases.
//
// Invariant: a change of aliases waits for nothing while it holds AliasChange, so a slow stop or
// drop of a database delays only changes of aliases that lead to it.
#include <algorithm>

#include "instance/database_claim.h"
#include "instance/database_name.h"

namespace nexus::instance {
namespace {

constexpr std::string_view kLabel = "Alias";
constexpr std::string_view kDriverPrefix = "driver.";
constexpr std::string_view kPropertyPrefix = "property.";
constexpr std::size_t kSettingsMax = 1'000;

Error cannot_alias(std::string_view verb, std::string_view name, std::string_view why, ErrorCode code) {
  return Error(code, "Failed to " + std::string(verb) + " the specified database alias '" + printable_name(name) +
                         "': " + std::string(why));
}

std::string quoted(std::string_view name) { return "'" + printable_name(name) + "'"; }

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text = "[";
  for (const std::string& name : names) text += (text.size() == 1 ? "" : ", ") + quoted(name);
  return text + "]";
}

Value optional_text(const std::string& text) { return text.empty() ? Value::null() : Value::string(text); }

// Maps become one property an entry, so that values keep their types.
std::vector<std::pair<std::string, Value>> record_of(const Alias& alias) {
  std::vector<std::pair<std::string, Value>> values{
      {"name", Value::string(alias.name)},
      {"composite", optional_text(alias.composite)},
      {"target", Value::string(alias.target)},
      {"targetUuid", alias.is_remote() ? Value::null() : Value::string(uuid_text(alias.target_uuid))},
      {"url", optional_text(alias.url)},
      {"user", optional_text(alias.user)},
      {"language", optional_text(alias.language)},
      {"forwardsCredentials", alias.forwards_credentials ? Value::boolean(true) : Value::null()}};
  for (const auto& [key, value] : alias.driver) values.emplace_back(std::string(kDriverPrefix) + key, value);
  for (const auto& [key, value] : alias.properties) values.emplace_back(std::string(kPropertyPrefix) + key, value);
  return values;
}

std::string_view text_in(const Value& value) { return value.is(Type::String) ? value.string() : std::string_view(); }

Alias alias_of(const SystemStore::Record& record) {
  Alias alias;
  alias.node = record.node;
  for (const auto& [key, value] : record.values) {
    if (key == "name") alias.name = text_in(value);
    else if (key == "composite") alias.composite = text_in(value);
    else if (key == "target") alias.target = text_in(value);
    else if (key == "targetUuid") alias.target_uuid = parse_uuid(text_in(value)).value_or(DatabaseUuid{});
    else if (key == "url") alias.url = text_in(value);
    else if (key == "user") alias.user = text_in(value);
    else if (key == "language") alias.language = text_in(value);
    else if (key == "forwardsCredentials") alias.forwards_credentials = true;
    else if (key.compare(0, kDriverPrefix.size(), kDriverPrefix) == 0)
      alias.driver.emplace_back(key.substr(kDriverPrefix.size()), value);
    else if (key.compare(0, kPropertyPrefix.size(), kPropertyPrefix) == 0)
      alias.properties.emplace_back(key.substr(kPropertyPrefix.size()), value);
  }
  alias.driver = make_map(std::move(alias.driver));
  alias.properties = make_map(std::move(alias.properties));
  return alias;
}

Result<Map> checked_properties(const Map& properties, Position position) {
  if (properties.size() > kSettingsMax) {
    return Error(ErrorCode::LimitExceeded, "An alias has at most " + std::to_string(kSettingsMax) + " properties.", position);
  }
  Map lowered;
  for (const auto& [key, value] : properties) {
    if (!value.is_null()) lowered.emplace_back(fold_database_name(key), value);
  }
  return make_map(std::move(lowered));
}

// What the request says, on top of what the alias is already.
Result<> apply(const AliasRequest& request, Alias& alias) {
  if (request.target) alias.target = fold_database_name(*request.target);
  if (request.url) alias.url = *request.url;
  if (request.user) alias.user = *request.user;
  if (request.language) alias.language = *request.language;
  if (request.forwards_credentials) alias.forwards_credentials = true;
  if (request.driver) alias.driver = *request.driver;
  if (request.properties) { NX_TRY(alias.properties, checked_properties(*request.properties, {})); }
  return Done{};
}

}  // namespace

Result<> DatabaseManager::load_aliases() {
  std::map<DatabaseUuid, std::string> names;
  for (const auto& [name, row] : rows_) names.emplace(row.uuid, name);
  for (const SystemStore::Record& record : system_->records(kLabel)) {
    Alias alias = alias_of(record);
    if (!alias.is_remote()) {
      const auto target = names.find(alias.target_uuid);
      if (target == names.end()) {
        return Error(ErrorCode::Corruption, "The system database has an alias that leads to no database.");
      }
      alias.target = target->second;
    }
    if (alias.name.empty() || rows_.contains(alias.name) || aliases_.find(alias.name) != nullptr) {
      return Error(ErrorCode::Corruption, "The system database has an alias with a name that is in use.");
    }
    aliases_.put(std::move(alias));
  }
  return Done{};
}

// Requires: mutex_ held, as for all that follows with a name in `folded` form.
std::string DatabaseManager::resolved(std::string_view folded) const {
  const Alias* alias = aliases_.find(folded);
  return alias != nullptr && !alias->is_remote() ? alias->target : std::string(folded);
}

// The first part in front of a dot that is a composite database, or empty.
std::string DatabaseManager::composite_of(std::string_view folded) const {
  for (std::size_t dot = folded.find('.'); dot != std::string_view::npos; dot = folded.find('.', dot + 1)) {
    const auto row = rows_.find(folded.substr(0, dot));
    if (row != rows_.end() && row->second.is_composite && !row->second.is_reserved) return row->first;
  }
  return {};
}

Result<> DatabaseManager::check_free_of_aliases(Rows::iterator row, std::string_view verb) const {
  const bool is_composite = row->second.is_composite;
  const std::vector<std::string> names =
      is_composite ? aliases_.constituents_of(row->first) : aliases_.leading_to(row->first);
  if (names.empty()) return Done{};
  return Error(ErrorCode::DatabaseHasAliases,
               "Failed to " + std::string(verb) + " the specified database " + quoted(row->first) +
                   ": Database has one or more " + (is_composite ? "constituent aliases" : "aliases") +
                   ". Drop the aliases: " + quoted_list(names) + " before dropping the database.");
}

// Requires: `row` claimed. One transaction takes the database and the aliases that lead to it.
Result<std::uint64_t> DatabaseManager::erase_with_aliases(Lock& lock, Rows::iterator row,
                                                          const SystemStore::Removal& removal) {
  if (row->second.is_temporary) return std::uint64_t{1};  // Of which nothing is stored, and no alias leads there.
  wait_for_alias_change(lock);
  const AliasChange change(*this, row->first);
  const std::vector<std::string> names =
      row->second.is_composite ? aliases_.constituents_of(row->first) : aliases_.leading_to(row->first);
  std::vector<storage::NodeId> nodes;
  for (const std::string& name : names) nodes.push_back(aliases_.find(name)->node);
  lock.unlock();
  const auto erased = system_->remove(removal, nodes);
  lock.lock();
  if (!erased) return erased.error();
  for (const std::string& name : names) aliases_.erase(name);
  return std::uint64_t{nodes.size() + 1};
}

// By a database, an alias, or one that is being made.
bool DatabaseManager::is_taken(std::string_view name) const {
  return rows_.find(name) != rows_.end() || aliases_.find(name) != nullptr || changing_alias_ == name;
}

void DatabaseManager::wait_for_alias_change(Lock& lock) {
  settled_.wait(lock, [this] { return !alias_is_changing_; });
}

Result<> DatabaseManager::check_alias_target(std::string_view verb, const Alias& alias,
                                             const std::string& target) const {
  if (alias.is_remote()) return Done{};
  if (target == kSystemDatabase) {
    return cannot_alias(verb, alias.name, "the system database has no aliases.", ErrorCode::SystemDatabaseImmutable);
  }
  if (aliases_.find(target) != nullptr) {
    return cannot_alias(verb, alias.name, quoted(target) + " is an alias itself.", ErrorCode::IllegalAliasChain);
  }
  const auto row = rows_.find(target);
  if (row == rows_.end() || row->second.is_reserved) {
    return cannot_alias(verb, alias.name, "Database " + quoted(target) + " does not exist.", ErrorCode::GraphNotFound);
  }
  if (row->second.is_temporary) {
    return cannot_alias(verb, alias.name, "Database " + quoted(target) + " is temporary.", ErrorCode::NotImplemented);
  }
  if (!row->second.is_composite) return Done{};
  return cannot_alias(verb, alias.name, "Database " + quoted(target) + " is composite.", ErrorCode::AliasTargetIsComposite);
}

// Nothing when the alias may be made; a number when there is nothing to do.
Result<std::optional<std::uint64_t>> DatabaseManager::check_alias_name(const AliasRequest& request,
                                                                       const Alias& alias) const {
  const bool is_database = rows_.contains(alias.name);
  const bool is_alias = aliases_.find(alias.name) != nullptr;
  if ((is_database || is_alias) && request.if_not_exists) return std::optional<std::uint64_t>(0);
  if (is_database) {
    return cannot_alias("create", alias.name, "Database exists with that name.", ErrorCode::DatabaseExists);
  }
  if (is_alias && !request.or_replace) {
    return cannot_alias("create", alias.name, "Database name or alias already exists.", ErrorCode::DatabaseExists);
  }
  return std::optional<std::uint64_t>();
}

// Requires: no change of aliases under way, and the rows the alias needs are settled.
Result<std::uint64_t> DatabaseManager::store_alias(Lock& lock, Alias alias,
                                                   std::optional<storage::NodeId> replaced) {
  const AliasChange change(*this, alias.name);
  std::optional<Claim> target, composite;
  if (!alias.is_remote()) {
    const auto row = rows_.find(alias.target);
    alias.target_uuid = row->second.uuid;
    target.emplace(*this, row);
  }
  if (!alias.composite.empty() && alias.composite != alias.target) composite.emplace(*this, rows_.find(alias.composite));
  lock.unlock();
  const auto values = record_of(alias);
  std::vector<SystemStore::Change> changes;
  for (const auto& [key, value] : values) changes.emplace_back(key, value);
  auto inserted = system_->insert_record(kLabel, changes, replaced);
  lock.lock();
  if (!inserted) return std::move(inserted.error());
  alias.node = *inserted;
  aliases_.put(std::move(alias));
  return std::uint64_t{replaced ? 2U : 1U};
}

Result<std::uint64_t> DatabaseManager::create_alias(const Identity& identity, const AliasRequest& request) {
  NX_TRY_DO(authorize(identity, right::kCreateAlias | (request.or_replace ? right::kDropAlias : 0), "Creating an alias"));
  Alias alias;
  NX_TRY(alias.name, check_alias_text(request.name));
  NX_TRY_DO(apply(request, alias));
  if (request.is_remote_only() && !alias.is_remote()) {
    return cannot_alias("create", alias.name, "only an alias AT another server takes these settings.", ErrorCode::AliasConversion);
  }
  Lock lock(mutex_);
  const Change change(*this, lock);
  const auto is_busy = [this](const std::string& name) {
    const auto row = rows_.find(name);
    return row != rows_.end() && !row->second.is_settled;
  };
  while (true) {
    if (is_closing_) return database_unavailable(kSystemDatabase, "the instance is shutting down");
    alias.composite = composite_of(alias.name);
    const bool target_is_busy = !alias.is_remote() && is_busy(alias.target);
    if (!alias_is_changing_ && !is_busy(alias.name) && !target_is_busy && !is_busy(alias.composite)) break;
    NX_TRY_DO(wait_for_others(lock, alias.name));
  }
  NX_TRY(const auto nothing, check_alias_name(request, alias));
  if (nothing) return *nothing;
  NX_TRY_DO(check_alias_target("create", alias, alias.target));
  const Alias* old = aliases_.find(alias.name);
  std::optional<storage::NodeId> replaced;
  if (old != nullptr) replaced = old->node;
  return store_alias(lock, std::move(alias), replaced);
}

Result<std::uint64_t> DatabaseManager::alter_alias(const Identity& identity, const AliasRequest& request) {
  NX_TRY_DO(authorize(identity, right::kAlterAlias, "Altering an alias"));
  const std::string name = fold_database_name(request.name);
  Lock lock(mutex_);
  const Change change(*this, lock);
  while (true) {
    if (is_closing_) return database_unavailable(kSystemDatabase, "the instance is shutting down");
    wait_for_alias_change(lock);
    const Alias* old = aliases_.find(name);
    if (old == nullptr) {
      if (request.if_exists) return std::uint64_t{0};
      return cannot_alias("alter", name, "Database alias does not exist.", ErrorCode::AliasNotFound);
    }
    const bool becomes_remote = request.is_remote_only() && !old->is_remote();
    const bool becomes_local = old->is_remote() && request.target && !request.url;
    if (becomes_remote || becomes_local) {
      return cannot_alias("alter", name, "a local alias cannot become a remote one, nor the other way round.",
                    ErrorCode::AliasConversion);
    }
    Alias alias = *old;
    NX_TRY_DO(apply(request, alias));
    if (!alias.is_remote()) {
      const auto row = rows_.find(alias.target);
      if (row != rows_.end() && !row->second.is_settled) {
        NX_TRY_DO(wait_for_others(lock, alias.target));
        continue;
      }
    }
    NX_TRY_DO(check_alias_target("alter", alias, alias.target));
    const storage::NodeId node = old->node;
    NX_TRY_DO(store_alias(lock, std::move(alias), node));
    return std::uint64_t{1};
  }
}

Result<std::uint64_t> DatabaseManager::drop_alias(const Identity& identity, std::string_view name, bool if_exists) {
  NX_TRY_DO(authorize(identity, right::kDropAlias, "Dropping an alias"));
  const std::string folded = fold_database_name(name);
  Lock lock(mutex_);
  const Change changing(*this, lock);
  wait_for_alias_change(lock);
  if (is_closing_) return database_unavailable(kSystemDatabase, "the instance is shutting down");
  const Alias* alias = aliases_.find(folded);
  if (alias == nullptr) {
    if (if_exists) return std::uint64_t{0};
    return cannot_alias("delete", name, "Database alias does not exist.", ErrorCode::AliasNotFound);
  }
  const AliasChange change(*this, folded);
  const storage::NodeId nodes[] = {alias->node};
  lock.unlock();
  const auto erased = system_->erase(nodes);
  lock.lock();
  if (!erased) return erased.error();
  aliases_.erase(folded);
  return std::uint64_t{1};
}

std::vector<Alias> DatabaseManager::aliases(const Identity& identity, std::string_view after, std::size_t limit) const {
  if (!authorize(identity, right::kShowAlias, "Listing aliases")) return {};
  const Lock lock(mutex_);
  return aliases_.page(after, limit);
}

std::optional<Alias> DatabaseManager::alias(const Identity& identity, std::string_view name) const {
  if (!authorize(identity, right::kShowAlias, "Listing aliases")) return std::nullopt;
  const Lock lock(mutex_);
  const Alias* found = aliases_.find(fold_database_name(name));
  return found == nullptr ? std::nullopt : std::optional<Alias>(*found);
}

std::vector<Alias> DatabaseManager::constituents(std::string_view composite) const {
  const Lock lock(mutex_);
  std::vector<Alias> found;
  for (const std::string& name : aliases_.constituents_of(fold_database_name(composite))) {
    found.push_back(*aliases_.find(name));
  }
  return found;
}

NameKind DatabaseManager::look_up(std::string_view name) const {
  NameKind kind;
  kind.database = fold_database_name(name);
  if (kind.database == kSystemDatabase) {
    kind.kind = NameKind::Kind::System;
    kind.uuid = kSystemUuid;
    return kind;
  }
  const Lock lock(mutex_);
  if (const Alias* alias = aliases_.find(kind.database)) {
    kind.composite = alias->composite;
    kind.kind = alias->is_remote() ? NameKind::Kind::Remote : NameKind::Kind::Standard;
    if (alias->is_remote()) return kind;
    kind.database = alias->target;
    kind.uuid = alias->target_uuid;
    return kind;
  }
  const auto row = rows_.find(kind.database);
  if (row == rows_.end() || row->second.is_reserved || has_expired(row->second)) return kind;
  kind.kind = row->second.is_composite ? NameKind::Kind::Composite : NameKind::Kind::Standard;
  kind.uuid = row->second.uuid;
  return kind;
}

std::optional<std::string> DatabaseManager::name_of(const DatabaseUuid& uuid) const {
  const Lock lock(mutex_);
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const auto& row) { return row.second.uuid == uuid; });
  if (found == rows_.end() || found->second.is_reserved) return std::nullopt;
  return found->first;
}

Result<> DatabaseManager::set_default_database(const Identity& identity, std::string_view name) {
  NX_TRY_DO(authorize(identity, right::kAlterDatabase, "Choosing the default database"));
  const std::string folded = fold_database_name(name);
  NX_TRY_DO(check_alias_text(folded));
  Lock lock(mutex_);
  const Change change(*this, lock);
  if (is_closing_) return database_unavailable(kSystemDatabase, "the instance is shutting down");
  const std::string current = resolved(system_->default_database());
  if (folded == system_->default_database()) return Done{};
  const auto row = rows_.find(current);
  if (row != rows_.end() && !row->second.is_offline) {
    return Error(ErrorCode::DefaultDatabaseRunning, "The default database " + quoted(current) +
                                                        " must be stopped before another one takes its place.");
  }
  const auto next = rows_.find(resolved(folded));
  if (next != rows_.end() && next->second.is_composite) {
    return Error(ErrorCode::CompositeDatabaseImmutable, "A composite database cannot be the default database.");
  }
  lock.unlock();
  return system_->set_default_database(folded);
}

}  // namespace nexus::instance
