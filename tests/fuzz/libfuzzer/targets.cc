#include "tests/fuzz/libfuzzer/targets.h"

#include "base/check.h"
#include "base/components.h"
#include "base/hash.h"
#include "base/memory_budget.h"
#include "service/bolt/pack_reader.h"
#include "service/bolt/structures.h"
#include "service/json.h"
#include "storage/log_format.h"
#include "storage/store.h"
#include "storage/transaction.h"
#include "syntax/parser.h"
#include "syntax/printer.h"
#include "value/codec.h"
#include "value/text.h"
#include "vfs/memory_vfs.h"

namespace nexus::fuzz {
namespace {

class CountingRandom : public Random {
 public:
  std::uint64_t next() override { return mix64(++state_); }

 private:
  std::uint64_t state_ = 0;
};

// A store with a log that holds nothing but its header.
struct EmptyStore {
  std::string log_name;
  Bytes log, manifest;

  EmptyStore() {
    vfs::MemoryVfs files;
    CountingRandom random;
    {
      const auto store = storage::Store::open({}, {&random, nullptr, nullptr}, files);
      NX_CHECK(store.has_value());
      const auto transaction = (*store)->begin_write();
      NX_CHECK(transaction.has_value() && (*transaction)->create_node({}, {}).has_value());
      NX_CHECK((*transaction)->commit().has_value());
    }
    const auto entries = files.list("");
    for (const auto& entry : *entries) {
      if (storage::is_log_name(entry.name)) log_name = entry.name;
    }
    NX_CHECK(!log_name.empty());
    log = files.contents(log_name);
    log.resize(storage::kLogHeaderBytes);
    storage::Manifest named = *storage::decode_manifest(files.contents("MANIFEST"));
    named.synced_bytes = storage::kLogHeaderBytes;
    manifest = storage::encode_manifest(named);
  }
};

}  // namespace

void statement(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  for (const syntax::StatementText& one : syntax::split_statements(text)) NX_CHECK(!one.text.empty());
  const auto tree = syntax::parse(text);
  if (!tree) {
    NX_CHECK(!tree.error().message.empty());
    return;
  }
  const std::string printed = syntax::print(*tree);
  // A printed chain may nest deeper than what was written: brackets become explicit.
  const auto again = syntax::parse(printed, {1u << 30, 5'000, 1u << 30});
  NX_CHECK(again.has_value());
  NX_CHECK(syntax::print(*again) == printed);
}

void value(ByteView bytes) {
  ByteReader in(bytes);
  const auto decoded = decode_value(in);
  if (!decoded) return;
  ByteWriter out;
  encode_value(out, *decoded);
  const Bytes encoded = out.take();
  ByteReader again(encoded);
  const auto twice = decode_value(again);
  NX_CHECK(twice.has_value() && again.at_end());
  NX_CHECK(to_text(*twice) == to_text(*decoded));
}

void log(ByteView bytes) {
  static const EmptyStore empty;
  const storage::LogHeader header = *storage::decode_log_header(empty.log);
  ByteWriter out;
  out.raw(empty.log);
  storage::append_frame(out, storage::frame_seed(header), {storage::FrameKind::Commit, header.first_lsn, 0, 1}, bytes);
  MemoryBudget budget(64 * 1024 * 1024);
  CountingRandom random;
  vfs::MemoryVfs files;
  files.set_contents("MANIFEST", empty.manifest);
  files.set_contents(empty.log_name, out.take());
  const auto store = storage::Store::open({}, {&random, nullptr, &budget}, files);
  if (!store) NX_CHECK(budget.used_bytes() == 0);
}

void pack(ByteView bytes) {
  using namespace service::bolt;
  static constexpr Dialect kDialects[] = {
      {{6, 0}, false, false}, {{5, 8}, false, false}, {{4, 4}, false, false}, {{4, 4}, true, false}};
  if (bytes.empty()) return;
  const Dialect& dialect = kDialects[bytes[0] % std::size(kDialects)];
  PackReader in(bytes.subspan(1), dialect, {});
  const auto read = in.value();
  if (!read || in.refusal()) return;
  std::string written;
  PackWriter out(written);
  write_value(out, *read, dialect);
  PackReader again(as_bytes(written), dialect, {});
  const auto twice = again.value();
  NX_CHECK(twice.has_value() && !again.refusal() && again.at_end());
  NX_CHECK(to_text(*twice) == to_text(*read));
}

void json(ByteView bytes) {
  const auto read = service::parse_json(as_text(bytes));
  if (!read) return;
  std::string plain, typed;
  service::append_json(plain, *read);
  service::append_typed_json(typed, *read);
  // One level of values is two of JSON when types are written.
  const auto again = service::parse_json(typed);
  if (again) NX_CHECK(to_text(*again) == to_text(*read));
  else NX_CHECK(read->depth() * 2 + 2 > service::kJsonDepthMax);
}

}  // namespace nexus::fuzz
