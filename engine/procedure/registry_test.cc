#include "procedure/registry.h"

#include "tests/support/catch.h"

using namespace nexus;
using procedure::Registry;

TEST_CASE("names ignore case, and a child registry falls back to its parent") {
  Registry parent;
  procedure::add_builtin(parent);
  Registry child(&parent);
  plan::ProcedureSignature mine;
  mine.name = "my.own";
  child.add(mine, [](exec::ProcedureContext&, List) {
    return exec::StreamResult(std::make_unique<exec::ListStream>(std::vector<List>{}));
  });
  CHECK(child.find("MY.Own") != nullptr);
  CHECK(child.find("DB.labels") != nullptr);
  CHECK(parent.find("my.own") == nullptr);
  CHECK(child.find("nothing") == nullptr);
  CHECK(child.procedures().size() == parent.procedures().size() + 1);
  child.remove("my.own");
  CHECK(child.find("my.own") == nullptr);
}
