//! The macros do not panic, whatever is written: declarations with tokens dropped, doubled, exchanged and put elsewhere.

use std::panic::catch_unwind;

use proc_macro2::{Group, TokenStream, TokenTree};

use crate::pipeline;

type Macro = fn(TokenStream) -> TokenStream;

/// Each macro, and input that it likes.
const SEEDS: &[(Macro, &str)] = &[
    (
        |tokens| pipeline::domain_events(TokenStream::new(), tokens),
        r#"/// Doc.
        #[derive(PartialEq)] #[serde(rename_all = "camelCase")]
        pub enum WorkflowEvent {
            /// Created.
            #[event(version = 2, upcast(OldPayload), unhandled, action = "made", payload = Made, owner = "x", deprecated = "y")] #[validate(refine = check)] #[deprecated]
            Created {
                id: Uuid,
                #[validate(length(min = 1, max = 120), starts_with("a"), example = "abc")] name: String,
                #[validate(pattern("^[a-z][a-z0-9-]{2,9}$"))] key: Option<String>,
                #[validate(unique, inner(one_of("a", "b")))] tags: Vec<String>,
                #[validate(range(min = -1, max = 2.5), multiple_of(5), ip(v4), custom = a::b, nested)] #[cfg(test)] odd: f64,
                #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")] r#type: Option<u8>,
                #[event(sensitive)] #[normalize(trim, lowercase)] token: String,
                #[serde(flatten)] address: Address,
            },
            /// Placed.
            Placed(#[validate(nested)] OrderDetails),
            #[doc = include_str!("deleted.md")]
            Deleted,
        }"#,
    ),
    (
        |tokens| pipeline::domain_events(TokenStream::new(), tokens),
        r#"enum E { #[cfg_attr(all(a, b), doc(hidden), cfg_attr(c, doc = "Done."))] Done { #[cfg_attr(d, validate(email))] to: String } }"#,
    ),
    (
        |tokens| pipeline::domain_events(tokens, enumeration()),
        r#"domain = "workflow", js_safe, owner = "sales", deprecated(since = "2026-01-31", note = "x"), common(/** Doc. */ #[validate(email)] to: String), foreign, past_tense("yote", "x"), singular("kudos"), crate = ::a::b"#,
    ),
    (
        |tokens| pipeline::payload(TokenStream::new(), tokens),
        r"/// Doc.
        pub struct Step { #[validate(email, url, uuid, datetime)] pub key: String, timeout_ms: u64 }",
    ),
    (
        |tokens| pipeline::payload(TokenStream::new(), tokens),
        "/// Doc.\n pub struct Email(#[normalize(trim, nfc)] #[validate(email, length(max = 9), example = \"a@b.de\")] String);",
    ),
    (
        |tokens| pipeline::payload(parse("open, crate = ::a"), tokens),
        r#"/// Doc.
        #[serde(tag = "type", content = "data", rename_all = "snake_case", rename_all_fields = "camelCase")]
        #[validate(refine = check)]
        pub enum Method {
            /// Doc.
            #[deprecated] Cash,
            #[serde(rename = "c", rename_all = "kebab-case")] #[cfg(test)] Card { #[validate(range(max = 9))] exp_month: u8 },
            Amount(#[validate(inner(email))] #[event(sensitive)] Vec<String>),
        }"#,
    ),
    (
        |tokens| pipeline::payload(TokenStream::new(), tokens),
        r#"/// Doc.
        pub struct Rules {
            #[validate(range(above = -1.5, below = 1e9), example = -1)] a: f64,
            #[validate(range(min = 60 * 60, max = MAX), multiple_of(340282366920938463463374607431768211455))] b: u128,
            #[validate(length(min = a::MIN, max = 1 << 5, message = "no"), or_empty, url(scheme("https", "ftp")))] c: String,
            #[validate(keys(uuid(version = 7)), inner(pattern(r"^[\w\-.]\d+\@\p{Lu}$")), unique)] d: BTreeMap<String, String>,
            #[validate(hostname, uri_reference, date, time, one_of(-1, 0.5), custom(f, message = "m"))] e: String,
        }"#,
    ),
    (pipeline::derive_validate, "struct Step { #[validate(range(max = 3))] key: u8 }"),
    (
        |tokens| pipeline::function(tokens, function()),
        r#"id = "workflow-created-mailer", name = "Mail", retries = 3, emits(A, b::C), allow_cycle, foreign, marker = M, crate = ::a"#,
    ),
    (
        |tokens| pipeline::function(options(), tokens),
        "/// Doc.\n pub async fn send_mail(ctx: &Context<WorkflowCreated>) -> Result<()> { Ok(()) }",
    ),
    (
        |tokens| pipeline::controller(TokenStream::new(), tokens),
        r#"impl Mailer {
            /// Doc.
            #[function(id = "workflow-created-mailer")]
            async fn send(&self, ctx: &Context<WorkflowCreated>) -> Result<()> { Ok(()) }
            fn other(&self) {}
        }"#,
    ),
    (pipeline::registry, "(::a) /// Doc.\n pub AppEvents = [WorkflowEvent, b::InvoiceEvent];"),
    (pipeline::names, r#"["a/created" !"a/deleted" in "b"] (::a) pub(crate) AppEvents"#),
    (pipeline::unhandled, r#"["a/created" !"a/deleted" in "b"] (::a) #[allow(deprecated)] AppFunctions"#),
    (pipeline::functions, "(::a) pub AppFunctions = [send_mail];"),
    (pipeline::functions, "(::a) pub AppFunctions in AppEvents = [send_mail, b::Controller,];"),
    (pipeline::event, r#"(::a) AppEvents, "workflow/created""#),
];

fn enumeration() -> TokenStream {
    parse("/// Doc.\n enum WorkflowEvent { /// Doc.\n #[event(name = \"x\")] Created { id: u8 } }")
}

fn function() -> TokenStream {
    parse("/// Doc.\n async fn f(ctx: &Context<A>) -> Result<()> { Ok(()) }")
}

fn options() -> TokenStream {
    parse("id = \"workflow-created-mailer\", emits(A)")
}

fn parse(source: &str) -> TokenStream {
    source.parse().expect("the seed is made of tokens")
}

/// Pseudo-random numbers (`SplitMix64`).
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % u64::try_from(bound).expect("small")).expect("small")
    }
}

/// Tokens to put anywhere.
const STRANGE: &str = "pub enum struct fn async self Self crate r#type 'a 1 -1 1.5 1_000_000_000_000_000_000_000 0x10u8 1e999 1e-999 5foo 1.5q -170141183460469231731687303715884105728 \
    1000000000000000000000000000000000000000000 \"\" \"ü\" \"[\" \
    b\"x\" 'c' true , ; : :: = == => -> .. ..= & && * # ! ? < > () [] {} (=) [,] {:}";

/// One of: drop, double, exchange, or put a strange token, here or inside a group.
fn mutate(tokens: TokenStream, draws: &mut Draws, strange: &[TokenTree]) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    if trees.is_empty() {
        return strange[draws.below(strange.len())].clone().into();
    }
    let at = draws.below(trees.len());
    if let TokenTree::Group(group) = &trees[at]
        && draws.below(5) > 0
    {
        let inside = mutate(group.stream(), draws, strange);
        trees[at] = Group::new(group.delimiter(), inside).into();
        return trees.into_iter().collect();
    }
    match draws.below(5) {
        0 => drop(trees.remove(at)),
        1 => trees.insert(at, trees[at].clone()),
        2 => {
            let other = draws.below(trees.len());
            trees.swap(at, other);
        }
        3 => trees[at] = strange[draws.below(strange.len())].clone(),
        _ => trees.insert(at, strange[draws.below(strange.len())].clone()),
    }
    trees.into_iter().collect()
}

#[test]
fn no_input_makes_a_macro_panic() {
    let strange: Vec<TokenTree> = parse(STRANGE).into_iter().collect();
    // More of them on demand: `FUZZ_SEEDS=1000000 cargo test --release -p event-macros`.
    let seeds = std::env::var("FUZZ_SEEDS").ok().and_then(|seeds| seeds.parse().ok());
    for seed in 0..seeds.unwrap_or(6_000) {
        let mut draws = Draws(seed);
        let (expand, source) = SEEDS[draws.below(SEEDS.len())];
        let mut tokens = parse(source);
        for _ in 0..=draws.below(6) {
            tokens = mutate(tokens, &mut draws, &strange);
        }
        let written = tokens.to_string();
        let expanded = catch_unwind(|| expand(tokens).to_string());
        assert!(expanded.is_ok(), "seed {seed}: a macro panicked on\n{written}");
    }
}
