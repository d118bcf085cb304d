#include "service/bolt/message.h"

#include "service/bolt/framing.h"
#include "service/bookmark.h"

namespace nexus::service::bolt {
namespace {

Error invalid(std::string what) { return Error{ErrorCode::InvalidRequest, std::move(what)}; }

// The types of a message's fields; ROUTE's third may also be null in all versions we speak.
std::vector<Type> fields_of(MessageTag tag) {
  switch (tag) {
    case MessageTag::Hello:
    case MessageTag::Logon:
    case MessageTag::Begin:
    case MessageTag::Pull:
    case MessageTag::Discard: return {Type::Map};
    case MessageTag::Run: return {Type::String, Type::Map, Type::Map};
    case MessageTag::Route: return {Type::Map, Type::List, Type::Map};
    case MessageTag::Telemetry: return {Type::Integer};
    case MessageTag::Goodbye:
    case MessageTag::Reset:
    case MessageTag::Commit:
    case MessageTag::Rollback:
    case MessageTag::Logoff: return {};
  }
  return {};
}

bool is_absent(const Value* value) { return value == nullptr || value->is_null(); }

// A member of a certain type; nullptr when absent or null.
Result<const Value*> member(const Value& dictionary, std::string_view name, Type type) {
  const Value* value = dictionary.find(name);
  if (is_absent(value)) return static_cast<const Value*>(nullptr);
  if (!value->is(type)) {
    return invalid("'" + std::string(name) + "' must be of the type " + std::string(type_name(type)) + ".");
  }
  return value;
}

}  // namespace

std::optional<MessageTag> tag_of(std::string_view message) {
  if (message.size() < 2) return std::nullopt;
  const auto tag = static_cast<MessageTag>(static_cast<unsigned char>(message[1]));
  switch (tag) {
    case MessageTag::Hello:
    case MessageTag::Goodbye:
    case MessageTag::Reset:
    case MessageTag::Run:
    case MessageTag::Begin:
    case MessageTag::Commit:
    case MessageTag::Rollback:
    case MessageTag::Discard:
    case MessageTag::Pull:
    case MessageTag::Telemetry:
    case MessageTag::Route:
    case MessageTag::Logon:
    case MessageTag::Logoff: return tag;
  }
  return std::nullopt;
}

Result<Message> read_message(std::string_view bytes, const Dialect& dialect) {
  PackReader reader(as_bytes(bytes), dialect);
  std::size_t count = 0;
  NX_TRY_DO(reader.structure(count));
  const auto tag = tag_of(bytes);
  if (!tag) return violation("a message has an unknown tag");
  const std::vector<Type> wanted = fields_of(*tag);
  if (count != wanted.size()) return violation("a message has " + std::to_string(count) + " fields");
  Message message{*tag, {}, std::nullopt};
  for (const Type type : wanted) {
    NX_TRY(Value field, reader.value());
    if (*tag == MessageTag::Route && type == Type::Map && field.is_null()) field = Value::map({});
    if (!field.is(type) && !reader.refusal()) return violation("a message has a field of the wrong type");
    message.fields.push_back(std::move(field));
  }
  if (!reader.at_end()) return violation("a message is followed by more bytes");
  message.refusal = reader.refusal();
  return message;
}

Result<RunExtra> read_run_extra(const Value& extra) {
  RunExtra made;
  NX_TRY(const Value* user, member(extra, "imp_user", Type::String));
  if (user != nullptr && !user->string().empty()) {
    return Error{ErrorCode::Forbidden, "Impersonation is refused: this server runs statements as the user who logged on."};
  }
  NX_TRY_DO(check_bookmarks(extra.find("bookmarks")));
  NX_TRY(const Value* timeout, member(extra, "tx_timeout", Type::Integer));
  if (timeout != nullptr) {
    if (timeout->integer() < 0) return invalid("'tx_timeout' must not be negative.");
    made.options.timeout_ms = static_cast<std::uint64_t>(timeout->integer());
  }
  NX_TRY(const Value* metadata, member(extra, "tx_metadata", Type::Map));
  if (metadata != nullptr) made.options.metadata = metadata->map();
  NX_TRY(const Value* mode, member(extra, "mode", Type::String));
  if (mode != nullptr) {
    if (mode->string() != "r" && mode->string() != "w") return invalid("'mode' must be 'r' or 'w'.");
    if (mode->string() == "r") made.options.access = AccessMode::Read;
  }
  NX_TRY(const Value* database, member(extra, "db", Type::String));
  if (database != nullptr) made.options.database = std::string(database->string());
  made.names_database = !made.options.database.empty();
  made.options.session_commands = false;
  return made;
}

Result<PullRequest> read_pull(const Value& extra) {
  PullRequest made;
  NX_TRY(const Value* rows, member(extra, "n", Type::Integer));
  if (rows == nullptr || rows->integer() < -1 || rows->integer() == 0) {
    return violation("'n' must be -1 or a number of rows of 1 or more");
  }
  made.rows = rows->integer();
  NX_TRY(const Value* result, member(extra, "qid", Type::Integer));
  if (result != nullptr) made.result = result->integer();
  return made;
}

std::string text_member(const Value& dictionary, std::string_view name) {
  const Value* value = dictionary.find(name);
  return value != nullptr && value->is(Type::String) ? std::string(value->string()) : std::string();
}

}  // namespace nexus::service::bolt
