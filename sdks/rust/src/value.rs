//! The values of the database, and their typed JSON form.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

use serde_json::{json, Value as Json};

use crate::temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, Time};
use crate::{Error, ErrorKind, Result};

/// Keys and values, sorted by key.
pub type Map = BTreeMap<String, Value>;

/// A point; `srid` is 4326 or 4979 (WGS-84), 7203 or 9157 (Cartesian), the second of each with `z`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub srid: u32,
    pub x: f64,
    pub y: f64,
    pub z: Option<f64>,
}

/// A vector: 1 to 4096 numbers of one type.
#[derive(Clone, Debug, PartialEq)]
pub enum Vector {
    Integer8(Vec<i8>),
    Integer16(Vec<i16>),
    Integer32(Vec<i32>),
    Integer64(Vec<i64>),
    Float32(Vec<f32>),
    Float64(Vec<f64>),
}

/// A node as it was when its row was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub element_id: String,
    pub labels: Vec<String>,
    pub properties: Map,
}

/// A relationship as it was when its row was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Relationship {
    pub element_id: String,
    pub relationship_type: String,
    pub start_element_id: String,
    pub end_element_id: String,
    pub properties: Map,
}

/// Nodes and the relationships between them; one more node than relationships.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub nodes: Vec<Node>,
    pub relationships: Vec<Relationship>,
}

/// One value of the database.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    String(String),
    List(Vec<Value>),
    Map(Map),
    Date(Date),
    LocalTime(LocalTime),
    Time(Time),
    LocalDateTime(LocalDateTime),
    DateTime(DateTime),
    Duration(Duration),
    Point(Point),
    Vector(Vector),
    Node(Node),
    Relationship(Relationship),
    Path(Path),
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.z {
            Some(z) => write!(f, "SRID={};POINT Z ({:?} {:?} {z:?})", self.srid, self.x, self.y),
            None => write!(f, "SRID={};POINT ({:?} {:?})", self.srid, self.x, self.y),
        }
    }
}

fn parse_point(text: &str) -> Option<Point> {
    let (srid, shape) = text.strip_prefix("SRID=")?.split_once(';')?;
    let (kind, numbers) = shape.strip_suffix(')')?.split_once('(')?;
    let numbers = numbers.split(' ').map(|number| number.parse().ok()).collect::<Option<Vec<f64>>>()?;
    let (x, y, z) = match (kind.trim_end(), numbers.as_slice()) {
        ("POINT", [x, y]) => (*x, *y, None),
        ("POINT Z", [x, y, z]) => (*x, *y, Some(*z)),
        _ => return None,
    };
    Some(Point { srid: srid.parse().ok()?, x, y, z })
}

impl FromStr for Point {
    type Err = Error;

    /// From `SRID=7203;POINT (1.0 2.0)`.
    fn from_str(text: &str) -> Result<Self> {
        parse_point(text).ok_or_else(|| unreadable(&format!("'{text}' is not a point")))
    }
}

macro_rules! vectors {
    ($($variant:ident $name:literal),*) => {
        impl Vector {
            fn from_typed(json: &Json) -> Result<Self> {
                let coordinates = json["coordinates"].as_array().ok_or_else(|| unreadable("coordinates are missing"))?;
                let mut texts = coordinates.iter().map(|text| text.as_str().unwrap_or_default());
                match json["coordinatesType"].as_str().unwrap_or_default() {
                    $($name => texts.try_fold(Vec::new(), |mut numbers, text| {
                        numbers.push(text.parse().ok()?);
                        Some(numbers)
                    }).map(Self::$variant).ok_or_else(|| unreadable("a coordinate is malformed")),)*
                    other => Err(unreadable(&format!("this version does not know vectors of '{other}'"))),
                }
            }

            fn to_typed(&self) -> Json {
                let (name, coordinates): (&str, Vec<String>) = match self {
                    $(Self::$variant(numbers) => ($name, numbers.iter().map(|number| format!("{number:?}")).collect()),)*
                };
                json!({"$type": "Vector", "_value": {"coordinatesType": name, "coordinates": coordinates}})
            }

            fn to_json(&self) -> Json {
                match self {
                    $(Self::$variant(numbers) => json!(numbers),)*
                }
            }
        }
    };
}

vectors!(
    Integer8 "INTEGER8", Integer16 "INTEGER16", Integer32 "INTEGER32", Integer64 "INTEGER64", Float32 "FLOAT32",
    Float64 "FLOAT64"
);

fn unreadable(what: &str) -> Error {
    Error::new(ErrorKind::Value, format!("the answer cannot be read: {what}"))
}

fn text(json: &Json) -> Result<String> {
    json.as_str().map(str::to_owned).ok_or_else(|| unreadable("a text is missing"))
}

fn map(json: &Json) -> Result<Map> {
    let members = json.as_object().ok_or_else(|| unreadable("a map is missing"))?;
    members.iter().map(|(key, value)| Ok((key.clone(), Value::from_typed(value)?))).collect()
}

fn list(json: &Json) -> Result<Vec<Value>> {
    json.as_array().ok_or_else(|| unreadable("a list is missing"))?.iter().map(Value::from_typed).collect()
}

fn path(json: &Json) -> Result<Path> {
    let mut path = Path { nodes: Vec::new(), relationships: Vec::new() };
    for part in list(json)? {
        match part {
            Value::Node(node) => path.nodes.push(node),
            Value::Relationship(relationship) => path.relationships.push(relationship),
            _ => return Err(unreadable("a path has something else in it")),
        }
    }
    Ok(path)
}

fn typed(name: &str, value: impl fmt::Display) -> Json {
    json!({"$type": name, "_value": value.to_string()})
}

impl Value {
    /// From the typed JSON form that the server answers.
    pub fn from_typed(json: &Json) -> Result<Self> {
        let value = &json["_value"];
        Ok(match json["$type"].as_str().unwrap_or_default() {
            "Null" => Self::Null,
            "Boolean" => Self::Boolean(value.as_bool().ok_or_else(|| unreadable("a truth is missing"))?),
            "Integer" => Self::Integer(text(value)?.parse().map_err(|_| unreadable("an integer is malformed"))?),
            "Float" => Self::Float(text(value)?.parse().map_err(|_| unreadable("a float is malformed"))?),
            "String" => Self::String(text(value)?),
            "List" => Self::List(list(value)?),
            "Map" => Self::Map(map(value)?),
            "Date" => Self::Date(Date::new(text(value)?)),
            "LocalTime" => Self::LocalTime(LocalTime::new(text(value)?)),
            "Time" => Self::Time(Time::new(text(value)?)),
            "LocalDateTime" => Self::LocalDateTime(LocalDateTime::new(text(value)?)),
            "OffsetDateTime" | "ZonedDateTime" => Self::DateTime(DateTime::new(text(value)?)),
            "Duration" => Self::Duration(text(value)?.parse()?),
            "Point" => Self::Point(text(value)?.parse()?),
            "Vector" => Self::Vector(Vector::from_typed(value)?),
            "Node" => Self::Node(Node {
                element_id: text(&value["_element_id"])?,
                labels: value["_labels"].as_array().into_iter().flatten().map(text).collect::<Result<_>>()?,
                properties: map(&value["_properties"])?,
            }),
            "Relationship" => Self::Relationship(Relationship {
                element_id: text(&value["_element_id"])?,
                relationship_type: text(&value["_type"])?,
                start_element_id: text(&value["_start_node_element_id"])?,
                end_element_id: text(&value["_end_node_element_id"])?,
                properties: map(&value["_properties"])?,
            }),
            "Path" => Self::Path(path(value)?),
            other => return Err(unreadable(&format!("this version does not know values of type '{other}'"))),
        })
    }

    /// The form that a parameter travels in: plain JSON where that is exact, typed where it is not.
    /// An error for nodes, relationships and paths, which are no parameters.
    pub fn to_parameter(&self) -> Result<Json> {
        Ok(match self {
            Self::Null => Json::Null,
            Self::Boolean(value) => json!(value),
            Self::Integer(value) => json!(value),
            Self::Float(value) if value.is_finite() => json!(value),
            Self::Float(value) if value.is_nan() => typed("Float", "NaN"),
            Self::Float(value) => typed("Float", if *value > 0.0 { "Infinity" } else { "-Infinity" }),
            Self::String(value) => json!(value),
            Self::List(items) => Json::Array(items.iter().map(Self::to_parameter).collect::<Result<_>>()?),
            Self::Map(members) => parameters_json(members)?,
            Self::Date(value) => typed("Date", value),
            Self::LocalTime(value) => typed("LocalTime", value),
            Self::Time(value) => typed("Time", value),
            Self::LocalDateTime(value) => typed("LocalDateTime", value),
            Self::DateTime(value) => typed(if value.zone().is_some() { "ZonedDateTime" } else { "OffsetDateTime" }, value),
            Self::Duration(value) => typed("Duration", value),
            Self::Point(value) => typed("Point", value),
            Self::Vector(value) => value.to_typed(),
            Self::Node(_) | Self::Relationship(_) | Self::Path(_) => {
                return Err(Error::new(
                    ErrorKind::Usage,
                    "a node, relationship or path cannot be a parameter; give its element id",
                ))
            }
        })
    }

    /// Plain JSON for serde: temporal values and points as text, nodes and relationships as their properties.
    pub fn to_json(&self) -> Json {
        let members = |map: &Map| Json::Object(map.iter().map(|(key, value)| (key.clone(), value.to_json())).collect());
        match self {
            Self::Null => Json::Null,
            Self::Boolean(value) => json!(value),
            Self::Integer(value) => json!(value),
            Self::Float(value) => json!(value),
            Self::String(value) => json!(value),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(map) => members(map),
            Self::Date(value) => json!(value.as_str()),
            Self::LocalTime(value) => json!(value.as_str()),
            Self::Time(value) => json!(value.as_str()),
            Self::LocalDateTime(value) => json!(value.as_str()),
            Self::DateTime(value) => json!(value.as_str()),
            Self::Duration(value) => json!(value.to_string()),
            Self::Point(value) => json!(value.to_string()),
            Self::Vector(value) => value.to_json(),
            Self::Node(node) => members(&node.properties),
            Self::Relationship(relationship) => members(&relationship.properties),
            Self::Path(path) => path.nodes.iter().map(|node| members(&node.properties)).collect(),
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a BOOLEAN",
            Self::Integer(_) => "an INTEGER",
            Self::Float(_) => "a FLOAT",
            Self::String(_) => "a STRING",
            Self::List(_) => "a LIST",
            Self::Map(_) => "a MAP",
            Self::Date(_) => "a DATE",
            Self::LocalTime(_) => "a LOCAL TIME",
            Self::Time(_) => "a ZONED TIME",
            Self::LocalDateTime(_) => "a LOCAL DATETIME",
            Self::DateTime(_) => "a ZONED DATETIME",
            Self::Duration(_) => "a DURATION",
            Self::Point(_) => "a POINT",
            Self::Vector(_) => "a VECTOR",
            Self::Node(_) => "a NODE",
            Self::Relationship(_) => "a RELATIONSHIP",
            Self::Path(_) => "a PATH",
        }
    }
}

pub(crate) fn parameters_json(map: &Map) -> Result<Json> {
    map.iter()
        .map(|(key, value)| Ok((key.clone(), value.to_parameter()?)))
        .collect::<Result<serde_json::Map<_, _>>>()
        .map(Json::Object)
}

/// What a value of an answer can be read as.
pub trait FromValue: Sized {
    fn from_value(value: Value) -> Result<Self>;
}

fn mismatch<T>(value: &Value) -> Error {
    Error::new(ErrorKind::Value, format!("{} is no {}", value.type_name(), std::any::type_name::<T>()))
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Self> {
        Ok(value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::List(items) => items.into_iter().map(T::from_value).collect(),
            value => Err(mismatch::<Self>(&value)),
        }
    }
}

macro_rules! readable {
    ($($variant:ident => $target:ty),* $(,)?) => {$(
        impl FromValue for $target {
            fn from_value(value: Value) -> Result<Self> {
                match value {
                    Value::$variant(value) => Ok(value),
                    value => Err(mismatch::<Self>(&value)),
                }
            }
        }
        impl From<$target> for Value {
            fn from(value: $target) -> Self {
                Self::$variant(value)
            }
        }
    )*};
}

readable! {
    Boolean => bool, Integer => i64, Float => f64, String => String, Map => Map, Date => Date, LocalTime => LocalTime, Time => Time,
    LocalDateTime => LocalDateTime, DateTime => DateTime, Duration => Duration, Point => Point, Vector => Vector, Node => Node,
    Relationship => Relationship, Path => Path,
}

macro_rules! smaller_integers {
    ($($target:ty),*) => {$(
        impl FromValue for $target {
            fn from_value(value: Value) -> Result<Self> {
                match value {
                    Value::Integer(integer) => Self::try_from(integer).map_err(|_| mismatch::<Self>(&value)),
                    value => Err(mismatch::<Self>(&value)),
                }
            }
        }
    )*};
}

smaller_integers!(i8, i16, i32, u8, u16, u32, u64, usize);

macro_rules! converted {
    ($($source:ty => $variant:ident),* $(,)?) => {$(
        impl From<$source> for Value {
            fn from(value: $source) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

converted! {
    i8 => Integer, i16 => Integer, i32 => Integer, u8 => Integer, u16 => Integer, u32 => Integer, f32 => Float, &str => String,
    chrono::NaiveDate => Date, chrono::NaiveTime => LocalTime, chrono::NaiveDateTime => LocalDateTime,
    chrono::DateTime<chrono::Utc> => DateTime, chrono::DateTime<chrono::FixedOffset> => DateTime,
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<HashMap<String, T>> for Value {
    fn from(members: HashMap<String, T>) -> Self {
        Self::Map(members.into_iter().map(|(key, value)| (key, value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points() {
        for text in ["SRID=7203;POINT (1.0 2.5)", "SRID=4979;POINT Z (12.5 56.0 -3.0)"] {
            assert_eq!(text.parse::<Point>().unwrap().to_string(), text);
        }
        for text in
            ["POINT (1 2)", "SRID=7203;POINT (1)", "SRID=7203;POINT (1 2", "SRID=x;POINT (1 2)", "SRID=9157;POINT (1 2 3)"]
        {
            assert!(text.parse::<Point>().is_err(), "{text}");
        }
    }

    #[test]
    fn vectors() {
        for vector in [Vector::Float32(vec![0.1, -1e30]), Vector::Integer8(vec![-128, 127]), Vector::Integer64(vec![i64::MIN])] {
            let value = Value::from(vector);
            assert_eq!(Value::from_typed(&value.to_parameter().unwrap()).unwrap(), value);
        }
        let typed = Value::from(Vector::Float32(vec![0.1])).to_parameter().unwrap();
        assert_eq!(typed["_value"], json!({"coordinatesType": "FLOAT32", "coordinates": ["0.1"]}));
    }

    #[test]
    fn parameters() {
        let value = Value::from(vec![Value::from(1), 1.0.into(), true.into(), Value::Null, "x".into(), i64::MAX.into()]);
        assert_eq!(value.to_parameter().unwrap().to_string(), r#"[1,1.0,true,null,"x",9223372036854775807]"#);
        assert_eq!(Value::from(f64::NEG_INFINITY).to_parameter().unwrap(), json!({"$type": "Float", "_value": "-Infinity"}));
        let node = Node { element_id: String::new(), labels: Vec::new(), properties: Map::new() };
        assert_eq!(Value::from(node).to_parameter().unwrap_err().kind(), ErrorKind::Usage);
    }

    #[test]
    fn reading() {
        let integer = Value::from_typed(&json!({"$type": "Integer", "_value": "-9223372036854775808"})).unwrap();
        assert_eq!(integer, Value::Integer(i64::MIN));
        assert!(u32::from_value(integer.clone()).is_err());
        assert_eq!(i64::from_value(integer).unwrap(), i64::MIN);
        assert_eq!(Option::<bool>::from_value(Value::Null).unwrap(), None);
        assert_eq!(Vec::<i64>::from_value(Value::from(vec![1, 2])).unwrap(), [1, 2]);
        assert!(String::from_value(Value::from(1)).unwrap_err().message().contains("INTEGER"));
        for damaged in [
            json!(1),
            json!({"$type": "Uuid", "_value": []}),
            json!({"$type": "Vector", "_value": {"coordinatesType": "INTEGER8", "coordinates": ["300"]}}),
            json!({"$type": "Integer", "_value": "x"}),
            json!({"$type": "Boolean"}),
        ] {
            assert_eq!(Value::from_typed(&damaged).unwrap_err().kind(), ErrorKind::Value);
        }
    }
}
