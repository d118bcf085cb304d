//! Dates, times and durations, exactly as the server has them.

use std::fmt;
use std::str::FromStr;

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

use crate::{Error, ErrorKind, Result};

macro_rules! temporal {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// From ISO 8601; the server checks it.
            pub fn new(iso: impl Into<String>) -> Self {
                Self(iso.into())
            }
            /// The ISO 8601 text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

temporal!(
    /// A DATE of any year.
    Date
);
temporal!(
    /// A LOCAL TIME, to the nanosecond.
    LocalTime
);
temporal!(
    /// A ZONED TIME: a time of day with an offset.
    Time
);
temporal!(
    /// A LOCAL DATETIME.
    LocalDateTime
);
temporal!(
    /// A ZONED DATETIME, with an offset and perhaps the name of a zone.
    DateTime
);

fn unfit(text: &str) -> Error {
    Error::new(ErrorKind::Value, format!("'{text}' is out of the range of chrono"))
}

fn time_of(text: &str) -> Option<NaiveTime> {
    let form = if text.matches(':').count() == 1 { "%H:%M" } else { "%H:%M:%S%.f" };
    NaiveTime::parse_from_str(text, form).ok()
}

// "+01:00", "-00:01:15", "Z"
fn offset_of(text: &str) -> Option<FixedOffset> {
    if text == "Z" {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = (if text.starts_with('-') { -1 } else { 1 }, text.get(1..)?);
    let mut seconds = 0;
    for (part, unit) in digits.split(':').zip([3600, 60, 1]) {
        seconds += part.parse::<i32>().ok()? * unit;
    }
    FixedOffset::east_opt(sign * seconds)
}

fn split_offset(text: &str) -> Option<(&str, &str)> {
    let at = text.rfind(['Z', '+', '-'])?;
    Some(text.split_at(at))
}

fn date_time_of(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = text.split_once('T')?;
    Some(NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?.and_time(time_of(time)?))
}

impl Date {
    /// An error for a year that chrono does not know.
    pub fn to_chrono(&self) -> Result<NaiveDate> {
        NaiveDate::parse_from_str(&self.0, "%Y-%m-%d").map_err(|_| unfit(&self.0))
    }
}

impl LocalTime {
    pub fn to_chrono(&self) -> Result<NaiveTime> {
        time_of(&self.0).ok_or_else(|| unfit(&self.0))
    }
}

impl Time {
    pub fn to_chrono(&self) -> Result<(NaiveTime, FixedOffset)> {
        let parts = split_offset(&self.0).and_then(|(time, offset)| Some((time_of(time)?, offset_of(offset)?)));
        parts.ok_or_else(|| unfit(&self.0))
    }
}

impl LocalDateTime {
    pub fn to_chrono(&self) -> Result<NaiveDateTime> {
        date_time_of(&self.0).ok_or_else(|| unfit(&self.0))
    }
}

impl DateTime {
    /// The name of the zone, such as `Europe/Oslo`.
    pub fn zone(&self) -> Option<&str> {
        self.0.strip_suffix(']')?.split_once('[').map(|(_, zone)| zone)
    }

    /// With the offset of this moment.
    pub fn to_chrono(&self) -> Result<chrono::DateTime<FixedOffset>> {
        let text = self.0.split('[').next().unwrap_or_default();
        let (local, offset) = split_offset(text).ok_or_else(|| unfit(&self.0))?;
        let (local, offset) = (date_time_of(local), offset_of(offset));
        let moment = local.zip(offset).and_then(|(local, offset)| offset.from_local_datetime(&local).single());
        moment.ok_or_else(|| unfit(&self.0))
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self(date.to_string())
    }
}
impl From<NaiveTime> for LocalTime {
    fn from(time: NaiveTime) -> Self {
        Self(time.format("%H:%M:%S%.f").to_string())
    }
}
impl From<NaiveDateTime> for LocalDateTime {
    fn from(local: NaiveDateTime) -> Self {
        Self(local.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
    }
}
impl<Z: TimeZone> From<chrono::DateTime<Z>> for DateTime {
    fn from(moment: chrono::DateTime<Z>) -> Self {
        Self(moment.fixed_offset().format("%Y-%m-%dT%H:%M:%S%.f%:z").to_string())
    }
}

const SECOND: i128 = 1_000_000_000;

/// Months, days and seconds that are kept apart, as their lengths differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Duration {
    pub months: i64,
    pub days: i64,
    pub seconds: i64,
    /// 0 to 999,999,999, also when `seconds` is negative.
    pub nanoseconds: u32,
}

fn number(text: &mut &str) -> Option<i64> {
    let end = text.find(|c: char| c != '-' && !c.is_ascii_digit())?;
    let (digits, rest) = text.split_at(end);
    *text = rest;
    digits.parse().ok()
}

fn parse_duration(text: &str) -> Option<Duration> {
    let (mut months, mut days, mut nanoseconds) = (0_i64, 0_i64, 0_i128);
    let mut rest = text.strip_prefix('P')?;
    let mut in_time = false;
    if rest.is_empty() || rest.ends_with('T') {
        return None;
    }
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T').filter(|_| !in_time) {
            (rest, in_time) = (time, true);
            continue;
        }
        let is_negative = rest.starts_with('-');
        let whole = number(&mut rest)?;
        let mut fraction = 0;
        if let Some(digits) = rest.strip_prefix('.') {
            let end = digits.find('S').filter(|end| (1..=9).contains(end))?;
            fraction = format!("{:0<9}", &digits[..end]).parse::<i128>().ok()?;
            rest = &digits[end..];
        }
        let unit = rest.chars().next()?;
        rest = &rest[1..];
        match (in_time, unit) {
            (false, 'Y') => months = months.checked_add(whole.checked_mul(12)?)?,
            (false, 'M') => months = months.checked_add(whole)?,
            (false, 'W') => days = days.checked_add(whole.checked_mul(7)?)?,
            (false, 'D') => days = days.checked_add(whole)?,
            (true, 'H') => nanoseconds += i128::from(whole) * 3600 * SECOND,
            (true, 'M') => nanoseconds += i128::from(whole) * 60 * SECOND,
            (true, 'S') => nanoseconds += i128::from(whole) * SECOND + if is_negative { -fraction } else { fraction },
            _ => return None,
        }
    }
    let seconds = i64::try_from(nanoseconds.div_euclid(SECOND)).ok()?;
    Some(Duration { months, days, seconds, nanoseconds: u32::try_from(nanoseconds.rem_euclid(SECOND)).ok()? })
}

impl FromStr for Duration {
    type Err = Error;

    /// From ISO 8601: `P1Y2M3DT4H5M6.7S`.
    fn from_str(text: &str) -> Result<Self> {
        parse_duration(text).ok_or_else(|| Error::new(ErrorKind::Value, format!("'{text}' is not a duration")))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |amount: i128, unit: char| if amount == 0 { String::new() } else { format!("{amount}{unit}") };
        let all = i128::from(self.seconds) * SECOND + i128::from(self.nanoseconds);
        let rest = all % (60 * SECOND);
        let mut seconds = String::new();
        if rest != 0 {
            let sign = if rest < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:09}", rest.abs() / SECOND, rest.abs() % SECOND);
            seconds = format!("{}S", text.trim_end_matches('0').trim_end_matches('.'));
        }
        let months = i128::from(self.months);
        let date = part(months / 12, 'Y') + &part(months % 12, 'M') + &part(self.days.into(), 'D');
        let time = part(all / (3600 * SECOND), 'H') + &part(all / (60 * SECOND) % 60, 'M') + &seconds;
        match (date.is_empty(), time.is_empty()) {
            (true, true) => f.write_str("PT0S"),
            (_, true) => write!(f, "P{date}"),
            _ => write!(f, "P{date}T{time}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let all = [
            ("P1Y2M-3DT-0.9999995S", Duration { months: 14, days: -3, seconds: -1, nanoseconds: 500 }),
            ("PT1H1M1S", Duration { seconds: 3661, ..Duration::default() }),
            ("PT0S", Duration::default()),
            ("P7DT-0.5S", Duration { days: 7, seconds: -1, nanoseconds: 500_000_000, ..Duration::default() }),
            ("PT-1H-1S", Duration { seconds: -3601, ..Duration::default() }),
            ("P-1Y-1M", Duration { months: -13, ..Duration::default() }),
            ("PT10S", Duration { seconds: 10, ..Duration::default() }),
        ];
        for (text, duration) in all {
            assert_eq!(duration.to_string(), text);
            assert_eq!(text.parse::<Duration>().unwrap(), duration);
        }
        for text in ["", "P", "PT", "P1", "1Y", "PT1.S", "P1YT", "P1S", "PT1Y", "P99999999999999999999Y"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn moments() {
        let moment = DateTime::new("2015-07-21T21:40:32.142123456+01:00[Europe/London]");
        assert_eq!(moment.zone(), Some("Europe/London"));
        assert_eq!(moment.to_chrono().unwrap().to_rfc3339(), "2015-07-21T21:40:32.142123456+01:00");
        assert_eq!(DateTime::from(moment.to_chrono().unwrap()).as_str(), "2015-07-21T21:40:32.142123456+01:00");
        assert_eq!(DateTime::new("2015-07-21T21:40Z").to_chrono().unwrap().timestamp(), 1_437_514_800);
        let (time, offset) = Time::new("12:31-00:01:15").to_chrono().unwrap();
        assert_eq!((time, offset.local_minus_utc()), (NaiveTime::from_hms_opt(12, 31, 0).unwrap(), -75));
        let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        assert_eq!(Date::new("2024-02-29").to_chrono().unwrap(), date);
        assert_eq!(Date::from(date).as_str(), "2024-02-29");
        assert_eq!(LocalDateTime::new("2024-02-29T00:07").to_chrono().unwrap(), date.and_hms_opt(0, 7, 0).unwrap());
        assert_eq!(LocalTime::new("12:31:14.5").to_chrono().unwrap(), NaiveTime::from_hms_milli_opt(12, 31, 14, 500).unwrap());
        assert!(Date::new("+999999999-01-01").to_chrono().is_err());
    }
}
