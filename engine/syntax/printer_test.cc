// print() after parse(), both ways: what is canonical stays, what is sugar resolves.
#include "syntax/printer.h"

#include <string>

#include "syntax/parser.h"
#include "tests/support/catch.h"

namespace nexus::syntax {
namespace {

std::string reprint(const std::string& text) {
  auto statement = parse(text);
  if (!statement) return "error: " + statement.error().message;
  return print(*statement);
}

TEST_CASE("canonical text prints as itself") {
  static constexpr const char* kTexts[] = {
    "EXPLAIN MATCH (n) RETURN n",
    "CYPHER 25 MATCH (n) RETURN n",
    "USE db MATCH (n) RETURN n",
    "USE comp.alias MATCH (n) RETURN n",
    "USE graph.byName($g) MATCH (n) RETURN n",
    "USE foo",
    "CREATE DATABASE foo",
    "CREATE DATABASE foo.bar IF NOT EXISTS WAIT 10 SECONDS",
    "CREATE DATABASE $db OPTIONS $o",
    "CREATE DATABASE b AS COPY OF a",
    "CREATE OR REPLACE DATABASE b AS COPY OF a WAIT",
    "CREATE TEMPORARY DATABASE t TTL 60 SECONDS",
    "CREATE COMPOSITE DATABASE c OPTIONS {}",
    "ALTER DATABASE a SET ACCESS READ ONLY",
    "ALTER DATABASE a IF EXISTS SET ACCESS READ WRITE SET OPTION memoryLimit '1GB' SET OPTION sync 5 "
     "WAIT",
    "ALTER DATABASE a REMOVE OPTION x REMOVE OPTION y",
    "ALTER DATABASE a RENAME TO b",
    "START DATABASE a WAIT",
    "SHOW DATABASES",
    "SHOW DATABASES YIELD * ORDER BY name SKIP 1 LIMIT 2 WHERE name <> 'system' RETURN name",
    "SHOW DATABASES WHERE name STARTS WITH 'a'",
    "SHOW DEFAULT DATABASE",
    "SHOW HOME DATABASE YIELD name",
    "CREATE ALIAS a FOR DATABASE b",
    "CREATE OR REPLACE ALIAS `a.b` FOR DATABASE b PROPERTIES {x: 1}",
    "CREATE ALIAS a IF NOT EXISTS FOR DATABASE b AT 'neo4j+s://host:7687' USER u PASSWORD 'pw' "
     "DRIVER {ssl_enforced: true} DEFAULT LANGUAGE CYPHER 5",
    "ALTER ALIAS a IF EXISTS SET DATABASE TARGET b",
    "ALTER ALIAS a SET DATABASE USER u PASSWORD $p",
    "DROP ALIAS a IF EXISTS FOR DATABASE",
    "SHOW USERS",
    "SHOW USERS WITH AUTH YIELD user",
    "SHOW CURRENT USER",
    "ALTER CURRENT USER SET PASSWORD FROM 'old' TO 'new'",
    "RENAME USER a IF EXISTS TO b",
    "DROP USER a IF EXISTS",
    "GRANT ROLE admin TO u",
    "GRANT MATCH {*} ON GRAPH * NODES * TO reader",
    "REVOKE DENY TRAVERSE ON GRAPH neo4j FROM x",
    "CREATE ROLE r IF NOT EXISTS AS COPY OF q",
    "DROP ROLE r",
    "SHOW ROLES",
    "SHOW POPULATED ROLES WITH USERS",
    "SHOW PRIVILEGES",
    "SHOW SUPPORTED PRIVILEGES",
    "SHOW TRANSACTIONS",
    "SHOW TRANSACTIONS 'neo4j-transaction-1', $x YIELD *",
    "TERMINATE TRANSACTIONS 'a-transaction-1', 'b' YIELD message",
    "SHOW TRANSACTIONS YIELD transactionId AS id, username WHERE username = 'x' TERMINATE "
     "TRANSACTIONS id YIELD message RETURN message",
    "SHOW FUNCTIONS",
    "SHOW PROCEDURES YIELD name, signature RETURN count(*)",
    "SHOW INDEXES",
    "SHOW RANGE INDEXES WHERE name = 'x'",
    "SHOW CONSTRAINTS YIELD *",
    "SHOW NODE KEY CONSTRAINTS",
    "SHOW SETTINGS 'a', 'b' YIELD name",
    "CREATE INDEX FOR (n:Person) ON (n.name)",
    "CREATE INDEX my IF NOT EXISTS FOR (n:Person) ON (n.name, n.age) OPTIONS {indexProvider: "
     "'range-1.0'}",
    "CREATE TEXT INDEX x FOR (n:Person) ON (n.name)",
    "CREATE FULLTEXT INDEX x FOR (n:A|B) ON EACH [n.a, n.b]",
    "CREATE LOOKUP INDEX FOR (n) ON EACH labels(n)",
    "DROP INDEX ON :Person(name)",
    "DROP INDEX x IF EXISTS",
    "DROP CONSTRAINT c",
    "BEGIN",
    "ROLLBACK",
    "CALL { MATCH (n) RETURN n } RETURN n",
    "CALL (x) { RETURN 1 AS y } RETURN y",
    "MATCH (x), (z) CALL (x, z) { WITH x MATCH (x)-->(y) RETURN y } RETURN y",
    "CALL (*) { CREATE (n) } FINISH",
    "CALL () { RETURN 1 AS a UNION ALL RETURN 2 AS a } RETURN a",
    "LOAD CSV WITH HEADERS FROM 'file:///x.csv' AS row FIELDTERMINATOR ';' CALL { WITH row CREATE "
     "(:A {x: row.x}) } IN 4 CONCURRENT TRANSACTIONS OF 10 ROWS ON ERROR CONTINUE REPORT STATUS AS s "
     "RETURN s",
    "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
    "OPTIONAL CALL (x) { RETURN 1 AS y } RETURN y",
    "OPTIONAL CALL db.labels() YIELD label RETURN label",
    "CALL db.labels",
    "CALL db.labels() YIELD *",
    "MATCH ((a:A)-[r:R]->(b:B) WHERE a.x < b.x){1,3} RETURN a",
    "MATCH p = SHORTEST 2 (a)-[:R]->+(b) RETURN p",
    "MATCH p = shortestPath((a)-[*..5]-(b)) RETURN p",
    "MATCH (a), (b) RETURN allShortestPaths((a)-[*]->(b)) AS p",
    "MATCH (n WHERE n.x > 1)-[r:R WHERE r.y]->(m:L {a: 1} WHERE m.b = 2) RETURN n",
    "MATCH (n) RETURN n {.*, .name, x: 1, n} AS m",
    "RETURN [x IN range(1, 3) WHERE x > 1 | x * 2], [x IN xs], [x IN xs WHERE x:A | x.n], [p = "
     "(a)-[:T|U]->(b) WHERE a.x | p], [(a)-->(b) | b.name]",
    "MATCH p = (a)-->(b) FOREACH (n IN nodes(p) | SET n.x = 1 FOREACH (m IN [1] | CREATE (:M))) "
     "RETURN 1",
    "MERGE (n:A {x: $p}) ON CREATE SET n.a = 1, n += {b: 2} ON MATCH SET n = $props RETURN n",
    "MERGE (a)-[r:X|Y]-(b) RETURN a",
    "CREATE (a)-[:R*1..3]->(b), p = (c)--(d) FINISH",
    "RETURN CASE x WHEN 1 THEN 'a' WHEN 2, 3 THEN 'b' WHEN > 5 THEN 'c' WHEN IS NULL THEN 'd' WHEN IS (A|B) THEN 'f' ELSE "
     "'e' END, CASE WHEN x THEN y END",
    "RETURN 1 < 2 <= 3 = true, NOT NOT a AND NOT b = c OR d XOR e, a =~ 'x', a STARTS WITH 'x' OR a "
     "ENDS WITH 'y', a IN [1] IS NOT NULL",
    "MATCH (a), (b) WHERE (a)-->(b) AND NOT (a)<--(b) OR exists((a)--(b)) RETURN CASE WHEN (a)-->(b) "
     "THEN 1 END",
    "MATCH (a)-[r]-(b) USING INDEX a:L(x) USING SCAN b:M USING JOIN ON a WHERE a.x = 1 RETURN a",
    "MATCH REPEATABLE ELEMENTS (a)-->(b) RETURN a",
    "RETURN 1 SKIP 1 LIMIT 2",
    "USE a RETURN 1 UNION USE b RETURN 2",
    "CALL { USE a RETURN 1 AS x } RETURN x",
    "RETURN ünïcode, größe.straße",
    "CREATE database = (a)-->(b) RETURN database",
    "CREATE (n:Index), (index:INDEX) RETURN n",
    "RETURN x IN transactions",
    "RETURN list[0].name, n.prop.sub['a'][1..2].x",
  };
  for (const char* text : kTexts) CHECK(reprint(text) == text);
}

TEST_CASE("other spellings print canonically, and that is stable") {
  static constexpr const char* kTexts[][2] = {
    {"MATCH (n) RETURN n;",
     "MATCH (n) RETURN n"},
    {"PROFILE CYPHER 5 runtime=slotted MATCH (n) RETURN n",
     "PROFILE CYPHER 5 MATCH (n) RETURN n"},
    {"RETURN --x ---- 0:A, -(1), -(1[0]), -(1:A), - -1, -1[0], -x:A, -(x.y), -(1).x",
     "RETURN --x - --(0:A), -(1), -(1[0]), -(1:A), --1, (-1)[0], -x:A, -x.y, -(1).x"},
    {"RETURN CASE x WHEN IS `Null` THEN 1 WHEN IS (`Typed`&B) THEN 2 WHEN IS `normalized` THEN 3 WHEN IS `Not` THEN 4 END",
     "RETURN CASE x WHEN IS (Null) THEN 1 WHEN IS (Typed&B) THEN 2 WHEN IS (normalized) THEN 3 WHEN IS (Not) THEN 4 END"},
    {"RETURN CASE x WHEN IS A IS `B` THEN 1 WHEN IS A IS NULL THEN 2 WHEN IS NULL IS A IS (B&C) THEN 3 WHEN IN [1] IS A THEN 4 WHEN (y:A):B THEN 5 END",
     "RETURN CASE x WHEN IS A IS B THEN 1 WHEN IS A IS NULL THEN 2 WHEN IS NULL IS A IS B&C THEN 3 WHEN IN [1] IS A THEN 4 WHEN (y:A):B THEN 5 END"},
    {"USE DATABASE foo",
     "USE foo"},
    {":use foo-bar",
     "USE `foo-bar`"},
    {":USE",
     ":use"},
    {" :use `a b`;",
     "USE `a b`"},
    {"USE `a.b`;",
     "USE `a.b`"},
    {"CREATE OR REPLACE DATABASE foo DEFAULT LANGUAGE CYPHER 25 TOPOLOGY 3 PRIMARIES 1 SECONDARY "
     "OPTIONS {existingData: 'use'} NOWAIT",
     "CREATE OR REPLACE DATABASE foo DEFAULT LANGUAGE CYPHER 25 TOPOLOGY 3 PRIMARIES 1 SECONDARIES "
     "OPTIONS {existingData: 'use'}"},
    {"ALTER DATABASE a SET TOPOLOGY 1 PRIMARY",
     "ALTER DATABASE a SET TOPOLOGY 1 PRIMARIES"},
    {"STOP DATABASE a NOWAIT",
     "STOP DATABASE a"},
    {"DROP DATABASE a IF EXISTS CASCADE ALIASES DUMP DATA WAIT 5",
     "DROP DATABASE a IF EXISTS CASCADE ALIASES DUMP DATA WAIT 5 SECONDS"},
    {"DROP COMPOSITE DATABASE a RESTRICT DESTROY DATA",
     "DROP COMPOSITE DATABASE a DESTROY DATA"},
    {"DROP DATABASE a DESTROY",
     "DROP DATABASE a DESTROY DATA"},
    {"UNDROP DATABASE a AS b WAIT",
     "UNDROP DATABASE a AS b WAIT"},
    {"SHOW DATABASE foo YIELD name, currentStatus AS s WHERE name = 'foo' RETURN s ORDER BY s",
     "SHOW DATABASES foo YIELD name, currentStatus AS s WHERE name = 'foo' RETURN s ORDER BY s"},
    {"SHOW ALIASES FOR DATABASE",
     "SHOW ALIASES FOR DATABASES"},
    {"SHOW ALIAS foo FOR DATABASES YIELD *",
     "SHOW ALIASES foo FOR DATABASES YIELD *"},
    {"CREATE USER u SET PASSWORD 'x' CHANGE NOT REQUIRED SET STATUS ACTIVE SET HOME DATABASE neo4j",
     "CREATE USER u SET PASSWORD 'x' SET PASSWORD CHANGE NOT REQUIRED SET STATUS ACTIVE SET HOME "
     "DATABASE neo4j"},
    {"CREATE OR REPLACE USER u SET PLAINTEXT PASSWORD $p SET PASSWORD CHANGE REQUIRED",
     "CREATE OR REPLACE USER u SET PASSWORD $p SET PASSWORD CHANGE REQUIRED"},
    {"CREATE USER u IF NOT EXISTS SET AUTH PROVIDER 'native' {SET PASSWORD 'p' SET PASSWORD CHANGE "
     "REQUIRED} SET AUTH 'x' {SET ID 'y'}",
     "CREATE USER u IF NOT EXISTS SET AUTH PROVIDER 'native' { SET PASSWORD 'p' SET PASSWORD CHANGE "
     "REQUIRED } SET AUTH PROVIDER 'x' { SET ID 'y' }"},
    {"ALTER USER u IF EXISTS REMOVE HOME DATABASE REMOVE ALL AUTH PROVIDERS SET STATUS SUSPENDED",
     "ALTER USER u IF EXISTS REMOVE HOME DATABASE REMOVE ALL AUTH SET STATUS SUSPENDED"},
    {"SHOW USER neo4j PRIVILEGES AS COMMANDS",
     "SHOW USERS neo4j PRIVILEGES AS COMMANDS"},
    {"SHOW ROLE a, b PRIVILEGES",
     "SHOW ROLES a, b PRIVILEGES"},
    {"SHOW TRANSACTION 'db1-transaction-2' WHERE currentQuery CONTAINS 'x'",
     "SHOW TRANSACTIONS 'db1-transaction-2' WHERE currentQuery CONTAINS 'x'"},
    {"SHOW BUILT IN FUNCTIONS EXECUTABLE BY CURRENT USER YIELD name",
     "SHOW BUILT IN FUNCTIONS EXECUTABLE YIELD name"},
    {"SHOW ALL FUNCTIONS EXECUTABLE",
     "SHOW FUNCTIONS EXECUTABLE"},
    {"SHOW SETTING",
     "SHOW SETTINGS"},
    {"CREATE RANGE INDEX FOR ()-[r:KNOWS]-() ON (r.since)",
     "CREATE INDEX FOR ()-[n:KNOWS]-() ON (n.since)"},
    {"CREATE LOOKUP INDEX x FOR ()-[r]-() ON EACH type(r)",
     "CREATE LOOKUP INDEX x FOR ()-[n]-() ON EACH type(n)"},
    {"CREATE VECTOR INDEX v IF NOT EXISTS FOR (n:M) ON n.embedding OPTIONS {indexConfig: "
     "{`vector.dimensions`: 3, `vector.similarity_function`: 'cosine'}}",
     "CREATE VECTOR INDEX v IF NOT EXISTS FOR (n:M) ON (n.embedding) OPTIONS {indexConfig: "
     "{`vector.dimensions`: 3, `vector.similarity_function`: 'cosine'}}"},
    {"CREATE INDEX ON :Person(name)",
     "CREATE INDEX FOR (n:Person) ON (n.name)"},
    {"CREATE CONSTRAINT FOR (n:Person) REQUIRE n.name IS UNIQUE",
     "CREATE CONSTRAINT FOR (n:Person) REQUIRE (n.name) IS UNIQUE"},
    {"CREATE CONSTRAINT c IF NOT EXISTS FOR (n:Person) REQUIRE (n.a, n.b) IS NODE KEY",
     "CREATE CONSTRAINT c IF NOT EXISTS FOR (n:Person) REQUIRE (n.a, n.b) IS KEY"},
    {"CREATE CONSTRAINT c FOR (n:Person) REQUIRE n.a IS NOT NULL",
     "CREATE CONSTRAINT c FOR (n:Person) REQUIRE (n.a) IS NOT NULL"},
    {"CREATE CONSTRAINT c FOR ()-[r:R]-() REQUIRE r.a IS :: INTEGER | FLOAT",
     "CREATE CONSTRAINT c FOR ()-[n:R]-() REQUIRE (n.a) IS :: ANY<INTEGER | FLOAT>"},
    {"CREATE CONSTRAINT c FOR (n:P) REQUIRE n.a IS TYPED LIST<STRING NOT NULL>",
     "CREATE CONSTRAINT c FOR (n:P) REQUIRE (n.a) IS :: LIST<STRING NOT NULL>"},
    {"CREATE CONSTRAINT ON (n:P) ASSERT n.a IS UNIQUE",
     "CREATE CONSTRAINT FOR (n:P) REQUIRE (n.a) IS UNIQUE"},
    {"CREATE CONSTRAINT ON (n:P) ASSERT exists(n.a)",
     "CREATE CONSTRAINT FOR (n:P) REQUIRE (n.a) IS NOT NULL"},
    {"CREATE CONSTRAINT c FOR ()-[r:R]-() REQUIRE r.a IS RELATIONSHIP UNIQUE",
     "CREATE CONSTRAINT c FOR ()-[n:R]-() REQUIRE (n.a) IS UNIQUE"},
    {"BEGIN TRANSACTION",
     "BEGIN"},
    {"COMMIT;",
     "COMMIT"},
    {"MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS ON ERROR RETRY FOR 3 SECONDS THEN "
     "CONTINUE OF $n ROWS",
     "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF $n ROWS ON ERROR RETRY FOR 3 SECONDS "
     "THEN CONTINUE"},
    {"MATCH (n) WHERE EXISTS { (n)-->(m) WHERE m.x = 1 } RETURN n",
     "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WHERE m.x = 1 } RETURN n"},
    {"RETURN EXISTS { MATCH (n) RETURN n }, COUNT { (a)-->(b) }, COLLECT { MATCH (n) RETURN n.x }",
     "RETURN EXISTS { MATCH (n) RETURN n }, COUNT { MATCH (a)-->(b) }, COLLECT { MATCH (n) RETURN n.x "
     "}"},
    {"MATCH p = (s:S) ((a)-[:R]->(b)){2} (e:E) RETURN p",
     "MATCH p = (s:S)((a)-[:R]->(b)){2,2}(e:E) RETURN p"},
    {"MATCH (a)-[:R]->+(b), (c)--*(d), (e)<-[x]-{,5}(f) RETURN *",
     "MATCH (a)-[:R]->+(b), (c)--*(d), (e)<-[x]-{0,5}(f) RETURN *"},
    {"MATCH p = ANY SHORTEST PATH (a)-[:R]-+(b) RETURN p",
     "MATCH p = ANY SHORTEST (a)-[:R]-+(b) RETURN p"},
    {"MATCH p = ALL SHORTEST PATHS (a)-[:R]-+(b) RETURN p",
     "MATCH p = ALL SHORTEST (a)-[:R]-+(b) RETURN p"},
    {"MATCH SHORTEST 1 PATH GROUPS (a)-[:R]-+(b) RETURN a",
     "MATCH SHORTEST 1 GROUPS (a)-[:R]-+(b) RETURN a"},
    {"MATCH p = ANY 3 PATHS (a)-[]-+(b) RETURN p",
     "MATCH p = ANY 3 (a)--+(b) RETURN p"},
    {"MATCH (a:A|B&!C) WHERE a:A|B OR a:!%  RETURN a:A:B, a IS A",
     "MATCH (a:A|B&!C) WHERE a:(A|B) OR a:!% RETURN a:A&B, a:A"},
    {"MATCH (a:A:B)-[:X|:Y|Z]->(b) RETURN a",
     "MATCH (a:A&B)-[:X|Y|Z]->(b) RETURN a"},
    {"MATCH (n IS Person)-[r IS KNOWS]->() RETURN n",
     "MATCH (n:Person)-[r:KNOWS]->() RETURN n"},
    {"MATCH (where:Label), (is:Foo), (n {where: 1}) RETURN `where`, `is`",
     "MATCH (`where`:Label), (`is`:Foo), (n {where: 1}) RETURN `where`, `is`"},
    {"MATCH (start)-->(end) RETURN end, start, count, type, name, database",
     "MATCH (start)-->(`end`) RETURN `end`, start, `count`, type, name, database"},
    {"MATCH (order:Order) WITH order ORDER BY order.date RETURN order.match, order.return",
     "MATCH (`order`:Order) WITH `order` ORDER BY `order`.date RETURN `order`.match, `order`.return"},
    {"RETURN reduce(acc = 0, x IN [1,2] | acc + x), all(x IN xs WHERE x > 1), any(x IN xs WHERE x), "
     "none(x IN xs WHERE x), single(x IN xs WHERE x)",
     "RETURN reduce(acc = 0, x IN [1, 2] | acc + x), all(x IN xs WHERE x > 1), any(x IN xs WHERE x), "
     "none(x IN xs WHERE x), single(x IN xs WHERE x)"},
    {"RETURN v IS :: vector, v IS :: VECTOR<INT8>(3) NOT NULL, v IS :: VECTOR<SIGNED INTEGER NOT NULL>, v IS :: VECTOR(4096) LIST, "
     "vector([1], 1, float64 NOT NULL), vector_norm(v, euclidean), vector_distance(v, w, `DOT`)",
     "RETURN v IS :: VECTOR, v IS :: VECTOR<INTEGER8 NOT NULL>(3) NOT NULL, v IS :: VECTOR<INTEGER NOT NULL>, v IS :: "
     "LIST<VECTOR(4096)>, vector([1], 1, 'FLOAT64'), vector_norm(v, 'EUCLIDEAN'), vector_distance(v, w, (DOT))"},
    {"RETURN 1 IS :: INTEGER, 'x' IS NOT :: STRING NOT NULL, x IS TYPED LIST<INTEGER | FLOAT>, y :: "
     "ANY<INT | STRING>, 'x' IS NFC NORMALIZED, 'x' IS NOT NORMALIZED, t IS :: ZONED DATETIME, z IS "
     ":: TIMESTAMP WITHOUT TIME ZONE",
     "RETURN 1 IS :: INTEGER, 'x' IS NOT :: STRING NOT NULL, x IS :: LIST<ANY<INTEGER | FLOAT>>, y IS "
     ":: ANY<INTEGER | STRING>, 'x' IS NFC NORMALIZED, 'x' IS NOT NFC NORMALIZED, t IS :: ZONED "
     "DATETIME, z IS :: LOCAL DATETIME"},
    {"MATCH (n:$($l))-[r:$any($t)]->(m:$all([1])) SET n:$(x):B, n[$k] = 1, n.a.b = 2 REMOVE n:A:$(x), "
     "n[$k] RETURN n",
     "MATCH (n:$($l))-[r:$any($t)]->(m:$([1])) SET n:$(x):B, n[$k] = 1, n.a.b = 2 REMOVE n:A:$(x), "
     "n[$k] RETURN n"},
    {"INSERT (a:A) FINISH",
     "CREATE (a:A) FINISH"},
    {"RETURN $x, $`a b`, $0, $1a, 0x1F, 0o17, 1e10, .5, 1.5E-3, 1_000, -0x8000000000000000",
     "RETURN $x, $`a b`, $0, $`1a`, 31, 15, 1.0E10, 0.5, 0.0015, 1000, -9223372036854775808"},
    {"RETURN 'a\\n\\u0041\\\\\\'\"', \"b'\\\"\", '\\uD83D\\uDE00', '\\U0001F600' // comment",
     "RETURN 'a\\nA\\\\\\'\"', 'b\\'\"', '😀', '😀'"},
    {"/* c */ RETURN `a``b`, 1 /* x */ + 2",
     "RETURN `a``b`, 1 + 2"},
    {"RETURN 2 ^ 3 ^ 4, - - 3, +4, -a.b, a[1..2], a[..2], a[1..], a[..], a['x'], (a).b, {a: 1}.a, "
     "[1][0], a || b",
     "RETURN 2 ^ 3 ^ 4, --3, +(4), -a.b, a[1..2], a[..2], a[1..], a[..], a['x'], a.b, {a: 1}.a, "
     "[1][0], a || b"},
    {"RETURN count(*), count(DISTINCT x), COUNT ( * ), foo.bar.baz(1, 2), f(), datetime()",
     "RETURN count(*), count(DISTINCT x), count(*), foo.bar.baz(1, 2), f(), datetime()"},
    {"RETURN trim(BOTH 'x' FROM s), trim(LEADING FROM s), trim(s), normalize('x', NFKD)",
     "RETURN btrim(s, 'x'), ltrim(s), trim(s), normalize('x', 'NFKD')"},
    {"MATCH (a) WHERE ((a)-->()) RETURN a",
     "MATCH (a) WHERE (a)-->() RETURN a"},
    {"MATCH (n) ORDER BY n.x LIMIT 3 RETURN n",
     "MATCH (n) WITH * ORDER BY n.x LIMIT 3 RETURN n"},
    {"UNWIND [1] AS x FILTER x > 1 LET y = x + 1 RETURN y",
     "UNWIND [1] AS x WITH * WHERE x > 1 WITH *, x + 1 AS y RETURN y"},
    {"RETURN NaN, Infinity, -INF, null, TRUE, False",
     "RETURN NaN, Infinity, -Infinity, null, true, false"},
    {"WITH 1 AS limit, 2 AS skip RETURN limit + skip LIMIT limit",
     "WITH 1 AS `limit`, 2 AS `skip` RETURN `limit` + `skip` LIMIT `limit`"},
    {"MATCH (n) RETURN DISTINCT n.a AS a, n.b ORDER BY a DESC, n.b ASCENDING SKIP $s LIMIT 10",
     "MATCH (n) RETURN DISTINCT n.a AS a, n.b ORDER BY a DESC, n.b SKIP $s LIMIT 10"},
    {"RETURN 1 UNION RETURN 2 UNION DISTINCT RETURN 3",
     "RETURN 1 UNION RETURN 2 UNION RETURN 3"},
    {"MATCH (n) DELETE n, n.x DETACH DELETE n NODETACH DELETE n",
     "MATCH (n) DELETE n, n.x DETACH DELETE n DELETE n"},
    {"MATCH (n) SET n.x = 1, n:A, n IS B, (n).z = 1, n += $p",
     "MATCH (n) SET n.x = 1, n:A, n:B, n.z = 1, n += $p"},
    {"RETURN (1 + 2) * 3 - -4, a-b, a--b, (a)-(b), (a)-[1,2], a<-1",
     "RETURN (1 + 2) * 3 - -4, a - b, a - -b, a - b, a - [1, 2], a < -1"},
    {"RETURN 1 AS `x y`, `n`.`p q`",
     "RETURN 1 AS `x y`, n.`p q`"},
  };
  for (const auto& text : kTexts) {
    CHECK(reprint(text[0]) == text[1]);
    CHECK(reprint(text[1]) == text[1]);
  }
}

TEST_CASE("names and strings are quoted when they must be") {
  CHECK(quote_name("plain") == "plain");
  CHECK(quote_name("two words") == "`two words`");
  CHECK(quote_name(" a") == "` a`");
  CHECK(quote_name("/**/a") == "`/**/a`");
  CHECK(quote_name("a ") == "`a `");
  CHECK(quote_name("a`b") == "`a``b`");
  CHECK(quote_name("1st") == "`1st`");
  CHECK(quote_name("") == "``");
  CHECK(quote_name("where") == "`where`");
  CHECK(quote_string("it's\n\x01") == "'it\\'s\\n\\u0001'");
}

}  // namespace
}  // namespace nexus::syntax
