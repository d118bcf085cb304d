// Security: the AccessControl of an instance whose host checks passwords.
//
//   command ─ copy of the table ─ changed ─ written to the system database ─ shared
//
// A draft does the same on a table of its own; adopt() takes it over, with the nodes that its
// rows have been given.
//
// Invariant: what is shared was written. Cost: a change copies the table; a decision copies a pointer.
// Threads: all functions may be called concurrently; one change at a time.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "instance/access_control.h"
#include "instance/security/access_table.h"
#include "instance/security/logins.h"

namespace nexus::instance::security {

class Security final : public AccessControl {
 public:
  explicit Security(PasswordHasher& passwords) : logins_(std::make_shared<Logins>(passwords)) {}

  Result<> open(SystemStore& store, Random& random, Clock& clock) override;
  std::unique_ptr<AccessControl> draft(SystemStore& store) override;
  void adopt(AccessControl& draft, const std::vector<std::uint64_t>& created) override;

  Result<Identity> authenticate(std::string_view user, std::string_view password) override;
  void note_login(std::string_view user) override { logins_->succeeded(user); }
  bool must_change_password(const Identity& identity) const override;
  Result<> check(const Identity& identity, const Place& place, Rights rights, std::string_view what) const override;
  Rights among(const Identity& identity, const Place& place, Rights rights) const override;
  std::string describe(const Identity& identity) const override;
  std::string home_database(const Identity& identity) const override;
  Result<std::uint64_t> administer(const syntax::Statement& statement, DatabaseManager& manager,
                                   const Identity& identity, const Map& parameters) override;
  void add_procedures(procedure::Registry& registry) const override;

  TablePtr table() const;
  Logins& logins() const { return *logins_; }

  // One command's change: of a copy of the table, and of the rows.
  class Edit {
   public:
    const AccessTable& table() const { return table_; }
    void put(User user);  // In place of one of that name, or a new one.
    void put(Role role);
    // `user` and `role` have new names.
    void rename_user(const std::string& old_name, User user);
    void rename_role(const std::string& old_name, Role role);
    void erase_user(const std::string& name);
    void erase_role(const std::string& name);
    std::string new_id() { return uuid_text(make_uuid(random_)); }

   private:
    friend class Security;
    Edit(const AccessTable& base, Random& random) : table_(base), random_(random) {}
    void put_row(storage::NodeId node, std::string_view label, std::vector<SystemStore::Change> values);

    AccessTable table_;
    Random& random_;
    SystemStore::Steps steps_;
  };
  using Command = std::function<Result<std::uint64_t>(Edit& edit)>;
  // What `command` answers, once it is written; when that is 0 nothing is.
  Result<std::uint64_t> change(const Command& command);

 private:
  Security(const Security& base, SystemStore& store);

  const std::shared_ptr<Logins> logins_;
  SystemStore* store_ = nullptr;
  Random* random_ = nullptr;
  Clock* clock_ = nullptr;
  std::mutex changing_mutex_;
  mutable std::mutex table_mutex_;  // Never held for long.
  TablePtr table_;                  // Guarded by table_mutex_.
};

}  // namespace nexus::instance::security
