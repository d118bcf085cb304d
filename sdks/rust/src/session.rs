use std::future::Future;

use reqwest::Method;
use serde_json::json;

use crate::client::{text_of, Call, Client};
use crate::query::Query;
use crate::transaction::{Transaction, TransactionOptions};
use crate::Result;

/// A session on the server, ended by [`Session::close`] or by half an hour of silence.
pub struct Session {
    client: Client,
    token: String,
}

const HEADER: &str = "Nexus-Session";
const DATABASE: &str = "/api/v1/session/database";

impl Session {
    pub(crate) async fn open(client: Client, database: Option<&str>) -> Result<Self> {
        let body = client.json(Call::new(Method::POST, "/api/v1/session").body(json!({"database": database}))).await?;
        Ok(Self { token: text_of(&body, "session")?, client })
    }

    /// The current database, asked from the server.
    pub async fn database(&self) -> Result<String> {
        let body = self.client.json(Call::new(Method::GET, DATABASE).header(HEADER, &self.token)).await?;
        text_of(&body, "database")
    }

    /// Switches the current database.
    pub async fn use_database(&self, name: &str) -> Result<String> {
        let call = Call::new(Method::PUT, DATABASE).header(HEADER, &self.token).body(json!({"name": name}));
        text_of(&self.client.json(call).await?, "database")
    }

    /// A statement on the session's database; `:USE name` switches it.
    pub fn query(&self, text: impl Into<String>) -> Query {
        Query::new(self.client.clone(), text.into(), None, Some(self.token.clone()))
    }

    /// As [`Client::transaction`], on the session's database.
    pub async fn transaction<T, F, W>(&self, options: TransactionOptions, work: W) -> Result<T>
    where
        W: FnMut(Transaction) -> F,
        F: Future<Output = Result<T>>,
    {
        let database = self.database().await?;
        self.client.transaction(options.database(database), work).await
    }

    /// Later calls answer that there is no such session.
    pub async fn close(&self) -> Result<()> {
        self.client.json(Call::new(Method::DELETE, "/api/v1/session").header(HEADER, &self.token)).await.map(|_| ())
    }
}
