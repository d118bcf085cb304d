// fuzz_corpus DIRECTORY           every file of DIRECTORY/TARGET through its target, as libFuzzer would
// fuzz_corpus DIRECTORY --seeds   writes well-formed inputs there to begin with, made of random values
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/check.h"
#include "base/components.h"
#include "base/hash.h"
#include "service/bolt/structures.h"
#include "service/json.h"
#include "storage/log_format.h"
#include "storage/store.h"
#include "storage/transaction.h"
#include "tests/fuzz/libfuzzer/targets.h"
#include "tests/support/random_value.h"
#include "value/codec.h"
#include "vfs/memory_vfs.h"

namespace {

using namespace nexus;
namespace fs = std::filesystem;

constexpr int kSeeds = 24;

void write_file(const fs::path& folder, int number, std::string_view bytes) {
  fs::create_directories(folder);
  std::ofstream out(folder / ("seed-" + std::to_string(number)), std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

class CountingRandom : public Random {
 public:
  std::uint64_t next() override { return mix64(++state_); }

 private:
  std::uint64_t state_ = 0;
};

template <class T>
T must(Result<T> result) {
  NX_CHECK(result.has_value());
  return std::move(*result);
}

// A value that a property can have.
Value property(tests::RandomValues& values) {
  if (values.below(4) == 0) return Value::list({Value::integer(1), Value::integer(-5)});
  for (;;) {
    Value value = values.storable(0);
    if (!value.is_null()) return value;
  }
}

// What one transaction of a store writes to the log: names, nodes, relationships, properties, removals.
Bytes operations(tests::RandomValues& values) {
  using namespace nexus::storage;
  vfs::MemoryVfs files;
  CountingRandom random;
  auto store = must(Store::open({}, {&random, nullptr, nullptr}, files));
  auto tx = must(store->begin_write());
  const TokenId labels[] = {must(tx->intern(TokenKind::Label, "A")), must(tx->intern(TokenKind::Label, "B"))};
  const TokenId key = must(tx->intern(TokenKind::Key, "key"));
  const TokenId type = must(tx->intern(TokenKind::Type, "TYPE"));
  NodeId nodes[4];
  for (NodeId& node : nodes) node = must(tx->create_node(labels, {{key, property(values)}}));
  const RelationshipId kept = must(tx->create_relationship(type, nodes[0], nodes[1], {{key, property(values)}}));
  const RelationshipId gone = must(tx->create_relationship(type, nodes[1], nodes[1], {}));
  must(tx->set_node_property(nodes[2], key, property(values)));
  must(tx->set_relationship_property(kept, key, Value::null()));
  must(tx->remove_label(nodes[2], labels[0]));
  must(tx->delete_relationship(gone));
  must(tx->delete_node(nodes[3]));
  must(tx->commit());
  const auto entries = must(files.list(""));
  for (const auto& entry : entries) {
    if (!is_log_name(entry.name)) continue;
    const Bytes log = files.contents(entry.name);
    const std::uint32_t seed = frame_seed(must(decode_log_header(log)));
    Bytes last;
    for (std::size_t at = kLogHeaderBytes; at < log.size();) {
      const auto frame = read_frame(ByteView(log).subspan(at), seed);
      if (!frame) break;
      if (!frame->payload.empty()) last.assign(frame->payload.begin(), frame->payload.end());
      at += frame->bytes;
    }
    return last;
  }
  return {};
}

int write_seeds(const fs::path& directory) {
  tests::RandomValues values(1);
  for (int number = 0; number < kSeeds; ++number) {
    const Value value = values.storable(3);
    ByteWriter encoded;
    encode_value(encoded, value);
    write_file(directory / "value", number, as_text(encoded.view()));
    std::string text;
    if (number % 2 == 0) service::append_json(text, value);
    else service::append_typed_json(text, value);
    write_file(directory / "json", number, text);
    const service::bolt::Dialect dialect{{5, 8}, false, false};
    std::string packed(1, '\0');
    service::bolt::PackWriter writer(packed);
    service::bolt::write_value(writer, value, dialect);
    write_file(directory / "pack", number, packed);
    const Bytes log = operations(values);
    write_file(directory / "log", number, as_text(log));
  }
  return 0;
}

int run_all(const fs::path& directory) {
  int count = 0, empty = 0;
  for (const fuzz::Target& target : fuzz::kTargets) {
    const fs::path folder = directory / std::string(target.name);
    int mine = 0;
    if (fs::exists(folder)) {
      for (const auto& entry : fs::directory_iterator(folder)) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        target.run(as_bytes(bytes));
        ++mine;
      }
    }
    std::printf("%s: %d inputs\n", std::string(target.name).c_str(), mine);
    count += mine;
    empty += mine == 0;
  }
  std::printf("corpus: %d inputs, none broke anything\n", count);
  return empty == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2) return run_all(argv[1]);
  if (argc == 3 && std::string_view(argv[2]) == "--seeds") return write_seeds(argv[1]);
  std::printf("usage: fuzz_corpus DIRECTORY [--seeds]\n");
  return 2;
}
