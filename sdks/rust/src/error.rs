use std::fmt;

use serde_json::Value as Json;

/// The result of everything that can fail here.
pub type Result<T> = std::result::Result<T, Error>;

/// What a caller may want to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server could not be reached, or the connection broke before the answer was complete.
    Connection,
    /// The time that was given has passed, on the server or while waiting for it.
    Timeout,
    /// User name or password are missing or wrong.
    Authentication,
    /// The user, the access mode or the database does not allow this.
    Forbidden,
    /// There is no such database, session or transaction.
    NotFound,
    /// It exists already, or a constraint or the state of the database is against it.
    Conflict,
    /// Another transaction was faster, or the server is busy: the same work may succeed later.
    Transient,
    /// The statement is not Cypher or names what does not exist; see [`Error::position`].
    Syntax,
    /// The statement or the request is understood and wrong.
    Statement,
    /// A limit of the server, the database or the request was reached.
    Limit,
    /// This server has not built that operation (yet).
    NotImplemented,
    /// The server failed.
    Server,
    /// A value of an answer has another type than was asked for, or a column has another name.
    Value,
    /// The client was given something that cannot be used, such as a malformed URL.
    Usage,
}

/// Where in the statement: line and column count from 1, the offset from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: u64,
    pub column: u64,
    pub offset: u64,
}

#[derive(Debug)]
struct Details {
    kind: ErrorKind,
    message: String,
    title: String,
    code: String,
    gql_status: String,
    status: u16,
    position: Option<Position>,
    source: Option<reqwest::Error>,
}

/// What went wrong, as the server says it.
#[derive(Debug)]
pub struct Error(Box<Details>);

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            title: String::new(),
            code: String::new(),
            gql_status: String::new(),
            status: 0,
            position: None,
            source: None,
        }))
    }

    pub(crate) fn with_title(mut self, title: &str) -> Self {
        self.0.title = title.to_owned();
        self
    }

    /// From a problem document, or a member of `errors`.
    pub(crate) fn from_problem(problem: &Json, http_status: u16) -> Self {
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        let (title, code) = (text("title"), text("code"));
        let status = problem["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(http_status);
        let message = ["detail", "message", "title"].into_iter().map(text).find(|message| !message.is_empty());
        let number = |name: &str| problem["position"][name].as_u64();
        let position = match (number("line"), number("column"), number("offset")) {
            (Some(line), Some(column), Some(offset)) => Some(Position { line, column, offset }),
            _ => None,
        };
        Self(Box::new(Details {
            kind: kind_of(status, &title, &code),
            message: message.unwrap_or_else(|| format!("HTTP status {status}")),
            title,
            code,
            gql_status: text("gqlStatus"),
            status,
            position,
            source: None,
        }))
    }

    /// What a caller may want to do about it.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }
    pub fn message(&self) -> &str {
        &self.0.message
    }
    /// Nexus's name of the error, such as `DatabaseNotFound`; empty when it is not the server's.
    pub fn title(&self) -> &str {
        &self.0.title
    }
    /// The Neo4j status code.
    pub fn code(&self) -> &str {
        &self.0.code
    }
    pub fn gql_status(&self) -> &str {
        &self.0.gql_status
    }
    /// The HTTP status; 0 when there was no answer.
    pub fn status(&self) -> u16 {
        self.0.status
    }
    pub fn position(&self) -> Option<Position> {
        self.0.position
    }
    /// Whether the same work may succeed when it is done again from its beginning.
    pub fn is_retryable(&self) -> bool {
        self.0.kind == ErrorKind::Transient
    }
}

// The order matters: the first that fits.
fn kind_of(status: u16, title: &str, code: &str) -> ErrorKind {
    match status {
        _ if status == 501 || title == "NotFound" || title == "MethodNotAllowed" => ErrorKind::NotImplemented,
        401 => ErrorKind::Authentication,
        _ if code.starts_with("Neo.TransientError.") || status == 429 || status == 503 => ErrorKind::Transient,
        408 => ErrorKind::Timeout,
        404 => ErrorKind::NotFound,
        403 => ErrorKind::Forbidden,
        400 if code.ends_with("SyntaxError") => ErrorKind::Syntax,
        409 => ErrorKind::Conflict,
        413 | 507 => ErrorKind::Limit,
        400..=499 => ErrorKind::Statement,
        _ => ErrorKind::Server,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let kind = if error.is_timeout() && !error.is_connect() {
            ErrorKind::Timeout
        } else if error.is_builder() {
            ErrorKind::Usage
        } else {
            ErrorKind::Connection
        };
        let message = match kind {
            ErrorKind::Timeout => "the server did not answer in time".to_owned(),
            _ => {
                // reqwest says only "error sending request"; the reason is the innermost source.
                let mut innermost: &dyn std::error::Error = &error;
                while let Some(source) = innermost.source() {
                    innermost = source;
                }
                innermost.to_string()
            }
        };
        let mut made = Self::new(kind, message);
        made.0.source = Some(error);
        made
    }
}
