#include "tests/fuzz/protocol_inputs.h"

#include <algorithm>
#include <utility>

#include "service/bolt/pack_writer.h"
#include "service/bolt/structures.h"
#include "service/json.h"
#include "service/routes.h"

namespace nexus::fuzz {
namespace {

using service::bolt::Dialect;
using service::bolt::PackWriter;

// None of them runs for long, whatever a few bytes of damage make of it.
const std::vector<std::string_view> kStatements = {
    "RETURN 1 AS x",
    "RETURN $p AS p",
    "UNWIND [1, 2, 3, 4] AS x CREATE (n:N {x: x}) RETURN n",
    "MATCH (n) RETURN n LIMIT 3",
    "MATCH p = (a)-[r]->(b) RETURN p, a, r LIMIT 2",
    "CREATE (a:A {p: $p})-[:R {t: date('2024-02-29')}]->(b) RETURN a",
    "MATCH (n:N) DETACH DELETE n",
    "RETURN datetime('2024-07-01T12:00:00[Europe/Stockholm]') AS d, point({x: 1, y: 2}) AS q, duration('P1M') AS u",
    "CREATE (n:N {v: vector([1, 2.5], 2, FLOAT32)}) RETURN n, vector('[1]', 1, INT8) AS v",
    "RETURN",
    "RETURN 1/0 AS x",
    "EXPLAIN MATCH (n:N) WHERE n.x > 1 RETURN n",
    "PROFILE UNWIND [1, 2] AS x RETURN x",
    "USE nowhere RETURN 1",
    "SHOW DATABASES",
    "CREATE DATABASE fuzz IF NOT EXISTS",
    "DROP DATABASE fuzz IF EXISTS DESTROY DATA",
    "CALL tx.getMetaData()",
    "COMMIT",
};
const std::vector<std::string_view> kNames = {"neo4j", "system", "fuzz", "nowhere", "", "a.b", "NEO4J", "\xC3\xA4"};

Value text(std::string_view value) { return Value::string(value); }

}  // namespace

std::string ProtocolInputs::payload(std::uint8_t tag, const List& fields) {
  std::string out;
  PackWriter writer(out);
  writer.structure(fields.size(), tag);
  for (const Value& field : fields) service::bolt::write_value(writer, field, dialect_);
  return out;
}

std::string ProtocolInputs::handshake() {
  const std::uint8_t minors[] = {8, 8, 8, 7, 6, 4, 1, 0};
  std::string out("\x60\x60\xB0\x17", 4);
  const std::uint64_t kind = below(10);
  if (kind == 0) {  // The manifest, and a choice from it.
    dialect_ = {{5, 8}, false, true};
    out += std::string("\0\0\x01\xFF", 4) + std::string(12, '\0');
    return out + std::string("\0\0\x08\x05\0", 5);
  }
  dialect_ = kind == 2   ? Dialect{{6, 0}, false, false}
             : kind == 1 ? Dialect{{4, 4}, chance(50), false}
                         : Dialect{{5, minors[below(8)]}, false, false};
  out += {'\0', '\0', static_cast<char>(dialect_.version.minor), static_cast<char>(dialect_.version.major)};
  return out.append(12, '\0');
}

Value ProtocolInputs::extra() {
  Map members;
  if (chance(30)) members.emplace_back("db", text(chance(70) ? "neo4j" : pick(kNames)));
  if (chance(20)) members.emplace_back("mode", text(chance(50) ? "r" : "w"));
  if (chance(4)) members.emplace_back("bookmarks", Value::list({text("nonsense"), values_.storable(1)}));
  if (chance(10)) members.emplace_back("tx_timeout", Value::integer(static_cast<std::int64_t>(below(1'000)) - 10));
  if (chance(10)) members.emplace_back("tx_metadata", chance(70) ? Value::map({{"a", values_.storable(2)}}) : values_.storable(2));
  if (chance(5)) members.emplace_back("imp_user", values_.storable(0));
  return Value::map(make_map(std::move(members)));
}

Value ProtocolInputs::pull(std::int64_t rows) {
  Map members{{"n", Value::integer(rows)}};
  if (chance(20)) members.emplace_back("qid", Value::integer(static_cast<std::int64_t>(below(4)) - 1));
  return Value::map(make_map(std::move(members)));
}

void ProtocolInputs::append_statement(Payloads& messages) {
  messages.push_back(payload(0x10, {text(pick(kStatements)), Value::map({{"p", values_.storable(3)}}), extra()}));
  if (chance(30)) messages.push_back(payload(0x3F, {pull(static_cast<std::int64_t>(below(3)))}));
  messages.push_back(payload(chance(80) ? 0x3F : 0x2F, {pull(chance(90) ? -1 : static_cast<std::int64_t>(below(5)))}));
}

void ProtocolInputs::append_scene(Payloads& messages) {
  if (chance(40)) messages.push_back(payload(0x0F, {}));  // After a failure everything is ignored until then.
  switch (below(9)) {
    case 0:
    case 1:
    case 2: return append_statement(messages);
    case 3:
    case 4:
      messages.push_back(payload(0x11, {extra()}));
      for (std::uint64_t left = below(3); left > 0; --left) append_statement(messages);
      return messages.push_back(payload(chance(50) ? 0x12 : 0x13, {}));
    case 5: return messages.push_back(payload(0x66, {values_.storable(1), Value::list({}), extra()}));
    case 6: return messages.push_back(payload(0x54, {Value::integer(static_cast<std::int64_t>(below(6)))}));
    case 7: return messages.push_back(payload(0x0F, {}));
    default:
      messages.push_back(payload(0x6B, {}));
      return messages.push_back(payload(0x6A, {Value::map({{"scheme", text("none")}})}));
  }
}

// Messages in a wrong order, twice, not at all, RESETs among them, unknown ones.
void ProtocolInputs::disturb(Payloads& messages) {
  for (std::uint64_t left = below(4); left > 0 && !messages.empty(); --left) {
    const std::size_t at = below(messages.size());
    const auto place = messages.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(6)) {
      case 0: messages.erase(place); break;
      case 1: messages.insert(place, std::string(messages[at])); break;
      case 2: std::swap(messages[at], messages[below(messages.size())]); break;
      case 3: messages.insert(place, payload(0x0F, {})); break;
      case 4: messages.insert(place, payload(static_cast<std::uint8_t>(below(128)), {values_.storable(2), values_.storable(1)})); break;
      default: messages[at] = damaged_payload(messages[at]); break;
    }
  }
}

// Deep, or long, or with a size that is not there.
std::string ProtocolInputs::nest() {
  const std::string piece = pick({"\x91", "\xA1\x81x", "\xB1\x45", "\xD4\x02\x01", "\xB1\x3F"});
  std::string out;
  for (std::uint64_t left = below(chance(10) ? 5'000 : 300); left > 0; --left) out += piece;
  return out;
}

std::string ProtocolInputs::huge_header() {
  return pick({"\xD6\x7F\xFF\xFF\xFF", "\xDA\xFF\xFF\xFF\xFF", "\xD2\x7F\xFF\xFF\xFF", "\xCE\x10\x20\x30\x40", "\xD5\xFF\xFF", "\xD9\xFF\xFF"});
}

std::string ProtocolInputs::damaged_payload(std::string bytes) {
  const std::size_t at = bytes.empty() ? 0 : below(bytes.size() + 1);
  switch (below(5)) {
    case 0: return bytes.insert(at, nest());
    case 1: return bytes.insert(at, huge_header());
    case 2: {
      std::string value;
      PackWriter writer(value);
      service::bolt::write_value(writer, values_.storable(3), dialect_);
      return bytes.insert(at, value);
    }
    case 3: return bytes.substr(0, at);
    default: return damaged(std::move(bytes));
  }
}

// One to four damages: a byte changed, a bit, bytes removed, inserted, a piece repeated, the rest cut off.
std::string ProtocolInputs::damaged(std::string bytes) {
  for (std::uint64_t left = below(4) + 1; left > 0 && !bytes.empty(); --left) {
    const std::size_t at = below(bytes.size());
    const char byte = static_cast<char>(below(256));
    switch (below(6)) {
      case 0: bytes[at] = byte; break;
      case 1: bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8)); break;
      case 2: bytes.erase(at, below(4) + 1); break;
      case 3: bytes.insert(at, 1, byte); break;
      case 4: bytes.insert(at, bytes.substr(below(bytes.size()), below(60))); break;
      default: bytes.resize(at); break;
    }
  }
  return bytes;
}

// Cut at any places, with keep-alives before it; broken: with a length that is wrong or without its end.
std::string ProtocolInputs::chunked(std::string_view bytes, bool is_broken) {
  std::string out;
  for (std::uint64_t left = chance(10) ? below(20) : 0; left > 0; --left) out.append(2, '\0');
  const std::size_t size_max = chance(70) ? 0xFFFF : below(20) + 1;
  while (!bytes.empty()) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), chance(50) ? size_max : below(size_max) + 1);
    const std::size_t said = is_broken && chance(20) ? below(0x10000) : size;
    out += {static_cast<char>(said >> 8), static_cast<char>(said & 0xFF)};
    out += bytes.substr(0, size);
    bytes.remove_prefix(size);
    if (is_broken && chance(20)) out.append(2, '\0');
  }
  return is_broken && chance(20) ? out : out.append(2, '\0');
}

std::string ProtocolInputs::bolt() {
  std::string out = handshake();
  Payloads opening{payload(0x01, {Value::map({{"user_agent", text("fuzz/1")}, {"routing", Value::map({{"address", text("a:1")}})}})})};
  if (dialect_.has_logon()) opening.push_back(payload(0x6A, {Value::map({{"scheme", text("none")}})}));
  else opening[0] = payload(0x01, {Value::map({{"scheme", text("none")}, {"user_agent", text("fuzz/1")}})});
  if (chance(5)) disturb(opening);
  Payloads messages;
  for (std::uint64_t left = below(8) + 1; left > 0; --left) append_scene(messages);
  if (chance(60)) disturb(messages);
  if (chance(10)) messages.push_back(payload(0x02, {}));
  for (const std::string& message : opening) out += chunked(message, false);
  const std::size_t whole = chance(90) ? out.size() : 0;
  const bool is_broken = chance(15);
  for (const std::string& message : messages) out += chunked(message, is_broken);
  return chance(30) ? out.substr(0, whole) + damaged(out.substr(whole)) : out;
}

std::string ProtocolInputs::target(std::string_view route) {
  std::string pattern(route);
  for (std::size_t open; (open = pattern.find('{')) != std::string::npos;) {
    const std::string name = chance(70) ? pick(kNames) : pick({"%2e%2e", "%00", "a%2Fb", "%C3%28", "x y", "%", "0123456789abcdef"});
    pattern.replace(open, pattern.find('}', open) - open + 1, name);
  }
  if (chance(20)) pattern += "?" + pick({"limit=2", "limit=-1", "ifExists=true", "destroyData=true", "a=b&a=c", "%=%", "status=online&prefix=n"});
  return pattern;
}

std::string ProtocolInputs::body() {
  const std::string statement = pick(kStatements);
  std::string quoted;
  service::append_json_string(quoted, statement);
  std::string value;
  (chance(50) ? service::append_typed_json : service::append_json)(value, values_.storable(3));
  std::string out;
  switch (below(8)) {
    case 0:
    case 1: out = "{\"query\":" + quoted + ",\"parameters\":{\"p\":" + value + "}}"; break;
    case 2:
    case 3: out = "{\"statement\":" + quoted + ",\"parameters\":{\"p\":" + value + "},\"includeCounters\":true}"; break;
    case 4: out = "{\"statements\":[{\"statement\":" + quoted + ",\"resultDataContents\":[\"row\",\"graph\"]},{\"statement\":" + quoted + "}]}"; break;
    case 5: out = "{\"name\":\"" + pick(kNames) + "\",\"target\":\"neo4j\"}"; break;
    case 6: out = value; break;
    default:
      for (std::uint64_t left = below(chance(10) ? 5'000 : 100); left > 0; --left) out += chance(50) ? "[" : "{\"a\":";
      break;
  }
  return chance(30) ? damaged(std::move(out)) : out;
}

std::string ProtocolInputs::headers(std::string_view content, bool is_chunked) {
  std::string out = "Host: " + (chance(95) ? "localhost" : pick({"evil.example", "", "localhost:1", "[::1]", "127.0.0.1"})) + "\r\n";
  if (!content.empty() || chance(20)) {
    if (is_chunked) out += "Transfer-Encoding: chunked\r\n";
    else out += "Content-Length: " + std::to_string(chance(97) ? content.size() : below(100'000)) + "\r\n";
    out += "Content-Type: " + (chance(90) ? "application/json" : pick({"text/plain", "application/octet-stream", "application/vnd.neo4j.query"})) + "\r\n";
  }
  if (chance(30)) out += "Accept: " + pick({"application/json", "application/x-ndjson", "application/vnd.neo4j.query", "*/*", ""}) + "\r\n";
  if (chance(10)) out += "Origin: " + pick({"http://localhost:1", "null", "http://evil.example", "://"}) + "\r\n";
  if (chance(10)) out += "Authorization: " + pick({"Basic bmV4dXM6eA==", "Basic ", "Basic !!!", "Bearer eA=="}) + "\r\n";
  if (chance(5)) out += pick({"Content-Length: 3\r\n", "Transfer-Encoding: identity\r\n", " folded\r\n", "X\r\n", "A: \x01\r\n", ": x\r\n"});
  if (chance(5)) out += "Cookie: nexus_session=" + pick({"a", "", "a; nexus_session=b"}) + "\r\n";
  if (chance(3)) {
    for (std::uint64_t left = below(200); left > 0; --left) out += "X-Many: y\r\n";
  }
  return out;
}

std::string ProtocolInputs::request() {
  const auto routes = service::routes();
  const auto& route = routes[below(routes.size())];
  const std::string method = chance(90) ? std::string(route.method) : pick({"HEAD", "OPTIONS", "TRACE", "get", "", "POST"});
  const std::string content = method == "GET" || method == "HEAD" ? std::string() : body();
  const bool is_chunked = chance(15);
  std::string out = method + " " + target(route.pattern) + " HTTP/1.1\r\n" + headers(content, is_chunked) + "\r\n";
  if (!is_chunked || content.empty()) return out + content;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string size;
  for (std::size_t left = content.size(); left > 0; left /= 16) size.insert(size.begin(), kDigits[left % 16]);
  return out + size + pick({"", ";x=y"}) + "\r\n" + content + "\r\n0\r\n" + pick({"", "Trailer: x\r\n"}) + "\r\n";
}

std::string ProtocolInputs::http() {
  std::string out;
  for (std::uint64_t left = below(3) + 1; left > 0; --left) out += request();
  return chance(20) ? damaged(std::move(out)) : out;
}

}  // namespace nexus::fuzz
