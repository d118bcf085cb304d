// The end of the heap. Why our own: the C library's asks the engine below for exactly what each
// allocation needs, and every such step costs as much as a large one.
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>

extern "C" {

extern unsigned char __heap_base;  // NOLINT: the linker's name for it.

namespace {
constexpr std::uintptr_t kPage = 64 * 1024;
constexpr std::uintptr_t kStep = 16 * 1024 * 1024;
constexpr std::uintptr_t kAlignment = 16;
std::uintptr_t heap_end = reinterpret_cast<std::uintptr_t>(&__heap_base);

std::uintptr_t memory_bytes() { return __builtin_wasm_memory_size(0) * kPage; }

// At least to `end`; by a quarter, if that much can be had.
bool grow(std::uint64_t end) {
  const std::uintptr_t have = memory_bytes();
  if (end <= have) return true;
  const std::uintptr_t needed = static_cast<std::uintptr_t>((end - have + kPage - 1) / kPage);
  const std::uintptr_t wanted = std::max(needed, std::max(kStep, have / 4) / kPage);
  return __builtin_wasm_memory_grow(0, wanted) != SIZE_MAX || __builtin_wasm_memory_grow(0, needed) != SIZE_MAX;
}
}  // namespace

std::uintptr_t* emscripten_get_sbrk_ptr() { return &heap_end; }

void* sbrk(std::intptr_t increment) {
  const std::uintptr_t before = heap_end;
  const std::int64_t aligned = (static_cast<std::int64_t>(increment) + kAlignment - 1) & ~static_cast<std::int64_t>(kAlignment - 1);
  const std::int64_t end = static_cast<std::int64_t>(before) + aligned;
  if (end < 0 || end > 0xFFFFFFFF || !grow(static_cast<std::uint64_t>(end))) {
    errno = ENOMEM;
    return reinterpret_cast<void*>(-1);
  }
  heap_end = static_cast<std::uintptr_t>(end);
  return reinterpret_cast<void*>(before);
}

int brk(void* end) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(end);
  if (!grow(wanted)) {
    errno = ENOMEM;
    return -1;
  }
  heap_end = wanted;
  return 0;
}

}  // extern "C"
