use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::Value as Json;

use crate::databases::Databases;
use crate::query::Query;
use crate::session::Session;
use crate::transaction::{Transaction, TransactionOptions};
use crate::{Error, ErrorKind, Result};

/// How much longer than the server the client waits, so that the server's own error arrives.
const GRACE: Duration = Duration::from_secs(5);

/// How managed transactions are tried again; the pauses double and jitter.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    pub attempts: u32,
    pub first_pause: Duration,
    pub pause_max: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 8, first_pause: Duration::from_millis(50), pause_max: Duration::from_secs(2) }
    }
}

impl Retry {
    /// How long to wait after attempt number `attempt` (from 1) failed.
    fn pause(&self, attempt: u32) -> Duration {
        let whole = self.first_pause.saturating_mul(1 << (attempt - 1).min(16)).min(self.pause_max);
        // Half of it by chance, so that those who met do not meet again; the standard library's only randomness will do.
        let chance = RandomState::new().build_hasher().finish() % 1000;
        whole.mul_f64(0.5 + chance as f64 / 2000.0)
    }
}

/// Version, user and limits of the server.
#[derive(Clone, Debug)]
pub struct ServerInfo {
    pub version: String,
    pub default_database: String,
    pub user: String,
    pub authentication: bool,
}

struct Inner {
    http: reqwest::Client,
    url: String,
    auth: Option<(String, String)>,
    database: Option<String>,
    timeout: Option<Duration>,
    retry: Retry,
}

/// A server and its databases. Cheap to clone; clones share the pool of connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

/// What [`Client::builder`] answers.
pub struct ClientBuilder {
    inner: Inner,
    http: reqwest::ClientBuilder,
    error: Option<Error>,
}

impl ClientBuilder {
    /// User name and password.
    pub fn auth(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.inner.auth = Some((user.into(), password.into()));
        self
    }

    /// Answers where no call names one; without it the server's default does.
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.inner.database = Some(name.into());
        self
    }

    /// For every call that has none of its own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.inner.timeout = Some(timeout);
        self
    }

    pub fn retry(mut self, retry: Retry) -> Self {
        self.inner.retry = retry;
        self
    }

    /// Connections that are kept open while idle; 20 by default.
    pub fn connections(mut self, idle_max: usize) -> Self {
        self.http = self.http.pool_max_idle_per_host(idle_max);
        self
    }

    /// A certificate in PEM that https trusts besides the public ones.
    pub fn root_certificate(mut self, pem: &[u8]) -> Self {
        match reqwest::Certificate::from_pem(pem) {
            Ok(certificate) => self.http = self.http.add_root_certificate(certificate),
            Err(error) => self.error = Some(error.into()),
        }
        self
    }

    pub fn build(self) -> Result<Client> {
        if let Some(error) = self.error {
            return Err(error);
        }
        reqwest::Url::parse(&self.inner.url).map_err(|error| Error::new(ErrorKind::Usage, format!("the URL: {error}")))?;
        Ok(Client { inner: Arc::new(Inner { http: self.http.build()?, ..self.inner }) })
    }
}

/// One exchange, before it is sent.
pub(crate) struct Call<'a> {
    pub method: Method,
    pub path: String,
    pub body: Option<Json>,
    pub bytes: Option<Vec<u8>>,
    pub headers: Vec<(&'a str, &'a str)>,
    pub timeout: Option<Duration>,
}

impl<'a> Call<'a> {
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None, bytes: None, headers: Vec::new(), timeout: None }
    }
    pub fn body(mut self, body: Json) -> Self {
        self.body = Some(body);
        self
    }
    pub fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }
    pub fn timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }
}

async fn failure_of(response: Response) -> Error {
    let status = response.status().as_u16();
    let body: Json = response.json().await.unwrap_or_default();
    Error::from_problem(body["errors"].get(0).unwrap_or(&body), status)
}

pub(crate) fn text_of(json: &Json, name: &str) -> Result<String> {
    let text = json[name].as_str().map(str::to_owned);
    text.ok_or_else(|| Error::new(ErrorKind::Server, format!("the answer has no '{name}'")))
}

impl Client {
    /// `url` is such as `http://127.0.0.1:7474`.
    pub fn builder(url: impl AsRef<str>) -> ClientBuilder {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .pool_max_idle_per_host(20)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("nexusdb-rust/", env!("CARGO_PKG_VERSION")));
        let inner = Inner {
            http: reqwest::Client::new(),
            url: url.as_ref().trim_end_matches('/').to_owned(),
            auth: None,
            database: None,
            timeout: None,
            retry: Retry::default(),
        };
        ClientBuilder { inner, http, error: None }
    }

    /// One statement in a transaction of its own.
    pub fn query(&self, text: impl Into<String>) -> Query {
        Query::new(self.clone(), text.into(), self.inner.database.clone(), None)
    }

    /// All there is to do with whole databases.
    pub fn databases(&self) -> Databases {
        Databases::new(self.clone())
    }

    /// A session on the server: it remembers its current database, also after `:USE name`.
    pub async fn session(&self, database: Option<&str>) -> Result<Session> {
        Session::open(self.clone(), database.or(self.inner.database.as_deref())).await
    }

    /// Opens a transaction that the caller commits or rolls back. One that is dropped is rolled back by the server
    /// after a minute of silence.
    pub async fn begin(&self, options: TransactionOptions) -> Result<Transaction> {
        let database = match options.database.as_ref().or(self.inner.database.as_ref()) {
            Some(name) => name.clone(),
            None => self.info().await?.default_database,
        };
        Transaction::begin(self.clone(), database, &options).await
    }

    /// Does `work` in a transaction and commits; on a transient error, such as a conflict, does it all again. So `work`
    /// may run several times and should have no other effects. An error rolls back.
    pub async fn transaction<T, F, W>(&self, options: TransactionOptions, mut work: W) -> Result<T>
    where
        W: FnMut(Transaction) -> F,
        F: Future<Output = Result<T>>,
    {
        let mut attempt = 1;
        loop {
            match self.attempt(&options, &mut work).await {
                Err(error) if error.is_retryable() && attempt < self.inner.retry.attempts => {
                    tokio::time::sleep(self.inner.retry.pause(attempt)).await;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    async fn attempt<T, F, W>(&self, options: &TransactionOptions, work: &mut W) -> Result<T>
    where
        W: FnMut(Transaction) -> F,
        F: Future<Output = Result<T>>,
    {
        let transaction = self.begin(options.clone()).await?;
        match work(transaction.clone()).await {
            Ok(answer) => {
                if transaction.is_open() {
                    transaction.commit().await?;
                }
                Ok(answer)
            }
            Err(error) => {
                let _ = transaction.rollback().await; // The error on its way says more.
                Err(error)
            }
        }
    }

    pub async fn info(&self) -> Result<ServerInfo> {
        let body = self.json(Call::new(Method::GET, "/api/v1/info")).await?;
        Ok(ServerInfo {
            version: text_of(&body, "version")?,
            default_database: text_of(&body, "defaultDatabase")?,
            user: text_of(&body, "user")?,
            authentication: body["authentication"].as_bool().unwrap_or_default(),
        })
    }

    /// Whether the server can be reached and serves statements.
    pub async fn is_ready(&self) -> bool {
        self.send(Call::new(Method::GET, "/health/ready")).await.is_ok()
    }

    /// The successful answer, its body still to be read.
    pub(crate) async fn send(&self, call: Call<'_>) -> Result<Response> {
        let mut request = self.inner.http.request(call.method, format!("{}{}", self.inner.url, call.path));
        if let Some((user, password)) = &self.inner.auth {
            request = request.basic_auth(user, Some(password));
        }
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(timeout) = call.timeout.map(|timeout| timeout + GRACE).or(self.inner.timeout) {
            request = request.timeout(timeout);
        }
        if let Some(body) = call.body {
            request = request.json(&body);
        } else if let Some(bytes) = call.bytes {
            request = request.body(bytes);
        }
        let response = request.send().await?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(failure_of(response).await)
        }
    }

    /// The answer's JSON; null when it has no body.
    pub(crate) async fn json(&self, call: Call<'_>) -> Result<Json> {
        let bytes = self.send(call).await?.bytes().await?;
        if bytes.is_empty() {
            return Ok(Json::Null);
        }
        serde_json::from_slice(&bytes).map_err(|error| Error::new(ErrorKind::Server, format!("the answer is no JSON: {error}")))
    }
}
