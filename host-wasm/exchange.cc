// Bytes in and out: dumps, restores and the REST API.
#include <algorithm>

#include "module.h"
#include "wire.h"

// Fills `bytes` with what comes next of the dump that is being restored; 0: its end; negative: it failed.
extern "C" {
__attribute__((import_module("nexus"), import_name("source_read"))) int nx_source_read(void* bytes, int length);
}

using namespace nexus;        // NOLINT: the exports below are C, outside any namespace.
using namespace nexus::wasm;  // NOLINT

namespace {

class JsSource final : public ByteSource {
 public:
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const int count = nx_source_read(out.data(), static_cast<int>(out.size()));
    if (count < 0) return Error{ErrorCode::IoError, "the dump could not be read"};
    return static_cast<std::size_t>(count);
  }
};

// What is left of a response: its body, whole or piece by piece.
struct OpenResponse {
  std::string body;
  std::unique_ptr<service::BodyStream> stream;
};

std::string_view member(const Value& map, std::string_view name) {
  const Value* found = map.is(Type::Map) ? map.find(name) : nullptr;
  return found != nullptr && found->is(Type::String) ? found->string() : std::string_view{};
}

// {method, target, headers: [name, value, …]}
Result<service::HttpRequest> read_request(ByteView encoded, ByteView body) {
  ByteReader in(encoded);
  NX_TRY(const Value head, read_value(in));
  service::HttpRequest request;
  request.method = std::string(member(head, "method"));
  request.target = std::string(member(head, "target"));
  const Value* headers = head.is(Type::Map) ? head.find("headers") : nullptr;
  if (headers != nullptr && headers->is(Type::List)) {
    const List& list = headers->list();
    for (std::size_t at = 0; at + 1 < list.size(); at += 2) {
      if (!list[at].is(Type::String) || !list[at + 1].is(Type::String)) {
        return Error{ErrorCode::InvalidRequest, "a header is a name and a value"};
      }
      request.headers.emplace_back(std::string(list[at].string()), std::string(list[at + 1].string()));
    }
  }
  request.body = std::string(as_text(body));
  return request;
}

void answer_head(const service::HttpResponse& response) {
  MapWriter map(new_answer(), 2);
  map.number("status", static_cast<std::uint64_t>(response.status));
  ByteWriter& out = map.entry("headers");
  write_list_head(out, response.headers.size() * 2);
  for (const auto& [name, value] : response.headers) {
    write_text(out, name);
    write_text(out, value);
  }
}

}  // namespace

NX_EXPORT(nx_dump) DumpStream* nx_dump(OpenInstance* open, const char* name, int length) {
  auto stream = open->instance->dump(Identity{"nexus"}, view(name, length));
  if (!stream) return fail(stream.error()), nullptr;
  return stream->release();
}

// 1: bytes in the buffer; 2: no more; 0: failed.
NX_EXPORT(nx_dump_next) int nx_dump_next(DumpStream* stream) {
  Bytes bytes;
  auto more = stream->next(bytes);
  if (!more) return fail(more.error());
  new_answer().raw(bytes);
  return *more || !bytes.empty() ? 1 : 2;
}

NX_EXPORT(nx_dump_close) void nx_dump_close(DumpStream* stream) { delete stream; }

// A new database from the bytes that source_read answers.
NX_EXPORT(nx_restore) int nx_restore(OpenInstance* open, const char* name, int length) {
  JsSource source;
  auto info = open->instance->restore(Identity{"nexus"}, view(name, length), source);
  if (!info) return fail(info.error());
  write_database(new_answer(), *info);
  return 1;
}

// Answers {status, headers}; the body is taken by nx_fetch_next.
NX_EXPORT(nx_fetch) OpenResponse* nx_fetch(OpenInstance* open, const std::uint8_t* head, int head_bytes,
                                           const std::uint8_t* body, int body_bytes) {
  auto request = read_request(view(head, head_bytes), view(body, body_bytes));
  if (!request) return fail(request.error()), nullptr;
  if (!open->service) open->service = service::HttpService::create(*open->instance, *open->clock, *open->random, {});
  service::HttpResponse response = open->service->handle(*request);
  answer_head(response);
  return std::make_unique<OpenResponse>(OpenResponse{std::move(response.body), std::move(response.stream)}).release();
}

// 1: bytes in the buffer; 2: no more.
NX_EXPORT(nx_fetch_next) int nx_fetch_next(OpenResponse* response) {
  std::string piece = std::exchange(response->body, {});
  if (response->stream && !response->stream->next(piece)) response->stream.reset();
  new_answer().raw(as_bytes(piece));
  return response->stream || !piece.empty() ? 1 : 2;
}

NX_EXPORT(nx_fetch_close) void nx_fetch_close(OpenResponse* response) { delete response; }
