// Administration with data written in between: CREATE, COPY, RENAME, ALTER, STOP, START, DROP,
// UNDROP, aliases, dump and restore on one instance, alone and several in one transaction. Each has
// happened wholly or not at all.
#pragma once

#include <map>

#include "nexus/instance.h"
#include "tests/sim/crash_loop.h"
#include "tests/sim/dice.h"
#include "tests/support/components.h"

namespace nexus::sim {

class InstanceScenario : public Scenario {
 public:
  explicit InstanceScenario(std::uint64_t seed);

  void run(Vfs& vfs) override;
  void recover(Vfs& vfs) override;
  std::string verify(Vfs& vfs) override;

 private:
  struct Database {
    std::uint64_t rows = 0;
    std::int64_t sum = 0;
    bool is_offline = false;
    bool is_read_only = false;
    std::string environment;
  };
  struct Dropped {
    std::string name;
    Database database;
  };
  // What SHOW DATABASES and the trash have to say.
  struct Model {
    std::map<std::string, Database> databases;
    std::map<std::string, std::string> aliases;  // By name, what each leads to.
    std::vector<Dropped> trash;
    std::string text() const;
    bool has_alias(const std::string& database) const;
  };

  bool open(Vfs& vfs);
  void close();
  bool step();
  bool create(Model& after);
  bool copy(Model& after);
  bool drop(Model& after);
  bool undrop(Model& after);
  bool alter(Model& after);
  bool rename(Model& after);
  bool switch_status(Model& after);
  bool write(Model& after);
  bool change_alias(Model& after);
  bool transact(Model& after);
  bool dump_and_restore(Model& after);
  bool use_temporary();
  bool empty_trash();
  // In the transaction that is open, else in one of its own.
  // Whether it worked. A failure of the files ends the run, any other is a fault found.
  bool execute(const std::string& statement);
  bool accept(const Error& error);
  std::string some_name(bool needs_online = true);
  std::string free_name();
  Result<Database> read(const DatabaseInfo& info);
  Result<std::string> read_all();
  std::string check_folders(Vfs& vfs);

  Dice dice_;
  test::SeededRandom random_;
  test::FakeClock clock_;
  test::InlineScheduler scheduler_;
  test::QuietLog log_;
  InstanceSettings settings_;
  std::unique_ptr<Instance> instance_;
  std::unique_ptr<Session> transaction_;  // On the system database; null: none is open.
  Model model_;                        // What was acknowledged.
  std::vector<std::string> possible_;  // And what may be there instead, as text.
  std::int64_t next_value_ = 1;
  std::string broken_;
};

}  // namespace nexus::sim
