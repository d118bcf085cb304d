//! The async client for Nexus, a property-graph database that keeps many databases in one instance.
//!
//! Start at [`Client`]; the README shows all of it in use. Dropping a future, or a [`RowStream`], ends its call.

mod client;
mod databases;
mod error;
mod query;
mod session;
mod temporal;
mod transaction;
mod value;

pub use client::{Client, ClientBuilder, Retry, ServerInfo};
pub use databases::{Alias, Create, DatabaseInfo, DatabasePage, Databases, ListDatabases};
pub use error::{Error, ErrorKind, Position, Result};
pub use query::{Counters, Query, QueryResult, Row, RowStream, Summary};
pub use session::Session;
pub use temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, Time};
pub use transaction::{Transaction, TransactionOptions, TransactionQuery};
pub use value::{FromValue, Map, Node, Path, Point, Relationship, Value, Vector};
