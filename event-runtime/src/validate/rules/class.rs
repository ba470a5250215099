//! Classes of bytes.

/// A class of bytes.
#[derive(Debug)]
pub struct Class([bool; 256]);

impl Class {
    /// The bytes of these ranges, which include their ends.
    #[must_use]
    pub const fn of(ranges: &[(u8, u8)]) -> Self {
        let (mut class, mut index) = ([false; 256], 0);
        while index < ranges.len() {
            let (first, last) = ranges[index];
            let mut byte = first as usize;
            while byte <= last as usize {
                class[byte] = true;
                byte += 1;
            }
            index += 1;
        }
        Self(class)
    }

    /// Whether a byte is one of them.
    #[inline]
    pub(super) const fn has(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }

    /// How many bytes at the beginning are of the class. They are looked at eight at a time, without a branch for each.
    #[inline]
    pub(super) fn prefix(&self, bytes: &[u8]) -> usize {
        let are_all = |eight: &[u8; 8]| eight.iter().fold(true, |are_all, byte| are_all & self.has(*byte));
        let eights = bytes.as_chunks::<8>().0.iter().take_while(|eight| are_all(eight)).count();
        let start = eights * 8;
        start + bytes[start..].iter().take_while(|byte| self.has(**byte)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn the_first_other_byte_is_found_wherever_it_is() {
        let digits = Class::of(&[(b'0', b'9')]);
        for length in 0..40 {
            assert_eq!(digits.prefix(&vec![b'7'; length]), length);
            for place in 0..length {
                let mut bytes = vec![b'7'; length];
                bytes[place] = b'x';
                assert_eq!(digits.prefix(&bytes), place, "of {length}");
            }
        }
    }
}
