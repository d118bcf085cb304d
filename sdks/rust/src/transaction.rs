use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};
use reqwest::Method;
use serde_json::{json, Value as Json};

use crate::client::{Call, Client};
use crate::query::{QueryResult, Summary};
use crate::value::{parameters_json, Map, Value};
use crate::{Error, ErrorKind, Result};

/// Where and how a transaction runs.
#[derive(Clone, Debug, Default)]
pub struct TransactionOptions {
    pub(crate) database: Option<String>,
    read_only: bool,
    timeout: Option<Duration>,
}

impl TransactionOptions {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.database = Some(name.into());
        self
    }
    /// Writing is an error.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
    /// For each statement, in whole seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

struct Inner {
    client: Client,
    path: String,
    database: String,
    timeout: Option<Duration>,
    is_open: AtomicBool,
}

/// An open transaction. A failed statement ends it; so does a minute of silence. Clones are the same transaction.
#[derive(Clone)]
pub struct Transaction {
    inner: Arc<Inner>,
}

async fn send(client: &Client, method: Method, path: String, mut body: Json, timeout: Option<Duration>) -> Result<Json> {
    let call = Call::new(method.clone(), path).header("Accept", "application/vnd.neo4j.query").timeout(timeout);
    if method != Method::POST {
        return client.json(call).await;
    }
    if let Some(timeout) = timeout {
        body["maxExecutionTime"] = json!(timeout.as_secs() + u64::from(timeout.subsec_nanos() > 0));
    }
    client.json(call.body(body)).await
}

impl Transaction {
    pub(crate) async fn begin(client: Client, database: String, options: &TransactionOptions) -> Result<Self> {
        let path = format!("/db/{}/query/v2/tx", utf8_percent_encode(&database, NON_ALPHANUMERIC));
        let body = json!({"accessMode": if options.read_only { "Read" } else { "Write" }});
        let answer = send(&client, Method::POST, path.clone(), body, options.timeout).await?;
        let id = crate::client::text_of(&answer["transaction"], "id")?;
        let path = format!("{path}/{id}");
        let is_open = AtomicBool::new(true);
        Ok(Self { inner: Arc::new(Inner { client, path, database, timeout: options.timeout, is_open }) })
    }

    pub fn database(&self) -> &str {
        &self.inner.database
    }

    pub fn is_open(&self) -> bool {
        self.inner.is_open.load(Ordering::Acquire)
    }

    /// A statement of this transaction.
    pub fn query(&self, text: impl Into<String>) -> TransactionQuery {
        TransactionQuery { transaction: self.clone(), text: text.into(), parameters: Map::new() }
    }

    /// Answers the bookmark, if anything was written.
    pub async fn commit(&self) -> Result<Option<String>> {
        let answer = self.request("/commit", json!({})).await?;
        Ok(Summary::of(&answer, "").bookmark)
    }

    /// Does nothing when the transaction has ended already.
    pub async fn rollback(&self) -> Result<()> {
        if !self.inner.is_open.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        match send(&self.inner.client, Method::DELETE, self.inner.path.clone(), Json::Null, None).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()), // It has timed out: rolled back already.
            answer => answer.map(|_| ()),
        }
    }

    async fn request(&self, suffix: &str, body: Json) -> Result<Json> {
        if !self.is_open() {
            return Err(Error::new(ErrorKind::NotFound, "the transaction has ended").with_title("TransactionNotFound"));
        }
        let path = format!("{}{suffix}", self.inner.path);
        let answer = send(&self.inner.client, Method::POST, path, body, self.inner.timeout).await;
        let is_open = match &answer {
            Ok(answer) => answer["transaction"].is_object(),
            Err(error) => error.status() == 0, // Else the server has rolled it back.
        };
        self.inner.is_open.store(is_open, Ordering::Release);
        answer
    }
}

/// A statement of a transaction; ends with [`TransactionQuery::run`].
#[must_use = "a query does nothing until it is run"]
pub struct TransactionQuery {
    transaction: Transaction,
    text: String,
    parameters: Map,
}

impl TransactionQuery {
    pub fn param(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    pub fn params(mut self, parameters: Map) -> Self {
        self.parameters.extend(parameters);
        self
    }

    pub async fn run(self) -> Result<QueryResult> {
        let body = json!({"statement": self.text, "parameters": parameters_json(&self.parameters)?, "includeCounters": true});
        let answer = self.transaction.request("", body).await?;
        let summary = Summary::of(&answer, self.transaction.database());
        QueryResult::of(&answer["data"]["fields"], &answer["data"]["values"], summary)
    }
}
