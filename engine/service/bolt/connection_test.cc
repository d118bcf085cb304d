// What a conversation over Bolt does when both sides keep to it.
#include "tests/support/bolt_fixture.h"

using namespace nexus;
using namespace nexus::service;
using namespace nexus::service::bolt_test;

TEST_CASE("a manifest offers ranges, and the client's choice needs no answer") {
  Server server;
  Client client(server);
  std::string hello(kMagic);
  hello += std::string("\x00\x00\x01\xFF\x00\x08\x08\x05\x00\x02\x04\x04\x00\x00\x00\x03", 16);
  client.raw(hello);
  std::string out;
  CHECK(client.connection().step(out) == Progress::Waits);
  CHECK(out == std::string("\x00\x00\x01\xFF\x04\x00\x00\x00\x06\x00\x02\x08\x05\x00\x04\x04\x05\x00\x00\x04\x04\x00", 22));
  client.raw(std::string("\x00\x00\x08\x05\x00", 5));
  client.hello();
  CHECK(client.answers() == Texts{"SUCCESS"});
  CHECK(client.member("protocol_version") == "'5.8'");
  CHECK(client.member("server") == "'Neo4j/5.26.0'");
  Client newest(server);
  newest.raw(hello);
  newest.connection().step(out);
  newest.raw(std::string("\x00\x00\x00\x06\x00", 5));
  newest.hello();
  newest.answers();
  CHECK(newest.member("protocol_version") == "'6.0'");
}

TEST_CASE("vectors travel from 6.0 on, and fail a result before") {
  Server server;
  Client client(server, {{6, 0}, false, false});
  client.shake_hands();
  client.hello();
  client.logon();
  client.answers();
  client.run("CREATE (n:N {v: vector([1, 2.5], 2, FLOAT32)}) RETURN n.v AS v");
  client.pull();
  CHECK(client.answers() == Texts{"SUCCESS", "RECORD [vector([1.0, 2.5], 2, FLOAT32)]", "SUCCESS"});
  Client old(server);
  old.shake_hands();
  old.hello();
  old.logon();
  old.answers();
  old.run("UNWIND [1, 2] AS x MATCH (n:N) RETURN CASE x WHEN 1 THEN x ELSE n END AS y ORDER BY x");
  old.pull();
  const Texts answers = old.answers();
  REQUIRE(answers.size() == 3);
  CHECK(answers[1] == "RECORD [1]");
  CHECK(answers[2].starts_with("FAILURE"));
  CHECK(old.member("neo4j_code") == "'Neo.ClientError.Statement.UnsupportedOperationError'");
  CHECK(old.member("message").find("VECTOR") != std::string::npos);
  old.reset();
  old.run("MATCH (n:N) RETURN toFloatList(n.v) AS v");
  old.pull();
  CHECK(old.answers() == Texts{"SUCCESS", "SUCCESS", "RECORD [[1.0, 2.5]]", "SUCCESS"});
}

TEST_CASE("whoever speaks no Bolt is disconnected, at once or when time is up") {
  Server server;
  for (const std::string& first : {std::string("GET / HTTP/1.1\r\n"), std::string(kMagic) + std::string("\x00\x00\x00\x03", 4) + std::string(12, '\0')}) {
    Client client(server);
    client.raw(first);
    std::string out;
    CHECK(client.connection().step(out) == Progress::Closed);
    CHECK(out == (first[0] == 'G' ? std::string() : std::string(4, '\0')));
  }
  Client slow(server);
  slow.raw(kMagic.substr(0, 2));
  CHECK(slow.answers().empty());
  CHECK_FALSE(slow.connection().has_work());
  server.instance.clock().advance(16 * kSecond);
  CHECK(slow.connection().has_work());
  slow.answers();
  CHECK(slow.is_closed());
}

TEST_CASE("hello, logon, a statement, its rows and its summary") {
  Server server;
  Client client(server);
  client.shake_hands();
  client.hello({{"routing", Value::null()}});
  client.logon();
  CHECK(client.answers() == Texts{"SUCCESS", "SUCCESS"});
  client.run("UNWIND [1, 2] AS x RETURN x, 'a' AS y");
  client.pull();
  CHECK(client.answers() == Texts{"SUCCESS", "RECORD [1, 'a']", "RECORD [2, 'a']", "SUCCESS"});
  CHECK(client.member("type") == "'r'");
  CHECK(client.member("db") == "'neo4j'");
  client.run("CREATE (:A {p: $p})", {}, {{"p", Value::integer(1)}});
  client.answers();
  CHECK(client.member("fields") == "[]");
  CHECK(client.member("db") == "'neo4j'");
  CHECK(client.member("qid") == "(absent)");
  client.pull();
  client.answers();
  CHECK(client.member("stats") == "{`contains-updates`: true, `labels-added`: 1, `nodes-created`: 1, `properties-set`: 1}");
  CHECK(client.member("bookmark").substr(0, 7) == "'nexus:");
  CHECK(client.member("statuses").find("00001") != std::string::npos);
}

TEST_CASE("a summary counts changes of the schema and of the system") {
  Server server;
  Client client(server);
  client.start();
  const auto stats = [&client](const char* text, const char* database) {
    client.run(text, {{"db", Value::string(database)}});
    client.pull();
    client.answers();
    return client.member("stats");
  };
  CHECK(stats("CREATE INDEX by_x FOR (n:A) ON (n.x)", "neo4j") == "{`contains-updates`: true, `indexes-added`: 1}");
  CHECK(stats("DROP INDEX by_x", "neo4j") == "{`contains-updates`: true, `indexes-removed`: 1}");
  CHECK(stats("CREATE CONSTRAINT one FOR (n:A) REQUIRE n.x IS UNIQUE", "neo4j") ==
        "{`constraints-added`: 1, `contains-updates`: true}");
  CHECK(stats("DROP CONSTRAINT one", "neo4j") == "{`constraints-removed`: 1, `contains-updates`: true}");
  CHECK(stats("CREATE DATABASE red", "system") == "{`contains-system-updates`: true, `system-updates`: 1}");
}

TEST_CASE("bytes may arrive one by one, with keep-alives between messages") {
  Server server;
  Client client(server);
  client.start();
  std::string out(6, '\0');  // Three keep-alives.
  bolt::MessageFrame frame(out);
  bolt::PackWriter writer(out);
  writer.structure(3, 0x10);
  writer.string("RETURN 1 AS x");
  writer.dictionary(0);
  writer.dictionary(0);
  frame.close();
  for (const char byte : out) {
    CHECK(client.answers().empty());
    client.raw({&byte, 1});
  }
  CHECK(client.answers() == Texts{"SUCCESS"});
}

TEST_CASE("rows come as many as asked for") {
  Server server;
  Client client(server, {{4, 4}, false, false});
  client.start();
  client.run("UNWIND range(1, 5) AS x RETURN x");
  client.pull(2);
  CHECK(client.answers() == Texts{"SUCCESS", "RECORD [1]", "RECORD [2]", "SUCCESS"});
  CHECK(client.member("has_more") == "true");
  client.discard(1);
  client.answers();
  client.pull(2);
  CHECK(client.answers() == Texts{"RECORD [4]", "RECORD [5]", "SUCCESS"});
  CHECK(client.member("has_more") == "(absent)");
  client.pull();
  CHECK(client.answers() == Texts{kInvalid});
  CHECK(client.is_closed());
}

TEST_CASE("a long answer is made piece by piece") {
  Server server;
  Client client(server);
  client.start();
  client.run("UNWIND range(1, 50000) AS x RETURN x, 'some text for each row' AS y");
  client.pull();
  CHECK(client.answers().size() == 50'002);
  CHECK(client.largest_step() < (65 << 10));
}

TEST_CASE("after a failure everything is ignored until a reset") {
  Server server;
  Client client(server);
  client.start();
  client.run("RETURN 1/0 AS x");
  client.pull();
  client.run("RETURN 1");
  client.pull();
  client.begin();
  client.route("");
  CHECK(client.answers() == Texts{"SUCCESS", "FAILURE Neo.ClientError.Statement.ArithmeticError", "IGNORED", "IGNORED",
                                  "IGNORED", "IGNORED"});
  CHECK(client.member("gql_status") == "'22012'");
  CHECK(client.member("description").find("error: data exception - division by zero. ") == 1);
  client.reset();
  client.run("RETURN 1 AS x");
  client.pull();
  CHECK(client.answers() == Texts{"SUCCESS", "SUCCESS", "RECORD [1]", "SUCCESS"});
}

TEST_CASE("older clients get a code and a message") {
  Server server;
  Client client(server, {{5, 4}, false, false});
  client.start();
  client.run("RETURN missing");
  CHECK(client.answer() == "FAILURE Neo.ClientError.Statement.SyntaxError");
  CHECK(client.last.map().size() == 2);
}

TEST_CASE("a reset overtakes what waits before it") {
  Server server;
  Client client(server);
  client.start();
  client.begin();
  client.run("CREATE (:Lost)");
  client.answers();
  client.run("RETURN 1 AS x");
  client.pull();
  client.reset();
  CHECK(client.answers() == Texts{"IGNORED", "IGNORED", "SUCCESS"});
  client.run("MATCH (n:Lost) RETURN count(n) AS c");
  client.pull();
  CHECK(client.answers()[1] == "RECORD [0]");
  client.run("UNWIND range(1, 100000) AS x RETURN x");
  client.pull();
  std::string piece;
  CHECK(client.connection().step(piece) == Progress::More);
  client.reset();
  const Texts rest = client.answers();
  CHECK(rest.size() < 50'000);
  CHECK(Texts(rest.end() - 2, rest.end()) == Texts{"IGNORED", "SUCCESS"});
}

TEST_CASE("transactions hold several results and end together") {
  Server server;
  Client client(server);
  client.start();
  client.begin({{"db", Value::string("neo4j")}, {"tx_metadata", Value::map({{"who", Value::string("me")}})}});
  client.run("UNWIND [1, 2, 3] AS x RETURN x");
  client.answers();
  CHECK(client.member("qid") == "0");
  client.run("CALL tx.getMetaData() YIELD metadata RETURN metadata.who AS who");
  client.answers();
  CHECK(client.member("qid") == "1");
  client.pull(1, 0);
  client.pull();
  client.pull(-1, 0);
  CHECK(client.answers() == Texts{"RECORD [1]", "SUCCESS", "RECORD ['me']", "SUCCESS", "RECORD [2]", "RECORD [3]", "SUCCESS"});
  CHECK(client.member("bookmark") == "(absent)");
  client.run("CREATE (:Kept)");
  client.commit();  // With a result that was never pulled.
  CHECK(client.answers() == Texts{"SUCCESS", "SUCCESS"});
  CHECK(client.member("bookmark").substr(0, 7) == "'nexus:");
  client.begin();
  client.run("CREATE (:Lost)");
  client.rollback();
  client.run("MATCH (n) RETURN labels(n) AS l");
  client.pull();
  CHECK(client.answers()[4] == "RECORD [['Kept']]");
  client.begin();
  client.run("UNWIND [1] AS x RETURN x");
  client.pull(1, 7);
  CHECK(client.answer() == kInvalid);
  CHECK_FALSE(client.is_closed());
}

TEST_CASE("administration in a transaction is there with its commit") {
  Server server;
  Client client(server), other(server);
  client.start();
  other.start();
  const auto names = [](Client& asker) {
    asker.run("SHOW DATABASES YIELD name WHERE name <> 'system' RETURN collect(name)");
    asker.pull();
    return asker.answers().at(1);
  };
  for (const bool commits : {false, true}) {
    client.begin({{"db", Value::string("system")}});
    client.run("CREATE DATABASE red");
    client.pull();
    client.answers();
    CHECK(client.member("stats").find("`system-updates`: 1") != std::string::npos);
    client.run("CREATE DATABASE blue");
    client.pull();
    client.answers();
    CHECK(names(client) == "RECORD [['blue', 'neo4j', 'red']]");
    CHECK(names(other) == "RECORD [['neo4j']]");
    if (commits) client.commit();
    else client.rollback();
    CHECK(client.answer() == "SUCCESS");
  }
  CHECK(names(other) == "RECORD [['blue', 'neo4j', 'red']]");
  client.begin({{"db", Value::string("system")}});
  client.run("DROP DATABASE red");
  client.run("DROP DATABASE red");
  CHECK(client.answer() == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
  client.reset();
  client.answers();
  CHECK(names(other) == "RECORD [['blue', 'neo4j', 'red']]");
}

TEST_CASE("results in one transaction have a limit") {
  BoltSettings settings;
  settings.results_max = 2;
  Server server(settings);
  Client client(server);
  client.start();
  client.begin();
  for (int i = 0; i < 3; ++i) client.run("RETURN 1 AS x");
  CHECK(client.answer() == "FAILURE Neo.ClientError.General.InvalidArguments");
}

TEST_CASE("each request names its database, its access and its bookmarks") {
  Server server;
  for (const char* name : {"red", "green", "blue"}) {
    server.run("CREATE DATABASE " + std::string(name) + " WAIT");
    server.run("CREATE (:Here {name: '" + std::string(name) + "'})", name);
  }
  Client client(server);
  client.start();
  for (const char* name : {"red", "green", "blue"}) {
    client.run("MATCH (h:Here) RETURN h.name AS name", {{"db", Value::string(name)}});
    client.pull();
    CHECK(client.answers()[1] == "RECORD ['" + std::string(name) + "']");
  }
  const auto failing = [&client](Map extra) {
    client.run("CREATE (:N)", std::move(extra));
    const std::string answer = client.answer();
    client.reset();
    client.answers();
    return answer;
  };
  CHECK(failing({{"db", Value::string("nowhere")}}) == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
  CHECK(failing({{"mode", Value::string("r")}}) == "FAILURE Neo.ClientError.Statement.AccessMode");
  CHECK(failing({{"mode", Value::string("x")}}) == "FAILURE Neo.ClientError.Request.InvalidFormat");
  CHECK(failing({{"imp_user", Value::string("ada")}}) == "FAILURE Neo.ClientError.Security.Forbidden");
  CHECK(failing({{"tx_timeout", Value::integer(-1)}}) == "FAILURE Neo.ClientError.Request.InvalidFormat");
  CHECK(failing({{"db", Value::integer(1)}}) == "FAILURE Neo.ClientError.Request.InvalidFormat");
  const auto bookmark = [](const char* text) { return Map{{"bookmarks", Value::list({Value::string(text)})}}; };
  CHECK(failing(bookmark("nonsense")) == "FAILURE Neo.ClientError.Transaction.InvalidBookmark");
  CHECK(failing(bookmark("nexus:00000000-0000-4000-8000-000000000001:")) != "SUCCESS");
  CHECK(failing(bookmark("nexus:00000000-0000-4000-8000-000000000001:12")) == "SUCCESS");
  CHECK(failing({{"db", Value::null()}, {"bookmarks", Value::null()}, {"unknown", Value::integer(1)}}) == "SUCCESS");
}

TEST_CASE("an alias means its database, and home is what is the default now") {
  Server server;
  server.run("CREATE DATABASE red WAIT");
  server.run("CREATE ALIAS now FOR DATABASE red", "system");
  Client client(server);
  client.start();
  client.run("CREATE (:Here)", {{"db", Value::string("NOW")}});
  client.pull();
  client.answers();
  CHECK(client.member("db") == "'red'");
  client.route("now");
  client.answers();
  CHECK(client.member("rt").find("db: 'red'") != std::string::npos);
  server.run("STOP DATABASE neo4j WAIT", "system");
  server.run("CALL dbms.setDefaultDatabase('red') YIELD result RETURN result", "system");
  client.run("MATCH (h:Here) RETURN count(h) AS c");
  CHECK(client.answer() == "SUCCESS");
  CHECK(client.member("db") == "'red'");
  client.pull();
  CHECK(client.answers()[0] == "RECORD [1]");
  client.begin();
  CHECK(client.answer() == "SUCCESS");
  CHECK(client.member("db") == "'red'");
  client.rollback();
  client.route("");
  client.answers();
  CHECK(client.member("rt").find("db: 'red'") != std::string::npos);
}

TEST_CASE("transaction commands as text are refused") {
  Server server;
  Client client(server);
  client.start();
  for (const char* text : {"BEGIN", "COMMIT", "ROLLBACK", ":USE system"}) {
    client.run(text);
    CHECK(client.answer() == "FAILURE Neo.ClientError.Transaction.ForbiddenDueToTransactionType");
    client.reset();
    client.answers();
  }
  client.begin();
  client.run("COMMIT");
  CHECK(client.answer() == "FAILURE Neo.ClientError.Transaction.ForbiddenDueToTransactionType");
}

TEST_CASE("accounts are checked where authentication is on") {
  BoltSettings settings;
  settings.authentication = true;
  settings.accounts = {{"ada", "secret-of-ada"}};
  Server server(settings);
  const auto attempt = [&server](Dialect dialect, const char* scheme, const char* user, const char* password) {
    Client client(server, dialect);
    client.shake_hands();
    Map auth{{"credentials", Value::string(password)}, {"principal", Value::string(user)}, {"scheme", Value::string(scheme)}};
    if (dialect.has_logon()) {
      client.hello();
      client.send(0x6A, {Value::map(auth)});
    } else {
      client.hello(auth);
    }
    client.run("RETURN 1 AS x");
    const Texts all = client.answers();
    return all[dialect.has_logon() ? 1 : 0] + (client.is_closed() ? " closed" : " open");
  };
  const std::string refused = "FAILURE Neo.ClientError.Security.Unauthorized closed";
  for (const Dialect dialect : {Dialect{{6, 0}, false, false}, Dialect{{5, 8}, false, false}, Dialect{{5, 0}, false, false}, Dialect{{4, 4}, false, false}}) {
    CHECK(attempt(dialect, "basic", "ada", "secret-of-ada") == "SUCCESS open");
    CHECK(attempt(dialect, "basic", "ada", "wrong") == refused);
    CHECK(attempt(dialect, "basic", "", "") == refused);
    CHECK(attempt(dialect, "none", "ada", "secret-of-ada") == refused);
  }
  Client client(server);
  client.shake_hands();
  client.hello();
  client.run("RETURN 1 AS x");
  CHECK(client.answers() == Texts{"SUCCESS", kInvalid});
  CHECK(client.is_closed());
}

TEST_CASE("logoff asks for a new logon") {
  Server server;
  Client client(server);
  client.start();
  client.send(0x6B, {});
  client.logon();
  client.run("RETURN 1 AS x");
  CHECK(client.answers() == Texts{"SUCCESS", "SUCCESS", "SUCCESS"});
  client.send(0x6B, {});  // A result is open.
  CHECK(client.answer() == kInvalid);
}

TEST_CASE("routing answers the name the client dialled") {
  Server server;
  server.run("CREATE DATABASE red WAIT");
  Client client(server);
  client.shake_hands();
  client.hello({{"routing", Value::map({{"address", Value::string("db.example:7687")}})}});
  client.logon();
  client.route("");
  client.answers();
  CHECK(client.member("rt").find("'db.example:7687'") != std::string::npos);
  CHECK(client.member("rt").find("db: 'neo4j'") != std::string::npos);
  client.route("RED", {{"address", Value::string("other:1")}});
  client.answers();
  CHECK(client.member("rt").find("'other:1'") != std::string::npos);
  CHECK(client.member("rt").find("db: 'red'") != std::string::npos);
  client.route("nowhere");
  CHECK(client.answer() == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
  client.reset();
  server.run("STOP DATABASE red WAIT");
  client.route("red");
  CHECK(client.answer() == "FAILURE Neo.TransientError.General.DatabaseUnavailable");
}

TEST_CASE("EXPLAIN answers the plan as a tree") {
  Server server;
  Client client(server);
  client.start();
  client.run("EXPLAIN MATCH (n:A) WHERE n.x = 1 RETURN n.x AS x");
  client.pull();
  client.answers();
  const Value* plan = client.last.find("plan");
  REQUIRE(plan != nullptr);
  std::vector<std::string> names;
  while (plan != nullptr) {
    names.emplace_back(plan->find("operatorType")->string());
    const List& children = plan->find("children")->list();
    plan = children.empty() ? nullptr : &children[0];
  }
  CHECK(std::find(names.begin(), names.end(), "LabelScan") != names.end());
  CHECK(names.size() >= 3);
}

TEST_CASE("PROFILE answers the plan with what was measured") {
  Server server;
  Client client(server);
  client.start();
  client.run("PROFILE UNWIND [1, 2, 3] AS x RETURN x");
  client.pull();
  client.answers();
  const Value* profile = client.last.find("profile");
  REQUIRE(profile != nullptr);
  REQUIRE(profile->find("rows") != nullptr);
  CHECK(profile->find("rows")->integer() == 3);
  CHECK(profile->find("dbHits") != nullptr);
  CHECK(client.last.find("plan") == nullptr);
}
