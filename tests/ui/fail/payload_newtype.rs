use event_runtime::prelude::*;

/// Two values.
#[payload]
struct Point(f64, f64);

/// None.
#[payload]
struct Empty();

/// The name is not in the JSON.
#[payload]
struct Renamed(#[serde(rename = "value")] u8);

/// The rule is for texts.
#[payload]
struct Number(#[validate(email)] u8);

/// A newtype of a number is none of a text.
#[payload]
struct Held {
    #[validate(length(max = 3))]
    quantity: Quantity,
}

/// How many.
#[payload]
struct Quantity(u8);

fn main() {
    let _: Result<Quantity, Issues> = Quantity::try_from("7");
}
