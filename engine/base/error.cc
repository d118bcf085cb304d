#include "nexus/error.h"

#include <array>
#include <cstddef>
#include <utility>

#include "base/check.h"
#include "base/result.h"

namespace nexus {
namespace {

struct Row {
  std::string_view name;
  ErrorKind kind;
  std::string_view neo4j;
  std::string_view gql;
};

constexpr Row kRows[] = {
#define NX_CODE(name, kind, neo4j, gql) {#name, ErrorKind::kind, "Neo." neo4j, gql},
    NX_ERROR_CODES(NX_CODE)
#undef NX_CODE
};

const Row& row(ErrorCode code) { return kRows[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view error_name(ErrorCode code) { return row(code).name; }
std::string_view neo4j_status(ErrorCode code) { return row(code).neo4j; }
std::string_view gql_status(ErrorCode code) { return row(code).gql; }
ErrorKind error_kind(ErrorCode code) { return row(code).kind; }
bool is_transient(ErrorCode code) { return row(code).neo4j.starts_with("Neo.TransientError."); }

std::string_view error_kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::SyntaxError: return "SyntaxError";
    case ErrorKind::SemanticError: return "SemanticError";
    case ErrorKind::TypeError: return "TypeError";
    case ErrorKind::ArgumentError: return "ArgumentError";
    case ErrorKind::ArithmeticError: return "ArithmeticError";
    case ErrorKind::EntityNotFound: return "EntityNotFound";
    case ErrorKind::ConstraintVerificationFailed: return "ConstraintVerificationFailed";
    case ErrorKind::ParameterMissing: return "ParameterMissing";
    case ErrorKind::ProcedureError: return "ProcedureError";
    case ErrorKind::DatabaseError: return "DatabaseError";
    case ErrorKind::TransactionError: return "TransactionError";
    case ErrorKind::SecurityError: return "SecurityError";
    case ErrorKind::StorageError: return "StorageError";
    case ErrorKind::ResourceError: return "ResourceError";
    case ErrorKind::InternalError: return "InternalError";
  }
  return "InternalError";
}

namespace result_internal {
Error* keep(Error error) { return new Error(std::move(error)); }
void drop(Error* error) { delete error; }
void misused() { base::check_failed("a result has what is asked of it", __FILE__, __LINE__); }
}  // namespace result_internal

}  // namespace nexus
