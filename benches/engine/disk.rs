//! What the disk can do by itself.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

use crate::report::Numbers;
use crate::usage::{micros, quantile};

const PAGE: [u8; 4096] = [0xa5; 4096];
const WRITES: u64 = 1_500;

/// Writes pages, each with a flush: to the end of a file that grows, and over what is there.
pub fn measure(folder: &Path) -> Numbers {
    let mut numbers = Numbers::default();
    let file = File::create(folder.join("pages")).expect("a file");
    for name in ["append", "overwrite"] {
        let mut times: Vec<f64> = (0..WRITES)
            .map(|page| {
                let begun = Instant::now();
                file.write_all_at(&PAGE, page * 4096).expect("written");
                file.sync_data().expect("flushed");
                micros(begun)
            })
            .collect();
        numbers.set(&format!("{name}_p50"), quantile(&mut times, 0.5));
        numbers.set(&format!("{name}_p99"), quantile(&mut times, 0.99));
    }
    numbers
}
