//! Values that JSON has no form for, or that no handler could read back, are refused before they are stored.

use std::collections::BTreeMap;

use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;
use event_runtime::{Issues, SendError};
use serde_json::{Value, json};

/// A reading, of a type without rules.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Reading {
    value: f64,
}

/// What a sensor does.
#[domain_events]
pub enum SensorEvent {
    /// A value was measured.
    #[event(unhandled)]
    Measured { value: f64, more: Vec<Option<f32>>, by_name: BTreeMap<String, (u8, f64)> },
    /// A note was taken.
    #[event(unhandled)]
    Noted { note: Value },
    /// A date was set.
    #[event(unhandled)]
    Dated { at: chrono::DateTime<chrono::Utc>, others: Vec<jiff::Timestamp> },
    /// Something was read.
    #[event(unhandled)]
    Sampled { reading: Reading },
    /// A sensor was started.
    Started { id: u64 },
}

/// Sends a value that is not a number.
#[function(id = "sensor-started-sampler")]
async fn sample(ctx: &Context<SensorStarted>) -> Result<()> {
    ctx.step.send("note", SensorNoted { note: nested(200) }).await?;
    Ok(())
}

registry! { pub Events = [SensorEvent]; }
functions! { pub Functions in Events = [sample]; }

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |value, _| json!([value]))
}

fn measured(value: f64) -> SensorMeasured {
    SensorMeasured { value, more: Vec::new(), by_name: BTreeMap::new() }
}

fn paths(result: Result<(), Issues>) -> Vec<String> {
    result.err().into_iter().flatten().map(|issue| issue.path).collect()
}

#[test]
fn numbers_are_finite_wherever_they_are() {
    assert_eq!(paths(measured(f64::NAN).validate()), ["value"]);
    let more = vec![Some(1.0), None, Some(f32::INFINITY)];
    let by_name = BTreeMap::from([("a b".to_owned(), (1, f64::NEG_INFINITY))]);
    let event = SensorMeasured { value: f64::MAX, more, by_name };
    assert_eq!(paths(event.validate()), ["more[2]", "by_name[\"a b\"][1]"]);
}

#[test]
fn dates_have_years_of_four_digits() {
    let ends = [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC];
    for at in ends {
        let event = SensorDated { at, others: vec![jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MIN] };
        assert_eq!(paths(event.validate()), ["at", "others[1]"]);
    }
}

#[test]
fn what_validates_can_be_read_back() {
    for levels in [1, 125, 126, 127, 200] {
        let event = SensorNoted { note: nested(levels) };
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(event.validate().is_ok(), SensorNoted::parse(json.as_bytes()).is_ok(), "{levels} levels");
    }
}

#[tokio::test]
async fn no_host_stores_what_no_handler_can_read() {
    let app = App::<Functions>::builder("sensors").build().unwrap();
    let engine = app.embedded(":memory:").start().await.unwrap();
    let client = engine.client();
    let refused = |result: Result<_, SendError>| match result {
        Err(SendError::Rejected(issues)) => paths(Err(issues)),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(client.send(measured(f64::NAN)).await.map(drop)), ["value"]);
    let both = [measured(1.0), measured(f64::INFINITY)];
    assert_eq!(refused(client.send_all(both).await.map(drop)), ["[1].value"]);
    // A type without rules is found by reading what it has written.
    let sampled = SensorSampled { reading: Reading { value: f64::NAN } };
    assert_eq!(refused(client.send(sampled).await.map(drop)), ["reading.value"]);
    assert_eq!(engine.totals().await.unwrap().events, 0);
    engine.shutdown().await;

    let mut engine = TestEngine::new(&app);
    let run = engine.run(SensorStarted { id: 1 }).await;
    run.failed_with("note");
}
