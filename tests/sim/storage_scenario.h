// Several databases side by side, each doing random transactions, compactions and reopenings.
#pragma once

#include <set>
#include <vector>

#include "storage/store.h"
#include "tests/sim/crash_loop.h"
#include "tests/sim/dice.h"
#include "vfs/prefix_vfs.h"

namespace nexus::sim {

class StorageScenario : public Scenario {
 public:
  explicit StorageScenario(std::uint64_t seed);

  void run(Vfs& vfs) override;
  void recover(Vfs& vfs) override;
  std::string verify(Vfs& vfs) override;

 private:
  struct Database {
    std::string folder;
    storage::StoreOptions options;
    // Fingerprints of the states that may be found: the last one known to be durable, then
    // everything committed or attempted since.
    std::vector<std::uint64_t> possible;
    std::set<storage::NodeId> given;  // Ids of nodes acknowledged as durable, dead or alive.
    std::unique_ptr<vfs::PrefixVfs> vfs;
    std::unique_ptr<storage::Store> store;
  };

  bool open(Database& database, Vfs& vfs);
  void close(Database& database);
  bool step(Database& database, Vfs& vfs);
  bool transact(Database& database);
  void write(storage::Transaction& transaction, std::vector<storage::NodeId>& created);
  void change_schema(storage::Transaction& transaction);
  std::string verify_database(Database& database, Vfs& vfs);

  Dice dice_;    // Decides what is done.
  Dice random_;  // The stores' own.
  std::vector<Database> databases_;
  std::string broken_;  // Found wrong while running.
};

}  // namespace nexus::sim
