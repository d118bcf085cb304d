// Scans and seeks: where patterns begin.
//
// Invariant: each emits an entity at most once per input row, and never one this statement
// has deleted.
#include <algorithm>
#include <array>
#include <cmath>

#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"
#include "exec/operators/pattern_step.h"

namespace nexus::exec {

namespace {

class Argument final : public Operator {
 public:
  explicit Argument(OuterRowPtr outer) : outer_(std::move(outer)) {}
  std::string describe() const override { return "Argument"; }

 private:
  Result<> produce(Context&, Batch& batch) override {
    if (!done_) batch.append(outer_->row);
    done_ = true;
    return Done{};
  }
  void restart() override { done_ = false; }

  OuterRowPtr outer_;
  bool done_ = false;
};

// Ids come from the store in chunks that grow, so that one wanted row costs one.
class IdChunk {
 public:
  void reset() { count_ = at_ = 0, wanted_ = 8, position_ = {}; }
  // `scan(position, out)` fills and counts; nullopt at the end.
  template <class Scan>
  std::optional<std::uint64_t> next(const Scan& scan) {
    if (at_ == count_) {
      count_ = scan(position_, std::span<std::uint64_t>(ids_.data(), wanted_));
      at_ = 0;
      wanted_ = std::min(wanted_ * 4, ids_.size());
      if (count_ == 0) return std::nullopt;
    }
    return ids_[at_++];
  }

 private:
  std::array<std::uint64_t, 512> ids_;
  std::size_t count_ = 0, at_ = 0, wanted_ = 8;
  storage::ScanPosition position_;
};

class NodeScan final : public FlatMap {
 public:
  NodeScan(OperatorPtr input, std::size_t width, plan::Slot node, std::optional<std::string_view> label)
      : FlatMap(std::move(input), width), node_(node) {
    if (label) label_.emplace(storage::TokenKind::Label, *label);
  }
  std::string describe() const override {
    return label_ ? "LabelScan " + std::string(label_->name()) : std::string("AllNodesScan");
  }

 private:
  Result<> open(Context& context, Value*) override {
    ids_.reset();
    label_id_.reset();
    if (label_) label_id_ = label_->find(context.transaction);
    return Done{};
  }
  Result<bool> step(Context& context, Value* row, Batch& batch) override {
    if (label_ && !label_id_) return false;
    for (;;) {
      const auto id = ids_.next([&](storage::ScanPosition& position, std::span<std::uint64_t> out) {
        if (label_id_) return context.transaction.scan_label(*label_id_, position, out);
        return context.transaction.scan_nodes(position, out);
      });
      if (!id) return false;
      context.graph.count_reads(1);
      if (context.graph.is_hidden(*id)) continue;
      batch.append(row)[node_] = Value::node(*id);
      return true;
    }
  }

  plan::Slot node_;
  std::optional<Token> label_;
  std::optional<storage::TokenId> label_id_;
  IdChunk ids_;
};

class RelationshipScan final : public FlatMap {
 public:
  RelationshipScan(OperatorPtr input, std::size_t width, const plan::RelationshipScan& scan)
      : FlatMap(std::move(input), width), scan_(scan), types_(scan.types) {}
  std::string describe() const override { return "RelationshipScan"; }

 private:
  Result<> open(Context& context, Value*) override {
    ids_.reset();
    mirrored_ = false;
    possible_ = types_.resolve(context.transaction);
    return Done{};
  }
  Result<bool> step(Context& context, Value* row, Batch& batch) override {
    if (!possible_) return false;
    while (!mirrored_) {
      const auto id = ids_.next([&](storage::ScanPosition& position, std::span<std::uint64_t> out) {
        return context.transaction.scan_relationships(position, out);
      });
      if (!id) return false;
      NX_TRY_DO(context.tick());
      context.graph.count_reads(1);
      const auto record = context.transaction.relationship(*id);
      if (!record || !types_.allows(record->type)) continue;
      if (context.graph.is_hidden(record->start) || context.graph.is_hidden(record->end)) continue;
      relationship_ = *id;
      record_ = *record;
      if (scan_.direction == plan::Direction::Incoming) std::swap(record_.start, record_.end);
      break;
    }
    Value* target = batch.append(row);
    target[scan_.relationship] = Value::relationship(relationship_);
    target[scan_.from] = Value::node(mirrored_ ? record_.end : record_.start);
    target[scan_.to] = Value::node(mirrored_ ? record_.start : record_.end);
    // A loop looks the same from both sides and is met once.
    mirrored_ = !mirrored_ && scan_.direction == plan::Direction::Both && record_.start != record_.end;
    return true;
  }

  const plan::RelationshipScan& scan_;
  TypeFilter types_;
  IdChunk ids_;
  bool possible_ = false;
  bool mirrored_ = false;  // The other way round of the current one comes next.
  std::uint64_t relationship_ = 0;
  storage::RelationshipRecord record_;
};

class Seek final : public FlatMap {
 public:
  Seek(OperatorPtr input, std::size_t width, SeekParts parts)
      : FlatMap(std::move(input), width), parts_(std::move(parts)) {}
  std::string describe() const override { return parts_.nodes ? "NodeByIdSeek" : "RelationshipByIdSeek"; }

 private:
  Result<> open(Context& context, Value* row) override {
    ids_.clear();
    at_ = 0;
    NX_TRY(const Value wanted, parts_.ids->evaluate(context, row));
    if (wanted.is(Type::List)) {
      for (const Value& item : wanted.list()) add(context, item);
      std::sort(ids_.begin(), ids_.end());
      ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
    } else {
      add(context, wanted);
    }
    return Done{};
  }

  void add(Context& context, const Value& value) {
    if (parts_.element_ids) {
      if (!value.is(Type::String)) return;
      const auto id = parts_.nodes ? context.graph.node_of_element_id(value.string())
                                   : context.graph.relationship_of_element_id(value.string());
      if (id) ids_.push_back(*id);
    } else if (value.is(Type::Integer)) {
      if (value.integer() >= 0) ids_.push_back(static_cast<std::uint64_t>(value.integer()));
    } else if (value.is(Type::Float)) {
      const double number = value.real();
      if (number >= 0 && number < 9e15 && std::trunc(number) == number) {
        ids_.push_back(static_cast<std::uint64_t>(number));
      }
    }
  }

  Result<bool> step(Context& context, Value* row, Batch& batch) override {
    while (at_ < ids_.size()) {
      const std::uint64_t id = ids_[at_++];
      const bool exists = parts_.nodes ? context.graph.is_node(id) : context.graph.is_relationship(id);
      if (!exists) continue;
      batch.append(row)[parts_.slot] = parts_.nodes ? Value::node(id) : Value::relationship(id);
      return true;
    }
    return false;
  }

  SeekParts parts_;
  std::vector<std::uint64_t> ids_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_argument(OuterRowPtr outer) { return std::make_unique<Argument>(std::move(outer)); }
OperatorPtr make_node_scan(OperatorPtr input, std::size_t width, plan::Slot node,
                           std::optional<std::string_view> label) {
  return std::make_unique<NodeScan>(std::move(input), width, node, label);
}
OperatorPtr make_relationship_scan(OperatorPtr input, std::size_t width, const plan::RelationshipScan& scan) {
  return std::make_unique<RelationshipScan>(std::move(input), width, scan);
}
OperatorPtr make_seek(OperatorPtr input, std::size_t width, SeekParts parts) {
  return std::make_unique<Seek>(std::move(input), width, std::move(parts));
}

}  // namespace nexus::exec
