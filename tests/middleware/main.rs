//! Middleware on the engine, with its file and in the test kit; encryption as one.

mod encryption;
mod layers;
mod shop;
