use bytes::Bytes;
use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};
use reqwest::Method;
use serde_json::{json, Value as Json};

use crate::client::{text_of, Call, Client};
use crate::Result;

/// One database.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DatabaseInfo {
    pub name: String,
    pub id: String,
    pub database_type: String,
    /// "read-write" or "read-only"
    pub access: String,
    pub requested_status: String,
    pub current_status: String,
    pub is_default: bool,
    pub is_temporary: bool,
    pub aliases: Vec<String>,
    pub parent: Option<String>,
    pub node_count: u64,
    pub relationship_count: u64,
    pub store_bytes: u64,
    /// Everything the server says, under its names.
    pub details: Json,
}

impl DatabaseInfo {
    fn of(body: Json) -> Result<Self> {
        let count = |name: &str| body[name].as_u64().unwrap_or_default();
        let texts = body["aliases"].as_array().into_iter().flatten();
        Ok(Self {
            name: text_of(&body, "name")?,
            id: text_of(&body, "databaseId")?,
            database_type: text_of(&body, "type")?,
            access: text_of(&body, "access")?,
            requested_status: text_of(&body, "requestedStatus")?,
            current_status: text_of(&body, "currentStatus")?,
            is_default: body["default"] == true,
            is_temporary: body["temporary"] == true,
            aliases: texts.filter_map(Json::as_str).map(str::to_owned).collect(),
            parent: body["parent"].as_str().map(str::to_owned),
            node_count: count("nodeCount"),
            relationship_count: count("relationshipCount"),
            store_bytes: count("storeBytes"),
            details: body,
        })
    }
}

/// A page of databases, sorted by name.
#[derive(Clone, Debug)]
pub struct DatabasePage {
    pub databases: Vec<DatabaseInfo>,
    pub default: String,
    /// `after` of the page behind this one.
    pub next: Option<String>,
}

/// Which databases to list; thousands are normal.
#[derive(Clone, Debug, Default)]
pub struct ListDatabases {
    pub prefix: Option<String>,
    pub status: Option<String>,
    pub limit: Option<u64>,
    pub after: Option<String>,
}

/// How to create a database.
#[derive(Clone, Debug, Default)]
pub struct Create {
    pub if_not_exists: bool,
    pub or_replace: bool,
    pub temporary: bool,
    pub ttl_seconds: Option<u64>,
}

/// Another name of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub name: String,
    pub target: String,
}

/// What [`Client::databases`] answers.
pub struct Databases {
    client: Client,
}

fn encoded(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}

fn path_of(name: &str) -> String {
    format!("/api/v1/databases/{}", encoded(name))
}

fn alias_path_of(name: &str) -> String {
    format!("/api/v1/aliases/{}", encoded(name))
}

impl Databases {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// One page.
    pub async fn list(&self, wanted: ListDatabases) -> Result<DatabasePage> {
        let limit = wanted.limit.map(|limit| limit.to_string());
        let all = [("prefix", wanted.prefix), ("status", wanted.status), ("limit", limit), ("after", wanted.after)];
        let query: Vec<String> =
            all.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encoded(&value?)))).collect();
        let mut body = self.client.json(Call::new(Method::GET, format!("/api/v1/databases?{}", query.join("&")))).await?;
        let databases = body["databases"].as_array_mut().map(std::mem::take).unwrap_or_default();
        Ok(DatabasePage {
            databases: databases.into_iter().map(DatabaseInfo::of).collect::<Result<_>>()?,
            default: text_of(&body, "default")?,
            next: body["next"].as_str().map(str::to_owned),
        })
    }

    /// All of them, page by page.
    pub async fn all(&self) -> Result<Vec<DatabaseInfo>> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = self.list(ListDatabases { after, ..ListDatabases::default() }).await?;
            all.extend(page.databases);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    pub async fn get(&self, name: &str) -> Result<DatabaseInfo> {
        DatabaseInfo::of(self.client.json(Call::new(Method::GET, path_of(name))).await?)
    }

    /// Creates an empty database, ready when this returns.
    pub async fn create(&self, name: &str, how: Create) -> Result<DatabaseInfo> {
        self.post(json!({
            "name": name, "ifNotExists": how.if_not_exists, "orReplace": how.or_replace, "temporary": how.temporary,
            "ttlSeconds": how.ttl_seconds,
        }))
        .await
    }

    /// Creates `name` as an independent copy of `source` as it is now.
    pub async fn copy(&self, source: &str, name: &str) -> Result<DatabaseInfo> {
        self.post(json!({"name": name, "copyOf": source})).await
    }

    pub async fn rename(&self, name: &str, new_name: &str) -> Result<DatabaseInfo> {
        self.change(name, json!({"name": new_name})).await
    }

    pub async fn start(&self, name: &str) -> Result<DatabaseInfo> {
        self.change(name, json!({"requestedStatus": "online"})).await
    }

    pub async fn stop(&self, name: &str) -> Result<DatabaseInfo> {
        self.change(name, json!({"requestedStatus": "offline"})).await
    }

    /// `access` is "read-only" or "read-write".
    pub async fn set_access(&self, name: &str, access: &str) -> Result<DatabaseInfo> {
        self.change(name, json!({"access": access})).await
    }

    /// Drops a database with its data; an error when it is not there.
    pub async fn drop(&self, name: &str) -> Result<()> {
        self.client.json(Call::new(Method::DELETE, path_of(name))).await.map(|_| ())
    }

    /// Drops a database if it is there.
    pub async fn drop_if_exists(&self, name: &str) -> Result<()> {
        self.client.json(Call::new(Method::DELETE, path_of(name) + "?ifExists=true")).await.map(|_| ())
    }

    pub async fn aliases(&self) -> Result<Vec<Alias>> {
        let body = self.client.json(Call::new(Method::GET, "/api/v1/aliases")).await?;
        let aliases = body["aliases"].as_array().into_iter().flatten();
        aliases.map(|one| Ok(Alias { name: text_of(one, "name")?, target: text_of(one, "target")? })).collect()
    }

    /// Makes or moves an alias.
    pub async fn set_alias(&self, alias: &str, target: &str) -> Result<()> {
        let call = Call::new(Method::PUT, alias_path_of(alias)).body(json!({"target": target}));
        self.client.json(call).await.map(|_| ())
    }

    pub async fn drop_alias(&self, alias: &str) -> Result<()> {
        self.client.json(Call::new(Method::DELETE, alias_path_of(alias))).await.map(|_| ())
    }

    /// The database's dump, handed to `take` piece by piece; answers the number of bytes.
    pub async fn dump(&self, name: &str, mut take: impl FnMut(Bytes)) -> Result<u64> {
        let mut response = self.client.send(Call::new(Method::GET, path_of(name) + "/dump")).await?;
        let mut count = 0;
        while let Some(piece) = response.chunk().await? {
            count += piece.len() as u64;
            take(piece);
        }
        Ok(count)
    }

    /// Makes the new database `name` from a dump.
    pub async fn restore(&self, name: &str, dump: Vec<u8>) -> Result<DatabaseInfo> {
        let mut call = Call::new(Method::PUT, path_of(name) + "/dump").header("Content-Type", "application/octet-stream");
        call.bytes = Some(dump);
        self.client.send(call).await?;
        self.get(name).await
    }

    async fn post(&self, body: Json) -> Result<DatabaseInfo> {
        DatabaseInfo::of(self.client.json(Call::new(Method::POST, "/api/v1/databases").body(body)).await?)
    }

    async fn change(&self, name: &str, body: Json) -> Result<DatabaseInfo> {
        DatabaseInfo::of(self.client.json(Call::new(Method::PATCH, path_of(name)).body(body)).await?)
    }
}
