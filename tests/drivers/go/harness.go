// What the cases share: where the server is, comparing, and running each case over all schemes.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

var (
	address = os.Getenv("NEXUS_BOLT")
	auth    = neo4j.BasicAuth(os.Getenv("NEXUS_USER"), os.Getenv("NEXUS_PASSWORD"), "")
	all     = context.Background()
)

type object = map[string]any

type driver = neo4j.DriverWithContext

type testCase struct {
	name string
	run  func(driver)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func done(err error) {
	if err != nil {
		panic(err)
	}
}

func same(found, wanted any) {
	if !reflect.DeepEqual(found, wanted) {
		panic(fmt.Sprintf("found %#v, wanted %#v", found, wanted))
	}
}

func failure(err error) *neo4j.Neo4jError {
	var known *neo4j.Neo4jError
	if !errors.As(err, &known) {
		panic(fmt.Sprintf("no error of the server: %v", err))
	}
	return known
}

func codeOf(err error) string { return failure(err).Code }

func query(d driver, database, text string, parameters object) *neo4j.EagerResult {
	return must(try(d, database, text, parameters))
}

func try(d driver, database, text string, parameters object) (*neo4j.EagerResult, error) {
	return neo4j.ExecuteQuery(all, d, text, parameters, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase(database))
}

// The one value of the one record.
func value(d driver, database, text string, parameters object) any {
	records := query(d, database, text, parameters).Records
	same(len(records), 1)
	return records[0].Values[0]
}

// Runs the work in a session of its own, which is closed whatever happens.
func within(d driver, config neo4j.SessionConfig, work func(neo4j.SessionWithContext)) {
	session := d.NewSession(all, config)
	defer func() { done(session.Close(all)) }()
	work(session)
}

func in(database string) neo4j.SessionConfig { return neo4j.SessionConfig{DatabaseName: database} }

// Runs the statement to its end, as an auto-commit transaction.
func consume(session neo4j.SessionWithContext, text string, parameters object) (neo4j.ResultSummary, error) {
	result, err := session.Run(all, text, parameters)
	if err != nil {
		return nil, err
	}
	return result.Consume(all)
}

func connect(scheme string, token neo4j.AuthToken) driver {
	return must(neo4j.NewDriverWithContext(scheme+"://"+address, token, func(config *neo4j.Config) {
		config.MaxTransactionRetryTime = 20 * time.Second
	}))
}

func passes(one testCase, d driver, scheme string) (passed bool) {
	defer func() {
		if why := recover(); why != nil {
			fmt.Printf("go %s:// %s FAILED: %v\n%s", scheme, one.name, why, debug.Stack())
			passed = false
		}
	}()
	one.run(d)
	return true
}

func main() {
	admin := connect("bolt", auth)
	for _, name := range databases {
		query(admin, "system", "CREATE OR REPLACE DATABASE "+name+" WAIT", nil)
	}
	done(admin.Close(all))
	failed, count := 0, 0
	for _, scheme := range []string{"bolt+s", "bolt+ssc", "neo4j+ssc"} {
		d := connect(scheme, auth)
		done(d.VerifyConnectivity(all))
		done(d.Close(all))
	}
	for _, scheme := range []string{"bolt", "neo4j", "neo4j+s"} {
		d := connect(scheme, auth)
		done(d.VerifyConnectivity(all))
		for _, name := range databases {
			query(d, name, "MATCH (n) DETACH DELETE n", nil)
		}
		for _, one := range cases {
			count++
			if !passes(one, d, scheme) {
				failed++
			}
		}
		done(d.Close(all))
	}
	fmt.Printf("go: %d passed, %d failed\n", count-failed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
