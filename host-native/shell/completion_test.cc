#include "host-native/shell/completion.h"

#include <map>
#include <set>

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

class FakeCatalogue final : public Catalogue {
 public:
  std::vector<std::string> names(NameKind kind) override {
    asked.insert(kind);
    return known[kind];
  }
  std::vector<std::string> files(const std::string& folder) override {
    return folder == "data/" ? std::vector<std::string>{"air.cypher", "old/"} : std::vector<std::string>{"data/", "one.cypher"};
  }

  std::map<NameKind, std::vector<std::string>> known = {
      {NameKind::Label, {"Person", "Place", "My Label", "Städte", "Stühle", "person"}},
      {NameKind::RelationshipType, {"KNOWS", "KEEPS", "LIVES_IN"}},
      {NameKind::PropertyKey, {"name", "nick", "born"}},
      {NameKind::Function, {"toUpper", "toLower", "date", "date.truncate", "size", "apoc.coll.max"}},
      {NameKind::Procedure, {"db.labels", "db.relationshipTypes", "apoc.meta.data"}},
      {NameKind::Database, {"neo4j", "system", "my-flights"}},
      {NameKind::Parameter, {"code", "count"}}};
  std::set<NameKind> asked;
};

Completion at_mark(std::string text, FakeCatalogue& catalogue) {
  const auto cursor = text.find('^');
  REQUIRE(cursor != std::string::npos);
  text.erase(cursor, 1);
  return complete(text, cursor, catalogue);
}

// The candidates' texts where the text has a '^'.
std::string offered(const std::string& text) {
  FakeCatalogue catalogue;
  std::string out;
  for (const auto& candidate : at_mark(text, catalogue).candidates) out += (out.empty() ? "" : " ") + candidate.text;
  return out;
}

// The line after Tab when there is one candidate.
std::string completed(const std::string& text) {
  FakeCatalogue catalogue;
  const auto found = at_mark(text, catalogue);
  REQUIRE(found.candidates.size() == 1);
  return text.substr(0, found.begin) + found.candidates[0].text + found.candidates[0].tail;
}

bool offers(const std::string& text, const std::string& candidate) {
  return (" " + offered(text) + " ").find(" " + candidate + " ") != std::string::npos;
}

TEST_CASE("labels stand behind the colon of a node") {
  CHECK(offered("MATCH (n:Pe^") == "Person");
  CHECK(offered("MATCH (:P^") == "Person Place");
  CHECK(offered("MATCH (n:Person|Pl^") == "Place");
  CHECK(offered("MATCH (n:!(Person&Pl^") == "Place");
  CHECK(offered("MATCH (n) WHERE n:Pl^") == "Place");
  CHECK(offered("MATCH (n) SET n:Pl^") == "Place");
  CHECK(offered("CREATE INDEX FOR (n:Pl^") == "Place");
  CHECK(offered("MATCH (a)-[:KNOWS]->(b:Pl^") == "Place");
  CHECK(offered("RETURN [x IN xs WHERE x:Pl^") == "Place");
  CHECK(offered("MATCH (n) WHERE EXISTS { (n)-->(:Pl^") == "Place");
  CHECK(offered("MATCH (n:per^") == "person");
  CHECK(offered("MATCH (n:pL^") == "Place");
}

TEST_CASE("types stand inside brackets") {
  CHECK(offered("MATCH ()-[:K^") == "KEEPS KNOWS");
  CHECK(offered("MATCH ()-[r:KNOWS|L^") == "LIVES_IN");
  CHECK(offered("MATCH (n:Person)-[:KN^]->()") == "KNOWS");
  CHECK(offered("MATCH (n WHERE n.name = 'x')<-[r:KN^") == "KNOWS");
}

TEST_CASE("keys stand behind a dot and in maps of patterns") {
  CHECK(offered("MATCH (n) WHERE n.n^") == "name nick");
  CHECK(offered("MATCH (n) RETURN n.b^") == "born");
  CHECK(offered("MATCH (n) RETURN n {.b^") == "born");
  CHECK(completed("MATCH (n:Person {b^") == "MATCH (n:Person {born: ");
  CHECK(completed("MATCH (n:Person {name: 'x', b^") == "MATCH (n:Person {name: 'x', born: ");
  CHECK(completed("MATCH ()-[:KNOWS {b^") == "MATCH ()-[:KNOWS {born: ");
  CHECK(completed("MATCH (n) SET n += {b^") == "MATCH (n) SET n += {born: ");
  CHECK_FALSE(offers("MATCH (n) CALL (n) {M^", "name"));
  CHECK(offers("MATCH (n) CALL (n) {M^", "MATCH"));
}

TEST_CASE("functions and procedures complete with and without their qualifiers") {
  CHECK(completed("RETURN toU^") == "RETURN toUpper(");
  CHECK(completed("RETURN TOU^") == "RETURN toUpper(");
  CHECK(completed("RETURN date.t^") == "RETURN date.truncate(");
  CHECK(completed("RETURN apoc.coll.^") == "RETURN apoc.coll.max(");
  CHECK(completed("RETURN 1 + siz^") == "RETURN 1 + size(");
  CHECK(completed("CALL db.l^") == "CALL db.labels(");
  CHECK(completed("CALL apo^") == "CALL apoc.meta.data(");
  CHECK(offered("CALL db.^") == "labels relationshipTypes");
  CHECK(offered("CALL ^") == "apoc.meta.data db.labels db.relationshipTypes");
}

TEST_CASE("a variable has keys, whatever functions are called") {
  CHECK(offered("MATCH (date) RETURN date.^") == "born name nick");
  CHECK(offered("RETURN date.^") == "truncate");
  CHECK(offered("MATCH (n) RETURN n.address.b^") == "born");
  CHECK(offered("RETURN x.b^") == "born");
}

TEST_CASE("what is there already is not written again") {
  FakeCatalogue catalogue;
  CHECK(at_mark("RETURN toU^('x')", catalogue).candidates.at(0).tail.empty());
  CHECK(at_mark("RETURN toU^ ", catalogue).candidates.at(0).tail == "(");
}

TEST_CASE("databases") {
  CHECK(offered(":use ^") == "my-flights neo4j system");
  CHECK(completed(":use ne^") == ":use neo4j");
  CHECK(completed("USE my^") == "USE `my-flights` ");
  CHECK(completed("DROP DATABASE ne^") == "DROP DATABASE neo4j ");
  CHECK(completed("CREATE DATABASE x AS COPY OF ne^") == "CREATE DATABASE x AS COPY OF neo4j ");
  CHECK(offers("USE neo4j ^", "MATCH"));
  CHECK_FALSE(offers("USE neo4j ^", "AND"));
}

TEST_CASE("parameters") {
  CHECK(offered("RETURN $^") == "code count");
  CHECK(offered("RETURN $cod^") == "code");
  CHECK(completed(":param cod^") == ":param code => ");
}

TEST_CASE("commands, their files, formats and settings") {
  CHECK(offered(":co^") == "commit");
  CHECK(offered("RETURN 1; :ro^") == "rollback");
  CHECK(offered("  :PARAM^") == "param params");
  CHECK(offered(":source ^") == "data/ one.cypher");
  CHECK(completed(":source data/a^") == ":source data/air.cypher");
  CHECK(completed(":format v^") == ":format vertical");
  CHECK(completed(":set pag^") == ":set pager ");
  CHECK(offered(":set pager ^") == "off on");
  CHECK(offered(":set output v^") == "vertical");
  CHECK(offered(":nonsense ^").empty());
  CHECK(offered(":begin ^").empty());
}

TEST_CASE("keywords by what comes before, in the case that is typed") {
  CHECK(offered("MAT^") == "MATCH");
  CHECK(offered("mat^") == "match");
  CHECK(completed("MATCH (n) RETURN n ORD^") == "MATCH (n) RETURN n ORDER BY ");
  CHECK(completed("match (n) return n ord^") == "match (n) return n order by ");
}

TEST_CASE("keywords that only certain keywords allow") {
  CHECK(offered("OPTIONAL ^") == "CALL MATCH");
  CHECK(offered("MATCH (n) RETURN n ORDER ^") == "BY");
  CHECK(offered("MERGE (n) ON CREATE ^") == "SET");
  CHECK(offered("SHOW DATAB^") == "DATABASE DATABASES");
  CHECK(offered("MATCH (n) WHERE n.name IS NOT N^") == "NORMALIZED NULL");
  CHECK(offers("EXPLAIN ^", "MATCH"));
  CHECK_FALSE(offers("MATCH (n) ^", "toUpper"));
}

TEST_CASE("variables of the statement") {
  CHECK(offered("MATCH (person)-[knows]->() RETURN pers^") == "person");
  CHECK(offered("MATCH (person)-[knows]->() RETURN kn^") == "knows");
  CHECK(offered("UNWIND [1] AS item RETURN it^") == "item");
  CHECK(offered("MATCH path = (a) RETURN pat^") == "path");
  CHECK(offered("MATCH (person) SET ^") == "person");
  CHECK(offered("RETURN count(argument), arg^").empty());
}

TEST_CASE("nothing in strings, comments, numbers and where names are made") {
  for (const char* text : {"RETURN 'MAT^", "RETURN \"MAT^", "RETURN 1 // MAT^", "// MAT^", "RETURN /* MAT^", "RETURN 12^",
                           "RETURN 1 AS ^", "RETURN `x`^", "CREATE DATABASE x; RETURN 'a; MAT^"}) {
    CAPTURE(text);
    CHECK(offered(text).empty());
  }
  CHECK(offered("RETURN 1 // :use\n AS x RETUR^") == "RETURN RETURN DISTINCT");
  CHECK(offered("RETURN '//' AS x RET^") == "RETURN RETURN DISTINCT");
}

TEST_CASE("names that need backticks get them, open backticks are closed") {
  CHECK(completed("MATCH (n:My^") == "MATCH (n:`My Label`");
  CHECK(completed("MATCH (n:`My^") == "MATCH (n:`My Label`");
  CHECK(completed("MATCH (n:`Pla^") == "MATCH (n:`Place`");
  FakeCatalogue catalogue;
  catalogue.known[NameKind::Label] = {"a`b"};
  CHECK(at_mark("MATCH (n:`a^", catalogue).candidates.at(0).text == "`a``b`");
}

TEST_CASE("only what is expected is asked for") {
  FakeCatalogue catalogue;
  at_mark("MATCH (n:^", catalogue);
  CHECK(catalogue.asked == std::set<NameKind>{NameKind::Label});
  catalogue.asked.clear();
  at_mark("MAT^", catalogue);
  at_mark(":com^", catalogue);
  CHECK(catalogue.asked.empty());
}

TEST_CASE("candidates are bounded") {
  FakeCatalogue catalogue;
  auto& labels = catalogue.known[NameKind::Label];
  labels.clear();
  for (int i = 0; i < 5'000; ++i) labels.push_back("L" + std::to_string(i));
  CHECK(at_mark("MATCH (n:L^", catalogue).candidates.size() == kCandidatesMax);
}

TEST_CASE("any text is completed somehow") {
  FakeCatalogue catalogue;
  const std::string text = "MATCH (n:`A` {k: $p, l: [x IN y WHERE x:B | x.z]})-[:T*1..2]->() CALL (n) { RETURN 1 } RETURN '\\';', 1.5e3 // end\n;:use";
  for (std::size_t cursor = 0; cursor <= text.size(); ++cursor) {
    for (std::size_t from = 0; from <= cursor; ++from) {
      const auto found = complete(std::string_view(text).substr(from), cursor - from, catalogue);
      CHECK(found.begin <= cursor - from);
    }
  }
}

TEST_CASE("the common beginning ends with a whole character") {
  FakeCatalogue catalogue;
  CHECK(common_beginning(at_mark("MATCH (n:St^", catalogue).candidates) == "St");
  CHECK(common_beginning(at_mark("MATCH (n:Pers^", catalogue).candidates) == "Person");
  CHECK(common_beginning({}) == "");
}

}  // namespace
}  // namespace nexus::host
