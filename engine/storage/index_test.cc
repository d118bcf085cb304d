// Index keys keep the order of values, and indexes agree with scans through random writes,
// rollbacks, conflicts, compaction and reopening.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/hash.h"
#include "storage/index_key.h"
#include "storage/store.h"
#include "tests/support/catch.h"
#include "value/compare.h"
#include "vfs/memory_vfs.h"

using namespace nexus;
using namespace nexus::storage;

namespace {

class Dice final : public Random {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override { return mix64(++state_ * 0x9E3779B97F4A7C15u); }
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

std::vector<Value> many_values() {
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<Value> values{Value::boolean(false), Value::boolean(true), Value::real(std::nan("")),
                            Value::real(infinity), Value::real(-infinity), Value::real(-0.0), Value::real(0.5)};
  for (const std::int64_t base : {std::int64_t{0}, std::int64_t{1} << 53, std::int64_t{1} << 62}) {
    for (std::int64_t step = -3; step <= 3; ++step) {
      for (const std::int64_t sign : {1, -1}) {
        values.push_back(Value::integer(sign * (base + step)));
        values.push_back(Value::real(static_cast<double>(sign * (base + step))));
      }
    }
  }
  values.push_back(Value::integer(std::numeric_limits<std::int64_t>::max()));
  values.push_back(Value::integer(std::numeric_limits<std::int64_t>::min()));
  for (const char* text : {"", "a", "ab", "b", "zebra", "ä", "https://www.example.com/a", "https://www.example.com/b"}) {
    values.push_back(Value::string(text));
    values.push_back(Value::list({Value::string(text)}));
    values.push_back(Value::list({Value::string(text), Value::integer(1)}));
  }
  values.push_back(Value::string(std::string_view("a\0", 2)));
  values.push_back(Value::string(std::string_view("a\0b", 3)));
  values.push_back(Value::list({}));
  for (const std::int64_t days : {-1, 0, 1}) {
    values.push_back(Value::date(Date{days}));
    values.push_back(Value::local_time(LocalTime{(days + 2) * 1000}));
    values.push_back(Value::time(Time{(days + 2) * 3'600'000'000'000, 3600}));
    values.push_back(Value::local_date_time(LocalDateTime{days, 7}));
    values.push_back(Value::date_time(DateTime{days, 7, 3600, "+01:00"}));
  }
  return values;
}

bool holds(const IndexRange& range, const IndexKey& key) { return !(key < range.first) && !(range.last < key); }

}  // namespace

TEST_CASE("index keys keep the order of values, and equal values have equal keys") {
  const std::vector<Value> values = many_values();
  for (const Value& left : values) {
    for (const Value& right : values) {
      const IndexKey a = index_key({&left, 1}, 0), b = index_key({&right, 1}, 0);
      const bool comparable = less(left, right) != Ternary::Unknown;
      if (comparable && order(left, right) < 0) CHECK(a.prefix <= b.prefix);
      if (equals(left, right) == Ternary::True) CHECK(a == b);
      IndexBounds from, to;
      from.lower = &left;
      to.upper = &left;
      if (less_or_equal(left, right) == Ternary::True) CHECK(holds(index_between({}, from), b));
      if (less_or_equal(right, left) == Ternary::True) CHECK(holds(index_between({}, to), b));
      if (comparable || equals(left, right) == Ternary::True) continue;
      if (left.is(Type::String) != right.is(Type::String)) CHECK_FALSE(holds(index_between({}, from), b));
    }
  }
}

TEST_CASE("a prefix and leading keys hold what they should, and little else") {
  const Value one = Value::integer(1), two = Value::integer(2), null, text = Value::string("abc");
  const auto key = [](std::vector<Value> values) { return index_key(values, 9); };
  IndexBounds starts;
  const Value prefix = Value::string("ab");
  starts.prefix = &prefix;
  CHECK(holds(index_between({}, starts), key({text})));
  CHECK_FALSE(holds(index_between({}, starts), key({Value::string("b")})));
  CHECK(holds(index_leading({&one, 1}), key({one, null})));
  CHECK(holds(index_leading({&one, 1}), key({Value::real(1.0), text})));
  CHECK_FALSE(holds(index_leading({&one, 1}), key({two, one})));
  CHECK(holds(index_between({&one, 1}, {}), key({one, two})));
  CHECK_FALSE(holds(index_between({&one, 1}, {}), key({one, null})));
  IndexBounds above;
  above.lower = &two;
  CHECK_FALSE(holds(index_between({&one, 1}, above), key({one, one})));
  CHECK(holds(index_between({&one, 1}, above), key({one, two})));
}

namespace {

constexpr TokenId kLabels = 3, kKeys = 3;

// A store with its files in memory, opened anew at will.
struct Fixture {
  Fixture() { open(); }
  void open() {
    store.reset();
    StoreOptions options;
    options.uuid[0] = 1;
    auto opened = Store::open(options, {&random, nullptr, &budget}, files);
    REQUIRE(opened.has_value());
    store = std::move(*opened);
  }
  std::unique_ptr<Transaction> begin() { return std::move(*store->begin_write()); }

  Dice random{3};
  MemoryBudget budget{0};
  vfs::MemoryVfs files;
  std::unique_ptr<Store> store;
};

SchemaRule rule_on(RuleKind kind, TokenId label, std::vector<TokenId> keys, std::string name) {
  SchemaRule rule;
  rule.kind = kind;
  rule.token = label;
  rule.keys = std::move(keys);
  rule.name = std::move(name);
  return rule;
}

void intern_names(Transaction& tx) {
  for (TokenId i = 0; i < kLabels; ++i) REQUIRE(*tx.intern(TokenKind::Label, "L" + std::to_string(i)) == i);
  for (TokenId i = 0; i < kKeys; ++i) REQUIRE(*tx.intern(TokenKind::Key, "k" + std::to_string(i)) == i);
  REQUIRE(*tx.intern(TokenKind::Type, "T") == 0);
}

Value some_value(Dice& dice) {
  switch (dice.below(4)) {
    case 0: return Value::integer(static_cast<std::int64_t>(dice.below(12)));
    case 1: return Value::real(static_cast<double>(dice.below(24)) / 2);
    case 2: return Value::string("a rather long text number " + std::to_string(dice.below(12)));
  }
  return Value::null();
}

std::vector<NodeId> all_nodes(const Transaction& tx) {
  std::vector<NodeId> nodes(tx.node_count());
  ScanPosition position;
  nodes.resize(nodes.empty() ? 0 : tx.scan_nodes(position, nodes));
  return nodes;
}

std::vector<std::uint64_t> all_of(const Transaction& tx, const SchemaRule& rule, const IndexRange& range) {
  std::vector<std::uint64_t> found;
  std::uint64_t batch[5];
  IndexKey position = range.first;
  while (const std::size_t count = tx.scan_index(rule.id, range, position, batch)) {
    found.insert(found.end(), batch, batch + count);
  }
  std::sort(found.begin(), found.end());
  return found;
}

// The index holds exactly the entities with its label and first key, and finds each by its values.
void compare_rule(const Transaction& tx, const SchemaRule& rule) {
  std::vector<std::uint64_t> expected;
  std::uint64_t ids[64];
  ScanPosition position;
  const bool is_node = rule.entity == EntityKind::Node;
  while (const std::size_t count = is_node ? tx.scan_label(rule.token, position, ids)
                                           : tx.scan_relationships(position, ids)) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto property = [&](TokenId key) {
        return is_node ? tx.node_property(ids[i], key) : tx.relationship_property(ids[i], key);
      };
      if (property(rule.keys[0]).is_null()) continue;
      expected.push_back(ids[i]);
      std::vector<Value> values;
      for (const TokenId key : rule.keys) values.push_back(property(key));
      const auto found = all_of(tx, rule, index_exact(values));
      REQUIRE(std::binary_search(found.begin(), found.end(), ids[i]));
    }
  }
  std::sort(expected.begin(), expected.end());
  REQUIRE(all_of(tx, rule, index_leading({})) == expected);
  REQUIRE(tx.index_count(rule.id) == expected.size());
}

void compare_all(const Transaction& tx) {
  for (const SchemaRule& rule : tx.schema().rules()) {
    if (rule.has_tree()) compare_rule(tx, rule);
  }
}

void write_something(Transaction& tx, Dice& dice) {
  const std::vector<NodeId> nodes = all_nodes(tx);
  const auto label = static_cast<TokenId>(dice.below(kLabels));
  const auto key = static_cast<TokenId>(dice.below(kKeys));
  const std::uint64_t action = nodes.empty() ? 0 : dice.below(9);
  const NodeId node = nodes.empty() ? 0 : nodes[dice.below(nodes.size())];
  std::vector<Neighbor> neighbours;
  if (!nodes.empty()) tx.expand(node, Direction::Both, {}, neighbours);
  if (action < 3) {
    const std::vector<TokenId> labels{label};
    REQUIRE(tx.create_node(labels, {{key, some_value(dice)}, {0, some_value(dice)}}).has_value());
  } else if (action == 3) {
    REQUIRE(tx.create_relationship(0, node, nodes[dice.below(nodes.size())], {{key, some_value(dice)}}).has_value());
  } else if (action < 6) {
    REQUIRE(tx.set_node_property(node, key, some_value(dice)).has_value());
  } else if (action == 6) {
    REQUIRE((dice.one_in(2) ? tx.add_label(node, label) : tx.remove_label(node, label)).has_value());
  } else if (action == 7 && !neighbours.empty()) {
    REQUIRE(tx.set_relationship_property(neighbours[0].relationship, key, some_value(dice)).has_value());
  } else {
    for (const Neighbor& neighbour : neighbours) REQUIRE(tx.delete_relationship(neighbour.relationship).has_value());
    REQUIRE(tx.delete_node(node).has_value());
  }
}

void change_schema(Transaction& tx, Dice& dice) {
  const auto rules = tx.schema().rules();
  if (rules.size() > 4 || (!rules.empty() && dice.one_in(3))) {
    REQUIRE(tx.drop_rule(rules[dice.below(rules.size())].id).has_value());
    return;
  }
  SchemaRule rule = rule_on(RuleKind::RangeIndex, static_cast<TokenId>(dice.below(kLabels)), {0}, "");
  rule.name = "rule" + std::to_string(dice.next());
  rule.keys[0] = static_cast<TokenId>(dice.below(kKeys));
  if (dice.one_in(2)) rule.keys.push_back((rule.keys[0] + 1) % kKeys);
  if (dice.one_in(4)) {
    rule.entity = EntityKind::Relationship;
    rule.token = 0;
  }
  REQUIRE(tx.define_rule(std::move(rule)).has_value());
}

}  // namespace

TEST_CASE("indexes agree with scans through everything that can happen to a store") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Dice dice(seed);
    Fixture fixture;
    {
      const auto tx = fixture.begin();
      intern_names(*tx);
      change_schema(*tx, dice);
      REQUIRE(tx->commit().has_value());
    }
    for (int round = 0; round < 120; ++round) {
      const auto before = fixture.store->begin_read();
      const std::vector<NodeId> nodes_before = all_nodes(*before);
      auto tx = dice.one_in(3) ? std::move(*fixture.store->begin_explicit()) : fixture.begin();
      if (dice.one_in(8)) {
        change_schema(*tx, dice);
      } else {
        for (std::uint64_t i = 1 + dice.below(dice.one_in(5) ? 60 : 6); i > 0; --i) write_something(*tx, dice);
      }
      compare_all(*tx);
      if (dice.one_in(4)) {
        tx->rollback();
      } else {
        REQUIRE(tx->commit().has_value());
      }
      tx.reset();
      compare_all(*before);
      REQUIRE(all_nodes(*before) == nodes_before);
      compare_all(*fixture.store->begin_read());
    }
    REQUIRE(fixture.store->compact().has_value());
    fixture.open();
    compare_all(*fixture.store->begin_read());
    fixture.open();
    compare_all(*fixture.store->begin_read());
    fixture.store.reset();
    REQUIRE(fixture.budget.used_bytes() == 0);
  }
}

TEST_CASE("explicit transactions that meet leave indexes that agree with scans") {
  Dice dice(11);
  Fixture fixture;
  {
    const auto tx = fixture.begin();
    intern_names(*tx);
    REQUIRE(tx->define_rule(rule_on(RuleKind::RangeIndex, 0, {0}, "a")).has_value());
    REQUIRE(tx->define_rule(rule_on(RuleKind::RangeIndex, 1, {0, 1}, "b")).has_value());
    REQUIRE(tx->commit().has_value());
  }
  std::uint64_t conflicts = 0;
  for (int round = 0; round < 200; ++round) {
    auto one = std::move(*fixture.store->begin_explicit());
    auto two = std::move(*fixture.store->begin_explicit());
    const std::uint64_t schema_changes = dice.below(6);
    for (std::uint64_t i = dice.below(4); i > 0 && schema_changes != 0; --i) write_something(*one, dice);
    if (schema_changes == 0) change_schema(*one, dice);
    for (std::uint64_t i = dice.below(4); i > 0; --i) write_something(*two, dice);
    for (Transaction* tx : {one.get(), two.get()}) {
      const auto committed = tx->commit();
      if (committed) continue;
      REQUIRE(committed.error().code == ErrorCode::TransactionConflict);
      ++conflicts;
    }
    compare_all(*fixture.store->begin_read());
  }
  CHECK(conflicts > 0);
  fixture.open();
  compare_all(*fixture.store->begin_read());
}

TEST_CASE("of two explicit transactions only one brings a unique value") {
  Fixture fixture;
  {
    const auto tx = fixture.begin();
    intern_names(*tx);
    REQUIRE(tx->define_rule(rule_on(RuleKind::Unique, 0, {0}, "u")).has_value());
    REQUIRE(tx->commit().has_value());
  }
  const std::vector<TokenId> labels{0};
  auto one = std::move(*fixture.store->begin_explicit());
  auto two = std::move(*fixture.store->begin_explicit());
  for (Transaction* tx : {one.get(), two.get()}) {
    REQUIRE(tx->create_node(labels, {{0, Value::integer(1)}}).has_value());
    REQUIRE(tx->check_uniqueness().has_value());
  }
  REQUIRE(one->commit().has_value());
  const auto refused = two->commit();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::TransactionConflict);
  one.reset();
  two.reset();
  const auto tx = fixture.begin();
  REQUIRE(tx->create_node(labels, {{0, Value::real(1.0)}}).has_value());
  const auto checked = tx->check_uniqueness();
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().code == ErrorCode::UniquenessViolation);
}

TEST_CASE("an index that does not fit the budget is refused and leaves nothing behind") {
  MemoryBudget budget(3 << 20);
  Dice random(5);
  auto store = std::move(*Store::open_in_memory({&random, nullptr, &budget}));
  std::uint64_t used = 0;
  {
    auto tx = std::move(*store->begin_write());
    intern_names(*tx);
    const std::vector<TokenId> labels{0};
    for (std::int64_t i = 0; budget.used_bytes() < (2 << 20); ++i) {
      REQUIRE(tx->create_node(labels, {{0, Value::integer(i)}}).has_value());
    }
    REQUIRE(tx->commit().has_value());
    tx.reset();
    used = store->memory_bytes();
    tx = std::move(*store->begin_write());
    Result<RuleId> defined = RuleId{0};
    for (int i = 0; i < 64 && defined; ++i) {
      defined = tx->define_rule(rule_on(RuleKind::RangeIndex, 0, {0}, "index" + std::to_string(i)));
    }
    REQUIRE_FALSE(defined.has_value());
    CHECK(defined.error().code == ErrorCode::MemoryLimit);
  }
  CHECK(store->memory_bytes() == used);
  CHECK(store->begin_read()->schema().rules().empty());
}
