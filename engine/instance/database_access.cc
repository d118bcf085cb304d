// The part of DatabaseManager that knows who may do what to which database.
//
// Invariant: whoever may not see a database is answered as if there were none of that name, and a name
// without a database as one that may not be used; so nobody learns the names of others by trying.
#include "instance/database_claim.h"
#include "instance/database_name.h"

namespace nexus::instance {
namespace {

// Whoever has one of these on the instance sees all databases.
constexpr Rights kSeeAll = right::kCreateDatabase | right::kDropDatabase | right::kAlterDatabase | right::kSetDatabaseAccess;

Result<> check_vouched(const Identity& identity) {
  if (!identity.user.empty()) return Done{};
  return Error(ErrorCode::Forbidden, "A request without a user name is not allowed to do anything.");
}

}  // namespace

// Requires: mutex_ held.
Place DatabaseManager::place_of(const Identity& identity, const std::string& name, const DatabaseUuid& uuid) const {
  std::string home = access_ ? access_->home_database(identity) : std::string();
  if (home.empty()) home = system_->default_database();
  return {uuid, resolved(home) == name};
}

Result<> DatabaseManager::authorize(const Identity& identity, Rights rights, std::string_view what) const {
  if (identity.account.empty() || !access_) return check_vouched(identity);
  return access_->check(identity, {}, rights, what);
}

Result<> DatabaseManager::authorize(const Identity& identity, const std::string& name, const DatabaseUuid& uuid,
                                    Rights rights, std::string_view what) const {
  if (identity.account.empty() || !access_) return check_vouched(identity);
  return access_->check(identity, place_of(identity, name, uuid), rights, what);
}

Result<> DatabaseManager::authorize(const Identity& identity, const Target& target, Rights rights, std::string_view what) const {
  if (identity.account.empty() || !access_) return check_vouched(identity);
  const Lock lock(mutex_);
  return authorize(identity, target.name, target.uuid, rights, what);
}

Rights DatabaseManager::rights_among(const Identity& identity, const std::string& name, const DatabaseUuid& uuid, Rights rights) const {
  if (identity.account.empty() || !access_) return identity.user.empty() ? 0 : rights;
  const Lock lock(mutex_);
  return access_->among(identity, place_of(identity, name, uuid), rights);
}

bool DatabaseManager::sees_all(const Identity& identity) const {
  if (identity.account.empty() || !access_) return !identity.user.empty();
  return access_->among(identity, {}, kSeeAll) != 0;
}

// Requires: mutex_ held.
bool DatabaseManager::is_visible(const Identity& identity, const std::string& name, const DatabaseUuid& uuid) const {
  if (sees_all(identity)) return true;
  if (identity.account.empty() || !access_) return false;
  return access_->among(identity, place_of(identity, name, uuid), right::kAccess) != 0;
}

NameKind DatabaseManager::look_up(const Identity& identity, std::string_view name) const {
  NameKind kind = look_up(name);
  if (identity.account.empty() || kind.kind == NameKind::Kind::System || sees_all(identity)) return kind;
  const Lock lock(mutex_);
  if (is_visible(identity, kind.database, kind.uuid)) return kind;
  NameKind none;
  none.database = fold_database_name(name);
  return none;
}

std::string DatabaseManager::home_database(const Identity& identity) const {
  std::string home = access_ && !identity.account.empty() ? access_->home_database(identity) : std::string();
  return home.empty() ? default_database() : home;
}

// Its counts would tell how many databases and users there are.
DatabaseInfo DatabaseManager::describe_system_for(const Identity& identity) const {
  DatabaseInfo info = describe_system();
  if (sees_all(identity)) return info;
  info.node_count = info.relationship_count = info.store_bytes = info.memory_bytes = info.last_transaction = 0;
  return info;
}

// As `identity` may see it. Requires: mutex_ held.
DatabaseInfo DatabaseManager::describe_for(const Identity& identity, const std::string& name, const Row& row) const {
  DatabaseInfo info = describe(name, row);
  if (identity.account.empty() || !access_) return info;
  info.is_home = place_of(identity, name, row.uuid).is_home;
  const auto parent = rows_.find(info.parent);
  if (parent == rows_.end() || !is_visible(identity, info.parent, parent->second.uuid)) info.parent.clear();
  return info;
}

Result<std::uint64_t> DatabaseManager::change_access(const std::function<Result<std::uint64_t>()>& change) {
  Lock lock(mutex_);
  Change changing(*this, lock);
  if (is_closing_) return database_unavailable(kSystemDatabase, "the instance is shutting down");
  changing.unlock();
  auto changed = change();
  changing.lock();
  return changed;
}

}  // namespace nexus::instance
