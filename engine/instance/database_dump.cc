// A database as one file and back.
#include "instance/database_claim.h"
#include "vfs/prefix_vfs.h"

namespace nexus::instance {
namespace {

constexpr std::string_view kDumps = "dumps";

// Its work keeps the database open; STOP and DROP end it between two pieces.
class DumpStreamImpl final : public DumpStream {
 public:
  DumpStreamImpl(std::shared_ptr<Work> work, std::unique_ptr<storage::DumpWriter> writer)
      : work_(std::move(work)), writer_(std::move(writer)) {}
  ~DumpStreamImpl() override {
    const std::lock_guard guard(work_->mutex);
    work_->end();
  }

  Result<bool> next(Bytes& out) override {
    const std::lock_guard guard(work_->mutex);
    if (is_done_) return false;
    if (work_->has_ended()) return work_->ended_error();
    auto more = writer_->next(out);
    is_done_ = !more || !*more;
    if (is_done_) work_->end();
    return more;
  }

 private:
  const std::shared_ptr<Work> work_;
  const std::unique_ptr<storage::DumpWriter> writer_;
  bool is_done_ = false;
};

}  // namespace

Result<std::unique_ptr<DumpStream>> DatabaseManager::dump(const Identity& identity, std::string_view name) {
  NX_TRY(const Target target, find(identity, name, right::kAccess | right::kMatch));
  if (target.is_system) {
    return cannot("dump", target.name, "it is the system database.", ErrorCode::SystemDatabaseImmutable);
  }
  if (target.is_composite) return composite_has_no_graph("dump", target.name);
  NX_TRY(std::shared_ptr<Work> work, enter(target, identity));
  std::unique_ptr<storage::DumpWriter> writer;
  {
    const std::lock_guard guard(work->mutex);
    NX_TRY_DO(work->begin_statement(0, 0));
    NX_TRY(work->snapshot, work->store().snapshot({0, &work->cancellation().requested()}));
    writer = std::make_unique<storage::DumpWriter>(*work->snapshot, target.uuid, environment_.wall(),
                                                   environment_.components.random);
  }
  return std::unique_ptr<DumpStream>(std::make_unique<DumpStreamImpl>(std::move(work), std::move(writer)));
}

Result<> DatabaseManager::restore(const Identity& identity, std::string_view name, ByteSource& bytes) {
  storage::DumpReader dump(bytes);
  NX_TRY_DO(dump.read_header());
  CreateRequest request;
  request.name = std::string(name);
  request.dump = &dump;
  NX_TRY_DO(create(identity, request));
  return Done{};
}

Result<> DatabaseManager::restore_files(storage::DumpReader& dump, StoredDatabase& stored) {
  if (dump.header().timestamp == 0) {  // Nothing was ever written: there are no files to make.
    std::vector<storage::SnapshotPiece> pieces;
    for (bool more = true; more;) {
      pieces.clear();
      NX_TRY(more, dump.next(pieces));
    }
    return Done{};
  }
  const exec::Cancellation never;
  NX_TRY_DO(copy_files(dump, never, stored));
  auto checked = check_restored(dump.header(), stored.uuid);
  if (checked) return Done{};
  forget_unfinished(stored.uuid);
  remove_folder(stored.uuid);
  return checked;
}

Result<std::unique_ptr<storage::Store>> DatabaseManager::open_alone(const DatabaseUuid& uuid, Vfs& folder,
                                                                    MemoryBudget& memory) {
  storage::StoreOptions options;
  options.uuid = uuid;
  options.single_threaded = environment_.settings.single_threaded;
  return storage::Store::open(options, {&environment_.components.random, &environment_.components.clock, &memory}, folder);
}

// Opens it once: what every frame's checksum has passed may still not fit together.
Result<> DatabaseManager::check_restored(const storage::DumpHeader& header, const DatabaseUuid& uuid) {
  vfs::PrefixVfs folder(environment_.components.vfs, folder_of(uuid));
  MemoryBudget memory(0, &environment_.memory);
  NX_TRY(const auto store, open_alone(uuid, folder, memory));
  const auto transaction = store->begin_read();
  if (transaction->node_count() == header.nodes && transaction->relationship_count() == header.relationships) {
    return Done{};
  }
  return Error(ErrorCode::Corruption, "the dump does not hold what its header says");
}

namespace {

// A file that has its name only when it is whole, and then for good.
Result<> write_dump(storage::DumpWriter& dump, Vfs& vfs, const std::string& path) {
  const std::string partial = std::string(kDumps) + "/unfinished";
  if (auto removed = vfs.remove(partial); !removed && removed.error().code != ErrorCode::FileNotFound) return removed;
  NX_TRY(const std::unique_ptr<File> file, vfs.open(partial, OpenMode::CreateNew));
  Bytes piece;
  for (bool more = true; more;) {
    piece.clear();
    NX_TRY(more, dump.next(piece));
    NX_TRY_DO(file->append(piece));
  }
  NX_TRY_DO(file->sync());
  NX_TRY_DO(vfs.rename(partial, path));
  NX_TRY_DO(vfs.sync_directory(kDumps));
  return vfs.sync_directory("");
}

}  // namespace

// DROP … DUMP DATA. An older dump of the name stays: the new one gets a number.
Result<> DatabaseManager::leave_dump(const std::string& name, const DatabaseUuid& uuid) {
  if (is_rehearsal()) return Done{};
  const std::lock_guard guard(dumps_mutex_);
  Vfs& vfs = environment_.components.vfs;
  std::string path;
  for (int number = 1;; ++number) {
    path = std::string(kDumps) + "/" + name + (number == 1 ? "" : "." + std::to_string(number)) + ".nexusdump";
    NX_TRY(const bool is_taken, vfs.exists(path));
    if (!is_taken) break;
  }
  vfs::PrefixVfs folder(vfs, folder_of(uuid));
  MemoryBudget memory(0, &environment_.memory);
  NX_TRY(const auto store, open_alone(uuid, folder, memory));
  const exec::Cancellation never;
  NX_TRY(const auto snapshot, store->snapshot({0, &never.requested()}));
  storage::DumpWriter dump(*snapshot, uuid, environment_.wall(), environment_.components.random);
  if (draft_) draft_->dumps.push_back(path);
  return write_dump(dump, vfs, path);
}

}  // namespace nexus::instance
