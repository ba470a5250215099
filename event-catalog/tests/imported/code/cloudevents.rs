use event_runtime::prelude::*;

/// Events of another system: Cloudevents.
#[domain_events(foreign)]
pub enum CloudeventsEvent {
    /// From 1 sample(s).
    #[event(name = "com.example.someevent", unhandled)]
    ComExampleSomeevent {
        #[serde(rename = "appinfoA")]
        appinfo_a: String,
        #[serde(rename = "appinfoB")]
        appinfo_b: u64,
        #[serde(rename = "appinfoC")]
        appinfo_c: bool,
    },
    /// From 1 sample(s).
    #[event(name = "com.github.pull_request.opened", unhandled)]
    ComGithubPullRequestOpened {
        labels: Vec<String>,
        merged: bool,
        number: u64,
    },
}
