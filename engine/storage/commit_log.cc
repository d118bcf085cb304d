#include "storage/commit_log.h"

#include <algorithm>

namespace nexus::storage {

CommitLog::CommitLog(LogStore& logs, BlobStore& blobs, Versions& versions, Random& random, StoreOptions options,
                     LogPosition position)
    : logs_(logs),
      blobs_(blobs),
      versions_(versions),
      random_(random),
      options_(options),
      position_(std::move(position)),
      seed_(frame_seed(position_.header)),
      next_lsn_(position_.last_lsn + 1),
      durable_lsn_(position_.last_lsn),
      appended_(position_.last_timestamp),
      written_(position_.last_timestamp),
      durable_(position_.last_timestamp) {}

Result<> CommitLog::check() const {
  if (!has_failed()) return Done{};
  const std::lock_guard<std::mutex> guard(mutex_);
  return Error{ErrorCode::DatabaseFailed, "the database stopped after its storage failed: " + reason_};
}

Error CommitLog::outcome_unknown() const {
  return Error{ErrorCode::CommitOutcomeUnknown,
               "the storage failed during the commit, which may or may not survive: " + reason_};
}

void CommitLog::frame(FrameKind kind, Timestamp timestamp, ByteView payload) {
  append_frame(buffer_, seed_, {kind, next_lsn_++, durable_lsn_, timestamp}, payload);
}

// The first commit of a database brings its files: the log, complete and durable, then the
// manifest that names it. Before the manifest there is no database to lose.
Result<> CommitLog::create_log() {
  LogPosition made;
  made.header = {options_.uuid, 1, 1, random_.next()};
  made.name = log_name(1, made.header.salt);
  const Bytes header = encode_log_header(made.header);
  made.bytes = header.size();
  NX_TRY_DO(logs_.create(made.name, header));
  NX_TRY_DO(blobs_.put(kManifestName, encode_manifest({options_.uuid, 1, 0, 0, made.name})));
  position_ = std::move(made);
  seed_ = frame_seed(position_.header);
  return Done{};
}

Result<> CommitLog::append(Timestamp timestamp, const std::vector<Bytes>& pieces) {
  NX_TRY_DO(check());
  const std::lock_guard<std::mutex> guard(mutex_);
  if (position_.name.empty()) {
    if (auto made = create_log(); !made) {
      fail(made.error());
      return Error{ErrorCode::DatabaseFailed, "the database's files cannot be created: " + reason_};
    }
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    frame(i + 1 == pieces.size() ? FrameKind::Commit : FrameKind::Part, timestamp, pieces[i]);
  }
  appended_ = timestamp;
  is_certified_ = false;
  return Done{};
}

Result<CommitReceipt> CommitLog::wait(Timestamp timestamp) {
  std::unique_lock<std::mutex> lock(mutex_);
  const bool syncs = options_.sync == SyncMode::Commit;
  // Why durable_ too: a leader that did not sync may have written what this commit has to sync.
  const auto is_done = [&] {
    if (!syncs) return written_ >= timestamp;
    return durable_ >= timestamp || (!pending_.empty() && pending_.back().timestamp >= timestamp);
  };
  while (!is_done() && !has_failed()) {
    if (is_led_) {
      changed_.wait(lock);
    } else {
      lead(lock, syncs);
    }
  }
  const bool is_acknowledged = durable_ >= timestamp || (!syncs && written_ >= timestamp);
  if (!is_acknowledged && has_failed()) return outcome_unknown();
  if (is_acknowledged) {
    // Why again: the leader may have come by before the version was published.
    versions_.make_visible(timestamp);
    return CommitReceipt{timestamp, true, 0};
  }
  const auto ticket = std::find_if(pending_.begin(), pending_.end(),
                                   [&](const Pending& pending) { return pending.timestamp >= timestamp; });
  NX_CHECK(ticket != pending_.end());
  return CommitReceipt{timestamp, false, ticket->ticket};
}

void CommitLog::lead(std::unique_lock<std::mutex>& lock, bool syncs) {
  is_led_ = true;
  const Bytes bytes = buffer_.take();
  const Timestamp timestamp = appended_;
  const std::uint64_t lsn = next_lsn_ - 1;
  const std::string name = position_.name;
  lock.unlock();
  Result<Durability> done = Durability{};
  if (!bytes.empty()) {
    if (auto appended = logs_.append(name, bytes); !appended) done = std::move(appended.error());
  }
  if (done && syncs) done = logs_.sync(name);
  lock.lock();
  is_led_ = false;
  if (!done) {
    fail(done.error());
  } else {
    position_.bytes += bytes.size();
    written_ = timestamp;
    if (!syncs) {
      versions_.make_visible(timestamp);
    } else if (done->is_durable()) {
      reached(timestamp, lsn);
    } else {
      pending_.push_back({done->ticket, timestamp, lsn});
    }
  }
  changed_.notify_all();
}

void CommitLog::reached(Timestamp timestamp, std::uint64_t lsn) {
  durable_ = std::max(durable_, timestamp);
  durable_lsn_ = std::max(durable_lsn_, lsn);
  versions_.make_visible(durable_);
}

void CommitLog::fail(const Error& error) {
  if (has_failed()) return;
  reason_ = error.message;
  has_failed_.store(true, std::memory_order_release);
  changed_.notify_all();
}

Result<> CommitLog::sync() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (position_.name.empty()) return Done{};
  const std::uint64_t wanted = next_lsn_ - 1;
  while (durable_lsn_ < wanted && !has_failed()) {
    const bool is_pending = !pending_.empty() && pending_.back().lsn >= wanted;
    if (is_pending) return Done{};  // The host will say.
    if (is_led_) {
      changed_.wait(lock);
    } else {
      lead(lock, true);
    }
  }
  if (has_failed() && durable_lsn_ < wanted) return outcome_unknown();
  return Done{};
}

Result<> CommitLog::close() {
  NX_TRY_DO(check());
  NX_TRY_DO(sync());
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (is_certified_ || position_.name.empty() || !pending_.empty()) return Done{};
    frame(FrameKind::Certificate, appended_, {});
    is_certified_ = true;
  }
  return sync();
}

void CommitLog::set_sync(SyncMode sync) {
  const std::lock_guard<std::mutex> guard(mutex_);
  options_.sync = sync;
}

void CommitLog::durable_up_to(std::uint64_t ticket) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (has_failed()) return;
  while (!pending_.empty() && pending_.front().ticket <= ticket) {
    reached(pending_.front().timestamp, pending_.front().lsn);
    pending_.pop_front();
  }
}

void CommitLog::storage_failed() {
  const std::lock_guard<std::mutex> guard(mutex_);
  fail(Error{ErrorCode::IoError, "the host could not make a commit durable"});
}

Timestamp CommitLog::last_durable() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return durable_;
}

std::uint64_t CommitLog::bytes() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return position_.bytes;
}

LogPosition CommitLog::position() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  LogPosition position = position_;
  position.last_lsn = next_lsn_ - 1;
  position.last_timestamp = appended_;
  return position;
}

Result<> CommitLog::switch_to(LogPosition rewritten) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (is_led_) changed_.wait(lock);
  NX_TRY_DO(rewritten.last_timestamp == appended_ && buffer_.size() == 0
                ? Result<>(Done{})
                : Result<>(Error{ErrorCode::Internal, "the rewritten log is not complete"}));
  const Manifest manifest{options_.uuid, rewritten.header.generation, 0, rewritten.bytes, rewritten.name};
  if (auto put = blobs_.put(kManifestName, encode_manifest(manifest)); !put) {
    fail(put.error());  // Which of the two logs counts now is unknown.
    return std::move(put.error());
  }
  const std::string old = std::exchange(position_, std::move(rewritten)).name;
  position_.synced_bytes = position_.bytes;
  seed_ = frame_seed(position_.header);
  next_lsn_ = position_.last_lsn + 1;
  durable_lsn_ = position_.last_lsn;
  is_certified_ = true;
  (void)logs_.remove(old);  // If that fails the next opening does it.
  return Done{};
}

}  // namespace nexus::storage
