// A client of one Bolt connection in this process, for the tests of Connection.
#pragma once

#include <algorithm>

#include "nexus/bolt.h"
#include "service/bolt/framing.h"
#include "service/bolt/pack_reader.h"
#include "service/bolt/structures.h"
#include "tests/support/catch.h"
#include "tests/support/test_instance.h"
#include "value/text.h"

namespace nexus::service::bolt_test {

using Progress = BoltConnection::Progress;
using bolt::Dialect;

inline constexpr std::string_view kMagic("\x60\x60\xB0\x17", 4);
inline constexpr std::int64_t kSecond = 1'000'000'000;

struct Server {
  test::TestInstance instance;
  test::QuietLog log;
  std::unique_ptr<BoltService> service;
  // With `passwords` the instance has users.
  explicit Server(BoltSettings settings = {}, PasswordHasher* passwords = nullptr) : instance({}, nullptr, passwords) {
    service = BoltService::create(*instance, instance.clock(), log, std::move(settings));
  }
  void run(std::string_view statement, std::string_view database = {}) {
    test::must(query(*instance.session(database), statement));
  }
};

// A client of one connection: sends messages as text-like values, reads the answers as text.
class Client {
 public:
  explicit Client(Server& server, Dialect dialect = {{5, 8}, false, false})
      : connection_(server.service->connect("127.0.0.1")), dialect_(dialect) {}
  ~Client() = default;

  void raw(std::string_view bytes) { connection_->receive(bytes); }
  void shake_hands() {
    std::string hello(kMagic);
    hello += {'\0', '\0', static_cast<char>(dialect_.version.minor), static_cast<char>(dialect_.version.major)};
    hello.append(12, '\0');
    raw(hello);
    std::string answer;
    CHECK(connection_->step(answer) == Progress::Waits);
    CHECK(answer == hello.substr(4, 4));
  }

  void send(std::uint8_t tag, const List& fields) {
    std::string out;
    bolt::MessageFrame frame(out);
    bolt::PackWriter writer(out);
    writer.structure(fields.size(), tag);
    for (const Value& field : fields) bolt::write_value(writer, field, dialect_);
    frame.close();
    raw(out);
  }
  void hello(Map extra = {}) {
    extra.emplace_back("user_agent", Value::string("test/1"));
    send(0x01, {Value::map(make_map(std::move(extra)))});
  }
  void logon() { send(0x6A, {Value::map({{"scheme", Value::string("none")}})}); }
  static Map basic(std::string_view user, std::string_view password) {
    return {{"credentials", Value::string(password)}, {"principal", Value::string(user)}, {"scheme", Value::string("basic")}};
  }
  void logon(std::string_view user, std::string_view password) { send(0x6A, {Value::map(basic(user, password))}); }
  void logoff() { send(0x6B, {}); }
  void run(std::string_view text, Map extra = {}, Map parameters = {}) {
    send(0x10, {Value::string(text), Value::map(make_map(std::move(parameters))), Value::map(make_map(std::move(extra)))});
  }
  void pull(std::int64_t n = -1, std::int64_t result = -1) {
    send(0x3F, {Value::map({{"n", Value::integer(n)}, {"qid", Value::integer(result)}})});
  }
  void discard(std::int64_t n = -1) { send(0x2F, {Value::map({{"n", Value::integer(n)}})}); }
  void begin(Map extra = {}) { send(0x11, {Value::map(make_map(std::move(extra)))}); }
  void commit() { send(0x12, {}); }
  void rollback() { send(0x13, {}); }
  void reset() { send(0x0F, {}); }
  void route(std::string_view database, Map routing = {}) {
    Map extra;
    if (!database.empty()) extra.emplace_back("db", Value::string(database));
    send(0x66, {Value::map(std::move(routing)), Value::list({}), Value::map(std::move(extra))});
  }
  void start() {
    shake_hands();
    hello();
    if (dialect_.has_logon()) logon();
    answers();
  }

  // Steps until the connection waits or closes; what it said, one text a message.
  std::vector<std::string> answers() {
    std::string out;
    for (progress_ = Progress::More; progress_ == Progress::More;) {
      std::string piece;
      progress_ = connection_->step(piece);
      largest_ = std::max(largest_, piece.size());
      out += piece;
    }
    return parse(out);
  }
  std::string answer() {
    const auto all = answers();
    return all.empty() ? "(silence)" : all.back();
  }
  bool is_closed() const { return progress_ == Progress::Closed; }
  std::size_t largest_step() const { return largest_; }
  BoltConnection& connection() { return *connection_; }

  // The metadata of the last SUCCESS or FAILURE.
  Value last = Value::map({});
  std::string member(std::string_view name) const {
    const Value* found = last.find(name);
    return found == nullptr ? "(absent)" : to_text(*found);
  }

 private:
  std::vector<std::string> parse(std::string_view bytes) {
    std::vector<std::string> texts;
    bolt::Dechunker dechunker;
    while (true) {
      const auto message = test::must(dechunker.next(bytes, 1 << 30));
      if (!message) return texts;
      bolt::PackReader reader(as_bytes(*message), dialect_);
      std::size_t fields = 0;
      const std::uint8_t tag = test::must(reader.structure(fields));
      const char* name = tag == 0x70 ? "SUCCESS" : tag == 0x71 ? "RECORD" : tag == 0x7E ? "IGNORED" : "FAILURE";
      if (fields == 0) {
        texts.emplace_back(name);
        continue;
      }
      const Value value = test::must(reader.value());
      if (tag != 0x71) last = value;
      const Value* code = value.is(Type::Map) ? value.find(dialect_.has_gql_errors() ? "neo4j_code" : "code") : nullptr;
      if (tag == 0x71) texts.push_back("RECORD " + to_text(value));
      else if (tag == 0x7F) texts.push_back("FAILURE " + std::string(code == nullptr ? "?" : code->string()));
      else texts.emplace_back(name);
    }
  }

  std::unique_ptr<BoltConnection> connection_;
  Dialect dialect_;
  Progress progress_ = Progress::Waits;
  std::size_t largest_ = 0;
};

using Texts = std::vector<std::string>;
inline constexpr const char* kInvalid = "FAILURE Neo.ClientError.Request.InvalidFormat";

}  // namespace nexus::service::bolt_test
