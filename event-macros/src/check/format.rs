//! Formats of texts that have a name: `email`, `url(scheme("https"))`, `uuid(version = 7)`, ..

use syn::LitStr;

use super::number::{Numeral, integer};
use crate::errors::Errors;
use crate::parse::option::Opt;

/// A format of texts.
#[derive(PartialEq)]
pub(crate) enum Format {
    Email,
    /// With one of these schemes, in lower case, if there are some.
    Url(Vec<String>),
    UriReference,
    Hostname,
    /// Of this version, if there is one.
    Uuid(Option<u8>),
    Ip,
    Ipv4,
    Ipv6,
    DateTime,
    Date,
    Time,
}

/// The formats without options.
const PLAIN: [(&str, Format); 6] = [
    ("email", Format::Email),
    ("uri_reference", Format::UriReference),
    ("hostname", Format::Hostname),
    ("datetime", Format::DateTime),
    ("date", Format::Date),
    ("time", Format::Time),
];

/// Reads a format; `None` if the option is another rule.
pub(super) fn format(option: &Opt, errors: &mut Errors) -> Option<Format> {
    let name = option.name();
    match name.as_str() {
        "url" => Some(url(option, errors)),
        "uuid" => Some(uuid(option, errors)),
        "ip" => Some(ip(option, errors)),
        _ => {
            let (_, format) = PLAIN.into_iter().find(|(plain, _)| *plain == name)?;
            option.flag(errors);
            Some(format)
        }
    }
}

fn url(option: &Opt, errors: &mut Errors) -> Format {
    let mut schemes = Vec::new();
    if !option.is_bare() {
        for inside in option.options("scheme(\"https\")", errors).unwrap_or_default() {
            match inside.name().as_str() {
                "scheme" => {
                    let texts = inside.texts(errors);
                    if texts.is_empty() && !inside.is_pair() {
                        errors.at(&inside, "`scheme` takes one or more: write `scheme(\"https\")`");
                    }
                    schemes.extend(texts.iter().filter_map(|text| scheme(text, errors)));
                }
                _ => inside.unknown("option of `url`", &["scheme"], errors),
            }
        }
    }
    Format::Url(schemes)
}

/// A scheme (RFC 3986, section 3.1) in lower case.
fn scheme(text: &LitStr, errors: &mut Errors) -> Option<String> {
    let scheme = text.value();
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    if scheme.starts_with(|char: char| char.is_ascii_alphabetic()) && scheme.bytes().all(is_inside) {
        return Some(scheme.to_ascii_lowercase());
    }
    let name = scheme.trim_end_matches(['/', ':']);
    let help = if name.is_empty() { "https" } else { name };
    errors.at(text, format!("not a scheme, which is what stands before the colon: write `\"{help}\"`"));
    None
}

fn uuid(option: &Opt, errors: &mut Errors) -> Format {
    let mut of = None;
    if !option.is_bare() {
        for inside in option.options("version = 7", errors).unwrap_or_default() {
            match inside.name().as_str() {
                "version" => of = version(&inside, errors),
                _ => inside.unknown("option of `uuid`", &["version"], errors),
            }
        }
    }
    Format::Uuid(of)
}

fn version(option: &Opt, errors: &mut Errors) -> Option<u8> {
    let literal = option.integer(errors)?;
    let number = match errors.ok(integer(&literal))? {
        Numeral::Integer(number) => u8::try_from(number).ok(),
        _ => None,
    };
    let version = number.filter(|number| (1..=8).contains(number));
    if version.is_none() {
        errors.at(literal, "the versions of UUIDs are 1 to 8 (RFC 9562)");
    }
    version
}

fn ip(option: &Opt, errors: &mut Errors) -> Format {
    if option.is_bare() {
        return Format::Ip;
    }
    let versions = option.options("v4", errors).unwrap_or_default();
    let [version] = &versions[..] else {
        errors.at(option, "`ip` takes one version: write `ip(v4)`, `ip(v6)`, or `ip` for both");
        return Format::Ip;
    };
    match version.name().as_str() {
        "v4" | "v6" => version.flag(errors),
        _ => version.unknown("version of `ip`", &["v4", "v6"], errors),
    }
    if version.name() == "v6" { Format::Ipv6 } else { Format::Ipv4 }
}
