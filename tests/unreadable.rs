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
    spread: Option<f64>,
    rest: Option<()>,
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
    /// An average was taken.
    Averaged { sum: f64, count: f64 },
    /// A sensor was started.
    Started { id: u64 },
}

/// Sends a value that is not a number.
#[function(id = "sensor-started-sampler")]
async fn sample(ctx: &Context<SensorStarted>) -> Result<()> {
    ctx.step.send("note", SensorNoted { note: nested(200) }).await?;
    Ok(())
}

/// Divides, perhaps by zero.
#[function(id = "sensor-averaged-divider")]
async fn divide(ctx: &Context<SensorAveraged>) -> Result<Option<f64>> {
    let (sum, count) = (ctx.event.sum, ctx.event.count);
    if sum < 0.0 {
        return Ok(Some(sum / count));
    }
    Ok(Some(ctx.step.run("average", async || Ok(sum / count)).await?))
}

registry! { pub Events = [SensorEvent]; }
functions! { pub Functions in Events = [sample, divide]; }

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
    let reading = Reading { value: f64::NAN, spread: Some(f64::INFINITY), rest: Some(()) };
    let paths = ["reading.value", "reading.spread", "reading.rest"];
    assert_eq!(refused(client.send(SensorSampled { reading }).await.map(drop)), paths);
    assert_eq!(engine.totals().await.unwrap().events, 0);
    engine.shutdown().await;

    let mut engine = TestEngine::new(&app);
    let run = engine.run(SensorStarted { id: 1 }).await;
    run.failed_with("note");
}

#[tokio::test]
async fn a_result_that_would_be_read_back_as_another_fails_its_step_or_its_run() {
    let app = App::<Functions>::builder("sensors").build().unwrap();
    let mut engine = TestEngine::new(&app);
    let run = engine.run(SensorAveraged { sum: 1.0, count: 0.0 }).await;
    run.failed_with(
        "step `average` failed: result: must be a finite number, is inf: JSON has no form for it",
    );
    let run = engine.run(SensorAveraged { sum: -1.0, count: 0.0 }).await;
    run.failed_with("result: must be a finite number, is -inf");
    engine.run(SensorAveraged { sum: 1.0, count: 4.0 }).await.completed_with(&0.25);
}

/// A reader that rounds the last digit gives some of these back with another last bit.
#[test]
fn floats_come_back_to_the_last_bit() {
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..100_000 {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let sum = f64::from_bits(bits);
        let event = SensorAveraged { sum: if sum.is_finite() { sum } else { 0.1 }, count: 1.0 };
        let back = SensorAveraged::parse(&serde_json::to_vec(&event).unwrap()).unwrap();
        assert_eq!(back.sum.to_bits(), event.sum.to_bits(), "{}", event.sum);
    }
}
