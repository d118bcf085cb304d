// JsVfs: a nexus::Vfs whose files are in JavaScript's hands (node:fs), and the clock and the
// randomness that JavaScript offers. The imported functions are in package/host.js.
#pragma once

#include <memory>

#include "base/components.h"
#include "nexus/vfs.h"

namespace nexus::wasm {

std::unique_ptr<Vfs> make_js_vfs();
std::unique_ptr<Clock> make_js_clock();
std::unique_ptr<Random> make_js_random();
std::unique_ptr<Log> make_js_log();

}  // namespace nexus::wasm
