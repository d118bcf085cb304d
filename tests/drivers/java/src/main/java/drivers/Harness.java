// What the cases share: where the server is, comparing, and running each case over all schemes.
package drivers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.EagerResult;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Logging;
import org.neo4j.driver.QueryConfig;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.Neo4jException;

final class Harness {
    interface Case {
        void run(Driver driver) throws Exception;
    }

    interface Action {
        void run() throws Exception;
    }

    interface Work {
        void run(int number) throws Exception;
    }

    static final String ADDRESS = System.getenv("NEXUS_BOLT");
    static final AuthToken AUTH = AuthTokens.basic(System.getenv("NEXUS_USER"), System.getenv("NEXUS_PASSWORD"));

    private Harness() {}

    static Driver connect(String scheme, AuthToken auth) {
        var config = Config.builder().withLogging(Logging.none()).withMaxTransactionRetryTime(20, TimeUnit.SECONDS).build();
        return GraphDatabase.driver(scheme + "://" + ADDRESS, auth, config);
    }

    static void same(Object found, Object wanted) {
        if (!Objects.equals(found, wanted)) throw new AssertionError("found " + found + ", wanted " + wanted);
    }

    static Neo4jException failure(Action action) throws Exception {
        try {
            action.run();
        } catch (Neo4jException error) {
            return error;
        }
        throw new AssertionError("no error");
    }

    static String codeOf(Action action) throws Exception {
        return failure(action).code();
    }

    static EagerResult query(Driver driver, String database, String text, Map<String, Object> parameters) {
        var config = QueryConfig.builder().withDatabase(database).build();
        return driver.executableQuery(text).withParameters(parameters).withConfig(config).execute();
    }

    static EagerResult query(Driver driver, String database, String text) {
        return query(driver, database, text, Map.of());
    }

    // The one value of the one record.
    static Value value(Driver driver, String database, String text, Map<String, Object> parameters) {
        var records = query(driver, database, text, parameters).records();
        same(records.size(), 1);
        return records.get(0).get(0);
    }

    static Value value(Driver driver, String database, String text) {
        return value(driver, database, text, Map.of());
    }

    // Runs the work `count` times at once; a failure is this case's failure.
    static void together(int count, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    work.run(number);
                    return null;
                }));
            }
            for (Future<?> one : running) one.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    // Empty databases for each scheme; ends the process, with 1 when a case failed.
    static void run(List<String> databases, LinkedHashMap<String, Case> cases) {
        int failed = 0;
        int count = 0;
        try (Driver admin = connect("bolt", AUTH)) {
            for (String name : databases) query(admin, "system", "CREATE OR REPLACE DATABASE " + name + " WAIT");
        }
        for (String scheme : List.of("bolt+s", "bolt+ssc", "neo4j+ssc")) {
            try (Driver driver = connect(scheme, AUTH)) {
                driver.verifyConnectivity();
            }
        }
        for (String scheme : List.of("bolt", "neo4j", "neo4j+s")) {
            try (Driver driver = connect(scheme, AUTH)) {
                driver.verifyConnectivity();
                for (String name : databases) query(driver, name, "MATCH (n) DETACH DELETE n");
                for (var one : cases.entrySet()) {
                    count++;
                    try {
                        one.getValue().run(driver);
                    } catch (Throwable why) {
                        failed++;
                        System.out.println("java " + scheme + ":// " + one.getKey() + " FAILED");
                        why.printStackTrace(System.out);
                    }
                }
            }
        }
        System.out.println("java: " + (count - failed) + " passed, " + failed + " failed");
        System.exit(failed > 0 ? 1 : 0);
    }
}
