// A database as one file over HTTP, and what DROP left behind.
#include <algorithm>

#include "service/credentials.h"
#include "service/handlers.h"
#include "service/json.h"
#include "service/problem.h"

namespace nexus::service {
namespace {

// Once bytes have been sent, only an end that is missing can tell of a failure; a reader of the
// file finds out by its trailer.
class DumpBody final : public BodyStream {
 public:
  explicit DumpBody(std::unique_ptr<DumpStream> stream) : stream_(std::move(stream)) {}

  bool next(std::string& out) override {
    bytes_.clear();
    const auto more = stream_->next(bytes_);
    if (!more) return false;
    out.append(as_text(bytes_));
    return *more;
  }

 private:
  std::unique_ptr<DumpStream> stream_;
  Bytes bytes_;
};

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t count = std::min(out.size(), text_.size());
    std::copy_n(text_.begin(), count, out.begin());
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
};

std::string instant_text(std::int64_t nanoseconds) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  DateTime time;
  time.epoch_seconds = nanoseconds / kSecond;
  time.nanoseconds = static_cast<std::uint32_t>(nanoseconds % kSecond);
  std::string out;
  append_json(out, Value::date_time(std::move(time)));
  return out;
}

}  // namespace

HttpResponse Handlers::dump_database(Exchange& exchange) {
  auto stream = instance_.dump(exchange.identity, exchange.path["name"]);
  if (!stream) return problem(stream.error());
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "application/vnd.nexus.dump");
  response.stream = std::make_unique<DumpBody>(std::move(*stream));
  return response;
}

HttpResponse Handlers::restore_database(Exchange& exchange) {
  TextSource text(exchange.request.body);
  ByteSource& source = exchange.request.body_source != nullptr ? *exchange.request.body_source : text;
  auto info = instance_.restore(exchange.identity, exchange.path["name"], source);
  if (!info) {
    // The file is what is wrong, not the server.
    const ErrorCode code = info.error().code;
    if (code == ErrorCode::Corruption || code == ErrorCode::FormatTooNew) {
      return problem(422, error_name(code), info.error().message);
    }
    return problem(info.error());
  }
  HttpResponse response = database_response(201, *info);
  response.headers.emplace_back("Location", "/api/v1/databases/" + info->name);
  return response;
}

HttpResponse Handlers::list_dropped(Exchange& exchange) {
  if (const auto current = check_is_current(instance_, exchange.identity); !current) return problem(current.error());
  std::string body = "{\"databases\":[";
  for (const DroppedDatabaseInfo& info : instance_.dropped_databases(exchange.identity)) {
    if (body.back() != '[') body += ',';
    append_json_string(body += "{\"name\":", info.name);
    append_json_string(body += ",\"databaseId\":", info.uuid);
    body += ",\"dropTime\":" + instant_text(info.dropped_nanoseconds);
    body += ",\"expiresAt\":" + instant_text(info.expires_nanoseconds);
    body += ",\"nodeCount\":" + std::to_string(info.node_count);
    body += ",\"relationshipCount\":" + std::to_string(info.relationship_count);
    body += ",\"storeBytes\":" + std::to_string(info.store_bytes) + "}";
  }
  return json_response(200, body + "]}");
}

HttpResponse Handlers::undrop_database(Exchange& exchange) {
  auto body = Body::parse(exchange.request, {"name"});
  if (!body) return problem(body.error());
  auto new_name = body->text("name");
  if (!new_name) return problem(new_name.error());
  const std::string name = exchange.path["name"];
  Map parameters{{"name", Value::string(name)}};
  if (*new_name) parameters.emplace_back("newName", Value::string(**new_name));
  auto summary = administer(exchange, *new_name ? "UNDROP DATABASE $name AS $newName" : "UNDROP DATABASE $name",
                            make_map(std::move(parameters)));
  if (!summary) return problem(summary.error());
  auto info = instance_.database(exchange.identity, new_name->value_or(name));
  return info ? database_response(200, *info) : problem(info.error());
}

}  // namespace nexus::service
