// point(), point.distance(), point.withinBBox().
#include "value/point.h"

#include <cmath>

#include "base/number.h"
#include "function/families.h"

namespace nexus::function {
namespace {

constexpr double kRadiansPerDegree = 3.141592653589793 / 180.0;
constexpr double kEarthRadiusMetres = 6'378'140.0;

Error invalid(std::string what) { return Error{ErrorCode::InvalidArgument, "point() " + std::move(what)}; }

// The SRID that crs or srid asks for, or the one that follows from the coordinates' names.
Result<std::uint32_t> read_system(const Value& map, bool geographic, bool has_z) {
  const Value* crs = map.find("crs");
  const Value* srid = map.find("srid");
  if (crs != nullptr && srid != nullptr) return invalid("takes crs or srid, not both");
  std::uint32_t system = geographic ? has_z ? kWgs84With3d : kWgs84 : has_z ? kCartesianWith3d : kCartesian;
  if (crs != nullptr) {
    const auto named = crs->is(Type::String) ? crs_srid(crs->string()) : std::nullopt;
    if (!named) return invalid("does not know this crs");
    system = *named;
  } else if (srid != nullptr) {
    const std::int64_t number = srid->is(Type::Integer) ? srid->integer() : -1;
    if (number < 0 || number > 0xFFFF || !crs_name(static_cast<std::uint32_t>(number))) {
      return invalid("does not know this srid");
    }
    system = static_cast<std::uint32_t>(number);
  }
  const Point probe{system};
  if (geographic && !is_geographic(probe)) return invalid("cannot use longitude and latitude in a cartesian system");
  if (probe.has_z() != has_z) return invalid("needs as many coordinates as its system has");
  return system;
}

// The coordinate under either name; nullptr when neither is there.
const Value* coordinate(const Value& map, std::string_view name, std::string_view geographic_name) {
  const Value* found = map.find(name);
  return found != nullptr ? found : map.find(geographic_name);
}

Result<Point> place(Point point) {
  if (!is_geographic(point)) return point;
  if (!(point.y >= -90 && point.y <= 90)) {
    return Error{ErrorCode::NumberOutOfRange, "latitude " + format_double(point.y) + " is not within -90..90"};
  }
  if (!std::isfinite(point.x)) return invalid("needs a finite longitude");
  if (point.x < -180 || point.x > 180) {
    point.x = std::fmod(point.x, 360.0);
    if (point.x > 180) point.x -= 360;
    if (point.x < -180) point.x += 360;
  }
  return point;
}

Result<Value> point(CallContext&, Arguments arguments) {
  const Value& map = arguments[0];
  if (!map.is(Type::Map)) return arguments[0];
  const Value* x = coordinate(map, "x", "longitude");
  const Value* y = coordinate(map, "y", "latitude");
  const Value* z = coordinate(map, "z", "height");
  if (x == nullptr || y == nullptr) return invalid("needs x and y, or longitude and latitude");
  for (const Value* value : {x, y, z}) {
    if (value == nullptr || value->is_number()) continue;
    if (value->is_null()) return Value::null();
    return Error{ErrorCode::InvalidArgumentValue,
                 "point() expects numbers as coordinates, not " + std::string(type_name(value->type()))};
  }
  const bool geographic = map.find("longitude") != nullptr || map.find("latitude") != nullptr;
  NX_TRY(const std::uint32_t srid, read_system(map, geographic, z != nullptr));
  NX_TRY(const Point made, place({srid, x->number(), y->number(), z != nullptr ? z->number() : 0}));
  return Value::point(made);
}

// Along the surface by the haversine formula; heights by Pythagoras on top.
double geographic_distance(const Point& a, const Point& b) {
  const double latitude_a = a.y * kRadiansPerDegree;
  const double latitude_b = b.y * kRadiansPerDegree;
  const double half_latitude = std::sin((latitude_b - latitude_a) / 2);
  const double half_longitude = std::sin((b.x - a.x) * kRadiansPerDegree / 2);
  const double h = half_latitude * half_latitude +
                   std::cos(latitude_a) * std::cos(latitude_b) * half_longitude * half_longitude;
  const double angle = 2 * std::atan2(std::sqrt(h), std::sqrt(1 - h));
  if (!a.has_z()) return angle * kEarthRadiusMetres;
  return std::hypot(angle * (kEarthRadiusMetres + (a.z + b.z) / 2), a.z - b.z);
}

Result<Value> distance(CallContext&, Arguments arguments) {
  if (!arguments[0].is(Type::Point) || !arguments[1].is(Type::Point)) return Value::null();
  const Point& a = arguments[0].point();
  const Point& b = arguments[1].point();
  if (a.srid != b.srid) return Value::null();
  if (is_geographic(a)) return Value::real(geographic_distance(a, b));
  return Value::real(std::hypot(a.x - b.x, a.y - b.y, a.has_z() ? a.z - b.z : 0.0));
}

Result<Value> within_bounding_box(CallContext&, Arguments arguments) {
  const Point& at = arguments[0].point();
  const Point& low = arguments[1].point();
  const Point& high = arguments[2].point();
  if (at.srid != low.srid || at.srid != high.srid) return Value::null();
  // A box whose west is east of its east crosses the 180th meridian.
  const bool crosses = is_geographic(at) && low.x > high.x;
  const bool x_inside = crosses ? at.x >= low.x || at.x <= high.x : at.x >= low.x && at.x <= high.x;
  const bool z_inside = !at.has_z() || (at.z >= low.z && at.z <= high.z);
  return Value::boolean(x_inside && at.y >= low.y && at.y <= high.y && z_inside);
}

constexpr TypeSet kPoint = types(Type::Point);
constexpr Parameter kPointParameters[] = {{"input", types(Type::Map, Type::Point)}};
constexpr Parameter kDistanceParameters[] = {{"from"}, {"to"}};
constexpr Parameter kBoxParameters[] = {{"point", kPoint}, {"lowerLeft", kPoint}, {"upperRight", kPoint}};

constexpr Example kPointExamples[] = {
    {"point({x: 1, y: 2})", "point({srid: 7203, x: 1.0, y: 2.0})"},
    {"point({longitude: 12.5, latitude: 56, height: 10})", "point({srid: 4979, x: 12.5, y: 56.0, z: 10.0})"},
    {"point({x: 1, y: 2, crs: 'WGS-84'}).latitude", "2.0"},
    {"point({longitude: 190, latitude: 0}).x", "-170.0"},
    {"point({x: 1, y: null})", "null"},
    {"point(null)", "null"},
    {"point({x: 1})", "error InvalidArgument"},
    {"point({x: 1, y: 2, crs: 'môn'})", "error InvalidArgument"},
    {"point({longitude: 0, latitude: 91})", "error NumberOutOfRange"},
};
constexpr Example kDistanceExamples[] = {
    {"point.distance(point({x: 0, y: 0}), point({x: 3, y: 4}))", "5.0"},
    {"point.distance(point({x: 0, y: 0}), point({x: 0, y: 0, z: 0}))", "null"},
    {"round(point.distance(point({longitude: 0, latitude: 0}), point({longitude: 1, latitude: 0})))", "111320.0"},
    {"point.distance(point({x: 0, y: 0}), null)", "null"},
};
constexpr Example kBoxExamples[] = {
    {"point.withinBBox(point({x: 1, y: 1}), point({x: 0, y: 0}), point({x: 1, y: 2}))", "true"},
    {"point.withinBBox(point({x: 5, y: 1}), point({x: 0, y: 0}), point({x: 1, y: 2}))", "false"},
    {"point.withinBBox(point({longitude: 179, latitude: 0}), point({longitude: 170, latitude: -1}),"
     " point({longitude: -170, latitude: 1}))", "true"},
    {"point.withinBBox(null, point({x: 0, y: 0}), point({x: 1, y: 1}))", "null"},
};

constexpr ScalarFunction kFunctions[] = {
    {"point", "spatial", kPointParameters, kPoint,
     "Makes a point of x, y and perhaps z, or of longitude, latitude and perhaps height.", kPointExamples, point},
    {"point.distance", "spatial", kDistanceParameters, types(Type::Float),
     "Returns the distance of two points, in metres for geographic ones; null when their systems differ.",
     kDistanceExamples, distance},
    {"point.withinBBox", "spatial", kBoxParameters, types(Type::Boolean),
     "Returns whether a point lies in the box between two others, borders included.", kBoxExamples,
     within_bounding_box},
};

}  // namespace

std::span<const ScalarFunction> point_functions() { return kFunctions; }

}  // namespace nexus::function
