// Administration: what one session does to the databases: each command at once, or, between begin() and
// commit(), all of them together or none.
//
//             begin             commit, discard
//   at once ─────────▶ together ────────────────▶ at once
//                        │  a command is tried on a rehearsal, which also answers SHOW, and kept
//                        └─ WAIT commits what there is and goes on
//
// Cost: nothing without begin(); with it the first command copies the rows of all databases.
// Threads: as its session.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "instance/database_manager.h"
#include "instance/plan_cache.h"

namespace nexus::instance {

class Administration {
 public:
  // A statement as somebody asked for it.
  struct Command {
    std::shared_ptr<const Prepared> prepared;  // Null: dbms.setDefaultDatabase().
    Map parameters;
    std::uint64_t temporary_ttl_seconds = 0;
    std::string default_database;
    std::uint64_t updates = 0;  // What it was answered.
  };

  // All outlive it; `manager` is made before the first use.
  Administration(const std::unique_ptr<DatabaseManager>& manager, const Identity& identity, Environment& environment);

  // What SHOW shows: the databases as the commands so far leave them.
  DatabaseManager& databases() const { return rehearsal_ ? *rehearsal_ : *manager_; }

  void begin() { is_open_ = true; }
  Result<> commit();
  void discard();
  // How many rows changed, as system::Outcome; `wait` as system::administer().
  Result<std::uint64_t> run(Command command, bool& wait);
  // Drops the temporary databases that end with the session.
  void drop_temporary();

 private:
  using Names = std::vector<std::pair<std::string, std::string>>;  // Name and uuid.
  Result<std::uint64_t> perform(DatabaseManager& databases, const Command& command, bool& wait, Names* temporary);
  Result<> perform_all(DatabaseManager& databases, Names& temporary);

  const std::unique_ptr<DatabaseManager>& manager_;
  const Identity& identity_;
  Environment& environment_;
  bool is_open_ = false;
  std::unique_ptr<DatabaseManager> rehearsal_;
  std::vector<Command> commands_;
  std::unique_ptr<MemoryBudget> memory_;  // Of the rehearsal and the commands.
  Names temporary_;
};

}  // namespace nexus::instance
