// HELLO, LOGON, LOGOFF, ROUTE, TELEMETRY: who asks, and where the databases are.
#include "service/bolt/answers.h"
#include "service/bolt/connection.h"
#include "service/bookmark.h"
#include "service/credentials.h"

namespace nexus::service::bolt {
namespace {

constexpr std::size_t kAddressBytesMax = 300;
constexpr std::int64_t kTelemetryApiMax = 3;

std::string address_of(const Value* routing) {
  if (routing == nullptr || !routing->is(Type::Map)) return {};
  std::string address = text_member(*routing, "address");
  return address.size() <= kAddressBytesMax ? address : std::string();
}

bool asks_for_utc(const Value& hello) {
  const Value* patches = hello.find("patch_bolt");
  if (patches == nullptr || !patches->is(Type::List)) return false;
  for (const Value& patch : patches->list()) {
    if (patch.is(Type::String) && patch.string() == "utc") return true;
  }
  return false;
}

}  // namespace

void Connection::hello(const Value& extra, std::string& out) {
  if (text_member(extra, "user_agent").empty()) {
    return close_with(Error{ErrorCode::InvalidRequest, "HELLO must name the client in 'user_agent'"}, out);
  }
  routing_address_ = address_of(extra.find("routing"));
  dialect_.utc_patch = dialect_.version.major == 4 && asks_for_utc(extra);
  Map metadata{{"server", Value::string(shared_.settings.agent)}, {"connection_id", Value::string(id_)}, {"hints", Value::map({})}};
  if (dialect_.utc_patch) metadata.emplace_back("patch_bolt", Value::list({Value::string("utc")}));
  if (dialect_.manifest && dialect_.has_gql_errors()) {
    metadata.emplace_back("protocol_version", Value::string(std::to_string(dialect_.version.major) + "." + std::to_string(dialect_.version.minor)));
  }
  if (dialect_.has_logon()) {
    state_ = State::Authentication;
  } else {
    if (const auto opened = open_session(extra); !opened) return close_with(opened.error(), out);
    metadata.emplace_back("credentials_expired", Value::boolean(shared_.instance.must_change_password(identity_)));
  }
  success(std::move(metadata), out);
}

void Connection::logon(const Value& auth, std::string& out) {
  if (const auto opened = open_session(auth); !opened) return close_with(opened.error(), out);
  success({{"credentials_expired", Value::boolean(shared_.instance.must_change_password(identity_))}}, out);
}

Result<Identity> Connection::authenticate(const Value& auth) const {
  const BoltSettings& settings = shared_.settings;
  if (!settings.authentication) return Identity{settings.anonymous_user};
  if (text_member(auth, "scheme") != "basic") return unauthorized();
  return check_credentials(shared_.instance, settings.accounts, text_member(auth, "principal"), text_member(auth, "credentials"));
}

Result<> Connection::open_session(const Value& auth) {
  NX_TRY(Identity identity, authenticate(auth));
  NX_TRY(std::unique_ptr<Session> session, shared_.instance.open_session(identity));
  const std::lock_guard guard(mutex_);
  identity_ = std::move(identity);
  session_ = std::move(session);
  is_authenticated_ = true;
  state_ = State::Ready;
  return Done{};
}

void Connection::logoff(std::string& out) {
  {
    const std::lock_guard guard(mutex_);
    session_.reset();
    identity_ = {};
    is_authenticated_ = false;
  }
  state_ = State::Authentication;
  deadline_ = shared_.clock.monotonic_nanoseconds() + static_cast<std::int64_t>(shared_.settings.logon_ms_max) * 1'000'000;
  success({}, out);
}

void Connection::telemetry(const Value& api, std::string& out) {
  if (api.integer() < 0 || api.integer() > kTelemetryApiMax) {
    return fail(Error{ErrorCode::InvalidRequest, "TELEMETRY names an interface from 0 to 3."}, out);
  }
  success({}, out);
}

void Connection::route(const Message& message, std::string& out) {
  auto table = routing_table(message);
  if (!table) return fail(table.error(), out);
  success(std::move(*table), out);
}

// One server that does everything, under the name the client dialled, which surely reaches it.
Result<Map> Connection::routing_table(const Message& message) const {
  const Value& extra = message.fields[2];
  if (!text_member(extra, "imp_user").empty()) {
    return Error{ErrorCode::Forbidden, "Impersonation is refused: this server runs statements as the user who logged on."};
  }
  NX_TRY_DO(check_bookmarks(&message.fields[1]));
  std::string name = text_member(extra, "db");
  if (name.empty()) name = shared_.instance.home_database(identity_);
  const auto current = check_is_current(shared_.instance, identity_);
  // Why not refused: the password is changed on `system`, and a routing driver asks for the way there first.
  if (!current && name == "system") return table_of(name, message);
  if (!current) return current.error();
  NX_TRY(const DatabaseInfo info, shared_.instance.database(identity_, name));
  if (info.current_status != "online") {
    return Error{ErrorCode::DatabaseUnavailable, "Database '" + info.name + "' is " + info.current_status + "."};
  }
  return table_of(info.name, message);
}

Map Connection::table_of(const std::string& database, const Message& message) const {
  std::string address = address_of(&message.fields[0]);
  if (address.empty()) address = routing_address_;
  if (address.empty()) address = shared_.settings.advertised_address;
  List servers;
  for (const char* role : {"WRITE", "READ", "ROUTE"}) {
    servers.push_back(Value::map({{"addresses", Value::list({Value::string(address)})}, {"role", Value::string(role)}}));
  }
  Map table{{"db", Value::string(database)},
            {"servers", Value::list(std::move(servers))},
            {"ttl", Value::integer(shared_.settings.routing_ttl_seconds)}};
  return {{"rt", Value::map(std::move(table))}};
}

}  // namespace nexus::service::bolt
