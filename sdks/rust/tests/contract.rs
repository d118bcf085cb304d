//! The contract through the Rust client: the conversations of tests/contract in the repository.
//! Without a server (`NEXUS_TEST_URL`), or outside the repository, there is nothing to run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nexusdb::{
    Client, Create, DatabaseInfo, Error, ErrorKind, ListDatabases, QueryResult, Retry, Row, Session, Summary, Transaction,
    TransactionOptions, Value,
};
use serde_json::{json, Value as Json};

struct Step {
    at: String,
    verb: String,
    is_optional: bool,
    given: String,
    fails: bool,
    expected: String,
}

fn conversations(folder: &PathBuf) -> Vec<(String, Vec<Step>)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut found: Vec<(String, Vec<Step>)> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        while let Some((number, line)) = lines.next() {
            if let Some(name) = line.strip_prefix("conversation ") {
                found.push((format!("{stem}: {name}"), Vec::new()));
                continue;
            }
            let (verb, given) = line.split_once(' ').unwrap();
            let (_, expectation) = lines.next().unwrap();
            found.last_mut().unwrap().1.push(Step {
                at: format!("{stem}.txt:{}", number + 1),
                verb: verb.trim_end_matches('?').to_owned(),
                is_optional: verb.ends_with('?'),
                given: given.to_owned(),
                fails: expectation.starts_with('!'),
                expected: expectation[2..].to_owned(),
            });
        }
    }
    found
}

fn difference(expected: &Json, actual: &Json, at: &str) -> Option<String> {
    let wrong = || Some(format!("{at} is {actual}, not {expected}"));
    match (expected, actual) {
        (Json::String(any), _) if any == "*" => None,
        (Json::Object(members), Json::Object(_)) => {
            if members.contains_key("$type") && expected != actual {
                return wrong();
            }
            members.iter().find_map(|(key, value)| difference(value, &actual[key.as_str()], &format!("{at}.{key}")))
        }
        (Json::Array(wanted), Json::Array(items)) if wanted.len() == items.len() => {
            wanted.iter().zip(items).enumerate().find_map(|(n, (wanted, item))| difference(wanted, item, &format!("{at}[{n}]")))
        }
        (Json::Number(wanted), Json::Number(number)) if wanted.as_f64() == number.as_f64() => None,
        _ if expected == actual => None,
        _ => wrong(),
    }
}

fn typed(name: &str, value: impl ToString) -> Json {
    json!({"$type": name, "_value": value.to_string()})
}

fn simple_map(map: &BTreeMap<String, Value>) -> Json {
    Json::Object(map.iter().map(|(key, value)| (key.clone(), simple(value))).collect())
}

/// A value of the client as the contract writes it.
fn simple(value: &Value) -> Json {
    match value {
        Value::Integer(integer) if integer.unsigned_abs() >= 1 << 53 => typed("Integer", integer),
        Value::List(items) => items.iter().map(simple).collect(),
        Value::Map(map) => simple_map(map),
        Value::Node(node) => {
            let mut labels = node.labels.clone();
            labels.sort();
            json!({"$node": {"labels": labels, "properties": simple_map(&node.properties)}})
        }
        Value::Relationship(one) => {
            json!({"$relationship": {"type": one.relationship_type, "properties": simple_map(&one.properties)}})
        }
        Value::Path(path) => {
            let mut parts = Vec::new();
            for (at, node) in path.nodes.iter().enumerate() {
                parts.push(simple(&Value::Node(node.clone())));
                parts.extend(path.relationships.get(at).map(|one| simple(&Value::Relationship(one.clone()))));
            }
            json!({"$path": parts})
        }
        other => other.to_parameter().unwrap(),
    }
}

/// A value of the contract as one of the client.
fn native(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Boolean(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Integer),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(native).collect()),
        Json::Object(members) if members.contains_key("$type") => Value::from_typed(json).unwrap(),
        Json::Object(members) => Value::Map(members.iter().map(|(key, value)| (key.clone(), native(value))).collect()),
    }
}

fn rows_json<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Json {
    rows.into_iter().map(|row| row.values().iter().map(simple).collect::<Json>()).collect()
}

fn answer(columns: &[String], rows: &[Row], summary: &Summary) -> Json {
    let counters = summary.counters;
    json!({"columns": columns, "rows": rows_json(rows), "database": summary.database, "counters": {
        "nodesCreated": counters.nodes_created, "nodesDeleted": counters.nodes_deleted, "labelsAdded": counters.labels_added,
        "relationshipsCreated": counters.relationships_created, "relationshipsDeleted": counters.relationships_deleted,
        "propertiesSet": counters.properties_set, "labelsRemoved": counters.labels_removed, "systemUpdates": counters.system_updates}})
}

fn answer_of(result: &QueryResult) -> Json {
    answer(result.columns(), result.rows(), result.summary())
}

fn described(info: DatabaseInfo) -> Json {
    json!({"name": info.name, "currentStatus": info.current_status, "requestedStatus": info.requested_status,
           "access": info.access, "nodeCount": info.node_count})
}

fn error_json(error: &Error) -> Json {
    let kind = match error.kind() {
        ErrorKind::NotFound => "not_found".to_owned(),
        ErrorKind::NotImplemented => "not_implemented".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    };
    let position = error.position().map(|at| json!({"line": at.line, "column": at.column, "offset": at.offset}));
    json!({"kind": kind, "title": error.title(), "code": error.code(), "gqlStatus": error.gql_status(), "status": error.status(),
           "position": position})
}

struct Runner {
    client: Client,
    database: String,
    session: Option<Session>,
    transaction: Option<Transaction>,
    dumped: Vec<u8>,
}

fn text<'a>(given: &'a Json, name: &str) -> &'a str {
    given[name].as_str().unwrap_or_default()
}

impl Runner {
    fn prepared(&self, mut query: nexusdb::Query, given: &Json, own: Option<&str>) -> nexusdb::Query {
        if let Some(database) = given["database"].as_str().or(own) {
            query = query.database(database);
        }
        if given["access"] == "read" {
            query = query.read_only();
        }
        if let Some(milliseconds) = given["timeoutMs"].as_u64() {
            query = query.timeout(Duration::from_millis(milliseconds));
        }
        if let Some(rows) = given["maxRows"].as_u64() {
            query = query.rows_max(rows);
        }
        for (name, value) in given["parameters"].as_object().into_iter().flatten() {
            query = query.param(name, native(value));
        }
        query
    }

    fn query(&self, given: &Json) -> nexusdb::Query {
        self.prepared(self.client.query(text(given, "query")), given, Some(&self.database))
    }

    async fn run(&mut self, verb: &str, given: &Json) -> Result<Json, Error> {
        match verb.split_once('.') {
            Some(("session", verb)) => self.run_session(verb, given).await,
            Some(("tx", verb)) => self.run_transaction(verb, given).await,
            Some(("databases" | "aliases", _)) => self.run_database(verb, given).await,
            _ => self.run_statement(verb, given).await,
        }
    }

    async fn run_statement(&mut self, verb: &str, given: &Json) -> Result<Json, Error> {
        Ok(match verb {
            "query" => answer_of(&self.query(given).run().await?),
            "stream" | "stream.take" => {
                let mut stream = self.query(given).stream().await?;
                let mut rows = Vec::new();
                while let Some(row) = stream.next().await? {
                    rows.push(row);
                    if given["take"] == rows.len() {
                        return Ok(json!({"rows": rows_json(&rows)}));
                    }
                }
                answer(stream.columns(), &rows, stream.summary().unwrap())
            }
            "retry" => self.retry(given["conflicts"].as_u64().unwrap()).await?,
            "dump" => {
                let mut dumped = Vec::new();
                self.client.databases().dump(text(given, "name"), |piece| dumped.extend_from_slice(&piece)).await?;
                self.dumped = dumped;
                json!({})
            }
            "restore" => described(self.client.databases().restore(text(given, "name"), self.dumped.clone()).await?),
            "info" => {
                let info = self.client.info().await?;
                json!({"version": info.version, "defaultDatabase": info.default_database, "user": info.user})
            }
            _ => panic!("there is no verb {verb}"),
        })
    }

    async fn retry(&self, conflicts: u64) -> Result<Json, Error> {
        let attempts = AtomicU64::new(0);
        let disturb = "MATCH (c:Counter) SET c.n = c.n + 1";
        let options = TransactionOptions::new().database(&self.database);
        let work = |transaction: Transaction| {
            let attempt = attempts.fetch_add(1, Ordering::Relaxed) + 1;
            let outside = self.client.query(disturb).database(&self.database);
            async move {
                transaction.query("MATCH (c:Counter) RETURN c.n").run().await?;
                if attempt <= conflicts {
                    outside.run().await?;
                }
                transaction.query("MATCH (c:Counter) SET c.n = c.n + 1 RETURN c.n AS n").run().await?.scalar::<i64>()
            }
        };
        let value = self.client.transaction(options, work).await?;
        Ok(json!({"attempts": attempts.load(Ordering::Relaxed), "value": value}))
    }

    async fn run_session(&mut self, verb: &str, given: &Json) -> Result<Json, Error> {
        if verb == "open" {
            self.session = Some(self.client.session(given["database"].as_str()).await?);
        }
        let session = self.session.as_ref().unwrap();
        Ok(match verb {
            "query" => answer_of(&self.prepared(session.query(text(given, "query")), given, None).run().await?),
            "use" => json!({"database": session.use_database(text(given, "name")).await?}),
            "close" => session.close().await.map(|()| json!({}))?,
            _ => json!({"database": session.database().await?}),
        })
    }

    async fn run_transaction(&mut self, verb: &str, given: &Json) -> Result<Json, Error> {
        if verb == "begin" {
            let mut options = TransactionOptions::new().database(given["database"].as_str().unwrap_or(&self.database));
            if given["access"] == "read" {
                options = options.read_only();
            }
            self.transaction = Some(self.client.begin(options).await?);
            return Ok(json!({}));
        }
        let transaction = self.transaction.as_ref().unwrap();
        match verb {
            "query" => {
                let mut query = transaction.query(text(given, "query"));
                for (name, value) in given["parameters"].as_object().into_iter().flatten() {
                    query = query.param(name, native(value));
                }
                return Ok(answer_of(&query.run().await?));
            }
            "commit" => drop(transaction.commit().await?),
            _ => transaction.rollback().await?,
        }
        Ok(json!({}))
    }

    async fn run_database(&mut self, verb: &str, given: &Json) -> Result<Json, Error> {
        let databases = self.client.databases();
        let name = text(given, "name");
        Ok(match verb {
            "databases.list" => {
                let own = |name: &str| given[name].as_str().map(str::to_owned);
                let limit = given["limit"].as_u64();
                let wanted = ListDatabases { prefix: own("prefix"), status: own("status"), after: own("after"), limit };
                let page = databases.list(wanted).await?;
                let names: Vec<&str> = page.databases.iter().map(|one| one.name.as_str()).collect();
                json!({"names": names, "next": page.next, "default": page.default})
            }
            "databases.get" => described(databases.get(name).await?),
            "databases.create" => {
                let (if_not_exists, or_replace) = (given["ifNotExists"] == true, given["orReplace"] == true);
                described(databases.create(name, Create { if_not_exists, or_replace, ..Create::default() }).await?)
            }
            "databases.copy" => described(databases.copy(text(given, "source"), name).await?),
            "databases.rename" => described(databases.rename(name, text(given, "newName")).await?),
            "databases.start" => described(databases.start(name).await?),
            "databases.stop" => described(databases.stop(name).await?),
            "databases.access" => described(databases.set_access(name, text(given, "access")).await?),
            "databases.drop" if given["ifExists"] == true => databases.drop_if_exists(name).await.map(|()| json!({}))?,
            "databases.drop" => databases.drop(name).await.map(|()| json!({}))?,
            "aliases.list" => {
                json!({"names": databases.aliases().await?.into_iter().map(|alias| alias.name).collect::<Vec<_>>()})
            }
            "aliases.put" => databases.set_alias(name, text(given, "target")).await.map(|()| json!({}))?,
            "aliases.drop" => databases.drop_alias(name).await.map(|()| json!({}))?,
            _ => panic!("there is no verb {verb}"),
        })
    }

    /// Whether the conversation goes on.
    async fn step(&mut self, step: &Step, put: impl Fn(&str) -> String) -> Result<bool, String> {
        let given: Json = serde_json::from_str(&put(&step.given)).map_err(|error| error.to_string())?;
        let expected: Json = serde_json::from_str(&put(&step.expected)).map_err(|error| error.to_string())?;
        let answered = self.run(&step.verb, &given).await;
        let actual = match &answered {
            Err(error) if step.is_optional && error.kind() == ErrorKind::NotImplemented => return Ok(false),
            Err(error) => error_json(error),
            Ok(answer) => answer.clone(),
        };
        if answered.is_err() != step.fails {
            return Err(format!("{}: {} answered {actual} {answered:?}", step.at, step.verb));
        }
        difference(&expected, &actual, "answer").map_or(Ok(true), |found| Err(format!("{}: {}: {found}", step.at, step.verb)))
    }
}

async fn converse(client: &Client, number: usize, steps: &[Step]) -> Result<(), String> {
    let (database, other) = (format!("rust-c{number}"), format!("rust-c{number}-new"));
    let databases = client.databases();
    let how = Create { or_replace: true, ..Create::default() };
    databases.create(&database, how).await.map_err(|error| error.to_string())?;
    let mut runner =
        Runner { client: client.clone(), database: database.clone(), session: None, transaction: None, dumped: Vec::new() };
    let mut outcome = Ok(true);
    for step in steps {
        outcome = runner.step(step, |text| text.replace("@db", &database).replace("@new", &other)).await;
        if outcome != Ok(true) {
            break;
        }
    }
    for name in [&database, &other] {
        databases.drop_if_exists(name).await.map_err(|error| error.to_string())?;
    }
    outcome.map(|_| ())
}

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/contract/conversations");
    let Ok(url) = std::env::var("NEXUS_TEST_URL") else {
        println!("contract (rust): skipped, NEXUS_TEST_URL is not set");
        return;
    };
    let setting = |name: &str| std::env::var(name).unwrap();
    let retry = Retry { first_pause: Duration::from_millis(1), ..Retry::default() };
    let client =
        Client::builder(url).auth(setting("NEXUS_TEST_USER"), setting("NEXUS_TEST_PASSWORD")).retry(retry).build().unwrap();
    let (mut passed, mut failed) = (0, 0);
    for (number, (name, steps)) in conversations(&folder).iter().enumerate() {
        match converse(&client, number, steps).await {
            Ok(()) => passed += 1,
            Err(what) => {
                failed += 1;
                println!("FAILED {name}: {what}");
            }
        }
    }
    println!("contract (rust): {passed} passed, {failed} failed");
    std::process::exit(i32::from(failed > 0 || passed == 0));
}
