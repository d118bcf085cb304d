#include "instance/database.h"

#include <algorithm>
#include <chrono>

#include "instance/database_name.h"
#include "instance/work.h"

namespace nexus::instance {

using Kind = DatabaseState::Kind;

Error database_unavailable(std::string_view name, std::string_view why) {
  std::string message = "Database '" + printable_name(name) + "' is unavailable";
  if (!why.empty()) message.append(": ").append(why);
  return Error(ErrorCode::DatabaseUnavailable, message + ".");
}

Database::Database(Environment& environment, DatabaseUuid uuid, std::string name, std::unique_ptr<Vfs> vfs)
    : environment_(environment),
      uuid_(uuid),
      uuid_text_(instance::uuid_text(uuid)),
      vfs_(std::move(vfs)),
      memory_(0, &environment.memory),
      name_(std::move(name)),
      last_used_(environment.now()) {}

Database::~Database() {
  NX_CHECK(guests_ == 0);
  if (store_) --environment_.open_databases;
}

std::string Database::name() const {
  const std::lock_guard guard(mutex_);
  return name_;
}

void Database::rename(std::string name) {
  const std::lock_guard guard(mutex_);
  name_ = std::move(name);
}

storage::SyncMode Database::sync_mode() const {
  const bool syncs = options_.sync.empty() ? environment_.settings.sync_commits : options_.sync == "commit";
  return syncs ? storage::SyncMode::Commit : storage::SyncMode::Async;
}

void Database::set_options(const DatabaseOptions& options) {
  const std::lock_guard guard(mutex_);
  options_ = options;
  store_bytes_max_ = options.store_bytes_max;
  memory_.set_bytes_max(options.memory_bytes_max);
  if (store_) store_->set_sync(sync_mode());
}

Result<storage::CommitReceipt> Database::commit(storage::Transaction& transaction) {
  const std::uint64_t bytes_max = store_bytes_max_;
  const std::uint64_t more = transaction.log_bytes();
  const auto fits = [&] { return bytes_max == 0 || store_->store_bytes() + more <= bytes_max; };
  if (fits() || !transaction.adds()) return transaction.commit();
  // Why not always: a log that nobody has added to would be rewritten by every refused statement.
  if (store_->log_growth() != 0) {
    transaction.yield_slot();
    NX_TRY_DO(store_->compact());
  }
  if (fits()) return transaction.commit();
  return Error(ErrorCode::LimitExceeded, "Database '" + name() + "' has " + std::to_string(store_->store_bytes()) +
                                             " bytes on disk and this needs " + std::to_string(more) +
                                             " more; its storeLimit is " + std::to_string(bytes_max) + ".");
}

void Database::adopt(std::unique_ptr<storage::Store> store) {
  const std::lock_guard guard(mutex_);
  NX_CHECK(vfs_ == nullptr && kind_ == Kind::Unloaded);
  store_ = std::move(store);
  kind_ = Kind::Open;
  ++environment_.open_databases;
}

Result<> Database::enter(Work& work) {
  Lock lock(mutex_);
  while (true) {
    if (door_is_closed_) return database_unavailable(name_);
    switch (kind_) {
      case Kind::Unloaded: NX_TRY_DO(open_here(lock)); continue;
      case Kind::Opening:
      case Kind::Unloading: changed_.wait(lock); continue;
      case Kind::Failed: return *failure_;
      case Kind::Open: break;
    }
    break;
  }
  ++guests_;
  works_.push_back(&work);
  last_used_ = environment_.now();
  return Done{};
}

void Database::leave(Work& work) {
  const std::lock_guard guard(mutex_);
  const auto found = std::find(works_.begin(), works_.end(), &work);
  NX_CHECK(found != works_.end() && guests_ > 0);
  *found = works_.back();
  works_.pop_back();
  --guests_;
  last_used_ = environment_.now();
  if (guests_ == 0) changed_.notify_all();
}

Result<std::unique_ptr<storage::Store>> Database::open_store() {
  storage::StoreOptions options;
  options.uuid = uuid_;
  {
    const std::lock_guard guard(mutex_);
    options.sync = sync_mode();
  }
  options.single_threaded = environment_.settings.single_threaded;
  const storage::StoreComponents components{&environment_.components.random, &environment_.components.clock, &memory_};
  return vfs_ ? storage::Store::open(options, components, *vfs_) : storage::Store::open_in_memory(components);
}

Result<> Database::open_here(Lock& lock) {
  kind_ = Kind::Opening;
  lock.unlock();
  auto opened = open_store();
  lock.lock();
  changed_.notify_all();
  if (opened) {
    store_ = std::move(*opened);
    store_->set_sync(sync_mode());  // It may have been changed meanwhile.
    kind_ = Kind::Open;
    ++environment_.open_databases;
    return Done{};
  }
  Error& error = opened.error();
  // Too little memory is about this moment; anything else stays until somebody has looked.
  if (error.code == ErrorCode::MemoryLimit) {
    kind_ = Kind::Unloaded;
    return std::move(error);
  }
  kind_ = Kind::Failed;
  const ErrorCode cause = error.code;
  failure_.emplace(ErrorCode::DatabaseFailed, "Database '" + name_ + "' cannot be opened (" +
                                                  std::string(error_name(cause)) + "): " + error.message);
  failure_is_damage_ = cause == ErrorCode::Corruption || cause == ErrorCode::FormatTooNew;
  environment_.components.log.write(LogLevel::Error, failure_->message);
  return *failure_;
}

// Requires: Open and no guests. Leaves the state Unloaded.
void Database::close_here(Lock& lock) {
  NX_CHECK(kind_ == Kind::Open && guests_ == 0);
  kind_ = Kind::Unloading;
  --environment_.open_databases;
  std::unique_ptr<storage::Store> store = std::move(store_);
  lock.unlock();
  const auto closed = store->close();
  store.reset();
  if (!closed) {
    environment_.components.log.write(LogLevel::Warning,
                                      "closing database " + uuid_text_ + ": " + closed.error().message);
  }
  lock.lock();
  kind_ = Kind::Unloaded;
  changed_.notify_all();
}

std::optional<DatabaseCounts> Database::shut(std::uint64_t grace_ms, const Error& reason) {
  Lock lock(mutex_);
  door_is_closed_ = true;
  const auto quiet = [this] { return guests_ == 0 && kind_ != Kind::Opening && kind_ != Kind::Unloading; };
  if (!environment_.settings.single_threaded) changed_.wait_for(lock, std::chrono::milliseconds(grace_ms), quiet);
  std::vector<std::shared_ptr<Work>> running;
  for (Work* work : works_) {
    // A work without owner is being destroyed and leaves by itself.
    if (auto owned = work->weak_from_this().lock()) running.push_back(std::move(owned));
  }
  lock.unlock();
  for (const auto& work : running) work->stop_soon(reason);
  for (const auto& work : running) work->terminate(reason);
  running.clear();
  lock.lock();
  changed_.wait(lock, quiet);
  if (kind_ != Kind::Open) return std::nullopt;
  const DatabaseCounts counts = counts_here();
  if (vfs_) close_here(lock);
  return counts;
}

void Database::allow() {
  const std::lock_guard guard(mutex_);
  door_is_closed_ = false;
  if (kind_ == Kind::Failed) {
    kind_ = Kind::Unloaded;
    failure_.reset();
  }
}

bool Database::unload_if_idle(std::int64_t since, std::optional<DatabaseCounts>& counts) {
  Lock lock(mutex_);
  if (kind_ == Kind::Unloaded) return true;
  if (!vfs_) return false;
  if (kind_ != Kind::Open || guests_ != 0 || last_used_ > since || store_->has_failed()) return false;
  counts = counts_here();
  close_here(lock);
  return true;
}

void Database::release_handles() {
  const std::lock_guard guard(mutex_);
  if (store_) store_->release_handles();
}

bool Database::wants_compaction() {
  const std::lock_guard guard(mutex_);
  return kind_ == Kind::Open && !is_compacting_ && store_->wants_compaction();
}

void Database::compact_if_useful() {
  {
    const std::lock_guard guard(mutex_);
    if (door_is_closed_ || kind_ != Kind::Open || is_compacting_ || !store_->wants_compaction()) return;
    is_compacting_ = true;
    ++guests_;
  }
  const auto compacted = store_->compact();
  const std::lock_guard guard(mutex_);
  if (!compacted) {
    environment_.components.log.write(LogLevel::Warning,
                                      "compacting database " + uuid_text_ + ": " + compacted.error().message);
  }
  is_compacting_ = false;
  if (--guests_ == 0) changed_.notify_all();
}

DatabaseCounts Database::counts_here() {
  const auto transaction = store_->begin_read();
  return {transaction->node_count(), transaction->relationship_count(), store_->store_bytes(),
          store_->last_committed()};
}

DatabaseState Database::state() {
  const std::lock_guard guard(mutex_);
  DatabaseState state;
  state.kind = kind_;
  if (kind_ == Kind::Failed) {
    state.failure = failure_->message;
    state.is_damaged = failure_is_damage_;
  }
  if (kind_ == Kind::Open) {
    state.counts = counts_here();
    state.memory_bytes = memory_.used_bytes();
    if (store_->has_failed()) {
      state.failure = "Writing to its files failed: it answers reads only until it is stopped and started.";
      state.is_damaged = true;
    }
  }
  return state;
}

std::vector<std::shared_ptr<Work>> Database::works() {
  const std::lock_guard guard(mutex_);
  std::vector<std::shared_ptr<Work>> found;
  for (Work* work : works_) {
    if (auto owned = work->weak_from_this().lock()) found.push_back(std::move(owned));
  }
  return found;
}

std::int64_t Database::last_used() const {
  const std::lock_guard guard(mutex_);
  return last_used_;
}

bool Database::is_loaded() const {
  const std::lock_guard guard(mutex_);
  return kind_ == Kind::Open || kind_ == Kind::Opening;
}

}  // namespace nexus::instance
