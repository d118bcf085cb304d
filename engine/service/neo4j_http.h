// What Neo4j's two HTTP interfaces have in common: errors in the body, statements, counters.
#pragma once

#include <functional>

#include "nexus/service.h"
#include "service/json.h"

namespace nexus::service {

using Append = void (*)(std::string&, const Value&);

// {"errors":[{code, message}]} with the status that clients of the Query API expect.
HttpResponse neo4j_errors(const Error& error);
int neo4j_http_status(const Error& error);
// {"code": …, "message": …}
void append_neo4j_error(std::string& out, const Error& error);

// The body as an object; an empty one is an empty object. InvalidRequest.
Result<Value> neo4j_body(const HttpRequest& request);
// One statement's text and parameters, and what belongs to its transaction, as members of `object`.
struct Neo4jStatement {
  std::string text;  // Empty when there is none.
  Map parameters;
};
Result<Neo4jStatement> read_statement(const Value& object);

// ASCII letters only.
std::string lower_text(std::string_view text);
// Members of an object: text, or empty when absent or null; a flag, or false.
Result<std::string> text_of(const Value& object, std::string_view name);
Result<bool> flag_of(const Value& object, std::string_view name);

void append_array(std::string& out, std::size_t count, const std::function<void(std::size_t)>& append_item);
void append_texts(std::string& out, const std::vector<std::string>& texts);
// Two lists of names for the same numbers: the Query API's and the older interface's.
enum class CounterNames : std::uint8_t { Camel, Snake };
void append_all_counters(std::string& out, const UpdateCounters& counters, CounterNames names);

}  // namespace nexus::service
