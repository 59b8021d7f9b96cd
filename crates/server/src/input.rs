//! What an operator types, checked before anything is made of it. Days are Vietnam's.

use std::net::IpAddr;

use axum::http::Uri;
use domain::date::{DatePrecision, PartialDate};
use domain::text::clean_input;
use jiff::civil::Date;

use crate::error::{Code, Refusal, Result};

/// The least length of an operator's passphrase: nothing beside it keeps the recovery key shut (TCVN 14423:2026).
pub const MIN_OPERATOR_PASSPHRASE_CHARS: usize = 14;
/// The longest name that a DNS may hold.
const MAX_HOST_CHARS: usize = 253;
const MAX_LABEL_CHARS: usize = 63;
const MAX_SERVER_NAME_CHARS: usize = 100;

/// A day that has come.
///
/// # Errors
/// `DateWrong`, `DateInFuture`.
pub fn past_day(text: &str, today: Date) -> Result<String> {
    let date = day(text)?;
    if date.is_after(today) { Err(Code::DateInFuture.into()) } else { Ok(date.to_string()) }
}

/// Today, or a day that is still to come.
///
/// # Errors
/// `DateWrong`, `DateInPast`.
pub fn coming_day(text: &str, today: Date) -> Result<String> {
    let date = day(text)?;
    if date.earliest() < today { Err(Code::DateInPast.into()) } else { Ok(date.to_string()) }
}

fn day(text: &str) -> Result<PartialDate> {
    let date: Option<PartialDate> = text.parse().ok();
    Ok(date.filter(|date| date.precision() == DatePrecision::Day).ok_or(Code::DateWrong)?)
}

/// What people call the server.
///
/// # Errors
/// `NameWrong` where it is empty, longer than a hundred characters, or holds what cannot be seen.
pub fn server_name(text: &str) -> Result<String> {
    let refused = |reason: &str| Refusal::with(Code::NameWrong, "reason", reason);
    let name = clean_input(text, MAX_SERVER_NAME_CHARS).map_err(|error| refused(error.code()))?;
    if name.is_empty() { Err(refused("empty").into()) } else { Ok(name) }
}

/// A name or an address alone: no scheme, no port, no blank.
///
/// # Errors
/// `HostWrong` with the text.
pub fn host(text: &str) -> Result<()> {
    let is_label = |label: &str| {
        (1..=MAX_LABEL_CHARS).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A last label of digits is an address that is none: 10.0.0.300.
    let is_name = text.len() <= MAX_HOST_CHARS
        && text.split('.').all(is_label)
        && text.rsplit('.').next().is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()));
    if text.parse::<IpAddr>().is_ok() || is_name {
        return Ok(());
    }
    Err(Refusal::with(Code::HostWrong, "host", text).into())
}

/// How laptops reach the server: `https://name:port`, or `http` to this machine alone.
///
/// # Errors
/// `ServerUrlWrong`; `PlainHttpNotLoopback`.
pub fn server_url(text: &str) -> Result<()> {
    let wrong = || Refusal::with(Code::ServerUrlWrong, "server_url", text);
    let url: Uri = text.parse().map_err(|_| wrong())?;
    let name = url.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let bare = matches!(url.path(), "" | "/") && url.query().is_none();
    if !bare || host(&name).is_err() || url.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(wrong().into());
    }
    let loopback = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if loopback => Ok(()),
        Some("http") => Err(Code::PlainHttpNotLoopback.into()),
        _ => Err(wrong().into()),
    }
}

/// An operator's passphrase, by the officers' rule where nothing stands beside it.
///
/// # Errors
/// `PassphraseTooShort` with `minimum_chars`; `PassphraseTooCommon`.
pub fn operator_passphrase(text: &str) -> Result<()> {
    if text.chars().count() < MIN_OPERATOR_PASSPHRASE_CHARS {
        return Err(Refusal::with(Code::PassphraseTooShort, "minimum_chars", MIN_OPERATOR_PASSPHRASE_CHARS).into());
    }
    if vault::is_common_passphrase(text) { Err(Code::PassphraseTooCommon.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        result.unwrap_err().code()
    }

    #[test]
    fn a_day_lies_on_its_side_of_today() {
        let today = domain::vietnam::day_of(1_795_287_600_000);
        assert_eq!(today, Date::constant(2026, 11, 22), "midnight in Vietnam has passed");
        assert_eq!(past_day("22/11/2026", today).unwrap(), "22/11/2026");
        assert_eq!(code(past_day("23/11/2026", today)), "date_in_future");
        assert_eq!(coming_day("22/11/2026", today).unwrap(), "22/11/2026");
        assert_eq!(code(coming_day("31/12/2020", today)), "date_in_past");
        for none in ["12/2026", "30/02/2027", "tomorrow"] {
            assert_eq!(code(coming_day(none, today)), "date_wrong", "{none}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address_alone() {
        for good in ["server.example", "localhost", "10.0.0.1", "fe80::1", "may-chu-1"] {
            host(good).unwrap();
        }
        for bad in ["", "not a host!!", "https://server.example", "a:8443", "a..b", "-a", "10.0.0.300", "máy.vn"] {
            assert_eq!(code(host(bad)), "host_wrong", "{bad}");
        }
    }

    #[test]
    fn laptops_reach_the_server_by_https_or_on_this_machine() {
        for good in ["https://server.example:8443", "https://10.0.0.1/", "http://127.0.0.1:80", "http://[::1]:8443"] {
            server_url(good).unwrap();
        }
        for bad in
            ["ftp://x", "server.example", "https://", "https://a/b", "https://a?b", "https://me@a", "https://a b"]
        {
            assert_eq!(code(server_url(bad)), "server_url_wrong", "{bad}");
        }
        assert_eq!(code(server_url("http://server.example")), "plain_http_not_loopback");
    }

    #[test]
    fn a_passphrase_alone_is_long_and_not_the_first_that_anyone_tries() {
        operator_passphrase("trăng7 rơi xuống").unwrap();
        assert_eq!(code(operator_passphrase("trăng7 rơi")), "passphrase_too_short");
        assert_eq!(code(operator_passphrase("mat khau 2026 2026")), "passphrase_too_common");
        assert_eq!(code(operator_passphrase("12345678901234")), "passphrase_too_common");
    }

    #[test]
    fn a_server_has_a_name_that_fits_a_line() {
        assert_eq!(server_name(" Công an xã ").unwrap(), "Công an xã");
        assert_eq!(code(server_name("  ")), "name_wrong");
        assert_eq!(code(server_name(&"a".repeat(101))), "name_wrong");
    }
}
