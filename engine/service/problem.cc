#include "service/problem.h"

#include "service/json.h"

namespace nexus::service {
namespace {

void append_text_member(std::string& out, std::string_view name, std::string_view text) {
  if (!out.empty() && out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
}

int status_of_kind(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::SyntaxError:
    case ErrorKind::SemanticError:
    case ErrorKind::TypeError:
    case ErrorKind::ArgumentError:
    case ErrorKind::ArithmeticError:
    case ErrorKind::EntityNotFound:
    case ErrorKind::ParameterMissing:
    case ErrorKind::ProcedureError:
    case ErrorKind::DatabaseError:
    case ErrorKind::TransactionError: return 400;
    case ErrorKind::ConstraintVerificationFailed: return 409;
    case ErrorKind::SecurityError: return 403;
    case ErrorKind::ResourceError: return 413;
    case ErrorKind::StorageError:
    case ErrorKind::InternalError: return 500;
  }
  return 500;
}

HttpResponse document(int status, std::string members, std::string_view retry_seconds = "1") {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/problem+json");
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"nexus\"");
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", retry_seconds);
  response.body = "{" + std::move(members) + "}";
  return response;
}

}  // namespace

int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::DatabaseNotFound:
    case ErrorCode::NoSuchDatabase:
    case ErrorCode::GraphNotFound:
    case ErrorCode::AliasNotFound:
    case ErrorCode::ConstituentNotFound:
    case ErrorCode::ElementIdGraphNotFound:
    case ErrorCode::SessionNotFound:
    case ErrorCode::TransactionNotFound: return 404;
    case ErrorCode::DatabaseExists:
    case ErrorCode::DatabaseHasAliases:
    case ErrorCode::IllegalAliasChain:
    case ErrorCode::AliasConversion:
    case ErrorCode::AliasTargetIsComposite:
    case ErrorCode::AmbiguousDatabaseName:
    case ErrorCode::CompositeDatabaseImmutable:
    case ErrorCode::DefaultDatabaseRunning:
    case ErrorCode::SystemDatabaseImmutable:
    case ErrorCode::DefaultDatabaseImmutable:
    case ErrorCode::TransactionConflict:
    case ErrorCode::TransactionAlreadyOpen: return 409;
    case ErrorCode::InvalidDatabaseName:
    case ErrorCode::InvalidAliasName:
    case ErrorCode::InvalidDriverSetting:
    case ErrorCode::PrimariesOutOfRange:
    case ErrorCode::SecondariesOutOfRange:
    case ErrorCode::InvalidOption: return 422;
    case ErrorCode::DatabaseLimitReached:
    case ErrorCode::DiskFull: return 507;
    case ErrorCode::DatabaseUnavailable:
    case ErrorCode::DatabaseFailed: return 503;
    case ErrorCode::CommitOutcomeUnknown: return 500;
    case ErrorCode::Unauthorized: return 401;
    case ErrorCode::WriteInReadAccess:
    case ErrorCode::SecondWriter:
    case ErrorCode::WriteOnReadOnlyDatabase: return 403;
    case ErrorCode::TransactionTimedOut: return 408;
    case ErrorCode::TooManyLogins:
    case ErrorCode::TooManyTransactions:
    case ErrorCode::TooManyRequests: return 429;
    case ErrorCode::MemoryLimit: return 507;
    case ErrorCode::NotImplemented:
    case ErrorCode::RemoteAliasUnsupported:
    case ErrorCode::UnsupportedAdministration: return 501;
    default: return status_of_kind(error_kind(code));
  }
}

void append_error_members(std::string& out, const Error& error) {
  append_text_member(out, "type", "about:blank");
  append_text_member(out, "title", error_name(error.code));
  out += ",\"status\":" + std::to_string(http_status(error.code));
  append_text_member(out, "detail", error.message);
  append_text_member(out, "code", neo4j_status(error.code));
  append_text_member(out, "gqlStatus", gql_status(error.code));
  if (!error.position.is_known()) return;
  out += ",\"position\":{\"line\":" + std::to_string(error.position.line) +
         ",\"column\":" + std::to_string(error.position.column) +
         ",\"offset\":" + std::to_string(error.position.offset) + "}";
}

void append_client_error(std::string& out, const Error& error) {
  append_json_string(out += "{\"message\":", error.message);
  append_error_members(out, error);
  out += '}';
}

HttpResponse problem(const Error& error) {
  std::string members;
  append_error_members(members, error);
  const std::string_view retry_seconds = error.code == ErrorCode::TooManyLogins ? "5" : "1";
  return document(http_status(error.code), std::move(members), retry_seconds);
}

HttpResponse problem(int status, std::string_view title, std::string_view detail) {
  std::string members;
  append_text_member(members, "type", "about:blank");
  append_text_member(members, "title", title);
  members += ",\"status\":" + std::to_string(status);
  append_text_member(members, "detail", detail);
  append_text_member(members, "code", "Neo.ClientError.Request.Invalid");
  append_text_member(members, "gqlStatus", "08N06");
  return document(status, std::move(members));
}

}  // namespace nexus::service
