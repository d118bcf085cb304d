// The module's exports: open an instance, open sessions, run statements, pull rows.
//
// Everything crosses as one encoded Value (wire.h) in the answer buffer: rows as a list of
// lists, a summary and an error as a map. A call answers a handle or 1 when it worked, and
// 0 with the error in the buffer when not. Threads: none, one call at a time.
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "columns.h"
#include "module.h"
#include "procedure/registry.h"
#include "value/text.h"
#include "vfs/memory_vfs.h"
#include "wire.h"

// Asks JavaScript for a procedure's rows; negative: it threw, and the message was left for
// procedure_take like the rows are.
extern "C" {
std::uintptr_t* emscripten_get_sbrk_ptr();
__attribute__((import_module("nexus"), import_name("procedure_call"))) int nx_procedure_call(int id, const void* arguments,
                                                                                             int length);
__attribute__((import_module("nexus"), import_name("procedure_take"))) void nx_procedure_take(void* bytes);
}

namespace nexus::wasm {

ByteWriter& answer() {
  static ByteWriter buffer;
  return buffer;
}

ByteWriter& new_answer() {
  answer().clear();
  return answer();
}

int fail(const Error& error) {
  const bool has_position = error.position.is_known();
  MapWriter map(new_answer(), has_position ? 10 : 7);
  map.text("code", neo4j_status(error.code));
  map.text("gqlStatus", gql_status(error.code));
  map.text("name", error_name(error.code));
  map.text("kind", error_kind_name(error_kind(error.code)));
  map.text("message", error.message);
  map.boolean("compileTime", error.compile_time);
  map.boolean("retryable", is_transient(error.code));
  if (has_position) {
    map.number("line", error.position.line);
    map.number("column", error.position.column);
    map.number("offset", error.position.offset);
  }
  return 0;
}

void write_database(ByteWriter& out, const DatabaseInfo& info) {
  MapWriter map(out, 9);
  map.text("name", info.name);
  map.text("type", info.type);
  map.text("access", info.access);
  map.text("requestedStatus", info.requested_status);
  map.text("currentStatus", info.current_status);
  map.text("statusMessage", info.status_message);
  map.boolean("default", info.is_default);
  map.number("nodeCount", info.node_count);
  map.number("relationshipCount", info.relationship_count);
}

}  // namespace nexus::wasm

using namespace nexus;        // NOLINT: the exports below are C, outside any namespace.
using namespace nexus::wasm;  // NOLINT

namespace {

void write_counters(ByteWriter& out, const UpdateCounters& counters) {
  MapWriter map(out, std::size(kUpdateCounters));
  for (const UpdateCounter& one : kUpdateCounters) map.number(one.name, counters.*one.count);
}

void write_summary(ByteWriter& out, const Summary& summary) {
  MapWriter map(out, summary.switched_to ? 7 : 6);
  map.text("database", summary.database);
  map.text("statementType", summary.statement_type);
  write_counters(map.entry("counters"), summary.counters);
  map.text("plan", summary.plan);
  map.text("bookmark", summary.bookmark);
  map.number("elapsedUs", summary.elapsed_us);
  if (summary.switched_to) map.text("switchedTo", *summary.switched_to);
}

// The settings a caller may choose, by name.
Result<> apply_settings(const Map& chosen, InstanceSettings& settings) {
  for (const auto& [key, value] : chosen) {
    if (key == "defaultDatabase" && value.is(Type::String)) {
      settings.default_database = std::string(value.string());
    } else if (key == "batchRows" && value.is(Type::Integer) && value.integer() >= 1 && value.integer() <= 1024) {
      settings.batch_rows = static_cast<std::uint32_t>(value.integer());
    } else if (key == "optimize" && value.is(Type::Boolean)) {
      settings.optimize = value.boolean();
    } else if (key == "memoryBytesMax" && value.is(Type::Integer) && value.integer() >= 0) {
      settings.memory_bytes_max = static_cast<std::uint64_t>(value.integer());
    } else if (key == "trashSeconds" && value.is(Type::Integer) && value.integer() >= 0) {
      settings.trash_seconds = static_cast<std::uint64_t>(value.integer());
    } else {
      return Error{ErrorCode::InvalidRequest, "'" + key + "' is not a setting, or not with this value"};
    }
  }
  return Done{};
}

Result<std::unique_ptr<OpenInstance>> open_instance(bool files, ByteView encoded_settings) {
  ByteReader in(encoded_settings);
  NX_TRY(const Value chosen, wasm::read_value(in));
  InstanceSettings settings;
  settings.single_threaded = true;
  if (chosen.is(Type::Map)) NX_TRY_DO(apply_settings(chosen.map(), settings));
  auto open = std::make_unique<OpenInstance>();
  open->vfs = files ? wasm::make_js_vfs() : std::unique_ptr<Vfs>(std::make_unique<vfs::MemoryVfs>());
  NX_TRY(open->instance, Instance::open(settings, {*open->vfs, *open->clock, *open->random, open->scheduler, *open->log}));
  return open;
}

Result<std::unique_ptr<Cursor>> run_statement(Session& session, std::string_view statement, ByteView encoded) {
  ByteReader in(encoded);
  NX_TRY(const Value parameters, wasm::read_value(in));
  NX_TRY(const Value chosen, wasm::read_value(in));
  RunOptions options;
  if (chosen.is(Type::Map)) {
    if (const Value* database = chosen.find("database"); database != nullptr && database->is(Type::String)) {
      options.database = std::string(database->string());
    }
    if (const Value* access = chosen.find("readOnly"); access != nullptr && access->is_true()) {
      options.access = AccessMode::Read;
    }
    if (const Value* timeout = chosen.find("timeoutMs"); timeout != nullptr && timeout->is(Type::Integer)) {
      options.timeout_ms = static_cast<std::uint64_t>(timeout->integer());
    }
  }
  return session.run(statement, parameters.is(Type::Map) ? parameters.map() : Map{}, options);
}

struct NextRows {
  bool more;
  std::size_t count;
};

// The next rows as columns, or as a list of rows, each cell as its canonical text.
Result<NextRows> write_next(ByteWriter& out, Cursor& cursor, bool as_text) {
  if (!as_text) {
    std::vector<Value> cells;
    NX_TRY(const bool more, cursor.next_cells(cells));
    write_columns(out, cells, cursor.columns().size());
    return NextRows{more, cells.size()};
  }
  std::vector<List> rows;
  NX_TRY(const bool more, cursor.next(rows));
  write_list_head(out, rows.size());
  for (const List& row : rows) {
    write_list_head(out, row.size());
    for (const Value& value : row) write_text(out, to_text(value));
  }
  return NextRows{more, rows.size()};
}

void write_column_names(ByteWriter& out, const Cursor& cursor) {
  write_list_head(out, cursor.columns().size());
  for (const std::string& column : cursor.columns()) write_text(out, column);
}

function::TypeSet types_of(std::string_view name) {
  if (name == "STRING") return function::types(Type::String);
  if (name == "INTEGER") return function::types(Type::Integer);
  if (name == "FLOAT") return function::types(Type::Float);
  if (name == "NUMBER") return function::kNumber;
  if (name == "BOOLEAN") return function::types(Type::Boolean);
  if (name == "MAP") return function::types(Type::Map);
  return name.starts_with("LIST") ? function::types(Type::List) : function::kAny;
}

// [{name, type}…]
Result<std::vector<plan::ProcedureSignature::Field>> read_fields(const Value* list) {
  std::vector<plan::ProcedureSignature::Field> fields;
  if (list == nullptr || !list->is(Type::List)) return fields;
  for (const Value& item : list->list()) {
    const Value* name = item.is(Type::Map) ? item.find("name") : nullptr;
    const Value* type = item.is(Type::Map) ? item.find("type") : nullptr;
    if (name == nullptr || !name->is(Type::String) || type == nullptr || !type->is(Type::String)) {
      return Error{ErrorCode::InvalidRequest, "a procedure's field needs a name and a type"};
    }
    fields.push_back({std::string(name->string()), types_of(type->string()), std::string(type->string())});
  }
  return fields;
}

Result<std::unique_ptr<exec::RowStream>> call_javascript(int id, std::size_t width, List arguments) {
  ByteWriter out;
  wasm::write_value(out, Value::list(std::move(arguments)));
  const int answered = nx_procedure_call(id, out.view().data(), static_cast<int>(out.size()));
  Bytes bytes(static_cast<std::size_t>(std::abs(answered)));
  nx_procedure_take(bytes.data());
  if (answered < 0) return Error{ErrorCode::ProcedureCallFailed, std::string(as_text(bytes))};
  ByteReader in(bytes);
  NX_TRY(const Value rows, wasm::read_value(in));
  std::vector<List> all;
  for (const Value& row : rows.is(Type::List) ? rows.list() : List{}) {
    if (!row.is(Type::List) || row.list().size() != width) {
      return Error{ErrorCode::ProcedureCallFailed, "the procedure answered a row of another width than it declares"};
    }
    all.push_back(row.list());
  }
  return std::unique_ptr<exec::RowStream>(std::make_unique<exec::ListStream>(std::move(all)));
}

Result<> add_procedure(procedure::Registry& registry, int id, ByteView encoded) {
  ByteReader in(encoded);
  NX_TRY(const Value declared, wasm::read_value(in));
  const Value* name = declared.is(Type::Map) ? declared.find("name") : nullptr;
  if (name == nullptr || !name->is(Type::String)) return Error{ErrorCode::InvalidRequest, "a procedure needs a name"};
  plan::ProcedureSignature signature;
  signature.name = std::string(name->string());
  NX_TRY(signature.inputs, read_fields(declared.find("inputs")));
  NX_TRY(signature.outputs, read_fields(declared.find("outputs")));
  const std::size_t width = signature.outputs.size();
  registry.add(std::move(signature), [id, width](exec::ProcedureContext&, List arguments) {
    return call_javascript(id, width, std::move(arguments));
  });
  return Done{};
}

}  // namespace

// What the start does not need is a module of its own (finish.mjs), which is loaded when one of its functions is called.
extern "C" __attribute__((import_module("nexus"), import_name("rest_load"))) void nx_rest_load();
NX_EXPORT(nx_rest) void nx_rest() { nx_rest_load(); }

NX_EXPORT(nx_alloc) void* nx_alloc(int bytes) { return std::malloc(static_cast<std::size_t>(bytes)); }
NX_EXPORT(nx_free) void nx_free(void* bytes) { std::free(bytes); }
NX_EXPORT(nx_answer) const std::uint8_t* nx_answer() { return answer().view().data(); }
NX_EXPORT(nx_answer_bytes) int nx_answer_bytes() { return static_cast<int>(answer().size()); }
// Where the heap ends: what lies behind has never been used.
NX_EXPORT(nx_heap_end) std::uintptr_t nx_heap_end() { return *emscripten_get_sbrk_ptr(); }

NX_EXPORT(nx_open) OpenInstance* nx_open(int files, const std::uint8_t* settings, int length) {
  auto opened = open_instance(files != 0, {settings, static_cast<std::size_t>(length)});
  if (!opened) return fail(opened.error()), nullptr;
  return opened->release();
}

NX_EXPORT(nx_close) int nx_close(OpenInstance* open) {
  const std::unique_ptr<OpenInstance> owned(open);
  owned->service.reset();
  auto closed = owned->instance->close();
  return closed ? 1 : fail(closed.error());
}

NX_EXPORT(nx_session_open) Session* nx_session_open(OpenInstance* open, const char* database, int length) {
  auto session = open->instance->open_session(Identity{"nexus"}, view(database, length));
  if (!session) return fail(session.error()), nullptr;
  return session->release();
}

NX_EXPORT(nx_session_close) void nx_session_close(Session* session) { delete session; }

NX_EXPORT(nx_session_database) void nx_session_database(Session* session) { write_text(new_answer(), session->database()); }

NX_EXPORT(nx_session_use) int nx_session_use(Session* session, const char* database, int length) {
  auto done = session->use(view(database, length));
  return done ? 1 : fail(done.error());
}

// `encoded`: the parameters' map, then the options' map.
NX_EXPORT(nx_run) Cursor* nx_run(Session* session, const char* statement, int length, const std::uint8_t* encoded,
                                 int encoded_bytes) {
  auto cursor = run_statement(*session, view(statement, length), {encoded, static_cast<std::size_t>(encoded_bytes)});
  if (!cursor) return fail(cursor.error()), nullptr;
  write_column_names(new_answer(), **cursor);
  return cursor->release();
}

// The same and the first rows, which is all there is to most statements. In the buffer are the rows; the columns' names; the
// summary, if there are no more rows; and, as u32, where the names begin and where the summary does, or 0.
// 1: no more; 0: failed.
NX_EXPORT(nx_perform) std::uintptr_t nx_perform(Session* session, const char* statement, int length,
                                                const std::uint8_t* encoded, int encoded_bytes, int as_text) {
  auto cursor = run_statement(*session, view(statement, length), {encoded, static_cast<std::size_t>(encoded_bytes)});
  if (!cursor) return fail(cursor.error()), 0;
  ByteWriter& out = new_answer();
  const auto rows = write_next(out, **cursor, as_text != 0);
  if (!rows) return fail(rows.error()), 0;
  const auto names_at = static_cast<std::uint32_t>(out.size());
  write_column_names(out, **cursor);
  const auto summary_at = rows->more ? 0 : static_cast<std::uint32_t>(out.size());
  if (!rows->more) write_summary(out, (*cursor)->summary());
  out.u32(names_at);
  out.u32(summary_at);
  return rows->more ? reinterpret_cast<std::uintptr_t>(cursor->release()) : 1;
}

// 1: rows in the buffer; 2: no more; 0: failed.
NX_EXPORT(nx_next) int nx_next(Cursor* cursor, int as_text) {
  const auto rows = write_next(new_answer(), *cursor, as_text != 0);
  if (!rows) return fail(rows.error());
  return rows->more || rows->count > 0 ? 1 : 2;
}

NX_EXPORT(nx_summary) void nx_summary(Cursor* cursor) { write_summary(new_answer(), cursor->summary()); }
NX_EXPORT(nx_cursor_close) void nx_cursor_close(Cursor* cursor) { delete cursor; }

NX_EXPORT(nx_databases) void nx_databases(OpenInstance* open) {
  const std::vector<DatabaseInfo> all = open->instance->databases(Identity{"nexus"});
  write_list_head(new_answer(), all.size());
  for (const DatabaseInfo& info : all) write_database(answer(), info);
}

// `encoded`: {name, inputs, outputs}; calls go to JavaScript with `id`.
NX_EXPORT(nx_procedure_add) int nx_procedure_add(OpenInstance* open, int id, const std::uint8_t* encoded, int length) {
  auto added = add_procedure(open->instance->procedures(), id, {encoded, static_cast<std::size_t>(length)});
  return added ? 1 : fail(added.error());
}
