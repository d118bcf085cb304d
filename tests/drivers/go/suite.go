// The Go driver: values both ways, databases, transactions, bookmarks, routing, errors, streams.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

var (
	ctx       = context.Background()
	address   = os.Getenv("NEXUS_BOLT")
	auth      = neo4j.BasicAuth(os.Getenv("NEXUS_USER"), os.Getenv("NEXUS_PASSWORD"), "")
	databases = []string{"rose", "mint", "sand"}
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func same(found, wanted any) {
	if !reflect.DeepEqual(found, wanted) {
		panic(fmt.Sprintf("found %#v, wanted %#v", found, wanted))
	}
}

func query(driver neo4j.DriverWithContext, database, text string, parameters map[string]any) *neo4j.EagerResult {
	return must(neo4j.ExecuteQuery(ctx, driver, text, parameters, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase(database)))
}

func codeOf(err error) string {
	var known *neo4j.Neo4jError
	if errors.As(err, &known) {
		return known.Code
	}
	return fmt.Sprint(err)
}

func codeOfQuery(driver neo4j.DriverWithContext, database, text string) string {
	_, err := neo4j.ExecuteQuery(ctx, driver, text, nil, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase(database))
	return codeOf(err)
}

func values(driver neo4j.DriverWithContext) {
	list := []any{nil, true, int64(1), int64(-1 << 63), 1.5, "", "ä€😀", []any{int64(1), []any{"two"}}, map[string]any{"a": int64(1)},
		neo4j.Duration{Months: 14, Days: -3, Seconds: 5, Nanos: 7}, neo4j.Point2D{X: 1.5, Y: 2, SpatialRefId: 7203},
		neo4j.Point3D{X: 1, Y: 2, Z: 3, SpatialRefId: 4979}}
	for _, value := range list {
		result := query(driver, databases[0], "RETURN $x AS x", map[string]any{"x": value})
		same(result.Records[0].Values[0], value)
	}
	record := query(driver, databases[0], "RETURN datetime('2024-07-01T12:00:00[Europe/Stockholm]') AS z, date('2024-02-29') AS d", nil).Records[0]
	same(record.AsMap()["z"].(time.Time).Format(time.RFC3339), "2024-07-01T12:00:00+02:00")
	same(record.AsMap()["d"].(neo4j.Date).String(), "2024-02-29")
}

func entities(driver neo4j.DriverWithContext) {
	record := query(driver, databases[0], "CREATE p = (a:A {n: 1})-[r:KNOWS]->(b)<-[:LIKES]-(c) RETURN p, a, r", nil).Records[0].AsMap()
	path, node, relationship := record["p"].(neo4j.Path), record["a"].(neo4j.Node), record["r"].(neo4j.Relationship)
	same(len(path.Relationships), 2)
	same(node.Labels, []string{"A"})
	same(relationship.StartElementId, node.ElementId)
	same(path.Relationships[1].EndElementId, path.Nodes[1].ElementId)
}

func worlds(driver neo4j.DriverWithContext) {
	for _, name := range databases {
		query(driver, name, "CREATE (:Here {name: $name})", map[string]any{"name": name})
	}
	for _, name := range databases {
		result := query(driver, name, "MATCH (h:Here) RETURN collect(h.name) AS names", nil)
		same(result.Records[0].Values[0], []any{name})
		same(result.Summary.Database().Name(), name)
	}
}

func transactions(driver neo4j.DriverWithContext) {
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: databases[1]})
	defer session.Close(ctx)
	summary := must(session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return must(tx.Run(ctx, "CREATE (:N {a: 1})-[:R]->(:N)", nil)).Consume(ctx)
	})).(neo4j.ResultSummary)
	same([]int{summary.Counters().NodesCreated(), summary.Counters().PropertiesSet()}, []int{2, 1})
	first := session.LastBookmarks()
	tx := must(session.BeginTransaction(ctx))
	must(tx.Run(ctx, "CREATE (:Lost)", nil))
	if err := tx.Rollback(ctx); err != nil {
		panic(err)
	}
	tx = must(session.BeginTransaction(ctx))
	must(tx.Run(ctx, "CREATE (:Kept)", nil))
	if err := tx.Commit(ctx); err != nil {
		panic(err)
	}
	same(query(driver, databases[1], "MATCH (x:Lost) RETURN count(x)", nil).Records[0].Values[0], int64(0))
	same(query(driver, databases[1], "MATCH (x:Kept) RETURN count(x)", nil).Records[0].Values[0], int64(1))
	if reflect.DeepEqual(first, session.LastBookmarks()) {
		panic("a commit without a new bookmark")
	}
}

func refusals(driver neo4j.DriverWithContext) {
	same(codeOfQuery(driver, databases[0], "RETURN"), "Neo.ClientError.Statement.SyntaxError")
	same(codeOfQuery(driver, databases[0], "RETURN $x"), "Neo.ClientError.Statement.ParameterMissing")
	same(codeOfQuery(driver, databases[0], "RETURN 1/0"), "Neo.ClientError.Statement.ArithmeticError")
	same(codeOfQuery(driver, "nowhere", "RETURN 1"), "Neo.ClientError.Database.DatabaseNotFound")
	stranger := must(neo4j.NewDriverWithContext("bolt://"+address, neo4j.BasicAuth("nobody", "wrong", "")))
	defer stranger.Close(ctx)
	same(codeOf(stranger.VerifyConnectivity(ctx)), "Neo.ClientError.Security.Unauthorized")
}

func streams(driver neo4j.DriverWithContext) {
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: databases[0], FetchSize: 1000})
	defer session.Close(ctx)
	result := must(session.Run(ctx, "UNWIND range(1, 100000) AS i RETURN i, 'row ' + toString(i) AS text", nil))
	var total int64
	for result.Next(ctx) {
		total += result.Record().Values[0].(int64)
	}
	same(result.Err(), nil)
	same(total, int64(5000050000))
}

func together(driver neo4j.DriverWithContext) {
	var group sync.WaitGroup
	failures := make(chan any, 20)
	for worker := 0; worker < 20; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			defer func() {
				if problem := recover(); problem != nil {
					failures <- problem
				}
			}()
			name, parameters := databases[worker%3], map[string]any{"worker": worker}
			for i := 0; i < 5; i++ {
				query(driver, name, "CREATE (:Busy {worker: $worker})", parameters)
			}
			same(query(driver, name, "MATCH (b:Busy {worker: $worker}) RETURN count(b)", parameters).Records[0].Values[0], int64(5))
		}()
	}
	group.Wait()
	same(len(failures), 0)
}

func main() {
	passed, failed := 0, 0
	attempt := func(name string, driver neo4j.DriverWithContext, test func(neo4j.DriverWithContext)) {
		defer func() {
			if problem := recover(); problem != nil {
				failed++
				fmt.Println("go", name, "FAILED:", problem)
				return
			}
			passed++
		}()
		test(driver)
	}
	for _, scheme := range []string{"bolt", "neo4j"} {
		driver := must(neo4j.NewDriverWithContext(scheme+"://"+address, auth))
		for _, name := range databases {
			query(driver, "system", "CREATE OR REPLACE DATABASE "+name+" WAIT", nil)
		}
		attempt(scheme+" values", driver, values)
		attempt(scheme+" entities", driver, entities)
		attempt(scheme+" worlds", driver, worlds)
		attempt(scheme+" transactions", driver, transactions)
		attempt(scheme+" refusals", driver, refusals)
		attempt(scheme+" streams", driver, streams)
		attempt(scheme+" together", driver, together)
		driver.Close(ctx)
	}
	fmt.Printf("go: %d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
