use event_runtime::prelude::*;

/// The Smartylighting Streetlights API allows you to remotely manage the city lights.
#[domain_events(foreign)]
pub enum StreetlightsEvent {
    /// Command a particular streetlight to dim the lights.
    #[event(name = "dimLight", unhandled)]
    DimLight {
        /// Percentage to which the light should be dimmed to.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(range(min = 0, max = 100))]
        percentage: Option<u64>,
        /// Date and time when the message was sent.
        #[serde(rename = "sentAt")]
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(datetime)]
        sent_at: Option<String>,
    },
    /// Inform about environmental lighting conditions of a particular streetlight.
    #[event(name = "lightMeasured", unhandled)]
    LightMeasured {
        /// Light intensity measured in lumens.
        #[serde(skip_serializing_if = "Option::is_none")]
        lumens: Option<u64>,
        /// Date and time when the message was sent.
        #[serde(rename = "sentAt")]
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(datetime)]
        sent_at: Option<String>,
    },
    /// Command a particular streetlight to turn the lights on or off.
    #[event(name = "turnOnOff", unhandled)]
    TurnOnOff {
        /// Whether to turn on or off the light.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(one_of("on", "off"))]
        command: Option<String>,
        /// Date and time when the message was sent.
        #[serde(rename = "sentAt")]
        #[serde(skip_serializing_if = "Option::is_none")]
        #[validate(datetime)]
        sent_at: Option<String>,
    },
}
