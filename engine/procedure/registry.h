// Registry: the CALL-able procedures, for the binder by signature and for execution by code.
//
// A registry may stand on a parent: what it does not have itself, the parent answers. The
// instance builds the common one once; whoever needs more puts a small one on top.
// Threads: add() before sharing; afterwards lookups may run concurrently.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exec/procedure_source.h"
#include "plan/plan.h"

namespace nexus::procedure {

using Body = std::function<exec::StreamResult(exec::ProcedureContext&, List)>;

class Registry final : public plan::ProcedureSignatures, public exec::ProcedureSource {
 public:
  // `parent` may be null and must outlive this.
  explicit Registry(const Registry* parent = nullptr) : parent_(parent) {}

  // Replaces a procedure of the same name (ignoring case), also one of the parent.
  void add(std::unique_ptr<exec::Procedure> procedure);
  void add(plan::ProcedureSignature signature, Body body);
  void remove(std::string_view name);

  const plan::ProcedureSignature* find(std::string_view name) const override;
  std::vector<std::string> names() const override;
  const exec::Procedure* find_procedure(std::string_view name) const override;
  // All of them, the parent's included, sorted by name.
  std::vector<const exec::Procedure*> procedures() const;

 private:
  void collect(std::map<std::string, const exec::Procedure*>& into) const;

  const Registry* parent_;
  std::map<std::string, std::unique_ptr<exec::Procedure>> by_name_;  // Keys in lower case.
};

// apoc.meta.data() and other descriptions of the graph that clients look for; builtin.
void add_meta(Registry& registry);
// Procedures that create and change what they are given by name: apoc.merge.node(), …; builtin.
void add_writers(Registry& registry);
// db.index.vector.queryNodes() and queryRelationships(); builtin.
void add_vector_index(Registry& registry);
// db.labels(), dbms.components(), SHOW FUNCTIONS, …: everything that needs no instance.
void add_builtin(Registry& registry);

}  // namespace nexus::procedure
