// The OpenAPI 3.1 document, derived from the table of routes.
#include "service/json.h"
#include "service/routes.h"

namespace nexus::service {
namespace {

// The schemas of request bodies and of answers. Kept as text: they are documentation.
constexpr std::string_view kSchemas = R"("schemas":{
"CreateDatabase":{"type":"object","additionalProperties":false,"required":["name"],"properties":{
"name":{"type":"string","minLength":3,"maxLength":63},"ifNotExists":{"type":["boolean","null"]},
"orReplace":{"type":["boolean","null"]},"copyOf":{"type":["string","null"]},"temporary":{"type":["boolean","null"]},
"ttlSeconds":{"type":["integer","null"],"minimum":0},"options":{"type":["object","null"]},"wait":{"type":["boolean","null"]}}},
"ChangeDatabase":{"type":"object","additionalProperties":false,"minProperties":1,"properties":{
"access":{"enum":["read-only","read-write",null]},"requestedStatus":{"enum":["online","offline",null]},
"name":{"type":["string","null"]},"default":{"type":["boolean","null"]},"options":{"type":["object","null"]}}},
"PutAlias":{"type":"object","additionalProperties":false,"required":["target"],"properties":{
"target":{"type":"string"},"properties":{"type":["object","null"]}}},
"Undrop":{"type":"object","additionalProperties":false,"properties":{"name":{"type":["string","null"]}}},
"Dump":{"type":"string","format":"binary"},
"OpenSession":{"type":"object","additionalProperties":false,"properties":{"database":{"type":["string","null"]}}},
"SwitchDatabase":{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string"}}},
"Cypher":{"type":"object","additionalProperties":false,"required":["query"],"properties":{
"query":{"type":"string"},"parameters":{"type":["object","null"]},"database":{"type":["string","null"]},
"accessMode":{"enum":["READ","WRITE",null]},"timeoutMs":{"type":["integer","null"],"minimum":0},
"maxRows":{"type":["integer","null"],"minimum":0},"profile":{"type":["boolean","null"]}}},
"QueryApi":{"type":"object","additionalProperties":false,"properties":{
"statement":{"type":["string","null"]},"parameters":{"type":["object","null"]},"accessMode":{"type":["string","null"]},
"includeCounters":{"type":["boolean","null"]},"bookmarks":{"type":["array","null"]},"impersonatedUser":{"type":["string","null"]},
"txType":{"type":["string","null"]},"maxExecutionTime":{"type":["integer","null"]},"txMetadata":{"type":["object","null"]}}},
"Batch":{"type":"object","additionalProperties":false,"properties":{"statements":{"type":["array","null"],
"items":{"type":"object","additionalProperties":false,"required":["statement"],"properties":{
"statement":{"type":"string"},"parameters":{"type":["object","null"]},"includeStats":{"type":["boolean","null"]},
"resultDataContents":{"type":["array","null"],"items":{"enum":["row","graph"]}}}}}}},
"Problem":{"type":"object","required":["title","status","detail","code","gqlStatus"],"properties":{
"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},
"code":{"type":"string"},"gqlStatus":{"type":"string"},"position":{"type":"object","properties":{
"line":{"type":"integer"},"column":{"type":"integer"},"offset":{"type":"integer"}}}}}},
"securitySchemes":{"basic":{"type":"http","scheme":"basic"},
"session":{"type":"apiKey","in":"header","name":"Nexus-Session"}})";

void append_pair(std::string& out, std::string_view name, std::string_view text) {
  append_json_string(out, name);
  append_json_string(out += ':', text);
}

std::string_view parameter_schema(std::string_view name) {
  if (name == "limit") return R"({"type":"integer","minimum":1,"maximum":10000})";
  if (name == "status") return R"({"enum":["","online","offline","starting","stopping","dirty"]})";
  if (name == "ifExists" || name == "dumpData" || name == "cascadeAliases") return R"({"enum":["true","false"]})";
  if (name == "prefix" || name == "after") return R"({"type":"string","pattern":"^[^\\u0000]*$"})";
  return R"({"type":"string"})";
}

void append_parameter(std::string& out, std::string_view name, std::string_view place) {
  if (out.back() != '[') out += ',';
  append_pair(out += '{', "name", name);
  append_pair(out += ',', "in", place);
  out += place == "path" ? ",\"required\":true" : "";
  out += ",\"schema\":";
  out += parameter_schema(name);
  out += '}';
}

template <class Use>
void for_each_word(std::string_view words, Use use) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    use(word);
  }
}

void append_responses(std::string& out, const Route& route) {
  out += "\"responses\":{";
  append_json_string(out, route.success);
  out += ":{\"description\":\"Success.\"";
  if (route.pattern == "/metrics") {
    out += ",\"content\":{\"text/plain\":{\"schema\":{\"type\":\"string\"}}}";
  } else if (route.method == "GET" && route.pattern.ends_with("/dump")) {
    out += ",\"content\":{\"application/vnd.nexus.dump\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}}";
  } else if (route.success != "204") {
    out += ",\"content\":{\"application/json\":{\"schema\":{}}}";
  }
  out += '}';
  const bool is_query_api = route.pattern.starts_with("/db/");
  const auto append_failure = [&](std::string_view status) {
    append_json_string(out += ',', status);
    out += ":{\"description\":\"Failure.\",\"content\":{\"application/problem+json\":{\"schema\":"
           "{\"$ref\":\"#/components/schemas/Problem\"}}";
    out += is_query_api ? ",\"application/json\":{\"schema\":{}}}}" : "}}";
  };
  for_each_word(route.failures, append_failure);
  const bool has_parameters = !route.query.empty() || route.pattern.find('{') != std::string_view::npos;
  const auto lacks = [&](std::string_view status) { return route.failures.find(status) == std::string_view::npos; };
  if (has_parameters && lacks("400")) append_failure("400");
  // What logging in can end with besides 401: a password that must change, and too many wrong ones.
  for (const std::string_view status : {"403", "429"}) {
    if (route.needs_user && lacks(status)) append_failure(status);
  }
  out += '}';
}

void append_operation(std::string& out, const Route& route) {
  std::string method(route.method);
  for (char& c : method) c = static_cast<char>(c | 0x20);
  append_json_string(out, method);
  append_pair(out += ":{", "summary", route.summary);
  out += ",\"parameters\":[";
  for (std::size_t at = route.pattern.find('{'); at != std::string_view::npos; at = route.pattern.find('{', at + 1)) {
    append_parameter(out, route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1), "path");
  }
  for_each_word(route.query, [&out](std::string_view name) { append_parameter(out, name, "query"); });
  out += "],";
  if (!route.body.empty()) {
    out += "\"requestBody\":{\"required\":";
    out += route.body == "OpenSession" || route.body == "Undrop" || route.body == "Batch" ? "false" : "true";
    out += ",\"content\":{\"" + std::string(request_media_type(route)) + "\":{\"schema\":{\"$ref\":"
           "\"#/components/schemas/" + std::string(route.body) + "\"}}}},";
  }
  out += route.needs_user ? "\"security\":[{\"basic\":[]},{\"session\":[]},{}]," : "\"security\":[],";
  append_responses(out, route);
  out += '}';
}

}  // namespace

std::string openapi_document(std::string_view version) {
  std::string out = "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Nexus\",\"license\":{\"name\":\"Apache-2.0\"},";
  append_pair(out, "version", version);
  out += "},\"paths\":{";
  std::string_view pattern;
  for (const Route& route : routes()) {
    if (route.pattern != pattern) {
      if (!pattern.empty()) out += "},";
      append_json_string(out, route.pattern);
      out += ":{";
      pattern = route.pattern;
    } else {
      out += ',';
    }
    append_operation(out, route);
  }
  return out + "}},\"components\":{" + std::string(kSchemas) + "}}";
}

}  // namespace nexus::service
