//! The README's code runs as it stands there.

use std::time::Duration;

use nexusdb::{Client, Create, ListDatabases, Node, TransactionOptions};

#[tokio::test]
#[rustfmt::skip] // As the README has it.
async fn the_readme_runs() -> nexusdb::Result<()> {
    let Ok(url) = std::env::var("NEXUS_TEST_URL") else { return Ok(()) };
    let setting = |name: &str| std::env::var(name).unwrap();

    let client = Client::builder(url).auth(setting("NEXUS_TEST_USER"), setting("NEXUS_TEST_PASSWORD")).build()?;

    client.query("CREATE (:Person {name: $name, born: date($born)})").param("name", "Ada").param("born", "1815-12-10").run().await?;
    let result = client.query("MATCH (p:Person) RETURN p, p.name AS name").read_only().timeout(Duration::from_secs(5)).run().await?;
    for row in result.rows() {
        let name: String = row.get("name")?;
        let person: Node = row.get("p")?;
        println!("{name} {:?} {:?}", person.labels, person.properties["born"]);
    }
    println!("{:?}", result.summary().counters);

    let databases = client.databases();
    databases.create("flights", Create { if_not_exists: true, ..Create::default() }).await?;
    client.query("CREATE (:Airport {code: 'OSL'})").database("flights").run().await?;

    let page = databases.list(ListDatabases { prefix: Some("fl".into()), limit: Some(100), ..ListDatabases::default() }).await?;
    for database in databases.all().await? {
        println!("{} {} {}", database.name, database.current_status, database.node_count);
    }
    println!("{} of one page", page.databases.len());

    databases.stop("flights").await?;
    databases.start("flights").await?;
    databases.drop("flights").await?;

    let mut rows = client.query("UNWIND range(1, 1000000) AS x RETURN x").stream().await?;
    while let Some(row) = rows.next().await? {
        if row.get::<i64>("x")? == 3 {
            break;
        }
    }

    let balance: i64 = client
        .transaction(TransactionOptions::new(), |transaction| async move {
            transaction.query("MERGE (a:Account {id: 1}) SET a.balance = coalesce(a.balance, 0) - $x").param("x", 5).run().await?;
            let text = "MERGE (b:Account {id: 2}) SET b.balance = coalesce(b.balance, 0) + $x RETURN b.balance";
            transaction.query(text).param("x", 5).run().await?.scalar()
        })
        .await?;

    let session = client.session(Some("neo4j")).await?; // remembers its database on the server
    session.query(":USE system").run().await?;
    println!("{balance} {}", session.database().await?);
    session.close().await?;
    Ok(())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_readme_is_what_runs() {
    let readme = include_str!("../README.md");
    assert!(readme.lines().count() <= 120);
    let account = r#""http://127.0.0.1:7474").auth("ada", "secret-password")"#;
    let tested = r#"url).auth(setting("NEXUS_TEST_USER"), setting("NEXUS_TEST_PASSWORD"))"#;
    let here = squeezed(include_str!("readme.rs"));
    let blocks: Vec<&str> = readme.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        assert!(
            here.contains(&squeezed(&block.replace(account, tested))),
            "the README has code that this test does not run:\n{block}"
        );
    }
}
