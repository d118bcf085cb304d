// What every part of an instance borrows: the components, the settings, the memory of all.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/memory_budget.h"
#include "nexus/instance.h"

namespace nexus::instance {

struct Environment {
  Environment(InstanceSettings chosen, Components borrowed)
      : settings(std::move(chosen)), components(borrowed), memory(settings.memory_bytes_max) {}

  const InstanceSettings settings;
  const Components components;
  MemoryBudget memory;  // Parent of each database's budget.
  std::atomic<std::size_t> open_databases{0};
  std::atomic<std::uint64_t> transactions{0};  // Ever begun: the numbers in their names.

  std::int64_t now() const { return components.clock.monotonic_nanoseconds(); }
  std::int64_t wall() const { return components.clock.wall_nanoseconds(); }
};

}  // namespace nexus::instance
