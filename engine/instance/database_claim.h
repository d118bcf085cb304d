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
