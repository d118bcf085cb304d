// Error: what went wrong, in a form that programs and people can both use.
//
// Every fallible function returns Result<T> (base/result.h) holding one of these.
// A code is public: clients branch on its Neo4j status and GQLSTATUS, so a row of
// the table in nexus/error_codes.h never changes its meaning once released.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nexus/error_codes.h"

namespace nexus {

enum class ErrorCode : std::uint16_t {
#define NX_CODE(name, kind, neo4j, gql) name,
  NX_ERROR_CODES(NX_CODE)
#undef NX_CODE
};

// The error classes of the openCypher TCK; they also decide how a client reacts.
enum class ErrorKind : std::uint8_t {
  SyntaxError,
  SemanticError,
  TypeError,
  ArgumentError,
  ArithmeticError,
  EntityNotFound,
  ConstraintVerificationFailed,
  ParameterMissing,
  ProcedureError,
  DatabaseError,     // About a database as a whole: unknown, stopped, exists already.
  TransactionError,  // May be retried when is_transient() says so.
  SecurityError,
  StorageError,      // The disk or the bytes on it.
  ResourceError,     // A limit was reached.
  InternalError,
};

// Where in the query text; line and column are 1-based and count code points,
// offset counts code points from 0. line == 0 means "nowhere in particular".
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t offset = 0;
  bool is_known() const { return line != 0; }
};

struct [[nodiscard]] Error {
  ErrorCode code;
  std::string message;  // One sentence, names the offending thing, no newline.
  Position position{};
  // True when the statement was refused before any of it ran (EXPLAIN fails too).
  bool compile_time = false;

  Error(ErrorCode error_code, std::string text, Position where = {})
      : code(error_code), message(std::move(text)), position(where) {}
};

// The enumerator's name, "UndefinedVariable"; stable, used by the .cyt corpus and the TCK.
std::string_view error_name(ErrorCode code);
// "Neo.ClientError.Statement.SyntaxError"
std::string_view neo4j_status(ErrorCode code);
// Five characters, "42N62".
std::string_view gql_status(ErrorCode code);
ErrorKind error_kind(ErrorCode code);
// "SyntaxError"
std::string_view error_kind_name(ErrorKind kind);
// True when the same statement may succeed if simply tried again.
bool is_transient(ErrorCode code);

}  // namespace nexus
