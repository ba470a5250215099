//! The query of a request.

/// The query of a request from a server.
#[derive(Debug, Default)]
pub(super) struct Query {
    /// `fnId`: which function is called.
    pub(super) function: Option<String>,
    /// `stepId`: which step of it, `step` when the server has planned none.
    pub(super) step: Option<String>,
    /// `deployId`: which deployment a sync belongs to.
    pub(super) deploy: Option<String>,
    /// Everything else, as it was written: it may authorize requests (section 4.3.2).
    pub(super) rest: String,
}

impl Query {
    pub(super) fn parse(query: Option<&str>) -> Self {
        let mut parsed = Self::default();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let Some((name, value)) = url::form_urlencoded::parse(pair.as_bytes()).next() else { continue };
            let place = match &*name {
                "fnId" => &mut parsed.function,
                "stepId" => &mut parsed.step,
                "deployId" => &mut parsed.deploy,
                _ => {
                    let separator = if parsed.rest.is_empty() { "" } else { "&" };
                    parsed.rest = format!("{}{separator}{pair}", parsed.rest);
                    continue;
                }
            };
            *place = Some(value.into_owned());
        }
        parsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_servers_is_kept_as_it_was_written() {
        let query = Query::parse(Some("token=a%20b&fnId=app-fn&stepId=step&deployId=7&x"));
        assert_eq!(query.function.as_deref(), Some("app-fn"));
        assert_eq!(query.step.as_deref(), Some("step"));
        assert_eq!(query.deploy.as_deref(), Some("7"));
        assert_eq!(query.rest, "token=a%20b&x");
        assert_eq!(Query::parse(None).rest, "");
    }
}
