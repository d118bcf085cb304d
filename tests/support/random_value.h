// Random Cypher values, the nasty ones more often than chance would have them.
#pragma once

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "nexus/value.h"
#include "value/vector.h"

namespace nexus::tests {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : random_(seed) {}

  // Anything that has a binary form; nests at most `levels`.
  Value storable(int levels) {
    switch (below(levels > 0 ? 16 : 14)) {
      case 0: return Value::null();
      case 1: return Value::boolean(below(2) == 0);
      case 2:
      case 3: return Value::integer(integer());
      case 4:
      case 5: return Value::real(real());
      case 6: return Value::string(text());
      case 7: return Value::date({static_cast<std::int64_t>(below(100'000)) - 50'000});
      case 8: return Value::local_time({static_cast<std::int64_t>(below(86'400'000'000'000))});
      case 9: return Value::time({static_cast<std::int64_t>(below(3) * 3'600'000'000'000), offset()});
      case 10:
        return below(2) == 0 ? Value::local_date_time({static_cast<std::int64_t>(below(100)), nanoseconds()})
                             : Value::date_time({static_cast<std::int64_t>(below(3)), nanoseconds(), offset(),
                                                 below(2) == 0 ? "" : "Europe/Stockholm"});
      case 11:
        return Value::duration({static_cast<std::int64_t>(below(5)) - 2, static_cast<std::int64_t>(below(60)) - 30,
                                static_cast<std::int64_t>(below(200'000)) - 100'000,
                                static_cast<std::int32_t>(nanoseconds())});
      case 12: return point();
      case 13: return vector();
      case 14: return Value::list(list(levels - 1, true));
      default: return map(levels - 1, true);
    }
  }

  // Anything at all.
  Value any(int levels) {
    switch (below(12)) {
      case 0: return Value::node(below(4));
      case 1: return Value::relationship(below(4));
      case 2: return path();
      case 3: return levels > 0 ? Value::list(list(levels - 1, false)) : Value::null();
      case 4: return levels > 0 ? map(levels - 1, false) : Value::null();
      default: return storable(levels);
    }
  }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

 private:
  // Few coordinates of few values, so that equal vectors happen.
  Value vector() {
    Vector made{static_cast<CoordinateType>(below(kCoordinateTypes)), {}};
    for (std::uint64_t left = 1 + below(3); left > 0; --left) {
      add_coordinate(made, below(2) == 0 ? Value::integer(static_cast<std::int64_t>(below(3)) - 1) : Value::real(-0.0));
    }
    return Value::vector(std::move(made));
  }
  std::int64_t integer() {
    switch (below(4)) {
      case 0: return static_cast<std::int64_t>(below(5)) - 2;
      case 1: return (std::int64_t{1} << 53) + static_cast<std::int64_t>(below(3)) - 1;
      case 2: return std::numeric_limits<std::int64_t>::max() - static_cast<std::int64_t>(below(2));
      default: return static_cast<std::int64_t>(random_());
    }
  }
  double real() {
    switch (below(7)) {
      case 0: return static_cast<double>(below(5)) - 2.0;
      case 1: return 9007199254740992.0 + static_cast<double>(below(2)) * 2;
      case 2: return 9223372036854775808.0;
      case 3: return std::nan("");
      case 4: return below(2) == 0 ? INFINITY : -INFINITY;
      case 5: return below(2) == 0 ? 0.0 : -0.0;
      default: {
        const std::uint64_t bits = random_();
        double value;
        std::memcpy(&value, &bits, sizeof value);
        return value;
      }
    }
  }
  std::string text() {
    static constexpr const char* kPieces[] = {"", "a", "b", "\u00EF", "\U0001F600", "'", "\\", "long enough for the heap"};
    std::string made;
    for (std::uint64_t i = below(3); i > 0; --i) made += kPieces[below(8)];
    return made;
  }
  std::uint32_t nanoseconds() { return static_cast<std::uint32_t>(below(3) * 499'999'999); }
  std::int32_t offset() { return static_cast<std::int32_t>(below(3)) * 3600 - 3600; }
  Value point() {
    static constexpr std::uint32_t kSrids[] = {4326, 4979, 7203, 9157};
    Point made{kSrids[below(4)], real(), real(), 0};
    if (made.has_z()) made.z = real();
    return Value::point(made);
  }
  List list(int levels, bool is_storable) {
    List items;
    for (std::uint64_t i = below(4); i > 0; --i) items.push_back(is_storable ? storable(levels) : any(levels));
    return items;
  }
  Value map(int levels, bool is_storable) {
    Map entries;
    for (std::uint64_t i = below(3); i > 0; --i) entries.emplace_back(text(), is_storable ? storable(levels) : any(levels));
    return Value::map(make_map(std::move(entries)));
  }
  Value path() {
    PathData data{{Value::node(below(3))}, {}};
    for (std::uint64_t i = below(3); i > 0; --i) {
      data.relationships.push_back(Value::relationship(below(3)));
      data.nodes.push_back(Value::node(below(3)));
    }
    return Value::path(std::move(data));
  }

  std::mt19937_64 random_;
};

}  // namespace nexus::tests
