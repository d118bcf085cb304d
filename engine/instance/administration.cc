#include "instance/administration.h"

#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance {
namespace {

constexpr std::size_t kCommandsMax = 1'000;
constexpr std::uint64_t kCommandsBytesMax = std::uint64_t{64} << 20;
constexpr std::uint64_t kRehearsedRowBytes = 400;      // Of a database in the rehearsal.
constexpr std::uint64_t kCommandBytes = 512;  // Beside its text and its parameters; what it writes is as large.

std::uint64_t bytes_of(const Administration::Command& command) {
  std::uint64_t bytes = kCommandBytes + command.default_database.size();
  if (command.prepared) bytes += command.prepared->text.size();
  for (const auto& [key, value] : command.parameters) bytes += key.size() + sizeof(Value) + 2 * value.heap_bytes();
  return bytes;
}

}  // namespace

Administration::Administration(const std::unique_ptr<DatabaseManager>& manager, const Identity& identity,
                               Environment& environment)
    : manager_(manager), identity_(identity), environment_(environment) {}

void Administration::discard() {
  is_open_ = false;
  rehearsal_.reset();
  commands_.clear();
  memory_.reset();
}

Result<std::uint64_t> Administration::run(Command command, bool& wait) {
  if (!is_open_) return perform(*manager_, command, wait, &temporary_);
  if (commands_.size() == kCommandsMax) {
    return Error(ErrorCode::LimitExceeded, "A transaction on the system database has at most " +
                                               std::to_string(kCommandsMax) + " commands.");
  }
  if (!rehearsal_) {
    auto memory = std::make_unique<MemoryBudget>(0, &environment_.memory);
    auto rehearsal = manager_->rehearse();
    NX_TRY_DO(memory->charge(kRehearsedRowBytes * rehearsal->size()));
    memory->set_bytes_max(memory->used_bytes() + kCommandsBytesMax);
    memory_ = std::move(memory);
    rehearsal_ = std::move(rehearsal);
  }
  NX_TRY_DO(memory_->charge(bytes_of(command)));
  NX_TRY(command.updates, perform(*rehearsal_, command, wait, nullptr));
  const std::uint64_t updates = command.updates;
  commands_.push_back(std::move(command));
  if (wait) {
    NX_TRY_DO(commit());
    is_open_ = true;
  }
  return updates;
}

// Requires: begin(). It is over afterwards, whatever the outcome.
Result<> Administration::commit() {
  Result<> done = Done{};
  if (!commands_.empty()) {
    Names temporary;
    done = manager_->transact(*rehearsal_, [&](DatabaseManager& draft) { return perform_all(draft, temporary); });
    if (done) temporary_.insert(temporary_.end(), temporary.begin(), temporary.end());
  }
  discard();
  return done;
}

Result<> Administration::perform_all(DatabaseManager& databases, Names& temporary) {
  temporary.clear();
  std::size_t number = 0;
  for (const Command& command : commands_) {
    bool wait = false;
    auto updates = perform(databases, command, wait, &temporary);
    ++number;
    if (updates && *updates == command.updates) continue;
    const std::string which = "Command " + std::to_string(number) + " of the transaction: ";
    if (updates) return Error(ErrorCode::TransactionConflict, which + "it would not do what it was said to do.");
    updates.error().message = which + updates.error().message;
    return std::move(updates.error());
  }
  return Done{};
}

Result<std::uint64_t> Administration::perform(DatabaseManager& databases, const Command& command, bool& wait,
                                              Names* temporary) {
  if (!command.prepared) {
    NX_TRY_DO(databases.set_default_database(identity_, command.default_database));
    return std::uint64_t{1};
  }
  const syntax::Statement& statement = command.prepared->statement;
  const system::AdminContext context{databases, identity_, command.parameters, command.temporary_ttl_seconds};
  NX_TRY(const std::uint64_t updates, system::administer(statement, context, wait));
  const auto* create = std::get_if<syntax::CreateDatabase>(&statement.node);
  if (updates == 0 || temporary == nullptr || create == nullptr || !create->temporary) return updates;
  const auto name = name_value(create->name, command.parameters);
  // Why not as who asks: who may create a database need not be allowed to see it.
  const auto info = databases.info(Identity{identity_.user}, name ? *name : std::string());
  if (info && info->is_temporary && !info->expires_nanoseconds) temporary->emplace_back(info->name, info->uuid);
  return updates;
}

// Another database may have the name by now, or this one another name: then it is left to its TTL or the end.
void Administration::drop_temporary() {
  for (const auto& [name, uuid] : temporary_) {
    const Identity owner{identity_.user};
    const auto info = manager_->info(owner, name);
    if (info && info->uuid == uuid) static_cast<void>(manager_->drop(owner, name, true));
  }
}

}  // namespace nexus::instance
