use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Response};
use serde::de::DeserializeOwned;
use serde_json::{json, Value as Json};

use crate::client::{Call, Client};
use crate::value::{parameters_json, FromValue, Map, Value};
use crate::{Error, ErrorKind, Result};

const TYPED: &str = "application/vnd.nexus.typed+json";
const LINES: &str = "application/x-ndjson, application/vnd.nexus.typed+json";

/// What a statement changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    pub nodes_created: u64,
    pub nodes_deleted: u64,
    pub relationships_created: u64,
    pub relationships_deleted: u64,
    pub properties_set: u64,
    pub labels_added: u64,
    pub labels_removed: u64,
    pub system_updates: u64,
}

/// What is known when the last row was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// The database that answered, aliases resolved.
    pub database: String,
    pub statement_type: String,
    pub counters: Counters,
    /// Only after EXPLAIN and PROFILE.
    pub plan: Option<String>,
    /// After a commit.
    pub bookmark: Option<String>,
    pub elapsed_us: u64,
}

impl Summary {
    pub(crate) fn of(body: &Json, database: &str) -> Self {
        let count = |name: &str| body["counters"][name].as_u64().unwrap_or_default();
        let text = |json: &Json| json.as_str().map(str::to_owned);
        Self {
            database: text(&body["database"]).unwrap_or_else(|| database.to_owned()),
            statement_type: text(&body["statementType"]).unwrap_or_default(),
            counters: Counters {
                nodes_created: count("nodesCreated"),
                nodes_deleted: count("nodesDeleted"),
                relationships_created: count("relationshipsCreated"),
                relationships_deleted: count("relationshipsDeleted"),
                properties_set: count("propertiesSet"),
                labels_added: count("labelsAdded"),
                labels_removed: count("labelsRemoved"),
                system_updates: count("systemUpdates"),
            },
            plan: text(&body["plan"]),
            bookmark: text(&body["bookmark"]).or_else(|| text(&body["bookmarks"][0])),
            elapsed_us: body["elapsedUs"].as_u64().unwrap_or_default(),
        }
    }
}

/// One row: its values by column.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    fn of(columns: &Arc<[String]>, json: &Json) -> Result<Self> {
        let values = json.as_array().into_iter().flatten().map(Value::from_typed).collect::<Result<Vec<_>>>()?;
        Ok(Self { columns: columns.clone(), values })
    }

    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// In the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    pub fn value(&self, column: &str) -> Option<&Value> {
        self.columns.iter().position(|name| name == column).and_then(|at| self.values.get(at))
    }

    /// The value of a column as a Rust type.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        let value = self.value(column).ok_or_else(|| Error::new(ErrorKind::Value, format!("there is no column '{column}'")))?;
        T::from_value(value.clone())
    }

    /// The row as a struct: its fields are the columns, by serde.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T> {
        let members = self.columns.iter().cloned().zip(self.values.iter().map(Value::to_json));
        serde_json::from_value(Json::Object(members.collect())).map_err(|error| Error::new(ErrorKind::Value, error.to_string()))
    }
}

/// All rows of one statement.
#[derive(Clone, Debug)]
pub struct QueryResult {
    columns: Arc<[String]>,
    rows: Vec<Row>,
    summary: Summary,
}

fn columns_of(json: &Json) -> Arc<[String]> {
    json.as_array().into_iter().flatten().map(|name| name.as_str().unwrap_or_default().to_owned()).collect()
}

impl QueryResult {
    pub(crate) fn of(columns: &Json, rows: &Json, summary: Summary) -> Result<Self> {
        let columns = columns_of(columns);
        let rows = rows.as_array().into_iter().flatten().map(|row| Row::of(&columns, row)).collect::<Result<Vec<_>>>()?;
        Ok(Self { columns, rows, summary })
    }

    pub fn columns(&self) -> &[String] {
        &self.columns
    }
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The only row; an error when there are none or several.
    pub fn single(&self) -> Result<&Row> {
        match self.rows.as_slice() {
            [row] => Ok(row),
            rows => Err(Error::new(ErrorKind::Value, format!("the result has {} rows, not one", rows.len()))),
        }
    }

    /// The first value of the only row.
    pub fn scalar<T: FromValue>(&self) -> Result<T> {
        T::from_value(self.single()?.values.first().cloned().unwrap_or(Value::Null))
    }
}

impl IntoIterator for QueryResult {
    type Item = Row;
    type IntoIter = std::vec::IntoIter<Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

/// A statement and how it is to be run; ends with [`Query::run`] or [`Query::stream`].
#[must_use = "a query does nothing until it is run"]
pub struct Query {
    client: Client,
    text: String,
    parameters: Map,
    database: Option<String>,
    session: Option<String>,
    read_only: bool,
    timeout: Option<Duration>,
    rows_max: Option<u64>,
}

impl Query {
    pub(crate) fn new(client: Client, text: String, database: Option<String>, session: Option<String>) -> Self {
        let parameters = Map::new();
        Self { client, text, parameters, database, session, read_only: false, timeout: None, rows_max: None }
    }

    pub fn param(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    pub fn params(mut self, parameters: Map) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// Which database answers; a leading USE in the text wins.
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.database = Some(name.into());
        self
    }

    /// Writing is an error.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// How long the statement may run, on the server too.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// More rows are an error.
    pub fn rows_max(mut self, rows: u64) -> Self {
        self.rows_max = Some(rows);
        self
    }

    /// Reads the whole answer.
    pub async fn run(self) -> Result<QueryResult> {
        let body = self.client.json(self.call(TYPED)?).await?;
        QueryResult::of(&body["columns"], &body["rows"], Summary::of(&body, ""))
    }

    /// Hands out the rows as they come, in flat memory.
    pub async fn stream(self) -> Result<RowStream> {
        let response = self.client.send(self.call(LINES)?).await?;
        let mut stream = RowStream { response, buffer: Vec::new(), lines: VecDeque::new(), columns: Arc::new([]), summary: None };
        let head = stream.line().await?;
        stream.columns = columns_of(&head["columns"]);
        Ok(stream)
    }

    fn call(&self, accept: &'static str) -> Result<Call<'_>> {
        let milliseconds = |timeout: Duration| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX >> 1).max(1);
        let body = json!({
            "query": self.text,
            "parameters": parameters_json(&self.parameters)?,
            "database": self.database,
            "accessMode": self.read_only.then_some("READ"),
            "timeoutMs": self.timeout.map(milliseconds),
            "maxRows": self.rows_max,
        });
        let call = Call::new(Method::POST, "/api/v1/cypher").body(body).header("Accept", accept).timeout(self.timeout);
        Ok(match &self.session {
            Some(token) => call.header("Nexus-Session", token),
            None => call,
        })
    }
}

/// Rows as they come. Dropping it early ends the statement on the server.
#[derive(Debug)]
pub struct RowStream {
    response: Response,
    buffer: Vec<u8>,
    lines: VecDeque<Vec<u8>>,
    columns: Arc<[String]>,
    summary: Option<Summary>,
}

impl RowStream {
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// After the last row.
    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// The next row; `None` after the last one.
    pub async fn next(&mut self) -> Result<Option<Row>> {
        if self.summary.is_some() {
            return Ok(None);
        }
        let line = self.line().await?;
        if line.is_array() {
            return Row::of(&self.columns, &line).map(Some);
        }
        self.summary = Some(Summary::of(&line["summary"], ""));
        Ok(None)
    }

    async fn line(&mut self) -> Result<Json> {
        while self.lines.is_empty() {
            let Some(piece) = self.response.chunk().await? else {
                return Err(Error::new(ErrorKind::Connection, "the connection broke before the last row"));
            };
            self.take(&piece);
        }
        let line = self.lines.pop_front().unwrap_or_default();
        let json: Json = serde_json::from_slice(&line).map_err(|error| Error::new(ErrorKind::Server, error.to_string()))?;
        match json.get("error") {
            Some(problem) => Err(Error::from_problem(problem, 0)),
            None => Ok(json),
        }
    }

    fn take(&mut self, piece: &[u8]) {
        let mut parts = piece.split(|byte| *byte == b'\n');
        self.buffer.extend_from_slice(parts.next().unwrap_or_default());
        for part in parts {
            self.lines.push_back(std::mem::replace(&mut self.buffer, part.to_vec()));
        }
    }
}
