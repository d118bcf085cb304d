// What the module's exports share: an open instance, and the buffer in which a call answers.
// Threads: none, one call at a time.
#pragma once

#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/components.h"
#include "js_vfs.h"
#include "nexus/instance.h"
#include "nexus/service.h"

#define NX_EXPORT(name) extern "C" __attribute__((used, visibility("default"), export_name(#name)))

namespace nexus::wasm {

class InlineScheduler final : public Scheduler {
 public:
  void submit(std::function<void()> task) override { task(); }
};

struct OpenInstance {
  std::unique_ptr<Vfs> vfs;
  std::unique_ptr<Clock> clock = make_js_clock();
  std::unique_ptr<Random> random = make_js_random();
  std::unique_ptr<Log> log = make_js_log();
  InlineScheduler scheduler;
  std::unique_ptr<Instance> instance;
  std::unique_ptr<service::HttpService> service;  // Made by the first request.
};

// The one piece of module state: what the last call answered.
ByteWriter& answer();
ByteWriter& new_answer();  // The same, empty.
// Leaves the error as a map. Always 0.
int fail(const Error& error);

inline std::string_view view(const char* bytes, int length) { return {bytes, static_cast<std::size_t>(length)}; }
inline ByteView view(const std::uint8_t* bytes, int length) { return {bytes, static_cast<std::size_t>(length)}; }

void write_database(ByteWriter& out, const DatabaseInfo& info);

}  // namespace nexus::wasm
