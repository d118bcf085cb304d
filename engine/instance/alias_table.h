// AliasTable: the second names of databases; names with a composite database in front are its constituents.
//
// Invariant: one Alias a name; the lists by target and by composite agree with it.
// Threads: none of its own; the DatabaseManager's mutex guards it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "instance/name_table.h"
#include "instance/uuid.h"
#include "nexus/value.h"
#include "storage/ids.h"

namespace nexus::instance {

struct Alias {
  storage::NodeId node = 0;
  std::string name;       // As a whole and folded: "sales", "world.europe".
  std::string composite;  // "world" of "world.europe" when that is a composite database; else empty.
  std::string target;     // The database it leads to; for a remote alias the name over there.
  DatabaseUuid target_uuid{};  // Of a local target: renaming it changes nothing here.
  std::string url;        // Of a remote alias; empty: local.
  std::string user;
  std::string language;   // Of a remote alias: "CYPHER 5", or empty.
  bool forwards_credentials = false;
  Map driver;
  Map properties;
  bool is_remote() const { return !url.empty(); }
};

class AliasTable {
 public:
  std::size_t size() const { return by_name_.size(); }
  const Alias* find(std::string_view name) const;
  void put(Alias alias);  // Replaces one of the same name.
  void erase(std::string_view name);
  // A database has been renamed.
  void rename_target(const std::string& from, const std::string& to);

  void swap(AliasTable& other);
  // Nodes from `first` on are numbers of `given` (system_store.h: steps).
  void set_nodes(storage::NodeId first, const std::vector<storage::NodeId>& given);

  // Sorted names of the local aliases that lead to a database.
  std::vector<std::string> leading_to(std::string_view database) const;
  bool leads_to(std::string_view database) const { return by_target_.find(database) != by_target_.end(); }
  // Sorted names of a composite database's constituents.
  std::vector<std::string> constituents_of(std::string_view composite) const;
  // The first plain alias that a composite database of this name would make ambiguous; or null.
  const Alias* shadowed_by(std::string_view composite) const;
  // All, sorted, behind `after`, at most `limit`.
  std::vector<Alias> page(std::string_view after, std::size_t limit) const;

 private:
  using Names = std::map<std::string, std::set<std::string>, std::less<>>;
  void link(const Alias& alias);
  void unlink(const Alias& alias);

  NameTable<Alias> by_name_;
  Names by_target_;
  Names by_composite_;
};

}  // namespace nexus::instance
