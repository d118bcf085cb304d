//! Against a real server; tests/contract/with_server.py of the repository starts one. Without one they pass by being empty.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nexusdb::{Client, ClientBuilder, Create, Date, DateTime, Error, ErrorKind, Map, Retry, TransactionOptions, Value};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn setting(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    if value.is_none() {
        eprintln!("skipped: {name} is not set");
    }
    value
}

fn builder(url: &str) -> Option<ClientBuilder> {
    let retry = Retry { attempts: 3, first_pause: Duration::from_millis(1), ..Retry::default() };
    Some(Client::builder(url).auth(setting("NEXUS_TEST_USER")?, setting("NEXUS_TEST_PASSWORD")?).retry(retry))
}

/// A client whose database is new and empty.
async fn client(database: &str) -> Option<Client> {
    let client = builder(&setting("NEXUS_TEST_URL")?)?.database(database).build().unwrap();
    client.databases().create(database, Create { or_replace: true, ..Create::default() }).await.unwrap();
    Some(client)
}

fn kind<T>(answer: Result<T, Error>) -> Option<ErrorKind> {
    answer.err().map(|error| error.kind())
}

const LONG: &str = "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c RETURN count(*) AS n";

#[tokio::test]
async fn the_account_is_checked() {
    let Some(url) = setting("NEXUS_TEST_URL") else { return };
    for builder in [Client::builder(&url), Client::builder(&url).auth("tester", "wrong-password")] {
        let client = builder.build().unwrap();
        assert!(client.is_ready().await);
        assert_eq!(kind(client.query("RETURN 1").run().await), Some(ErrorKind::Authentication));
    }
}

#[tokio::test]
async fn tls() {
    let (Some(url), Some(ca)) = (setting("NEXUS_TEST_TLS_URL"), setting("NEXUS_TEST_CA")) else { return };
    let pem = std::fs::read(ca).unwrap();
    let secure = builder(&url).unwrap().root_certificate(&pem).build().unwrap();
    assert_eq!(secure.query("RETURN 1 AS x").run().await.unwrap().scalar::<i64>().unwrap(), 1);
    let wary = builder(&url).unwrap().build().unwrap();
    let error = wary.query("RETURN 1 AS x").run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.message().contains("ertificate"), "{error}");
    assert!(Client::builder(&url)
        .root_certificate(b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----")
        .build()
        .is_err());
}

#[tokio::test]
async fn nobody_listens_or_nobody_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(&url).timeout(Duration::from_millis(50)).build().unwrap();
    assert_eq!(kind(client.info().await), Some(ErrorKind::Timeout));
    drop(listener);
    assert!(!client.is_ready().await);
    assert_eq!(kind(client.info().await), Some(ErrorKind::Connection));
    assert_eq!(kind(Client::builder("nonsense").build()), Some(ErrorKind::Usage));
}

#[tokio::test]
async fn a_broken_answer_is_no_short_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await.unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n";
        let lines = "{\"columns\":[\"x\"]}\n[{\"$type\":\"Integer\",\"_value\":\"1\"}]\n";
        socket.write_all(format!("{head}{lines}").as_bytes()).await.unwrap();
    });
    let mut rows = Client::builder(&url).build().unwrap().query("RETURN 1 AS x").stream().await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().get::<i64>("x").unwrap(), 1);
    assert_eq!(kind(rows.next().await), Some(ErrorKind::Connection));
    server.await.unwrap();
}

#[tokio::test]
async fn tasks_share_a_client() {
    let Some(client) = client("rusttasks").await else { return };
    let tasks: Vec<_> = (0..50_i64)
        .map(|x| {
            let client = client.clone();
            tokio::spawn(
                async move { client.query("RETURN $x AS x").param("x", x).run().await.unwrap().scalar::<i64>().unwrap() },
            )
        })
        .collect();
    for (x, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap(), x as i64);
    }
    client.databases().drop("rusttasks").await.unwrap();
}

#[tokio::test]
async fn cancelling() {
    let Some(client) = client("rustcancel").await else { return };
    let long = client.query(LONG).timeout(Duration::from_millis(500)).run();
    assert!(tokio::time::timeout(Duration::from_millis(20), long).await.is_err());
    assert_eq!(kind(client.query(LONG).timeout(Duration::from_millis(50)).run().await), Some(ErrorKind::Timeout));
    let mut rows = client.query("UNWIND range(1, 1000000) AS x RETURN x").stream().await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().get::<i64>("x").unwrap(), 1);
    drop(rows);
    assert_eq!(client.query("RETURN 1 AS x").run().await.unwrap().scalar::<i64>().unwrap(), 1);
    client.databases().drop("rustcancel").await.unwrap();
}

#[tokio::test]
async fn a_large_stream() {
    let Some(client) = client("ruststream").await else { return };
    let mut rows = client.query("UNWIND range(1, 100000) AS x RETURN x").stream().await.unwrap();
    assert_eq!(rows.columns(), ["x"]);
    let mut sum = 0;
    while let Some(row) = rows.next().await.unwrap() {
        assert!(rows.summary().is_none());
        sum += row.get::<i64>("x").unwrap();
    }
    assert_eq!(sum, 5_000_050_000);
    assert_eq!(rows.summary().unwrap().statement_type, "r");
    assert!(rows.next().await.unwrap().is_none());
    client.databases().drop("ruststream").await.unwrap();
}

#[tokio::test]
async fn transactions() {
    let Some(client) = client("rusttx").await else { return };
    let broken: Result<(), Error> = client
        .transaction(TransactionOptions::new(), |transaction| async move {
            transaction.query("CREATE (:N)").run().await?;
            transaction.query("RETURN 1 / 0 AS x").run().await.map(|_| ())
        })
        .await;
    assert_eq!(kind(broken), Some(ErrorKind::Statement));
    let transaction = client.begin(TransactionOptions::new()).await.unwrap();
    transaction.query("CREATE (:N)").run().await.unwrap();
    assert!(transaction.commit().await.unwrap().is_some());
    assert!(!transaction.is_open());
    transaction.rollback().await.unwrap();
    assert_eq!(client.query("MATCH (n) RETURN count(n) AS n").run().await.unwrap().scalar::<i64>().unwrap(), 1);
    let options = TransactionOptions::new().read_only();
    let writing = client.transaction(options, |transaction| async move { transaction.query("CREATE (:N)").run().await }).await;
    assert_eq!(kind(writing), Some(ErrorKind::Forbidden));
    client.databases().drop("rusttx").await.unwrap();
}

#[tokio::test]
async fn retries_have_an_end() {
    let Some(client) = client("rustretry").await else { return };
    client.query("CREATE (:Counter {n: 0})").run().await.unwrap();
    let attempts = AtomicU32::new(0);
    let outcome = client
        .transaction(TransactionOptions::new(), |transaction| {
            attempts.fetch_add(1, Ordering::Relaxed);
            let outside = client.query("MATCH (c:Counter) SET c.n = c.n + 1");
            async move {
                transaction.query("MATCH (c:Counter) RETURN c.n").run().await?;
                outside.run().await?;
                transaction.query("MATCH (c:Counter) SET c.n = c.n + 1").run().await
            }
        })
        .await;
    assert_eq!(kind(outcome), Some(ErrorKind::Transient));
    assert_eq!(attempts.load(Ordering::Relaxed), 3);
    client.databases().drop("rustretry").await.unwrap();
}

#[tokio::test]
async fn rows_become_structs() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Person {
        name: String,
        age: Option<u8>,
        born: String,
    }
    let Some(client) = client("rustserde").await else { return };
    let result = client.query("RETURN 'Ada' AS name, null AS age, date('1815-12-10') AS born").run().await.unwrap();
    let person: Person = result.single().unwrap().deserialize().unwrap();
    assert_eq!(person, Person { name: "Ada".into(), age: None, born: "1815-12-10".into() });
    let row = result.single().unwrap();
    assert_eq!(row.get::<Date>("born").unwrap().to_chrono().unwrap().to_string(), "1815-12-10");
    assert_eq!(kind(row.get::<i64>("name")), Some(ErrorKind::Value));
    assert_eq!(kind(row.get::<i64>("missing")), Some(ErrorKind::Value));
    client.databases().drop("rustserde").await.unwrap();
}

#[tokio::test]
async fn chrono_values_arrive() {
    let Some(client) = client("rustchrono").await else { return };
    let moment = DateTime::new("2024-02-29T01:02:03.456789012+02:00").to_chrono().unwrap();
    let nested = Map::from([("when".to_owned(), Value::from(vec![moment.date_naive()]))]);
    let result =
        client.query("RETURN $d AS d, $t AS t, $m AS m").param("d", moment).param("t", moment.time()).param("m", nested.clone());
    let result = result.run().await.unwrap();
    let row = result.single().unwrap();
    assert_eq!(row.get::<DateTime>("d").unwrap().to_chrono().unwrap(), moment);
    assert_eq!(row.get::<nexusdb::LocalTime>("t").unwrap().to_chrono().unwrap(), moment.time());
    assert_eq!(row.get::<Map>("m").unwrap(), nested);
    client.databases().drop("rustchrono").await.unwrap();
}

#[tokio::test]
async fn sessions_and_databases() {
    let Some(client) = client("rustsession").await else { return };
    let session = client.session(None).await.unwrap();
    assert_eq!(session.database().await.unwrap(), "rustsession");
    let create = |transaction: nexusdb::Transaction| async move { transaction.query("CREATE (:N)").run().await };
    session.transaction(TransactionOptions::new(), create).await.unwrap();
    assert_eq!(session.query("MATCH (n) RETURN count(n) AS n").run().await.unwrap().scalar::<i64>().unwrap(), 1);
    session.close().await.unwrap();
    assert_eq!(kind(session.database().await), Some(ErrorKind::NotFound));
    let names: Vec<String> = client.databases().all().await.unwrap().into_iter().map(|one| one.name).collect();
    assert!(names.contains(&"rustsession".to_owned()) && names.is_sorted());
    client.databases().drop("rustsession").await.unwrap();
}
