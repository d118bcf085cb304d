// Index seeks: candidates for the predicates that a Filter above tests.
//
// Invariant: never fewer than the scan whose place it takes would let through. Where there is no
// such index in the transaction, it is that scan.

#include <algorithm>
#include <array>

#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"
#include "exec/token.h"

namespace nexus::exec {

namespace {

class IndexSeek final : public FlatMap {
 public:
  IndexSeek(OperatorPtr input, std::size_t width, IndexSeekParts parts)
      : FlatMap(std::move(input), width),
        parts_(std::move(parts)),
        label_(is_node() ? storage::TokenKind::Label : storage::TokenKind::Type, parts_.seek->label) {
    for (const std::string& key : parts_.seek->keys) keys_.emplace_back(storage::TokenKind::Key, key);
  }
  std::string describe() const override {
    return (is_node() ? "NodeIndexSeek " : "RelationshipIndexSeek ") + parts_.seek->label;
  }

 private:
  bool is_node() const { return parts_.kind == storage::EntityKind::Node; }

  Result<> open(Context& context, Value* row) override {
    ranges_.clear();
    range_ = count_ = at_ = 0;
    wanted_ = 8;
    scan_ = {};
    rule_.reset();
    token_ = label_.find(context.transaction);
    if (!token_) return Done{};
    find_rule(context);
    if (!rule_) return Done{};
    NX_TRY_DO(find_ranges(context, row));
    if (!ranges_.empty()) position_ = ranges_.front().first;
    return Done{};
  }

  void find_rule(Context& context) {
    std::vector<storage::TokenId> ids;
    for (Token& key : keys_) {
      const auto id = key.find(context.transaction);
      if (!id) return;
      ids.push_back(*id);
    }
    const storage::SchemaRule* rule = context.transaction.schema().index_on(parts_.kind, *token_, ids);
    if (rule != nullptr) rule_ = rule->id;
  }

  // No range at all when a value is null: nothing equals, follows or precedes it.
  Result<> find_ranges(Context& context, Value* row) {
    std::vector<Value> values;
    for (const EvaluatorPtr& evaluator : parts_.equal) {
      NX_TRY(Value value, evaluator->evaluate(context, row));
      if (value.is_null()) return Done{};
      values.push_back(std::move(value));
    }
    if (parts_.among) return find_among(context, row, std::move(values));
    if (values.size() == keys_.size()) {
      ranges_.push_back(storage::index_exact(values));
      return Done{};
    }
    Value lower, upper, prefix;
    storage::IndexBounds bounds;
    const auto load = [&](const EvaluatorPtr& evaluator, Value& held, const Value*& bound) -> Result<bool> {
      if (!evaluator) return true;
      NX_TRY(held, evaluator->evaluate(context, row));
      bound = &held;
      return !held.is_null();
    };
    for (const auto& [evaluator, held, bound] :
         {std::tuple(&parts_.lower, &lower, &bounds.lower), std::tuple(&parts_.upper, &upper, &bounds.upper),
          std::tuple(&parts_.prefix, &prefix, &bounds.prefix)}) {
      NX_TRY(const bool is_known, load(*evaluator, *held, *bound));
      if (!is_known) return Done{};
    }
    if (bounds.prefix != nullptr && !prefix.is(Type::String)) return Done{};
    const bool is_bounded = parts_.lower || parts_.upper || parts_.prefix;
    ranges_.push_back(is_bounded ? storage::index_between(values, bounds) : storage::index_leading(values));
    return Done{};
  }

  Result<> find_among(Context& context, Value* row, std::vector<Value> values) {
    NX_TRY(const Value list, parts_.among->evaluate(context, row));
    if (list.is_null()) return Done{};
    if (!list.is(Type::List)) {  // The Filter has something to say about that.
      ranges_.push_back(storage::index_leading(values));
      return Done{};
    }
    values.emplace_back();
    for (const Value& item : list.list()) {
      if (item.is_null()) continue;
      values.back() = item;
      ranges_.push_back(values.size() == keys_.size() ? storage::index_exact(values) : storage::index_leading(values));
    }
    // Two items have the same range or share nothing: their keys are equal or differ in the prefix or hash.
    const auto by_first = [](const storage::IndexRange& a, const storage::IndexRange& b) { return a.first < b.first; };
    const auto same = [](const storage::IndexRange& a, const storage::IndexRange& b) { return a.first == b.first; };
    std::sort(ranges_.begin(), ranges_.end(), by_first);
    ranges_.erase(std::unique(ranges_.begin(), ranges_.end(), same), ranges_.end());
    return Done{};
  }

  // Ids come in chunks that grow, so that one wanted row costs one.
  bool fill(Context& context) {
    at_ = 0;
    const std::span<std::uint64_t> out(ids_.data(), wanted_);
    wanted_ = std::min(wanted_ * 4, ids_.size());
    if (!rule_) {
      count_ = is_node() ? context.transaction.scan_label(*token_, scan_, out)
                         : context.transaction.scan_relationships(scan_, out);
      return count_ != 0;
    }
    while (range_ < ranges_.size()) {
      count_ = context.transaction.scan_index(*rule_, ranges_[range_], position_, out);
      if (count_ != 0) return true;
      if (++range_ < ranges_.size()) position_ = ranges_[range_].first;
    }
    return false;
  }

  bool exists(Context& context, std::uint64_t id) const {
    if (is_node()) return context.graph.is_node(id);
    const auto record = context.transaction.relationship(id);
    return record && record->type == *token_ && !context.graph.is_hidden(record->start) &&
           !context.graph.is_hidden(record->end);
  }

  Result<bool> step(Context& context, Value* row, Batch& batch) override {
    if (!token_) return false;
    for (;;) {
      if (at_ == count_ && !fill(context)) return false;
      const std::uint64_t id = ids_[at_++];
      NX_TRY_DO(context.tick());
      if (!exists(context, id)) continue;
      batch.append(row)[parts_.slot] = is_node() ? Value::node(id) : Value::relationship(id);
      return true;
    }
  }

  IndexSeekParts parts_;
  Token label_;
  std::vector<Token> keys_;
  std::optional<storage::TokenId> token_;
  std::optional<storage::RuleId> rule_;
  std::vector<storage::IndexRange> ranges_;
  std::size_t range_ = 0;
  storage::IndexKey position_;
  storage::ScanPosition scan_;
  std::array<std::uint64_t, 512> ids_;
  std::size_t count_ = 0, at_ = 0, wanted_ = 8;
};

}  // namespace

OperatorPtr make_index_seek(OperatorPtr input, std::size_t width, IndexSeekParts parts) {
  return std::make_unique<IndexSeek>(std::move(input), width, std::move(parts));
}

}  // namespace nexus::exec
