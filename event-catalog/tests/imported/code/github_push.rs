use event_runtime::prelude::*;

/// Events of another system: GithubPush.
#[domain_events(foreign)]
pub enum GithubPushEvent {
    /// From 2 sample(s).
    #[event(name = "github_push", unhandled)]
    GithubPush {
        after: String,
        base_ref: serde_json::Value,
        before: String,
        commits: Vec<GithubPushGithubPushCommitsItem>,
        compare: String,
        created: bool,
        deleted: bool,
        forced: bool,
        head_commit: Option<GithubPushGithubPushHeadCommit>,
        pusher: GithubPushGithubPushPusher,
        r#ref: String,
        repository: GithubPushGithubPushRepository,
        sender: GithubPushGithubPushSender,
    },
}

/// In `github_push.commits[]`.
#[payload]
pub struct GithubPushGithubPushCommitsItem {
    added: Vec<serde_json::Value>,
    distinct: bool,
    id: String,
    message: String,
    modified: Vec<String>,
    removed: Vec<serde_json::Value>,
    timestamp: String,
}

/// In `github_push.head_commit`.
#[payload]
pub struct GithubPushGithubPushHeadCommit {
    added: Vec<serde_json::Value>,
    distinct: bool,
    id: String,
    message: String,
    modified: Vec<String>,
    removed: Vec<serde_json::Value>,
    timestamp: String,
}

/// In `github_push.pusher`.
#[payload]
pub struct GithubPushGithubPushPusher {
    name: String,
}

/// In `github_push.repository`.
#[payload]
pub struct GithubPushGithubPushRepository {
    default_branch: String,
    description: Option<String>,
    fork: bool,
    full_name: String,
    html_url: String,
    id: u64,
    language: Option<String>,
    name: String,
    node_id: String,
    private: bool,
    size: u64,
    stargazers_count: u64,
}

/// In `github_push.sender`.
#[payload]
pub struct GithubPushGithubPushSender {
    id: u64,
    login: String,
    site_admin: bool,
    r#type: String,
}
