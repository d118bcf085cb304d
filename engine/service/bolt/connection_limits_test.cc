// Damaged, late, idle, greedy and leaving clients, and a server that drains.
#include "tests/support/bolt_fixture.h"

using namespace nexus;
using namespace nexus::service;
using namespace nexus::service::bolt_test;

TEST_CASE("messages out of turn, damaged or too long end the connection") {
  Server server;
  const auto fate = [&server](auto say) {
    Client client(server);
    client.start();
    say(client);
    const Texts all = client.answers();
    return (all.empty() ? std::string("silence") : all.back()) + (client.is_closed() ? " closed" : " open");
  };
  const std::string closed = std::string(kInvalid) + " closed";
  CHECK(fate([](Client& c) { c.hello(); }) == closed);
  CHECK(fate([](Client& c) { c.logon(); }) == closed);
  CHECK(fate([](Client& c) { c.pull(); }) == closed);
  CHECK(fate([](Client& c) { c.commit(); }) == closed);
  CHECK(fate([](Client& c) { c.send(0x44, {}); }) == closed);
  CHECK(fate([](Client& c) { c.send(0x10, {Value::integer(1), Value::map({}), Value::map({})}); }) == closed);
  CHECK(fate([](Client& c) { c.send(0x10, {Value::string("RETURN 1")}); }) == closed);
  CHECK(fate([](Client& c) { c.raw(std::string("\x00\x01\xB1\x00\x00", 5)); }) == closed);
  CHECK(fate([](Client& c) { c.raw(std::string("\x00\x03\xB0\x0F\x01\x00\x00", 7)); }) == closed);
  CHECK(fate([](Client& c) { c.send(0x54, {Value::integer(2)}); }) == "SUCCESS open");
  CHECK(fate([](Client& c) { c.send(0x54, {Value::integer(9)}); }) == "FAILURE Neo.ClientError.Request.InvalidFormat open");
  CHECK(fate([](Client& c) { c.send(0x02, {}); }) == "silence closed");
  CHECK(fate([](Client& c) {
    std::string chunk("\xFF\xFF", 2);
    chunk.append(0xFFFF, 'x');
    for (int i = 0; i < 300; ++i) c.raw(chunk);
  }) == closed);
}

TEST_CASE("strangers may not send long messages") {
  Server server;
  Client client(server);
  client.shake_hands();
  std::string chunk("\xFF\xFF", 2);
  chunk.append(0xFFFF, 'x');
  client.raw(chunk);
  CHECK_FALSE(client.connection().is_full());
  client.raw(chunk);
  CHECK(client.connection().is_full());
  CHECK(client.connection().has_work());
  CHECK(client.answer() == kInvalid);
  CHECK(client.is_closed());
}

TEST_CASE("a client that leaves its transaction alone loses it, and hears so") {
  Server server;
  Client client(server);
  client.start();
  client.begin();
  client.run("CREATE (:Lost)");
  client.answers();
  CHECK_FALSE(client.connection().has_work());
  server.instance.clock().advance(301 * kSecond);
  CHECK(client.connection().has_work());
  CHECK(client.answers().empty());
  CHECK_FALSE(client.connection().has_work());
  server.run("STOP DATABASE neo4j WAIT");  // Nobody is inside.
  server.run("START DATABASE neo4j WAIT");
  client.commit();
  CHECK(client.answer() == "FAILURE Neo.ClientError.Transaction.TransactionTimedOut");
  client.reset();
  client.begin({{"tx_timeout", Value::integer(2'000)}});
  CHECK(client.answer() == "SUCCESS");
  server.instance.clock().advance(3 * kSecond);
  client.answers();
  client.run("RETURN 1 AS x");
  CHECK(client.answer() == "FAILURE Neo.ClientError.Transaction.TransactionTimedOut");
  client.reset();
  client.run("UNWIND range(1, 10) AS x RETURN x");
  client.pull(1);
  CHECK(client.answer() == "SUCCESS");
  server.instance.clock().advance(301 * kSecond);
  client.answers();
  client.pull(1);
  CHECK(client.answer() == "FAILURE Neo.ClientError.Transaction.TransactionTimedOut");
}

TEST_CASE("what came in time counts, however late it is read") {
  Server server;
  Client client(server);
  client.shake_hands();
  client.hello();
  client.logon();
  server.instance.clock().advance(16 * kSecond);
  CHECK(client.answers() == Texts{"SUCCESS", "SUCCESS"});
  client.begin();
  client.run("CREATE (:Kept)");
  client.answers();
  client.commit();
  server.instance.clock().advance(301 * kSecond);
  CHECK(client.answer() == "SUCCESS");
  client.begin({{"tx_timeout", Value::integer(2'000)}});
  client.answers();
  client.commit();
  server.instance.clock().advance(3 * kSecond);
  CHECK(client.answer() == "FAILURE Neo.ClientError.Transaction.TransactionTimedOut");
}

TEST_CASE("an idle connection is closed after a long time") {
  Server server;
  Client client(server);
  client.start();
  server.instance.clock().advance(7'199 * kSecond);
  CHECK_FALSE(client.connection().has_work());
  server.instance.clock().advance(2 * kSecond);
  client.answers();
  CHECK(client.is_closed());
}

TEST_CASE("a draining server lets what is open end, and begins nothing") {
  Server server;
  Client silent(server);
  Client idle(server);
  Client busy(server);
  CHECK_FALSE(silent.connection().has_work());
  idle.start();
  busy.start();
  busy.begin();
  busy.answers();
  server.service->start_draining();
  for (Client* client : {&silent, &idle}) {
    CHECK(client->connection().has_work());
    client->answers();
    CHECK(client->is_closed());
  }
  CHECK_FALSE(busy.connection().has_work());
  busy.run("CREATE (:Kept)");
  busy.pull();
  CHECK(busy.answers() == Texts{"SUCCESS", "SUCCESS"});
  CHECK_FALSE(busy.is_closed());
  busy.commit();
  busy.run("RETURN 1 AS x");
  CHECK(busy.answers() == Texts{"SUCCESS", "FAILURE Neo.TransientError.General.DatabaseUnavailable"});
  CHECK(busy.is_closed());
}

TEST_CASE("whoever hangs up loses what was open") {
  Server server;
  {
    Client client(server);
    client.start();
    client.begin();
    client.run("CREATE (:Lost)");
    client.answers();
    client.connection().disconnect();
    client.answers();
    CHECK(client.is_closed());
  }
  server.run("STOP DATABASE neo4j WAIT");
  server.run("START DATABASE neo4j WAIT");
  const Table table = test::must(query(*server.instance.session(), "MATCH (n:Lost) RETURN count(n) AS c"));
  CHECK(table.rows[0][0].integer() == 0);
}

TEST_CASE("bad parameters fail the request and nothing else") {
  Server server;
  Client client(server);
  client.start();
  client.run("RETURN $n AS n", {}, {{"n", Value::node(NodeData{1, "4:x:1", {}, {}})}});
  CHECK(client.answer() == "FAILURE Neo.ClientError.Statement.TypeError");
  CHECK_FALSE(client.is_closed());
  client.reset();
  client.run("RETURN $n AS n");
  CHECK(client.answer() == "FAILURE Neo.ClientError.Statement.ParameterMissing");
}
