// Prepared: a statement as far as it can be taken without a database; PlanCache keeps them by text.
//
// A plan names labels and keys as text, so one plan serves every database and nothing about
// a database can leak through the cache.
//
// Invariant: at most `entries_max` entries of at most kTextBytesMax bytes of text; the least
// recently used goes first. Threads: all functions may be called concurrently.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "instance/access_control.h"
#include "plan/plan.h"
#include "syntax/ast.h"

namespace nexus::instance {

// Plans of one statement for databases with indexes, by the fingerprint of those. A few: a client
// talks to databases that look alike.
class PlanVariants {
 public:
  using PlanPtr = std::shared_ptr<const plan::Statement>;
  PlanPtr find(std::uint64_t fingerprint) const;
  void add(std::uint64_t fingerprint, PlanPtr plan);

 private:
  static constexpr std::size_t kVariantsMax = 8;
  mutable std::mutex mutex_;
  std::vector<std::pair<std::uint64_t, PlanPtr>> variants_;  // Oldest first.
};

struct Prepared {
  std::string text;             // Of a query also to plan it again when the database has indexes.
  syntax::Statement statement;  // For a query only its head: mode and position; its USE is the plan's.
  // Null for administration, transaction and session commands.
  std::shared_ptr<const plan::Statement> plan;
  bool is_administration = false;   // SHOW DATABASES: answered by the system database from anywhere.
  bool is_system_allowed = false;   // May run on the system database.
  Rights rights = 0;                // That it needs on its database; kShowSetting and kLoad on the instance.
  mutable PlanVariants variants;
};

class PlanCache {
 public:
  static constexpr std::size_t kTextBytesMax = 16 * 1024;
  explicit PlanCache(std::size_t entries_max) : entries_max_(entries_max) {}

  std::shared_ptr<const Prepared> find(std::string_view text);
  void add(std::string_view text, std::shared_ptr<const Prepared> prepared);
  std::size_t size() const;

 private:
  struct Entry {
    std::string text;
    std::shared_ptr<const Prepared> prepared;
  };
  const std::size_t entries_max_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // Most recently used first; the keys of by_text_ point into it.
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
};

}  // namespace nexus::instance
