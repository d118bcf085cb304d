// Points: their coordinate systems and components.
#pragma once

#include <optional>
#include <string_view>

#include "nexus/value.h"

namespace nexus {

constexpr std::uint32_t kWgs84 = 4326;
constexpr std::uint32_t kWgs84With3d = 4979;
constexpr std::uint32_t kCartesian = 7203;
constexpr std::uint32_t kCartesianWith3d = 9157;

inline bool is_geographic(const Point& point) { return point.srid == kWgs84 || point.srid == kWgs84With3d; }

// "wgs-84", "wgs-84-3d", "cartesian", "cartesian-3d"; nullopt for another SRID.
std::optional<std::string_view> crs_name(std::uint32_t srid);
std::optional<std::uint32_t> crs_srid(std::string_view name);  // Ignores ASCII case.

// The property `key` of a point: x, y, z, longitude, latitude, height, crs, srid; nullopt
// when this point has none of that name.
std::optional<Value> point_component(const Point& point, std::string_view key);

}  // namespace nexus
