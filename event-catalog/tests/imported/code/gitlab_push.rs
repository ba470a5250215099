use event_runtime::prelude::*;

/// Events of another system: GitlabPush.
#[domain_events(foreign)]
pub enum GitlabPushEvent {
    /// From 1 sample(s).
    #[event(name = "gitlab_push", unhandled)]
    GitlabPush {
        after: String,
        before: String,
        checkout_sha: String,
        commits: Vec<GitlabPushGitlabPushCommitsItem>,
        event_name: String,
        object_kind: String,
        project: GitlabPushGitlabPushProject,
        project_id: u64,
        r#ref: String,
        total_commits_count: u64,
        user_id: u64,
        user_name: String,
    },
}

/// In `gitlab_push.commits[]`.
#[payload]
pub struct GitlabPushGitlabPushCommitsItem {
    added: Vec<String>,
    id: String,
    message: String,
    modified: Vec<String>,
    removed: Vec<serde_json::Value>,
    timestamp: String,
}

/// In `gitlab_push.project`.
#[payload]
pub struct GitlabPushGitlabPushProject {
    avatar_url: serde_json::Value,
    default_branch: String,
    description: String,
    id: u64,
    name: String,
    visibility_level: u64,
    web_url: String,
}
