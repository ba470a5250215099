//! What the tests of the Inngest host share: a clock, signatures, calls of the endpoint, and a server that notes what it is
//! asked.

pub mod endpoint;
pub mod fake;
pub mod signing;
pub mod time;
