//! The types of the standard library and of the libraries whose types stand in payloads: the containers, which have the
//! rules of what they hold, and the types without rules.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::marker::PhantomData;
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, Range, RangeFrom, RangeInclusive, RangeTo};
use std::rc::{Rc, Weak as RcWeak};
use std::sync::{Arc, Mutex, RwLock, Weak as ArcWeak};

use serde::Serialize;

use super::nested::{Container, Inside, Probe, enter};
use super::{Issues, Path, Validate};

macro_rules! lists {
    ($([$($parameters:tt)*] $list:ty),* $(,)?) => {$(
        impl<$($parameters)*> Container<(Inside<T>,)> for $list {
            #[inline]
            fn enter_each(&self, (each,): (Inside<T>,), path: &Path<'_>, issues: &mut Issues) {
                let Some(each) = each else { return };
                for (index, value) in self.iter().enumerate() {
                    each(value, &path.index(index), issues);
                }
            }
        }
    )*};
}

lists!(
    [T] [T],
    [T, const N: usize] [T; N],
    [T] Vec<T>,
    [T] VecDeque<T>,
    [T] LinkedList<T>,
    [T] BinaryHeap<T>,
    [T] BTreeSet<T>,
    [T, S] HashSet<T, S>,
);

macro_rules! maps {
    ($([$($parameters:tt)*] $map:ty),* $(,)?) => {$(
        impl<K: Serialize, V, $($parameters)*> Container<(Inside<K>, Inside<V>)> for $map {
            #[inline]
            fn enter_each(&self, (keys, values): (Inside<K>, Inside<V>), path: &Path<'_>, issues: &mut Issues) {
                if keys.is_none() && values.is_none() {
                    return;
                }
                for (key, value) in self {
                    let path = path.entry(key);
                    enter(keys, key, &path, issues);
                    enter(values, value, &path, issues);
                }
            }
        }
    )*};
}

maps!([] BTreeMap<K, V>, [S] HashMap<K, V, S>);

/// With the hasher written out.
impl<T, S> Container<(Inside<T>, Inside<S>)> for HashSet<T, S> {
    fn enter_each(&self, (each, _): (Inside<T>, Inside<S>), path: &Path<'_>, issues: &mut Issues) {
        self.enter_each((each,), path, issues);
    }
}

/// With the hasher written out.
impl<K: Serialize, V, S> Container<(Inside<K>, Inside<V>, Inside<S>)> for HashMap<K, V, S> {
    fn enter_each(
        &self,
        (keys, values, _): (Inside<K>, Inside<V>, Inside<S>),
        path: &Path<'_>,
        issues: &mut Issues,
    ) {
        self.enter_each((keys, values), path, issues);
    }
}

macro_rules! wrappers {
    ($([$($parameters:tt)*] $wrapper:ty: |$it:ident| $held:expr),* $(,)?) => {$(
        impl<$($parameters)*> Container<(Inside<T>,)> for $wrapper {
            #[inline]
            fn enter_each(&self, (inside,): (Inside<T>,), path: &Path<'_>, issues: &mut Issues) {
                let $it = self;
                if let Some(inside) = inside
                    && let Some(held) = $held
                {
                    inside(&held, path, issues);
                }
            }
        }
    )*};
}

// What cannot be read here, such as a lock that is poisoned, cannot be written as JSON either.
wrappers!(
    [T] Option<T>: |it| it.as_ref(),
    [T: ?Sized] Box<T>: |it| Some(it),
    [T: ?Sized] Rc<T>: |it| Some(it),
    [T: ?Sized] Arc<T>: |it| Some(it),
    [T] RcWeak<T>: |it| it.upgrade(),
    [T] ArcWeak<T>: |it| it.upgrade(),
    [T: ToOwned + ?Sized] Cow<'_, T>: |it| Some(it),
    [T: Copy] Cell<T>: |it| Some(it.get()),
    [T] RefCell<T>: |it| it.try_borrow().ok(),
    [T] Mutex<T>: |it| it.lock().ok(),
    [T] RwLock<T>: |it| it.read().ok(),
    [T] Wrapping<T>: |it| Some(&it.0),
    [T] Saturating<T>: |it| Some(&it.0),
    [T] Reverse<T>: |it| Some(&it.0),
);

macro_rules! objects {
    ($($object:ident: |$it:ident| $($name:literal => $value:expr),*;)*) => {$(
        impl<T> Container<(Inside<T>,)> for $object<T> {
            #[inline]
            fn enter_each(&self, (inside,): (Inside<T>,), path: &Path<'_>, issues: &mut Issues) {
                let $it = self;
                $(if let Some(value) = $value { enter(inside, value, &path.field($name), issues); })*
            }
        }
    )*};
}

objects!(
    Range: |it| "start" => Some(&it.start), "end" => Some(&it.end);
    RangeInclusive: |it| "start" => Some(it.start()), "end" => Some(it.end());
    RangeFrom: |it| "start" => Some(&it.start);
    RangeTo: |it| "end" => Some(&it.end);
    Bound: |it|
        "Included" => if let Bound::Included(value) = it { Some(value) } else { None },
        "Excluded" => if let Bound::Excluded(value) = it { Some(value) } else { None };
);

impl<T, E> Container<(Inside<T>, Inside<E>)> for Result<T, E> {
    #[inline]
    fn enter_each(&self, (ok, err): (Inside<T>, Inside<E>), path: &Path<'_>, issues: &mut Issues) {
        match self {
            Ok(value) => enter(ok, value, &path.field("Ok"), issues),
            Err(error) => enter(err, error, &path.field("Err"), issues),
        }
    }
}

impl<T: ?Sized> Container<(Inside<T>,)> for PhantomData<T> {
    #[inline]
    fn enter_each(&self, _: (Inside<T>,), _: &Path<'_>, _: &mut Issues) {}
}

/// Containers by themselves have the rules of what they hold: so they are entered when they are behind an alias.
macro_rules! validate {
    ($([$($parameters:tt)*] $container:ty: $($held:ident)*),* $(,)?) => {$(
        impl<$($parameters)*> Validate for $container {
            const HAS_RULES: bool = $($held::HAS_RULES)||*;
            const IS_CHECKED: bool = $($held::IS_CHECKED)||*;

            #[inline]
            fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
                self.enter_each(($(Probe::<$held>::ENTER,)*), path, issues);
            }
        }
    )*};
}

validate!(
    [T: Validate] [T]: T,
    [T: Validate, const N: usize] [T; N]: T,
    [T: Validate] Vec<T>: T,
    [T: Validate] VecDeque<T>: T,
    [T: Validate] LinkedList<T>: T,
    [T: Validate] BinaryHeap<T>: T,
    [T: Validate] BTreeSet<T>: T,
    [T: Validate, S] HashSet<T, S>: T,
    [K: Serialize + Validate, V: Validate] BTreeMap<K, V>: K V,
    [K: Serialize + Validate, V: Validate, S] HashMap<K, V, S>: K V,
    [T: Validate] Option<T>: T,
    [T: Validate + ?Sized] Box<T>: T,
    [T: Validate + ?Sized] Rc<T>: T,
    [T: Validate + ?Sized] Arc<T>: T,
    [T: Validate] RcWeak<T>: T,
    [T: Validate] ArcWeak<T>: T,
    [T: Validate + ToOwned + ?Sized] Cow<'_, T>: T,
    [T: Validate + Copy] Cell<T>: T,
    [T: Validate] RefCell<T>: T,
    [T: Validate] Mutex<T>: T,
    [T: Validate] RwLock<T>: T,
    [T: Validate] Wrapping<T>: T,
    [T: Validate] Saturating<T>: T,
    [T: Validate] Reverse<T>: T,
    [T: Validate] Range<T>: T,
    [T: Validate] RangeInclusive<T>: T,
    [T: Validate] RangeFrom<T>: T,
    [T: Validate] RangeTo<T>: T,
    [T: Validate] Bound<T>: T,
    [T: Validate, E: Validate] Result<T, E>: T E,
);

macro_rules! tuples {
    ($($($part:ident $place:tt),+;)*) => {$(
        impl<$($part: Validate),+> Validate for ($($part,)+) {
            const HAS_RULES: bool = $($part::HAS_RULES)||+;
            const IS_CHECKED: bool = $($part::IS_CHECKED)||+;

            #[inline]
            fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
                $(self.$place.validate_into(&path.index($place), issues);)+
            }
        }
    )*};
}

// As many parts as serde knows tuples of.
tuples!(
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15;
);

macro_rules! without_rules {
    ($($(#[$cfg:meta])? $type:ty),* $(,)?) => {$(
        $(#[$cfg])?
        impl Validate for $type {
            const HAS_RULES: bool = false;

            #[inline]
            fn validate_into(&self, _: &Path<'_>, _: &mut Issues) {}
        }
    )*};
}

without_rules!(
    (),
    bool,
    char,
    str,
    String,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    std::num::NonZeroU8,
    std::num::NonZeroU16,
    std::num::NonZeroU32,
    std::num::NonZeroU64,
    std::num::NonZeroU128,
    std::num::NonZeroUsize,
    std::num::NonZeroI8,
    std::num::NonZeroI16,
    std::num::NonZeroI32,
    std::num::NonZeroI64,
    std::num::NonZeroI128,
    std::num::NonZeroIsize,
    std::ffi::CString,
    std::ffi::OsString,
    std::net::IpAddr,
    std::net::Ipv4Addr,
    std::net::Ipv6Addr,
    std::net::SocketAddr,
    std::net::SocketAddrV4,
    std::net::SocketAddrV6,
    std::path::Path,
    std::path::PathBuf,
    std::time::Duration,
    std::time::SystemTime,
    serde_json::Number,
    serde_json::value::RawValue,
    url::Url,
    uuid::Uuid,
    #[cfg(feature = "chrono")]
    chrono::NaiveDate,
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime,
    #[cfg(feature = "chrono")]
    chrono::NaiveTime,
    #[cfg(feature = "jiff")]
    jiff::SignedDuration,
    #[cfg(feature = "jiff")]
    jiff::Span,
    #[cfg(feature = "jiff")]
    jiff::Zoned,
    #[cfg(feature = "jiff")]
    jiff::civil::Date,
    #[cfg(feature = "jiff")]
    jiff::civil::DateTime,
    #[cfg(feature = "jiff")]
    jiff::civil::Time,
);
