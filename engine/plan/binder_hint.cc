// The binder: USING INDEX and USING SCAN.
#include "plan/binder_internal.h"

namespace nexus::plan {

// The hints that the planner must follow. USING JOIN leaves it its choice: there is one kind of join.
Result<std::vector<IndexHint>> Binder::bind_hints(const std::vector<syntax::Hint>& hints, const Scope& scope,
                                                  PatternGraph& graph) {
  using Kind = syntax::Hint::Kind;
  std::vector<IndexHint> made;
  for (const syntax::Hint& hint : hints) {
    if (hint.kind == Kind::Join) continue;
    if (hint.kind == Kind::TextIndex || hint.kind == Kind::PointIndex) {
      return refuse(ErrorCode::NotImplemented, "TEXT and POINT indexes are not supported yet", hint.position);
    }
    NX_TRY(const Slot slot, bind_entity(hint.variables.front(), hint.position, scope));
    if (hint.kind == Kind::Scan) {
      graph.scan_hints.push_back(slot);
    } else {
      made.push_back({slot, hint.label, hint.properties, hint.position});
    }
  }
  has_index_hints_ = has_index_hints_ || !made.empty();
  if (options_.indexes == nullptr) made.clear();
  return made;
}

}  // namespace nexus::plan
