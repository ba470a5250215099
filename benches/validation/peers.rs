//! With garde, validator and `serde_valid`, each as its documentation shows it.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

static KEY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[a-z][a-z0-9-]*$").expect("the expression is constant"));

/// garde.
pub mod with_garde {
    use garde::Validate;

    use super::{Deserialize, KEY, Uuid};

    /// A workflow.
    #[derive(Deserialize, Validate)]
    pub struct Workflow {
        #[garde(skip)]
        #[allow(dead_code)]
        id: Uuid,
        #[garde(length(chars, min = 1, max = 120))]
        name: String,
        #[garde(email)]
        owner_email: String,
        #[garde(url)]
        callback_url: String,
        #[garde(range(min = 1, max = 5))]
        priority: u8,
        #[garde(length(min = 1, max = 20), dive)]
        steps: Vec<Step>,
    }

    /// One of its steps.
    #[derive(Deserialize, Validate)]
    pub struct Step {
        #[garde(pattern(*KEY))]
        key: String,
        #[garde(range(min = 1, max = 86_400_000))]
        timeout_ms: u64,
    }

    /// A login.
    #[derive(Deserialize, Validate)]
    pub struct Login {
        #[garde(skip)]
        #[allow(dead_code)]
        user_id: Uuid,
        #[garde(email)]
        email: String,
        #[garde(range(min = 1, max = 10))]
        attempts: u32,
    }
}

/// validator.
pub mod with_validator {
    use validator::Validate;

    use super::{Deserialize, KEY, Serialize, Uuid};

    /// A workflow.
    #[derive(Deserialize, Validate)]
    pub struct Workflow {
        #[allow(dead_code)]
        id: Uuid,
        #[validate(length(min = 1, max = 120))]
        name: String,
        #[validate(email)]
        owner_email: String,
        #[validate(url)]
        callback_url: String,
        #[validate(range(min = 1, max = 5))]
        priority: u8,
        #[validate(length(min = 1, max = 20), nested)]
        steps: Vec<Step>,
    }

    /// One of its steps.
    #[derive(Deserialize, Serialize, Validate)]
    pub struct Step {
        #[validate(regex(path = *KEY))]
        key: String,
        #[validate(range(min = 1, max = 86_400_000))]
        timeout_ms: u64,
    }

    /// A login.
    #[derive(Deserialize, Validate)]
    pub struct Login {
        #[allow(dead_code)]
        user_id: Uuid,
        #[validate(email)]
        email: String,
        #[validate(range(min = 1, max = 10))]
        attempts: u32,
    }
}

/// `serde_valid`: it has no rules for e-mail addresses and URLs; they are custom functions here.
pub mod with_serde_valid {
    use serde_valid::Validate;
    use serde_valid::validation::Error;
    use validator::{ValidateEmail, ValidateUrl};

    use super::{Deserialize, Uuid};

    fn email(text: &str) -> Result<(), Error> {
        if text.validate_email() { Ok(()) } else { Err(Error::Custom("must be an e-mail address".into())) }
    }

    fn url(text: &str) -> Result<(), Error> {
        if text.validate_url() { Ok(()) } else { Err(Error::Custom("must be a URL".into())) }
    }

    /// A workflow.
    #[derive(Deserialize, Validate)]
    pub struct Workflow {
        #[allow(dead_code)]
        id: Uuid,
        #[validate(min_length = 1)]
        #[validate(max_length = 120)]
        name: String,
        #[validate(custom = |text: &String| email(text))]
        owner_email: String,
        #[validate(custom = |text: &String| url(text))]
        callback_url: String,
        #[validate(minimum = 1)]
        #[validate(maximum = 5)]
        priority: u8,
        #[validate]
        #[validate(min_items = 1)]
        #[validate(max_items = 20)]
        steps: Vec<Step>,
    }

    /// One of its steps.
    #[derive(Deserialize, Validate)]
    pub struct Step {
        #[validate(pattern = "^[a-z][a-z0-9-]*$")]
        key: String,
        #[validate(minimum = 1)]
        #[validate(maximum = 86_400_000)]
        timeout_ms: u64,
    }

    /// A login.
    #[derive(Deserialize, Validate)]
    pub struct Login {
        #[allow(dead_code)]
        user_id: Uuid,
        #[validate(custom = |text: &String| email(text))]
        email: String,
        #[validate(minimum = 1)]
        #[validate(maximum = 10)]
        attempts: u32,
    }
}
