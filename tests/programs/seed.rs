//! Pseudo-random numbers.

/// `SplitMix64`.
#[derive(Debug, Clone)]
pub struct Seed(pub u64);

impl Seed {
    /// The next number below `bound`, which is not 0.
    ///
    /// # Panics
    ///
    /// When `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let below = (bits ^ (bits >> 31)) % u64::try_from(bound).expect("64 bits");
        usize::try_from(below).expect("it is below a `usize`")
    }
}
