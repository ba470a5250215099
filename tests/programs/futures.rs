//! Futures that are polled in a fixed order, so that a program does the same whenever the same wakes it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future on the heap.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// All of some futures.
pub(crate) struct Together<'a> {
    all: Vec<Boxed<'a, u64>>,
    done: Vec<Option<u64>>,
}

impl<'a> Together<'a> {
    pub(crate) fn new(all: Vec<Boxed<'a, u64>>) -> Self {
        Self { done: vec![None; all.len()], all }
    }
}

impl Future for Together<'_> {
    type Output = Vec<u64>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { all, done } = &mut *self;
        for (future, done) in all.iter_mut().zip(done.iter_mut()) {
            if done.is_none()
                && let Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *done = Some(value);
            }
        }
        done.iter().copied().collect::<Option<Vec<_>>>().map_or(Poll::Pending, Poll::Ready)
    }
}

/// The first of two futures: its number, and its value. The other one is dropped at once.
pub(crate) struct Race<'a>(Option<[Boxed<'a, u64>; 2]>);

impl<'a> Race<'a> {
    pub(crate) fn new(one: Boxed<'a, u64>, other: Boxed<'a, u64>) -> Self {
        Self(Some([one, other]))
    }
}

impl Future for Race<'_> {
    type Output = (u64, u64);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let racers = self.0.as_mut().expect("a race is not polled after its end");
        for (racer, number) in racers.iter_mut().zip(1..) {
            if let Poll::Ready(value) = racer.as_mut().poll(cx) {
                self.0 = None;
                return Poll::Ready((number, value));
            }
        }
        Poll::Pending
    }
}
