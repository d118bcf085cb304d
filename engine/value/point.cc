#include "value/point.h"

#include <string>

namespace nexus {
namespace {

struct Crs {
  std::string_view name;
  std::uint32_t srid;
};

constexpr Crs kSystems[] = {
    {"wgs-84", kWgs84}, {"wgs-84-3d", kWgs84With3d}, {"cartesian", kCartesian}, {"cartesian-3d", kCartesianWith3d}};

}  // namespace

std::optional<std::string_view> crs_name(std::uint32_t srid) {
  for (const Crs& system : kSystems) {
    if (system.srid == srid) return system.name;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> crs_srid(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  for (const Crs& system : kSystems) {
    if (system.name == lower) return system.srid;
  }
  return std::nullopt;
}

std::optional<Value> point_component(const Point& point, std::string_view key) {
  if (key == "x" || (key == "longitude" && is_geographic(point))) return Value::real(point.x);
  if (key == "y" || (key == "latitude" && is_geographic(point))) return Value::real(point.y);
  if (point.has_z() && (key == "z" || (key == "height" && is_geographic(point)))) return Value::real(point.z);
  if (key == "srid") return Value::integer(point.srid);
  if (const auto name = crs_name(point.srid); key == "crs" && name) return Value::string(*name);
  return std::nullopt;
}

}  // namespace nexus
