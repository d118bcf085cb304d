import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.EagerResult;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Query;
import org.neo4j.driver.QueryConfig;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.types.Path;

/** The Java driver: values both ways, databases, transactions, bookmarks, routing, errors, streams. */
public class Suite {
    static final String ADDRESS = System.getenv("NEXUS_BOLT");
    static final List<String> DATABASES = List.of("oak", "ash", "elm");

    interface Test {
        void run(Driver driver) throws Exception;
    }

    static void same(Object found, Object wanted) {
        if (!wanted.equals(found)) throw new AssertionError("found " + found + ", wanted " + wanted);
    }

    static EagerResult query(Driver driver, String database, String text, Map<String, Object> parameters) {
        return driver.executableQuery(text).withParameters(parameters)
                .withConfig(QueryConfig.builder().withDatabase(database).build()).execute();
    }

    static String codeOf(Runnable action) {
        try {
            action.run();
        } catch (Neo4jException problem) {
            return problem.code();
        }
        throw new AssertionError("no error");
    }

    static void values(Driver driver) {
        Object[] all = {true, 1L, Long.MIN_VALUE, 1.5, "", "ä€😀", List.of(1L, List.of("two")), Map.of("a", 1L),
            java.time.LocalDate.of(2024, 2, 29), java.time.LocalTime.of(23, 59, 59, 999999999),
            java.time.LocalDateTime.of(1969, 12, 31, 23, 59, 59, 1), java.time.OffsetTime.parse("01:02:03+01:00"),
            java.time.ZonedDateTime.parse("2024-07-01T12:00:00.000000005+02:00[Europe/Stockholm]")};
        for (Object value : all) {
            Value found = query(driver, DATABASES.get(0), "RETURN $x AS x", Map.of("x", value)).records().get(0).get("x");
            same(found, Values.value(value));
        }
        Value point = Values.point(4979, 1, 2, 3);
        same(query(driver, DATABASES.get(0), "RETURN $x AS x", Map.of("x", point)).records().get(0).get("x"), point);
        Value span = Values.isoDuration(14, -3, 5, 7);
        same(query(driver, DATABASES.get(0), "RETURN $x AS x", Map.of("x", span)).records().get(0).get("x"), span);
    }

    static void entities(Driver driver) {
        var record = query(driver, DATABASES.get(0), "CREATE p = (a:A {n: 1})-[r:KNOWS]->(b)<-[:LIKES]-(c) RETURN p, a, r", Map.of()).records().get(0);
        Path path = record.get("p").asPath();
        same(path.length(), 2);
        same(path.start().elementId(), record.get("a").asNode().elementId());
        same(record.get("r").asRelationship().startNodeElementId(), record.get("a").asNode().elementId());
    }

    static void worlds(Driver driver) {
        for (String name : DATABASES) query(driver, name, "CREATE (:Here {name: $name})", Map.of("name", name));
        for (String name : DATABASES) {
            EagerResult result = query(driver, name, "MATCH (h:Here) RETURN collect(h.name) AS names", Map.of());
            same(result.records().get(0).get("names").asList(), List.of(name));
            same(result.summary().database().name(), name);
        }
    }

    static void transactions(Driver driver) {
        try (var session = driver.session(SessionConfig.forDatabase(DATABASES.get(1)))) {
            var summary = session.executeWrite(tx -> tx.run("CREATE (:N {a: 1})-[:R]->(:N)").consume());
            same(summary.counters().nodesCreated(), 2);
            var first = session.lastBookmarks();
            try (var tx = session.beginTransaction()) {
                tx.run("CREATE (:Lost)");
                tx.rollback();
            }
            try (var tx = session.beginTransaction()) {
                tx.run("CREATE (:Kept)");
                tx.commit();
            }
            same(session.run("MATCH (x:Lost) RETURN count(x) AS c").single().get("c").asInt(), 0);
            same(session.run("MATCH (x:Kept) RETURN count(x) AS c").single().get("c").asInt(), 1);
            same(first.equals(session.lastBookmarks()), false);
        }
    }

    static void refusals(Driver driver) {
        String database = DATABASES.get(0);
        same(codeOf(() -> query(driver, database, "RETURN", Map.of())), "Neo.ClientError.Statement.SyntaxError");
        same(codeOf(() -> query(driver, database, "RETURN $x", Map.of())), "Neo.ClientError.Statement.ParameterMissing");
        same(codeOf(() -> query(driver, database, "RETURN 1/0", Map.of())), "Neo.ClientError.Statement.ArithmeticError");
        same(codeOf(() -> query(driver, "nowhere", "RETURN 1", Map.of())), "Neo.ClientError.Database.DatabaseNotFound");
        try (Driver stranger = GraphDatabase.driver("bolt://" + ADDRESS, AuthTokens.basic("nobody", "wrong"))) {
            same(codeOf(stranger::verifyConnectivity), "Neo.ClientError.Security.Unauthorized");
        }
    }

    static void streams(Driver driver) {
        try (var session = driver.session(SessionConfig.builder().withDatabase(DATABASES.get(0)).withFetchSize(1000).build())) {
            long total = 0;
            var result = session.run(new Query("UNWIND range(1, 100000) AS i RETURN i, 'row ' + toString(i) AS text"));
            while (result.hasNext()) total += result.next().get("i").asLong();
            same(total, 5000050000L);
        }
    }

    static void together(Driver driver) throws InterruptedException {
        AtomicInteger right = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            final int worker = number;
            threads.add(new Thread(() -> {
                String name = DATABASES.get(worker % 3);
                for (int i = 0; i < 5; i++) query(driver, name, "CREATE (:Busy {worker: $w})", Map.of("w", worker));
                right.addAndGet(query(driver, name, "MATCH (b:Busy {worker: $w}) RETURN count(b) AS c", Map.of("w", worker)).records().get(0).get("c").asInt());
            }));
        }
        for (Thread thread : threads) thread.start();
        for (Thread thread : threads) thread.join();
        same(right.get(), 60);
    }

    public static void main(String[] arguments) {
        int passed = 0;
        int failed = 0;
        Map<String, Test> tests = Map.of("values", Suite::values, "entities", Suite::entities, "worlds", Suite::worlds,
            "transactions", Suite::transactions, "refusals", Suite::refusals, "streams", Suite::streams, "together", Suite::together);
        for (String scheme : List.of("bolt", "neo4j")) {
            try (Driver driver = GraphDatabase.driver(scheme + "://" + ADDRESS,
                    AuthTokens.basic(System.getenv("NEXUS_USER"), System.getenv("NEXUS_PASSWORD")))) {
                for (String name : DATABASES) query(driver, "system", "CREATE OR REPLACE DATABASE " + name + " WAIT", Map.of());
                for (var test : tests.entrySet()) {
                    try {
                        test.getValue().run(driver);
                        passed++;
                    } catch (Throwable problem) {
                        failed++;
                        System.out.println("java " + scheme + ":// " + test.getKey() + " FAILED");
                        problem.printStackTrace(System.out);
                    }
                }
            }
        }
        System.out.println("java: " + passed + " passed, " + failed + " failed");
        System.exit(failed > 0 ? 1 : 0);
    }
}
