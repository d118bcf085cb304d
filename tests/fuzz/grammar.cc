#include "tests/fuzz/grammar.h"

namespace nexus::fuzz {

std::string Grammar::number(int depth) {
  if (depth <= 0 || dice_.chance(25)) {
    if (dice_.chance(50)) return property(dice_.chance(70) ? "i" : "f");
    return dice_.pick({"0", "1", "-2", "3.5", "null", "9223372036854775807", "(0.0 / 0.0)", "1e300", "$n"});
  }
  switch (dice_.under(13)) {
    case 0:
      return "(" + number(depth - 1) + dice_.pick({" - ", " * 1.0 + ", " / "}) + "toFloat(" + number(depth - 1) + "))";
    case 1: return "size(" + list(depth - 1) + ")";
    case 2: return "size(" + text(depth - 1) + ")";
    case 3: return "coalesce(" + number(depth - 1) + ", " + number(depth - 1) + ")";
    case 4:
      return "CASE WHEN " + predicate(depth - 1) + " THEN " + number(depth - 1) + " ELSE " + number(depth - 1) + " END";
    case 5: return "reduce(s = 0.0, x IN " + list(depth - 1) + " | s + coalesce(toFloatOrNull(x), 1))";
    case 6: return date(depth - 1) + dice_.pick({".year", ".month", ".dayOfWeek", ".ordinalDay"});
    case 7: return "size(keys(" + map(depth - 1) + "))";
    case 8: return dice_.pick({"abs", "sign", "floor", "ceil", "round"}) + "(toFloat(" + number(depth - 1) + "))";
    case 9: return subquery_number(depth - 1);
    case 10: return "CASE " + text(depth - 1) + " WHEN 'a' THEN 1 WHEN 'Ab', null THEN 2 ELSE 3 END";
    case 11: return "toIntegerOrNull(" + text(depth - 1) + ")";
    default: return "nullIf(" + number(depth - 1) + ", " + number(depth - 1) + ")";
  }
}

std::string Grammar::text(int depth) {
  if (depth <= 0 || dice_.chance(35)) {
    return dice_.chance(40) ? property("s") : dice_.pick({"''", "'a'", "'Ab'", "null", "'é'", "'\\u0065\\u0301'", "$s"});
  }
  switch (dice_.under(9)) {
    case 0: return "(" + text(depth - 1) + " + " + text(depth - 1) + ")";
    case 1: return dice_.pick({"toUpper", "toLower", "trim", "reverse", "normalize"}) + "(" + text(depth - 1) + ")";
    case 2: return "toStringOrNull(" + number(depth - 1) + ")";
    case 3: return "substring(" + text(depth - 1) + ", 1)";
    case 4: return "replace(" + text(depth - 1) + ", 'a', " + text(depth - 1) + ")";
    case 5: return "toString(" + temporal(depth - 1) + ")";
    case 6: return "left(" + text(depth - 1) + ", 2)";
    case 7: return "(" + text(depth - 1) + " || " + text(depth - 1) + ")";
    default: return "coalesce(" + text(depth - 1) + ", 'none')";
  }
}

std::string Grammar::list(int depth) {
  if (depth <= 0 || dice_.chance(25)) {
    if (dice_.chance(30)) return property("l");
    return dice_.pick({"[]", "[1, null, 'a']", "[2, 1]", "[[1], null]", "range(1, 3)", "null", "$l"});
  }
  switch (dice_.under(10)) {
    case 0: return "[" + number(depth - 1) + ", " + text(depth - 1) + "]";
    case 1: return "[x IN " + list(depth - 1) + " WHERE x IS NOT NULL | x]";
    case 2: return "tail(" + list(depth - 1) + ")";
    case 3: return "(" + list(depth - 1) + " + " + list(depth - 1) + ")";
    case 4: return "reverse(" + list(depth - 1) + ")";
    case 5: return list(depth - 1) + dice_.pick({"[1..]", "[..2]", "[-2..]", "[0..1]"});
    case 6: return "[x IN " + list(depth - 1) + " | [x, " + number(depth - 1) + "]]";
    case 7: return "[" + map(depth - 1) + ", " + temporal(depth - 1) + "]";
    case 8: return "CASE WHEN " + predicate(depth - 1) + " THEN " + list(depth - 1) + " END";
    default: return "split(" + text(depth - 1) + ", 'a')";
  }
}

std::string Grammar::map(int depth) {
  switch (dice_.under(depth <= 0 ? 2 : 5)) {
    case 0: return "{}";
    case 1: return "{k: 1, n: null}";
    case 2: return "{k: " + any(depth - 1) + ", m: " + any(depth - 1) + "}";
    case 3: return node() + " {.i, .s, e: " + any(depth - 1) + "}";
    default: return "properties(" + node() + ")";
  }
}

std::string Grammar::date(int depth) {
  if (depth <= 0 || dice_.chance(50)) {
    return dice_.chance(40) ? property("d") : dice_.pick({"date('2024-02-29')", "date({year: 1999, month: 12})", "date('0001-01-01')"});
  }
  return "(" + date(depth - 1) + dice_.pick({" + ", " - "}) + duration() + ")";
}

std::string Grammar::duration() {
  return dice_.pick({"duration('P1M')", "duration('P1Y2DT3H')", "duration({days: -1})", "duration('PT36H0.5S')", "duration({})"});
}

std::string Grammar::temporal(int depth) {
  switch (dice_.under(7)) {
    case 0: return date(depth - 1);
    case 1: return duration();
    case 2: return "duration.between(" + date(depth - 1) + ", " + date(depth - 1) + ")";
    case 3: return "datetime('2024-03-31T01:30:00[Europe/Stockholm]') + " + duration();
    case 4: return "localdatetime({date: date('2020-05-05'), hour: 3})";
    case 5: return "time('12:00+02:00')";
    default: return "date.truncate('month', " + date(depth - 1) + ")";
  }
}

std::string Grammar::any(int depth) {
  switch (dice_.under(7)) {
    case 0: return number(depth);
    case 1: return text(depth);
    case 2: return list(depth);
    case 3: return map(depth);
    case 4: return temporal(depth);
    case 5: return "vector([1, " + number(depth) + "], 2, " + dice_.pick({"INT8", "INT64", "FLOAT32", "FLOAT"}) + ")";
    default: return predicate(depth);
  }
}

std::string Grammar::hops() { return dice_.pick({"", "*0..1", "*1..2", "*2", "*..3", "*0"}); }

std::string Grammar::subquery_predicate(int depth) {
  const std::string from = node();
  switch (dice_.under(6)) {
    case 0: return "EXISTS { (" + from + ")" + dice_.pick({"-->(:B)", "-[:R]-(:A)", "<-[:S {i: 1}]-()", "--(b2:A&!B)"}) + " }";
    case 1: return "EXISTS { (a)--(b) }";
    case 2: return "EXISTS { MATCH (" + from + ")-->(ez) WHERE ez.i " + dice_.pick({"<", ">=", "="}) + " " + number(depth) + " }";
    case 3: return "EXISTS { (" + from + ")((ex)-[:R]->(ey)){1,2}(b) }";
    case 4: return "EXISTS { MATCH (" + from + ")-[:R" + hops() + "]-(ez:B) RETURN ez }";
    default: return "(COUNT { (" + from + ")-[:R]->() } " + dice_.pick({"> 1", "= 0", "<= 2"}) + ")";
  }
}

std::string Grammar::subquery_number(int depth) {
  const std::string from = node();
  switch (dice_.under(6)) {
    case 0: return "COUNT { (" + from + ")-[:R|S]-(ez) WHERE ez.i IS NOT NULL }";
    case 1: return "size([(" + from + ")-->(ez:B) | ez.i])";
    case 2: return "size(COLLECT { MATCH (" + from + ")--(ez) RETURN ez.s })";
    case 3: return "reduce(s = 0, x IN [(" + from + ")-[eq]->(ez) WHERE ez <> a | eq.i] | s + x)";
    case 4: return "COUNT { MATCH (" + from + ")" + dice_.pick({"-[:R]->", "--"}) + "(ez) RETURN DISTINCT ez.i AS i UNION RETURN 1 AS i }";
    default: return "COUNT { UNWIND " + list(depth) + " AS u WITH u WHERE u IS NOT NULL RETURN u }";
  }
}

std::string Grammar::predicate(int depth) {
  if (depth <= 0 || dice_.chance(12)) {
    if (dice_.chance(40)) return property("b");
    return dice_.pick({"true", "false", "null", "a:A", "b:B", "a = b", "a.i = b.i", "a:A|B", "b:!A", "a:%", "a.s > ''"});
  }
  switch (dice_.under(17)) {
    case 0:
    case 1: return "(" + predicate(depth - 1) + dice_.pick({" AND ", " OR ", " XOR "}) + predicate(depth - 1) + ")";
    case 2: return "(NOT " + predicate(depth - 1) + ")";
    case 3:
      return "(" + number(depth - 1) + dice_.pick({" < ", " <= ", " = ", " <> ", " >= "}) + number(depth - 1) + ")";
    case 4:
      return "(" + text(depth - 1) + dice_.pick({" STARTS WITH ", " ENDS WITH ", " CONTAINS ", " = ", " < "}) +
             text(depth - 1) + ")";
    case 5: return "(" + number(depth - 1) + " IN " + list(depth - 1) + ")";
    case 6: return "(" + list(depth - 1) + dice_.pick({" = ", " < ", " <> "}) + list(depth - 1) + ")";
    case 7: return "(" + any(depth - 1) + dice_.pick({" IS NULL)", " IS NOT NULL)"});
    case 8:
      return dice_.pick({"any", "all", "none", "single"}) + "(x IN " + list(depth - 1) + " WHERE x = " +
             number(depth - 1) + ")";
    case 9: return subquery_predicate(depth - 1);
    case 10: return "(1 < " + number(depth - 1) + " <= " + number(depth - 1) + ")";
    case 11: return "(" + any(depth - 1) + dice_.pick({" IS :: STRING NOT NULL)", " IS :: INTEGER | FLOAT)", " IS NOT :: LIST<ANY>)",
                                                            " IS :: VECTOR<INT8>(2) | LIST<VECTOR>)"});
    case 12: return "(" + property("i") + dice_.pick({" = ", " IN ", " > ", " <= "}) + dice_.pick({"1", "2", "3"}) + ")";
    case 13: return "(" + property("s") + dice_.pick({" = 'a'", " STARTS WITH 'A'", " > 'a'", " IN ['a', 'Ab', null]", " IS NOT NULL"}) + ")";
    case 14: return "(" + date(depth - 1) + dice_.pick({" < ", " >= ", " = "}) + date(depth - 1) + ")";
    case 15: return "(" + map(depth - 1) + dice_.pick({" = ", " <> "}) + map(depth - 1) + ")";
    default: return "(" + any(depth - 1) + dice_.pick({" = ", " <> "}) + any(depth - 1) + ")";
  }
}

Pattern Grammar::pattern() {
  static constexpr const char* kPlain[] = {
      "(a:A), (b:B)", "(a:A {i: 1}), (b {s: 'a'})", "(a)-[:R]->(m)-[:S]->(b)", "(a:A)-[q:R*1..2]->(b:B)",
      "(a:A)((x)-[:R]->(y) WHERE x.i <> y.i){1,2}(b)", "(a)<-[:S]-(b), (b)-[:R]->(c)", "(a)-[q*0..2]-(b)",
      "(a:A|B WHERE a.i >= 1)-[:R]->+(b)", "(a)((x)-[g:R]-(y)){0,2}(b:B)",
      "p = (a)-->(b)-->(c)", "(a:A)--(m)--(b), (a)--(b)", "(a)-[:R]->(a), (b:B)", "(a:A&B), (b:!A)"};
  static constexpr const char* kRelated[] = {
      "(a)-[r]->(b)", "(a:A)-[r:R]-(b)", "(a)-[r:R|S]->(b:B)", "(a)-[r {i: 2}]-(b)", "(a:A {i: 1})-[r]->(b)",
      "(a)-[r:R WHERE r.i > 1]->(b)", "(a)-[r:!R]-(b)", "(a)<-[r:S]-(b:A)"};
  if (dice_.chance(40)) return {dice_.pick(kRelated), true};
  return {dice_.pick(kPlain), false};
}

std::string Grammar::order() {
  const int limit = dice_.under(6);
  return " ORDER BY a.id, b.id, v" + (limit == 5 ? std::string() : " LIMIT " + std::to_string(limit));
}

std::string Grammar::aggregate(int depth) {
  switch (dice_.under(9)) {
    case 0: return "count(*)";
    case 1: return "count(DISTINCT " + any(depth) + ")";
    case 2: return "sum(a.i)";
    case 3: return dice_.pick({"min", "max"}) + "(" + any(depth) + ")";
    case 4: return "size(collect(" + any(depth) + "))";
    case 5: return "avg(b.i)";
    case 6: return "size(collect(DISTINCT " + text(depth) + "))";
    case 7: return "count(" + predicate(depth) + ")";
    default: return "sum(CASE WHEN " + predicate(depth) + " THEN 1 END)";
  }
}

Statement Grammar::rows() {
  Statement made;
  made.ordered = dice_.chance(40);
  made.text = "MATCH " + pattern().text + " WHERE " + predicate(3) + " RETURN " + (dice_.chance(15) ? "DISTINCT " : "") +
              "a.id AS a, b.id AS b, " + any(2) + " AS v" + (made.ordered ? order() : "");
  return made;
}

Statement Grammar::groups() {
  return {"MATCH " + pattern().text + " WHERE " + predicate(2) + " WITH " + any(1) + " AS k, " + aggregate(2) + " AS n, " +
              aggregate(1) + " AS m" + dice_.pick({"", " WHERE n IS NOT NULL", " WHERE n <> 1"}) + " RETURN k, n, m",
          false, false};
}

Statement Grammar::optional() {
  return {"MATCH (a" + dice_.pick({":A", "", ":B"}) + ") OPTIONAL MATCH " +
              dice_.pick({"(a)-[:R]->(b)", "(a)--(b:B)", "(b:A {i: a.i})", "(a)-[:R*1..2]->(b)", "(a)((x)-[:S]->(y)){1,2}(b)"}) +
              " WHERE " + predicate(2) + " RETURN a.id AS a, b.id AS b, " + any(1) + " AS v",
          false, false};
}

Statement Grammar::unwound() {
  return {"UNWIND [0, 1, 2, null, 'a'] AS u MATCH (a" + dice_.pick({":A", ""}) + " {" + dice_.pick({"i", "s"}) + ": u})" +
              dice_.pick({"--", "-[:R]->", ", "}) + "(b) WHERE " + predicate(2) + " RETURN u, a.id AS a, b.id AS b, " + any(2) + " AS v",
          false, false};
}

Statement Grammar::called() {
  const std::string inner = dice_.pick({"MATCH (a)-[q]-(z) RETURN count(q) AS v", "MATCH (a)-->(z) RETURN DISTINCT z.i AS v",
                                        "RETURN a.i AS v UNION ALL MATCH (a)-[:R]->(z) RETURN z.i AS v",
                                        "UNWIND [1, a.i] AS v RETURN v", "MATCH (z:B) WHERE z.i = a.i RETURN max(z.s) AS v"});
  return {"MATCH " + pattern().text + " WHERE " + predicate(2) + dice_.pick({" CALL", " OPTIONAL CALL"}) + " (a) { " + inner +
              " } RETURN a.id AS a, b.id AS b, v, " + number(2) + " AS w",
          false, false};
}

Statement Grammar::united() {
  const std::string all = dice_.pick({" UNION ", " UNION ALL "});
  std::string made;
  for (int i = 0; i < 2; ++i) {
    made += (i == 0 ? "" : all) + "MATCH " + pattern().text + " WHERE " + predicate(2) + " RETURN a.id AS k, " + any(2) + " AS v";
  }
  return {std::move(made), false, false};
}

Statement Grammar::paths() {
  const std::string steps = dice_.pick({"-[:R*1..2]->", "-[*0..2]-", "--", "-[:S]->"});
  return {"MATCH p = (a)" + steps + "(b) WHERE " + predicate(2) +
              " RETURN a.id AS a, b.id AS b, length(p) AS n, [x IN nodes(p) | x.id] AS ns, size(relationships(p)) AS rs, " + any(1) + " AS v",
          false, false};
}

Statement Grammar::shortest() {
  std::string way;
  switch (dice_.under(6)) {
    case 0: way = "MATCH (a:A), (b:B) WHERE a <> b MATCH p = shortestPath((a)-[:R*..4]-(b))"; break;
    case 1: way = "MATCH (a:A), (b:B) WHERE a <> b MATCH p = allShortestPaths((a)-[*]->(b))"; break;
    case 2: way = "MATCH p = ANY SHORTEST (a:A)-[:R]->+(b:B)"; break;
    case 3: way = "MATCH p = ALL SHORTEST (a:A)-[:R|S]-+(b:B)"; break;
    case 4: way = "MATCH p = SHORTEST 2 (a:A)-[:R]-{1,4}(b)"; break;
    default: way = "MATCH p = SHORTEST 2 GROUPS (a:A)((x)-[:R]->(y)){1,4}(b)"; break;
  }
  return {way + " WITH * WHERE " + predicate(2) + " RETURN a.id AS a, b.id AS b, length(p) AS n", false, false};
}

Statement Grammar::sequence() {
  std::string first = "MATCH " + pattern().text + " WHERE " + predicate(2) + " RETURN a, b, " + number(2) + " AS v";
  switch (dice_.under(4)) {
    case 0: return {first + " NEXT RETURN v, count(*) AS n, " + aggregate(1) + " AS m", false, false};
    case 1: return {first + " NEXT FILTER " + predicate(2) + " RETURN a.id AS a, b.id AS b, v", false, false};
    case 2:
      return {first + " NEXT WHEN " + predicate(2) + " THEN RETURN a.id AS a, v AS w WHEN " + predicate(2) +
                  " THEN MATCH (a)--(z) RETURN z.id AS a, 1 AS w ELSE RETURN b.id AS a, v AS w",
              false, false};
    default: return {first + " NEXT RETURN a.id AS k, v UNION ALL RETURN b.id AS k, " + number(1) + " AS v", false, false};
  }
}

Statement Grammar::read() {
  switch (dice_.under(11)) {
    case 0:
    case 1: return rows();
    case 2:
    case 3: return groups();
    case 4: return optional();
    case 5: return unwound();
    case 6: return called();
    case 7: return united();
    case 8: return paths();
    case 9: return shortest();
    default: return sequence();
  }
}

// Of a alone: several rows with one a set the same.
std::string Grammar::set_item() {
  switch (dice_.under(7)) {
    case 0: return "a.i = a.id % 3";
    case 1: return "a.s = " + dice_.pick({"'a'", "'Ab'", "null", "toString(a.id)"});
    case 2: return "a:" + dice_.pick({"A", "B", "C"});
    case 3: return "a += {i: 2, d: date('2024-02-29'), n: null}";
    case 4: return "a.l = [a.id, 1]";
    case 5: return "a.b = NOT a.id = 1";
    default: return "a = {id: a.id, i: 1, s: 'new'}";
  }
}

Statement Grammar::update() {
  const std::string match = "MATCH " + pattern().text + " WHERE " + predicate(2) + " ";
  const std::string end = dice_.pick({"", " RETURN count(*) AS n", " WITH DISTINCT a RETURN count(a) AS n"});
  Statement made;
  made.writes = true;
  switch (dice_.under(10)) {
    case 0: made.text = match + "SET " + set_item() + ", " + set_item() + end; break;
    case 1: made.text = match + "REMOVE a." + dice_.pick({"i", "s", "l"}) + ", a:" + dice_.pick({"A", "B"}) + end; break;
    case 2: made.text = match + "WITH DISTINCT a CREATE (a)-[:R {i: 7}]->(:N {id: a.id + 100}) RETURN count(*) AS n"; break;
    case 3: made.text = match + "MERGE (a)-[mq:T]->(b) ON CREATE SET mq.i = 0 ON MATCH SET mq.m = true" + end; break;
    case 4: made.text = match + "MERGE (mm:M {k: coalesce(a.i, -1)}) ON CREATE SET mm.id = 200 + mm.k ON MATCH SET mm.b = true" + end; break;
    case 5: made.text = match + "WITH DISTINCT a WHERE a.id > 2 DETACH DELETE a RETURN count(*) AS n"; break;
    case 6: made.text = "MATCH (a)-[r:" + dice_.pick({"R", "S", "T"}) + "]->(b) WHERE " + predicate(2) + " DELETE r RETURN count(*) AS n"; break;
    case 7: made.text = match + "FOREACH (x IN [1, 2] | SET a.i = x SET a.f = 0.5)" + end; break;
    case 8: made.text = match + "CALL (a) { MATCH (a)--(ez) WITH a, count(ez) AS cc SET a.c = cc RETURN cc } RETURN a.id AS a, cc"; break;
    default: made.text = "MATCH (a:A) WITH count(a) AS c FOREACH (x IN range(1, 2) | CREATE (:B {id: 300 + x, i: c}))"; break;
  }
  return made;
}

std::string Grammar::graph() {
  std::string text = "CREATE ";
  const int nodes = 3 + dice_.under(5);
  for (int i = 0; i < nodes; ++i) {
    text += (i == 0 ? "" : ", ") + std::string("(n") + std::to_string(i) + dice_.pick({":A", ":B", ":A:B", ""}) +
            " {id: " + std::to_string(i);
    if (dice_.chance(70)) text += ", i: " + std::to_string(dice_.under(4));
    if (dice_.chance(40)) text += ", f: " + dice_.pick({"1.0", "0.5", "(0.0 / 0.0)"});
    if (dice_.chance(50)) text += ", s: " + dice_.pick({"'a'", "'Ab'", "''", "'é'"});
    if (dice_.chance(50)) text += ", b: " + dice_.pick({"true", "false"});
    if (dice_.chance(40)) text += ", l: " + dice_.pick({"[1, 2]", "[]", "['a']"});
    if (dice_.chance(30)) text += ", d: " + dice_.pick({"date('2024-02-29')", "date('1999-12-01')"});
    text += "})";
  }
  const int relationships = 2 + dice_.under(8);
  for (int i = 0; i < relationships; ++i) {
    text += ", (n" + std::to_string(dice_.under(nodes)) + ")-[:" + dice_.pick({"R", "S"}) + " {i: " + std::to_string(i) +
            "}]->(n" + std::to_string(dice_.under(nodes)) + ")";
  }
  return text;
}

}  // namespace nexus::fuzz
