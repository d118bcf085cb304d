// The Java driver: every value both ways, databases, transactions, bookmarks, routing, errors, retries, streams.
package drivers;

import static drivers.Harness.AUTH;
import static drivers.Harness.codeOf;
import static drivers.Harness.connect;
import static drivers.Harness.failure;
import static drivers.Harness.query;
import static drivers.Harness.same;
import static drivers.Harness.together;
import static drivers.Harness.value;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Bookmark;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.exceptions.TransientException;
import org.neo4j.driver.summary.Plan;
import org.neo4j.driver.summary.QueryType;

public final class Suite {
    static final List<String> DATABASES = List.of("jackal", "kestrel", "lynx");
    static final String RED = DATABASES.get(0);
    static final String GREEN = DATABASES.get(1);
    static final String BLUE = DATABASES.get(2);

    private Suite() {}

    static void returns(Driver driver, Object sent) {
        Value wanted = Values.value(sent);
        same(value(driver, RED, "RETURN $x AS x", Collections.singletonMap("x", sent)), wanted);
    }

    static void plainValues(Driver driver) throws Exception {
        Map<String, Object> wide = new HashMap<>();
        IntStream.range(0, 300).forEach(i -> wide.put("key" + i, (long) i));
        List<Object> values = new ArrayList<>(Arrays.asList(null, true, false, 0L, -1L, -16L, -17L, 127L, 128L, -129L, 32_767L, -32_769L,
            1L << 31, Long.MAX_VALUE, Long.MIN_VALUE, 0.0, -0.5, 1e300, Double.POSITIVE_INFINITY, Double.NaN, "", "a", "ä€😀".repeat(30),
            "x".repeat(70_000), List.of(), Arrays.asList(1L, "two", null, List.of(3.0)), Map.of(),
            Map.of("a", Map.of("b", List.of(1L, Collections.singletonMap("c", null)))),
            LongStream.range(0, 40_000).boxed().collect(Collectors.toList()), wide));
        for (Object one : values) returns(driver, one);
        same(codeOf(() -> returns(driver, new byte[] {1, 2})), "Neo.ClientError.Statement.UnsupportedOperationError");
    }

    static void temporalValues(Driver driver) {
        ZoneId stockholm = ZoneId.of("Europe/Stockholm");
        for (Object one : List.of(LocalDate.of(2024, 2, 29), LocalDate.of(1, 1, 1), LocalTime.of(23, 59, 59, 999_999_999),
                OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHours(2)), LocalDateTime.of(2024, 2, 29, 12, 30, 15, 123_456_789),
                LocalDateTime.of(1969, 12, 31, 23, 59, 59, 1), ZonedDateTime.of(2024, 7, 1, 12, 0, 0, 5, ZoneOffset.ofHours(2)),
                ZonedDateTime.of(2024, 7, 1, 12, 0, 0, 5, stockholm), ZonedDateTime.of(1969, 12, 31, 23, 59, 59, 1, stockholm),
                Values.isoDuration(14, -3, 5, 7).asIsoDuration(), Values.isoDuration(0, 0, -2, 500_000_000).asIsoDuration())) {
            returns(driver, one);
        }
        var row = query(driver, RED, "RETURN datetime('2024-01-01T00:00:00[Europe/Stockholm]') AS d, date('2020-02-02') AS a, "
            + "duration('P1Y2M3DT4H5M6.7S') AS u").records().get(0);
        same(row.get("d").asZonedDateTime(), ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, stockholm));
        same(row.get("a").asLocalDate(), LocalDate.of(2020, 2, 2));
        same(row.get("u"), Values.isoDuration(14, 3, 4 * 3_600 + 5 * 60 + 6, 700_000_000));
    }

    static void points(Driver driver) {
        for (Value one : List.of(Values.point(7203, 1.5, -2), Values.point(9157, 1, 2, 3), Values.point(4326, 12.5, 55.7),
                Values.point(4979, 1, 2, 3))) {
            returns(driver, one.asPoint());
        }
    }

    static void entities(Driver driver) {
        var record = query(driver, RED, "CREATE p = (a:A:B {name: 'a'})-[r:KNOWS {since: 1}]->(b)<-[:LIKES]-(c {n: [1, 2]}) RETURN p, a, r")
            .records().get(0);
        var path = record.get("p").asPath();
        var a = record.get("a").asNode();
        var r = record.get("r").asRelationship();
        Set<String> labels = new HashSet<>();
        a.labels().forEach(labels::add);
        same(labels, Set.of("A", "B"));
        same(a.asMap(), Map.of("name", "a"));
        same(List.of(r.type(), r.asMap(), r.startNodeElementId()), List.of("KNOWS", Map.of("since", 1L), a.elementId()));
        same(List.of(path.length(), path.start().elementId()), List.of(2, a.elementId()));
        List<String> types = new ArrayList<>();
        path.relationships().forEach(one -> types.add(one.type()));
        same(types, List.of("KNOWS", "LIKES"));
        for (var segment : path) {
            same(segment.relationship().hasType("LIKES"), segment.relationship().startNodeElementId().equals(segment.end().elementId()));
        }
        same(path.end().asMap(), Map.of("n", List.of(1L, 2L)));
        same(value(driver, RED, "MATCH (n) WHERE elementId(n) = $id RETURN n", Map.of("id", a.elementId())).asNode().asMap(), a.asMap());
        same(value(driver, RED, "MATCH p = (n:A) RETURN p").asPath().length(), 0);
        var back = value(driver, RED, "MATCH p = (b)<-[:KNOWS]-(a:A) RETURN p").asPath();
        same(back.end().elementId(), a.elementId());
    }

    static void threeWorlds(Driver driver) {
        for (int i = 0; i < 3; i++) {
            query(driver, DATABASES.get(i), "CREATE (:Here {name: $name, index: $i})", Map.of("name", DATABASES.get(i), "i", i));
        }
        for (String name : DATABASES) {
            var result = query(driver, name, "MATCH (h:Here) RETURN collect(h.name) AS names");
            same(result.records().get(0).get("names").asList(), List.of(name));
            same(result.summary().database().name(), name);
        }
        same(value(driver, "neo4j", "MATCH (h:Here) WHERE h.name IN $names RETURN count(h)", Map.of("names", DATABASES)).asInt(), 0);
        List<Session> sessions = new ArrayList<>();
        List<Transaction> transactions = new ArrayList<>();
        for (String name : DATABASES) {
            sessions.add(driver.session(SessionConfig.forDatabase(name)));
            transactions.add(sessions.get(sessions.size() - 1).beginTransaction());
        }
        for (int i = 0; i < 3; i++) transactions.get(i).run("CREATE (:There {name: $name})", Map.of("name", DATABASES.get(i)));
        transactions.get(0).commit();
        transactions.get(1).rollback();
        transactions.get(2).commit();
        sessions.forEach(Session::close);
        for (int i = 0; i < 3; i++) same(value(driver, DATABASES.get(i), "MATCH (x:There) RETURN count(x)").asInt(), i == 1 ? 0 : 1);
        try (Session session = driver.session()) {
            same(session.run("USE " + BLUE + " MATCH (h:Here) RETURN h.index").single().get(0).asInt(), 2);
        }
    }

    static void administration(Driver driver) throws Exception {
        var counters = query(driver, "system", "CREATE DATABASE `fleeting` WAIT").summary().counters();
        same(List.of(counters.systemUpdates(), counters.containsSystemUpdates()), List.of(1, true));
        same(value(driver, "system", "SHOW DATABASES YIELD name WHERE name = 'fleeting' RETURN count(*)").asInt(), 1);
        query(driver, "system", "DROP DATABASE `fleeting` IF EXISTS WAIT");
        same(codeOf(() -> query(driver, "fleeting", "RETURN 1")), "Neo.ClientError.Database.DatabaseNotFound");
    }

    static void managedTransactions(Driver driver) throws Exception {
        try (Session session = driver.session(SessionConfig.forDatabase(GREEN))) {
            var summary = session.executeWrite(tx -> tx.run("CREATE (:N {a: 1})-[:R]->(:N)").consume());
            var counters = summary.counters();
            same(List.of(counters.nodesCreated(), counters.relationshipsCreated(), counters.labelsAdded(), counters.propertiesSet()),
                List.of(2, 1, 2, 1));
            same(List.of(summary.queryType(), summary.database().name()), List.of(QueryType.WRITE_ONLY, GREEN));
            same(codeOf(() -> session.executeRead(tx -> tx.run("CREATE (:N)").consume())), "Neo.ClientError.Statement.AccessMode");
            List<Integer> tries = new ArrayList<>();
            session.executeWriteWithoutResult(tx -> {
                tries.add(1);
                tx.run("CREATE (:Flaky)").consume();
                if (tries.size() < 3) throw new TransientException("Neo.TransientError.General.Test", "again");
            });
            same(List.of(tries.size(), session.run("MATCH (f:Flaky) RETURN count(f)").single().get(0).asInt()), List.of(3, 1));
        }
    }

    static void conflictingWriters(Driver driver) throws Exception {
        query(driver, BLUE, "CREATE (:Counter {n: 0})");
        together(3, number -> {
            try (Session session = driver.session(SessionConfig.forDatabase(BLUE))) {
                for (int i = 0; i < 2; i++) {
                    session.executeWriteWithoutResult(tx -> {
                        long n = tx.run("MATCH (c:Counter) RETURN c.n").single().get(0).asLong();
                        tx.run("MATCH (c:Counter) SET c.n = $n", Map.of("n", n + 1)).consume();
                    });
                }
            }
        });
        same(value(driver, BLUE, "MATCH (c:Counter) RETURN c.n").asInt(), 6);
    }

    static void transactionsByHand(Driver driver) throws Exception {
        try (Session session = driver.session(SessionConfig.forDatabase(RED))) {
            var config = TransactionConfig.builder().withMetadata(Map.of("app", "suite")).withTimeout(Duration.ofSeconds(30)).build();
            Transaction tx = session.beginTransaction(config);
            same(tx.run("CALL tx.getMetaData()").single().get(0).asMap(), Map.of("app", "suite"));
            var first = tx.run("UNWIND range(1, 3000) AS i RETURN i");
            var second = tx.run("UNWIND range(1, 3000) AS i RETURN -i AS i");
            same(List.of(second.next().get(0).asInt(), first.next().get(0).asInt(), second.next().get(0).asInt()), List.of(-1, 1, -2));
            same(List.of(first.list().size(), second.list().size()), List.of(2_999, 2_998));
            tx.run("CREATE (:Lost)");
            tx.rollback();
            same(session.run("MATCH (x:Lost) RETURN count(x)").single().get(0).asInt(), 0);
            try (Transaction failing = session.beginTransaction()) {
                same(codeOf(() -> failing.run("RETURN 1/0 AS x").consume()), "Neo.ClientError.Statement.ArithmeticError");
            }
            for (String text : List.of("BEGIN", "COMMIT", ":USE " + GREEN)) {
                same(codeOf(() -> session.run(text).consume()), "Neo.ClientError.Transaction.ForbiddenDueToTransactionType");
            }
            same(session.run("RETURN 1 AS x").single().get("x").asInt(), 1);
        }
    }

    static void bookmarks(Driver driver) throws Exception {
        Set<Bookmark> last = Set.of();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            try (Session session = driver.session(SessionConfig.builder().withDatabase(GREEN).withBookmarks(last).build())) {
                session.run("CREATE (:Step {n: $n})", Map.of("n", i)).consume();
                last = session.lastBookmarks();
                last.forEach(one -> seen.add(one.value()));
            }
        }
        same(seen.size(), 3);
        try (Session session = driver.session(SessionConfig.builder().withDatabase(RED).withBookmarks(last).build())) {
            same(session.run("RETURN 1 AS x").single().get(0).asInt(), 1);
        }
        var nonsense = SessionConfig.builder().withDatabase(RED).withBookmarks(Bookmark.from("nonsense")).build();
        try (Session session = driver.session(nonsense)) {
            same(codeOf(() -> session.run("RETURN 1").consume()), "Neo.ClientError.Transaction.InvalidBookmark");
        }
    }

    static void errorCodes(Driver driver) throws Exception {
        Map<String, List<String>> wanted = Map.of("RETURN", List.of("Statement.SyntaxError", "42"),
            "RETURN $missing", List.of("Statement.ParameterMissing", "42"), "RETURN 1/0", List.of("Statement.ArithmeticError", "22"),
            "CALL no.such()", List.of("Procedure.ProcedureNotFound", "42"), "MATCH (a) RETURN b", List.of("Statement.SyntaxError", "42"));
        for (var one : wanted.entrySet()) {
            var found = failure(() -> query(driver, RED, one.getKey()));
            same(List.of(found.code(), found.gqlStatus().substring(0, 2)),
                List.of("Neo.ClientError." + one.getValue().get(0), one.getValue().get(1)));
        }
        try (Session session = driver.session(SessionConfig.forDatabase(RED))) {
            var found = failure(() -> session.run("RETURN\n  nothing").consume());
            same(List.of(found.gqlStatus(), found.diagnosticRecord().get("_position").get("line").asInt()), List.of("42N62", 2));
            same(found.statusDescription().startsWith("error: syntax error or access rule violation"), true);
            same(codeOf(() -> session.run("UNWIND range(3000, 0, -1) AS i RETURN 1/i AS x").list()), "Neo.ClientError.Statement.ArithmeticError");
            same(session.run("RETURN 1 AS x").single().get(0).asInt(), 1);
            var brief = TransactionConfig.builder().withTimeout(Duration.ofMillis(200)).build();
            String slow = "UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j WITH i, j WHERE i < 0 RETURN i";
            same(codeOf(() -> session.run(slow, brief).consume()), "Neo.ClientError.Transaction.TransactionTimedOut");
        }
        var impersonated = SessionConfig.builder().withDatabase(RED).withImpersonatedUser("somebody").build();
        try (Session session = driver.session(impersonated)) {
            same(codeOf(() -> session.run("RETURN 1").consume()), "Neo.ClientError.Security.Forbidden");
        }
        same(codeOf(() -> query(driver, "nowhere", "RETURN 1")), "Neo.ClientError.Database.DatabaseNotFound");
    }

    static void wrongPasswords(Driver driver) throws Exception {
        for (var auth : List.of(AuthTokens.basic("nobody-" + UUID.randomUUID(), "wrong"), AuthTokens.none())) {
            try (Driver other = connect("bolt", auth)) {
                same(codeOf(other::verifyConnectivity), "Neo.ClientError.Security.Unauthorized");
            }
        }
        same(driver.verifyAuthentication(AUTH), true);
        same(driver.verifyAuthentication(AuthTokens.basic("nobody-" + UUID.randomUUID(), "wrong")), false);
    }

    static void longStreams(Driver driver) {
        for (long size : new long[] {1_000, -1}) {
            try (Session session = driver.session(SessionConfig.builder().withDatabase(RED).withFetchSize(size).build())) {
                var result = session.run("UNWIND range(1, 100000) AS i RETURN i, 'row ' + toString(i) AS text");
                long total = 0;
                while (result.hasNext()) total += result.next().get(0).asLong();
                same(total, 5_000_050_000L);
                same(result.consume().database().name(), RED);
                var left = session.run("UNWIND range(1, 100000) AS i RETURN i");
                same(List.of(left.next().get(0).asInt(), left.next().get(0).asInt()), List.of(1, 2));
                left.consume();
            }
        }
    }

    static void manySessions(Driver driver) throws Exception {
        together(20, worker -> {
            try (Session session = driver.session(SessionConfig.forDatabase(DATABASES.get(worker % 3)))) {
                for (int i = 0; i < 5; i++) session.run("CREATE (:Busy {worker: $w})", Map.of("w", worker)).consume();
                same(session.run("MATCH (b:Busy {worker: $w}) RETURN count(b)", Map.of("w", worker)).single().get(0).asInt(), 5);
            }
        });
    }

    static void plans(Driver driver) {
        Plan plan = query(driver, GREEN, "EXPLAIN MATCH (n:N) WHERE n.x > 1 RETURN n.x AS x").summary().plan();
        List<String> names = new ArrayList<>(List.of(plan.operatorType()));
        while (!plan.children().isEmpty()) {
            plan = plan.children().get(0);
            names.add(plan.operatorType());
        }
        same(names.stream().anyMatch(name -> name.contains("LabelScan")), true);
        same(query(driver, GREEN, "PROFILE UNWIND [1, 2, 3] AS x RETURN x").summary().profile().records(), 3L);
        Map.of("RETURN 1 AS x", "00000", "UNWIND [] AS x RETURN x", "02000", "CREATE (:N)", "00001").forEach((text, status) ->
            same(query(driver, GREEN, text).summary().gqlStatusObjects().iterator().next().gqlStatus(), status));
    }

    static void routing(Driver driver) throws Exception {
        var nowhere = SessionConfig.builder().withDatabase("nowhere").withDefaultAccessMode(AccessMode.READ).build();
        try (Session session = driver.session(nowhere)) {
            same(codeOf(() -> session.run("RETURN 1").consume()), "Neo.ClientError.Database.DatabaseNotFound");
        }
        var server = query(driver, RED, "RETURN 1 AS x").summary().server();
        same(List.of(server.agent().startsWith("Neo4j/"), server.protocolVersion()), List.of(true, "5.8"));
    }

    public static void main(String[] arguments) {
        LinkedHashMap<String, Harness.Case> cases = new LinkedHashMap<>();
        cases.put("plain values come back as they were", Suite::plainValues);
        cases.put("temporal values come back as they were", Suite::temporalValues);
        cases.put("points come back as they were", Suite::points);
        cases.put("entities and paths", Suite::entities);
        cases.put("three databases are three worlds", Suite::threeWorlds);
        cases.put("databases are administered", Suite::administration);
        cases.put("managed transactions and counters", Suite::managedTransactions);
        cases.put("conflicting writers retry", Suite::conflictingWriters);
        cases.put("transactions by hand", Suite::transactionsByHand);
        cases.put("bookmarks chain sessions", Suite::bookmarks);
        cases.put("errors have their codes", Suite::errorCodes);
        cases.put("wrong passwords are refused", Suite::wrongPasswords);
        cases.put("long streams", Suite::longStreams);
        cases.put("sessions at the same time", Suite::manySessions);
        cases.put("plans and notes", Suite::plans);
        cases.put("routing says where a database is", Suite::routing);
        Harness.run(DATABASES, cases);
    }
}
