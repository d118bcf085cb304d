#include "instance/constituents.h"

#include <algorithm>

#include "instance/database_name.h"

namespace nexus::instance {

class Constituents::Guest final : public exec::GuestGraph {
 public:
  Guest(std::shared_ptr<Work> work, DatabaseUuid uuid, bool writes)
      : work_(std::move(work)), uuid_(uuid), writes_(writes) {}
  ~Guest() override {
    const std::lock_guard guard(work_->mutex);
    work_->end();
  }

  Result<std::unique_lock<std::mutex>> enter() override {
    std::unique_lock lock(work_->mutex);
    if (work_->has_ended()) return work_->ended_error();
    return lock;
  }

  exec::ExecutionContext context_in(const exec::ExecutionContext& host) override {
    exec::ExecutionContext context{*work_->transaction,       host.parameters, host.random,
                                   host.clock,                host.budget,     host.cancellation,
                                   host.procedures,           work_->database_name(),
                                   work_->database().uuid_as_text(), !writes_};
    context.statement_nanoseconds = host.statement_nanoseconds;
    context.transaction_nanoseconds = host.transaction_nanoseconds;
    context.batch_rows = host.batch_rows;
    context.graphs = host.graphs;
    context.caller = host.caller;
    context.import_files = host.import_files;
    context.profile = host.profile;
    return context;
  }

  Work& work() { return *work_; }
  const DatabaseUuid& uuid() const { return uuid_; }
  bool writes() const { return writes_; }

 private:
  const std::shared_ptr<Work> work_;
  const DatabaseUuid uuid_;
  const bool writes_;
};

Constituents::Constituents(DatabaseManager& manager, Identity identity, std::string composite,
                           std::weak_ptr<Work> host, Options options)
    : manager_(manager),
      identity_(std::move(identity)),
      composite_(std::move(composite)),
      host_(std::move(host)),
      options_(options) {}

Constituents::~Constituents() = default;

Result<Target> Constituents::find(std::string_view name, bool is_element_id) const {
  const std::vector<Alias> own = manager_.constituents(composite_);
  if (is_element_id) {
    const std::optional<DatabaseUuid> uuid = uuid_of_element_id(name);
    const auto found = std::find_if(own.begin(), own.end(), [&](const Alias& alias) {
      return uuid && !alias.is_remote() && alias.target_uuid == *uuid;
    });
    if (found != own.end()) return manager_.find(identity_, found->name, right::kAccess, ErrorCode::GraphNotFound);
    return Error(ErrorCode::ElementIdGraphNotFound,
                 "No graph of composite database '" + printable_name(composite_) + "' has element id '" +
                     printable_name(name) + "'.");
  }
  const std::string folded = fold_database_name(name);
  const bool is_own =
      std::any_of(own.begin(), own.end(), [&](const Alias& alias) { return alias.name == folded; });
  if (is_own) return manager_.find(identity_, folded, right::kAccess, ErrorCode::GraphNotFound);
  const NameKind kind = manager_.look_up(identity_, folded);
  if (kind.kind == NameKind::Kind::Unknown && folded.compare(0, composite_.size() + 1, composite_ + ".") != 0) {
    return Error(ErrorCode::GraphNotFound, "Graph not found: " + printable_name(name));
  }
  if (kind.kind != NameKind::Kind::Unknown) {
    return Error(ErrorCode::OutsideFromComposite, "'" + printable_name(name) + "' is not part of composite database '" +
                                                      printable_name(composite_) + "'.");
  }
  return Error(ErrorCode::ConstituentNotFound, "Composite database '" + printable_name(composite_) +
                                                   "' has no constituent '" + printable_name(name) + "'.");
}

Result<exec::GuestGraph*> Constituents::open(std::string_view name, bool is_element_id, bool writes) {
  NX_TRY(const Target target, find(name, is_element_id));
  // Why all of writing: which of it comes is known to the statement, and a transaction has several.
  const Rights rights = writes ? right::kMatch | right::kWrite : right::kMatch;
  NX_TRY_DO(manager_.authorize(identity_, target, rights, writes ? "Writing to a constituent" : "Reading a constituent"));
  Guest* reader = nullptr;
  for (const auto& guest : guests_) {
    if (guest->uuid() != target.uuid) continue;
    if (guest->writes()) return static_cast<exec::GuestGraph*>(guest.get());
    reader = guest.get();
  }
  if (!writes && reader != nullptr) return static_cast<exec::GuestGraph*>(reader);
  if (writes && options_.is_read_only) {
    return Error(ErrorCode::WriteInReadAccess, "Writing in read access mode not allowed. Attempted write to " +
                                                   printable_name(target.name) + ".");
  }
  if (writes && target.is_read_only) {
    return Error(ErrorCode::WriteOnReadOnlyDatabase, "Database '" + printable_name(target.name) + "' is read-only.");
  }
  if (writes && writer_ != nullptr) {
    return Error(ErrorCode::SecondWriter,
                 "Writing to more than one database per transaction is not allowed. Attempted write to " +
                     printable_name(target.name) + ", currently writing to " +
                     printable_name(writer_->work().database_name()) + ".");
  }
  NX_TRY(Guest* const guest, add(target, writes));
  return static_cast<exec::GuestGraph*>(guest);
}

Result<Constituents::Guest*> Constituents::add(const Target& target, bool writes) {
  NX_TRY(const std::shared_ptr<Work> work, manager_.enter(target, identity_));
  auto guest = std::make_unique<Guest>(work, target.uuid, writes);
  const std::lock_guard guard(work->mutex);
  if (work->has_ended()) return work->ended_error();
  work->set_host(host_);
  if (!writes) {
    work->transaction = work->store().begin_read();
  } else if (options_.is_explicit) {
    NX_TRY_DO(work->begin_explicit());
  } else {
    storage::WaitLimits limits;
    if (const auto host = host_.lock()) {
      limits = {host->cancellation().deadline_nanoseconds(), &host->cancellation().requested()};
    }
    NX_TRY_DO(work->begin_write(limits));
  }
  guests_.push_back(std::move(guest));
  if (writes) writer_ = guests_.back().get();
  return guests_.back().get();
}

std::vector<std::string> Constituents::names() const {
  std::vector<std::string> names;
  for (const Alias& alias : manager_.constituents(composite_)) names.push_back(alias.name);
  return names;
}

Result<Map> Constituents::properties(std::string_view name) const {
  const std::string folded = fold_database_name(name);
  for (Alias& alias : manager_.constituents(composite_)) {
    if (alias.name == folded) return std::move(alias.properties);
  }
  return Error(ErrorCode::ConstituentNotFound, "Composite database '" + printable_name(composite_) +
                                                   "' has no constituent '" + printable_name(name) + "'.");
}

Result<std::optional<storage::CommitReceipt>> Constituents::commit() {
  if (writer_ == nullptr) return std::optional<storage::CommitReceipt>();
  NX_TRY(const auto guard, writer_->enter());
  if (!writer_->work().transaction->has_writes()) return std::optional<storage::CommitReceipt>();
  NX_TRY(const storage::CommitReceipt receipt, writer_->work().database().commit(*writer_->work().transaction));
  return std::optional<storage::CommitReceipt>(receipt);
}

const std::shared_ptr<Database>& Constituents::written() const {
  NX_CHECK(writer_ != nullptr);
  return writer_->work().shared_database();
}

}  // namespace nexus::instance
