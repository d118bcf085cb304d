// Claims on rows and on the names of aliases, for the files that make DatabaseManager.
#pragma once

#include "instance/database_manager.h"

namespace nexus::instance {

// A row held by one change: settled again when the claim goes out of scope.
//
// Requires: created and destroyed with the manager's mutex held.
class DatabaseManager::Claim {
 public:
  Claim(DatabaseManager& manager, Rows::iterator row) : manager_(manager), row_(row) {
    row_->second.is_settled = false;
  }
  ~Claim() {
    if (held_) manager_.settle(row_);
  }
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  void erase() {
    held_ = false;
    manager_.rows_.erase(row_);
    manager_.settled_.notify_all();
  }
  void settle() {
    held_ = false;
    manager_.settle(row_);
  }

 private:
  DatabaseManager& manager_;
  Rows::iterator row_;
  bool held_ = true;
};

// What makes a manager a draft of another one.
struct DatabaseManager::Draft {
  DatabaseManager& base;
  const bool is_in_earnest;              // False: a rehearsal.
  const std::uint64_t generation;        // Of `base`, when it was copied.
  std::vector<DatabaseUuid> uuids;       // Of what it creates: the same each time the commands run.
  std::size_t uuids_given = 0;
  std::vector<DatabaseUuid> taken_away;  // Rows of `base` that nobody finds any more.
  std::vector<DatabaseUuid> written;     // Folders that are there too early.
  std::vector<DatabaseUuid> buried;      // Folders that go once all is durable.
  std::vector<std::string> dumps;        // Files that are there too early.
};

// One change under way. A transaction's commit waits until there is none, and new ones wait for it.
//
// Requires: created with the manager's mutex held by `lock`, which outlives it.
class DatabaseManager::Change {
 public:
  Change(DatabaseManager& manager, Lock& lock) : manager_(manager), lock_(lock) { resume(); }
  ~Change() {
    if (!lock_.owns_lock()) lock_.lock();
    pause();
  }
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

  // For as long as files are filled, which may take long: only a row that is not settled is held meanwhile.
  void pause() {
    --manager_.changes_;
    ++manager_.generation_;
    manager_.settled_.notify_all();
  }
  void resume() {
    manager_.settled_.wait(lock_, [this] { return !manager_.is_transacting_; });
    ++manager_.changes_;
  }
  void unlock() { lock_.unlock(); }
  void lock() { lock_.lock(); }

 private:
  DatabaseManager& manager_;
  Lock& lock_;
};

// Keeps all changes out; rows that are not settled belong to changes that pause.
class DatabaseManager::Alone {
 public:
  explicit Alone(DatabaseManager& manager) : manager_(manager) {
    Lock lock(manager_.mutex_);
    manager_.settled_.wait(lock, [this] { return !manager_.is_transacting_; });
    manager_.is_transacting_ = true;
    manager_.settled_.wait(lock, [this] { return manager_.changes_ == 0; });
  }
  ~Alone() {
    const Lock lock(manager_.mutex_);
    manager_.is_transacting_ = false;
    manager_.settled_.notify_all();
  }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;

 private:
  DatabaseManager& manager_;
};

// The one change of aliases under way, under this name.
//
// Requires: the same as Claim; and nobody else's change is under way.
class DatabaseManager::AliasChange {
 public:
  AliasChange(DatabaseManager& manager, std::string name) : manager_(manager) {
    manager_.alias_is_changing_ = true;
    manager_.changing_alias_ = std::move(name);
  }
  ~AliasChange() {
    manager_.alias_is_changing_ = false;
    manager_.changing_alias_.clear();
    manager_.settled_.notify_all();
  }
  AliasChange(const AliasChange&) = delete;
  AliasChange& operator=(const AliasChange&) = delete;

 private:
  DatabaseManager& manager_;
};

}  // namespace nexus::instance
