// The Go driver: every value both ways, databases, transactions, bookmarks, routing, errors, retries, streams.
package main

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

var databases = []string{"gopher", "heron", "ibis"}

var cases = []testCase{
	{"plain values come back as they were", plainValues},
	{"temporal values come back as they were", temporalValues},
	{"points come back as they were", points},
	{"entities and paths", entities},
	{"three databases are three worlds", threeWorlds},
	{"databases are administered", administration},
	{"managed transactions and counters", managedTransactions},
	{"conflicting writers retry", conflictingWriters},
	{"transactions by hand", transactionsByHand},
	{"bookmarks chain sessions", bookmarks},
	{"errors have their codes", errorCodes},
	{"wrong passwords are refused", wrongPasswords},
	{"long streams", longStreams},
	{"sessions at the same time", manySessions},
	{"plans and notes", plans},
	{"routing says where a database is", routing},
}

func echo(d driver, sent any) any {
	return value(d, databases[0], "RETURN $x AS x", object{"x": sent})
}

func plainValues(d driver) {
	long := make([]any, 40_000)
	for i := range long {
		long[i] = int64(i)
	}
	wide := object{}
	for i := 0; i < 300; i++ {
		wide[fmt.Sprint(i)] = int64(i)
	}
	values := []any{nil, true, false, int64(0), int64(-1), int64(-16), int64(-17), int64(127), int64(128), int64(-129), int64(32_767),
		int64(-32_769), int64(1) << 31, int64(math.MaxInt64), int64(math.MinInt64), 0.0, -0.5, 1e300, math.Inf(1), "", "a",
		strings.Repeat("ä€😀", 30), strings.Repeat("x", 70_000), []any{}, []any{int64(1), "two", nil, []any{3.0}}, object{},
		object{"a": object{"b": []any{int64(1), object{"c": nil}}}}, long, wide}
	for _, one := range values {
		same(echo(d, one), one)
	}
	same(math.IsNaN(echo(d, math.NaN()).(float64)), true)
	_, err := try(d, databases[0], "RETURN $x AS x", object{"x": []byte("bytes")})
	same(codeOf(err), "Neo.ClientError.Statement.UnsupportedOperationError")
}

func temporalValues(d driver) {
	offset := time.FixedZone("Offset", 7_200)
	stockholm := must(time.LoadLocation("Europe/Stockholm"))
	for _, one := range []time.Time{time.Date(2024, 7, 1, 12, 0, 0, 5, offset), time.Date(2024, 7, 1, 12, 0, 0, 5, stockholm),
		time.Date(1969, 12, 31, 23, 59, 59, 1, stockholm)} {
		found := echo(d, one).(time.Time)
		same(found.Equal(one), true)
		same(found.Format(time.RFC3339Nano), one.Format(time.RFC3339Nano))
	}
	same(echo(d, time.Date(2024, 7, 1, 12, 0, 0, 5, stockholm)).(time.Time).Location().String(), "Europe/Stockholm")
	when := time.Date(2024, 2, 29, 23, 59, 58, 123_456_789, offset)
	for _, one := range []fmt.Stringer{neo4j.DateOf(when), neo4j.DateOf(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)), neo4j.LocalTimeOf(when),
		neo4j.LocalDateTimeOf(when), neo4j.LocalDateTimeOf(time.Date(1969, 12, 31, 23, 59, 59, 1, time.UTC)),
		neo4j.OffsetTimeOf(when), neo4j.DurationOf(14, -3, 5, 7), neo4j.DurationOf(0, 0, -2, 500_000_000)} {
		found := echo(d, one)
		same(fmt.Sprintf("%T %v", found, found), fmt.Sprintf("%T %v", one, one))
	}
	row := query(d, databases[0], "RETURN datetime('2024-01-01T00:00:00[Europe/Stockholm]') AS d, date('2020-02-02') AS a, "+
		"duration('P1Y2M3DT4H5M6.7S') AS u", nil).Records[0]
	same(row.Values[0].(time.Time).Format(time.RFC3339), "2024-01-01T00:00:00+01:00")
	same(row.Values[1].(neo4j.Date).String(), "2020-02-02")
	same(row.Values[2], neo4j.DurationOf(14, 3, 4*3_600+5*60+6, 700_000_000))
}

func points(d driver) {
	for _, one := range []any{neo4j.Point2D{X: 1.5, Y: -2, SpatialRefId: 7203}, neo4j.Point3D{X: 1, Y: 2, Z: 3, SpatialRefId: 9157},
		neo4j.Point2D{X: 12.5, Y: 55.7, SpatialRefId: 4326}, neo4j.Point3D{X: 1, Y: 2, Z: 3, SpatialRefId: 4979}} {
		same(echo(d, one), one)
	}
}

func entities(d driver) {
	record := query(d, databases[0], "CREATE p = (a:A:B {name: 'a'})-[r:KNOWS {since: 1}]->(b)<-[:LIKES]-(c {n: [1, 2]}) RETURN p, a, r", nil).Records[0]
	path, a, r := record.Values[0].(neo4j.Path), record.Values[1].(neo4j.Node), record.Values[2].(neo4j.Relationship)
	same(len(a.Labels), 2)
	same(a.Props, object{"name": "a"})
	same([]any{r.Type, r.Props, r.StartElementId, r.EndElementId}, []any{"KNOWS", object{"since": int64(1)}, a.ElementId, path.Nodes[1].ElementId})
	same([]string{path.Relationships[0].Type, path.Relationships[1].Type}, []string{"KNOWS", "LIKES"})
	same(path.Relationships[1].EndElementId, path.Nodes[1].ElementId)
	same(path.Nodes[2].Props, object{"n": []any{int64(1), int64(2)}})
	found := value(d, databases[0], "MATCH (n) WHERE elementId(n) = $id RETURN n", object{"id": a.ElementId}).(neo4j.Node)
	same(found, a)
	single := value(d, databases[0], "MATCH p = (n:A) RETURN p", nil).(neo4j.Path)
	same([]int{len(single.Nodes), len(single.Relationships)}, []int{1, 0})
	back := value(d, databases[0], "MATCH p = (b)<-[:KNOWS]-(a:A) RETURN p", nil).(neo4j.Path)
	same([]string{back.Nodes[1].ElementId, back.Relationships[0].StartElementId}, []string{a.ElementId, a.ElementId})
}

func threeWorlds(d driver) {
	for i, name := range databases {
		query(d, name, "CREATE (:Here {name: $name, index: $i})", object{"name": name, "i": i})
	}
	for _, name := range databases {
		result := query(d, name, "MATCH (h:Here) RETURN collect(h.name) AS names", nil)
		same(result.Records[0].Values[0], []any{name})
		same(result.Summary.Database().Name(), name)
	}
	same(value(d, "neo4j", "MATCH (h:Here) WHERE h.name IN $names RETURN count(h)", object{"names": databases}), int64(0))
	sessions := make([]neo4j.SessionWithContext, len(databases))
	transactions := make([]neo4j.ExplicitTransaction, len(databases))
	for i, name := range databases {
		sessions[i] = d.NewSession(all, in(name))
		transactions[i] = must(sessions[i].BeginTransaction(all))
	}
	for i, name := range databases {
		must(transactions[i].Run(all, "CREATE (:There {name: $name})", object{"name": name}))
	}
	done(transactions[0].Commit(all))
	done(transactions[1].Rollback(all))
	done(transactions[2].Commit(all))
	for i, wanted := range []int64{1, 0, 1} {
		done(sessions[i].Close(all))
		same(value(d, databases[i], "MATCH (x:There) RETURN count(x)", nil), wanted)
	}
	within(d, in(""), func(session neo4j.SessionWithContext) {
		record := must(must(session.Run(all, "USE "+databases[2]+" MATCH (h:Here) RETURN h.index", nil)).Single(all))
		same(record.Values[0], int64(2))
	})
}

func administration(d driver) {
	counters := query(d, "system", "CREATE DATABASE `fleeting` WAIT", nil).Summary.Counters()
	same([]any{counters.SystemUpdates(), counters.ContainsSystemUpdates()}, []any{1, true})
	names := value(d, "system", "SHOW DATABASES YIELD name WHERE name = 'fleeting' RETURN collect(name)", nil)
	same(names, []any{"fleeting"})
	query(d, "system", "DROP DATABASE `fleeting` IF EXISTS WAIT", nil)
	_, err := try(d, "fleeting", "RETURN 1", nil)
	same(codeOf(err), "Neo.ClientError.Database.DatabaseNotFound")
}

func managedTransactions(d driver) {
	within(d, in(databases[1]), func(session neo4j.SessionWithContext) {
		write := func(text string) (neo4j.ResultSummary, error) {
			summary, err := session.ExecuteWrite(all, func(tx neo4j.ManagedTransaction) (any, error) {
				result, err := tx.Run(all, text, nil)
				if err != nil {
					return nil, err
				}
				return result.Consume(all)
			})
			if err != nil {
				return nil, err
			}
			return summary.(neo4j.ResultSummary), nil
		}
		summary := must(write("CREATE (:N {a: 1})-[:R]->(:N)"))
		counters := summary.Counters()
		same([]int{counters.NodesCreated(), counters.RelationshipsCreated(), counters.LabelsAdded(), counters.PropertiesSet()}, []int{2, 1, 2, 1})
		same([]any{summary.StatementType(), summary.Database().Name(), counters.ContainsUpdates()}, []any{neo4j.StatementTypeWriteOnly, databases[1], true})
		_, err := session.ExecuteRead(all, func(tx neo4j.ManagedTransaction) (any, error) {
			result, err := tx.Run(all, "CREATE (:N)", nil)
			if err != nil {
				return nil, err
			}
			return result.Consume(all)
		})
		same(codeOf(err), "Neo.ClientError.Statement.AccessMode")
		tries := 0
		must(session.ExecuteWrite(all, func(tx neo4j.ManagedTransaction) (any, error) {
			tries++
			must(must(tx.Run(all, "CREATE (:Flaky)", nil)).Consume(all))
			if tries < 3 {
				return nil, &neo4j.Neo4jError{Code: "Neo.TransientError.General.Test", Msg: "again"}
			}
			return nil, nil
		}))
		same(tries, 3)
		same(value(d, databases[1], "MATCH (f:Flaky) RETURN count(f)", nil), int64(1))
	})
}

func conflictingWriters(d driver) {
	query(d, databases[2], "CREATE (:Counter {n: 0})", nil)
	together(3, func(int) {
		within(d, in(databases[2]), func(session neo4j.SessionWithContext) {
			for i := 0; i < 2; i++ {
				must(session.ExecuteWrite(all, func(tx neo4j.ManagedTransaction) (any, error) {
					result, err := tx.Run(all, "MATCH (c:Counter) RETURN c.n", nil)
					if err != nil {
						return nil, err
					}
					record, err := result.Single(all)
					if err != nil {
						return nil, err
					}
					result, err = tx.Run(all, "MATCH (c:Counter) SET c.n = $n", object{"n": record.Values[0].(int64) + 1})
					if err != nil {
						return nil, err
					}
					return result.Consume(all)
				}))
			}
		})
	})
	same(value(d, databases[2], "MATCH (c:Counter) RETURN c.n", nil), int64(6))
}

func transactionsByHand(d driver) {
	within(d, in(databases[0]), func(session neo4j.SessionWithContext) {
		tx := must(session.BeginTransaction(all, neo4j.WithTxMetadata(object{"app": "suite"}), neo4j.WithTxTimeout(30*time.Second)))
		same(must(must(tx.Run(all, "CALL tx.getMetaData()", nil)).Single(all)).Values[0], object{"app": "suite"})
		first := must(tx.Run(all, "UNWIND range(1, 3000) AS i RETURN i", nil))
		second := must(tx.Run(all, "UNWIND range(1, 3000) AS i RETURN -i AS i", nil))
		same([]bool{second.Next(all), first.Next(all), second.Next(all)}, []bool{true, true, true})
		same([]any{second.Record().Values[0], first.Record().Values[0]}, []any{int64(-2), int64(1)})
		same([]int{len(must(first.Collect(all))), len(must(second.Collect(all)))}, []int{2999, 2998})
		must(tx.Run(all, "CREATE (:Lost)", nil))
		done(tx.Rollback(all))
		same(value(d, databases[0], "MATCH (x:Lost) RETURN count(x)", nil), int64(0))
		tx = must(session.BeginTransaction(all))
		result, err := tx.Run(all, "RETURN 1/0 AS x", nil)
		if err == nil {
			_, err = result.Consume(all)
		}
		same(codeOf(err), "Neo.ClientError.Statement.ArithmeticError")
		done(tx.Close(all))
		for _, text := range []string{"BEGIN", "COMMIT", ":USE " + databases[1]} {
			_, err := consume(session, text, nil)
			same(codeOf(err), "Neo.ClientError.Transaction.ForbiddenDueToTransactionType")
		}
		must(consume(session, "RETURN 1 AS x", nil))
	})
}

func bookmarks(d driver) {
	var last neo4j.Bookmarks
	seen := map[string]bool{}
	for i := 0; i < 3; i++ {
		within(d, neo4j.SessionConfig{DatabaseName: databases[1], Bookmarks: last}, func(session neo4j.SessionWithContext) {
			must(consume(session, "CREATE (:Step {n: $n})", object{"n": i}))
			last = session.LastBookmarks()
			same(len(last), 1)
			seen[last[0]] = true
		})
	}
	same(len(seen), 3)
	within(d, neo4j.SessionConfig{DatabaseName: databases[0], Bookmarks: last}, func(session neo4j.SessionWithContext) {
		must(consume(session, "RETURN 1 AS x", nil))
	})
	nonsense := neo4j.BookmarksFromRawValues("nonsense")
	within(d, neo4j.SessionConfig{DatabaseName: databases[0], Bookmarks: nonsense}, func(session neo4j.SessionWithContext) {
		_, err := consume(session, "RETURN 1 AS x", nil)
		same(codeOf(err), "Neo.ClientError.Transaction.InvalidBookmark")
	})
}

func errorCodes(d driver) {
	for text, wanted := range map[string][2]string{
		"RETURN":             {"Statement.SyntaxError", "42"},
		"RETURN $missing":    {"Statement.ParameterMissing", "42"},
		"RETURN 1/0":         {"Statement.ArithmeticError", "22"},
		"CALL no.such()":     {"Procedure.ProcedureNotFound", "42"},
		"MATCH (a) RETURN b": {"Statement.SyntaxError", "42"},
	} {
		_, err := try(d, databases[0], text, nil)
		found := failure(err)
		same(found.Code, "Neo.ClientError."+wanted[0])
		same(found.GqlStatus[:2], wanted[1])
	}
	within(d, in(databases[0]), func(session neo4j.SessionWithContext) {
		_, err := consume(session, "RETURN\n  nothing", nil)
		found := failure(err)
		same([]any{found.GqlStatus, string(found.GqlClassification)}, []any{"42N62", "CLIENT_ERROR"})
		same(found.GqlDiagnosticRecord["_position"].(object)["line"], int64(2))
		same(strings.HasPrefix(found.GqlStatusDescription, "error: syntax error or access rule violation"), true)
		result := must(session.Run(all, "UNWIND range(3000, 0, -1) AS i RETURN 1/i AS x", nil))
		_, err = result.Collect(all)
		same(codeOf(err), "Neo.ClientError.Statement.ArithmeticError")
		must(consume(session, "RETURN 1 AS x", nil))
		result, err = session.Run(all, "UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j WITH i, j WHERE i < 0 RETURN i", nil,
			neo4j.WithTxTimeout(200*time.Millisecond))
		if err == nil {
			_, err = result.Consume(all)
		}
		same(codeOf(err), "Neo.ClientError.Transaction.TransactionTimedOut")
	})
	within(d, neo4j.SessionConfig{DatabaseName: databases[0], ImpersonatedUser: "somebody"}, func(session neo4j.SessionWithContext) {
		_, err := consume(session, "RETURN 1", nil)
		same(codeOf(err), "Neo.ClientError.Security.Forbidden")
	})
	_, err := try(d, "nowhere", "RETURN 1", nil)
	same(codeOf(err), "Neo.ClientError.Database.DatabaseNotFound")
}

func wrongPasswords(d driver) {
	for _, token := range []neo4j.AuthToken{neo4j.BasicAuth(fmt.Sprint("nobody-", time.Now().UnixNano()), "wrong", ""), neo4j.NoAuth()} {
		other := connect("bolt", token)
		same(codeOf(other.VerifyConnectivity(all)), "Neo.ClientError.Security.Unauthorized")
		done(other.Close(all))
	}
	done(d.VerifyAuthentication(all, &auth))
}

func longStreams(d driver) {
	for _, size := range []int{1_000, neo4j.FetchAll} {
		within(d, neo4j.SessionConfig{DatabaseName: databases[0], FetchSize: size}, func(session neo4j.SessionWithContext) {
			result := must(session.Run(all, "UNWIND range(1, 100000) AS i RETURN i, 'row ' + toString(i) AS text", nil))
			total := int64(0)
			for result.Next(all) {
				total += result.Record().Values[0].(int64)
			}
			done(result.Err())
			same(total, int64(5_000_050_000))
			same(must(result.Consume(all)).Database().Name(), databases[0])
			result = must(session.Run(all, "UNWIND range(1, 100000) AS i RETURN i", nil))
			same([]bool{result.Next(all), result.Next(all)}, []bool{true, true})
			must(result.Consume(all))
		})
	}
}

// Runs the work `count` times at once; a failure is this case's failure.
func together(count int, work func(int)) {
	var group sync.WaitGroup
	failures := make([]any, count)
	for i := 0; i < count; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			defer func() { failures[i] = recover() }()
			work(i)
		}(i)
	}
	group.Wait()
	for _, why := range failures {
		if why != nil {
			panic(why)
		}
	}
}

func manySessions(d driver) {
	together(20, func(worker int) {
		within(d, in(databases[worker%3]), func(session neo4j.SessionWithContext) {
			for i := 0; i < 5; i++ {
				must(consume(session, "CREATE (:Busy {worker: $w})", object{"w": worker}))
			}
			result := must(session.Run(all, "MATCH (b:Busy {worker: $w}) RETURN count(b)", object{"w": worker}))
			same(must(result.Single(all)).Values[0], int64(5))
		})
	})
}

func plans(d driver) {
	plan := query(d, databases[1], "EXPLAIN MATCH (n:N) WHERE n.x > 1 RETURN n.x AS x", nil).Summary.Plan()
	var names []string
	for at := plan; ; at = at.Children()[0] {
		names = append(names, at.Operator())
		if len(at.Children()) == 0 {
			break
		}
	}
	same(strings.Contains(strings.Join(names, " "), "LabelScan"), true)
	same(query(d, databases[1], "PROFILE UNWIND [1, 2, 3] AS x RETURN x", nil).Summary.Profile().Records(), int64(3))
	for text, status := range map[string]string{"RETURN 1 AS x": "00000", "UNWIND [] AS x RETURN x": "02000", "CREATE (:N)": "00001"} {
		same(query(d, databases[1], text, nil).Summary.GqlStatusObjects()[0].GqlStatus(), status)
	}
}

func routing(d driver) {
	within(d, neo4j.SessionConfig{DatabaseName: "nowhere", AccessMode: neo4j.AccessModeRead}, func(session neo4j.SessionWithContext) {
		_, err := consume(session, "RETURN 1", nil)
		same(codeOf(err), "Neo.ClientError.Database.DatabaseNotFound")
	})
	info := must(d.GetServerInfo(all))
	same(strings.HasPrefix(info.Agent(), "Neo4j/"), true)
	same([]int{info.ProtocolVersion().Major, info.ProtocolVersion().Minor}, []int{5, 8})
}
