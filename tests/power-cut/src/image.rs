//! What a power cut leaves behind.

use std::collections::BTreeMap;
use std::sync::Arc;

use event_crash::random::Random;

use crate::disk::{Change, Op};

/// What a disk writes at once.
const SECTOR: usize = 512;

/// Plays a recording forward, and says at any moment what a power cut would leave: all that was flushed, and of the rest
/// any part.
#[derive(Debug)]
pub struct Player<'a> {
    ops: &'a [Op],
    position: usize,
    files: BTreeMap<Arc<str>, Vec<Life>>,
}

/// A file from its creation to its removal. It may be that the disk has not heard of its removal yet, or of its creation.
#[derive(Debug, Default)]
struct Life {
    flushed: Vec<u8>,
    was_flushed: bool,
    /// Written since; whether a flush of it has failed.
    pending: Vec<(Change, bool)>,
}

/// How much of what was not flushed is lost.
#[derive(Clone, Copy)]
enum Loss {
    Everything,
    Nothing,
    Some,
}

impl<'a> Player<'a> {
    /// At the beginning.
    #[must_use]
    pub const fn new(ops: &'a [Op]) -> Self {
        Self { ops, position: 0, files: BTreeMap::new() }
    }

    /// Goes on to a position.
    pub fn advance(&mut self, position: usize) {
        while self.position < position {
            let Op { file, change } = &self.ops[self.position];
            self.position += 1;
            let lives = self.files.entry(Arc::clone(file)).or_insert_with(|| vec![Life::default()]);
            let Some(life) = lives.last_mut() else { continue };
            match change {
                Change::Write { .. } | Change::Truncate(_) => life.pending.push((change.clone(), false)),
                Change::FailedSync => life.pending.iter_mut().for_each(|(_, failed)| *failed = true),
                Change::Sync => {
                    life.flush();
                    let is_first = !std::mem::replace(&mut life.was_flushed, true);
                    lives.drain(..lives.len() - 1);
                    // SQLite flushes the folder with the first flush of a log or a journal that it has created.
                    if is_first && file.contains('-') {
                        for lives in self.files.values_mut() {
                            lives.drain(..lives.len() - 1);
                        }
                    }
                }
                Change::Delete { durable } => {
                    if *durable {
                        lives.clear();
                    }
                    lives.push(Life::default());
                }
            }
        }
    }

    /// What a power cut at this moment leaves of each file.
    pub fn image(&self, random: &mut Random) -> Vec<(Arc<str>, Vec<u8>)> {
        let loss = match random.below(4) {
            0 => Loss::Everything,
            1 => Loss::Nothing,
            _ => Loss::Some,
        };
        let image = |(file, lives): (&Arc<str>, &Vec<Life>)| {
            let life = match loss {
                Loss::Everything => lives.first(),
                Loss::Nothing => lives.last(),
                Loss::Some => {
                    usize::try_from(random.below(lives.len() as u64)).ok().and_then(|n| lives.get(n))
                }
            };
            (Arc::clone(file), life.map(|life| life.image(loss, random)).unwrap_or_default())
        };
        self.files.iter().map(image).collect()
    }
}

impl Life {
    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        for (index, (change, failed)) in pending.iter().enumerate() {
            if !failed {
                apply(&mut self.flushed, change);
            } else if !pending[index..].iter().any(|(later, failed)| !failed && overlaps(change, later)) {
                self.pending.push((change.clone(), true));
            }
        }
    }

    fn image(&self, loss: Loss, random: &mut Random) -> Vec<u8> {
        let mut bytes = self.flushed.clone();
        for (change, _) in &self.pending {
            match loss {
                Loss::Everything => {}
                Loss::Nothing => apply(&mut bytes, change),
                Loss::Some => match random.below(3) {
                    0 => {}
                    1 => apply(&mut bytes, change),
                    _ => tear(&mut bytes, change, random),
                },
            }
        }
        bytes
    }
}

fn overlaps(a: &Change, b: &Change) -> bool {
    match (a, b) {
        (Change::Write { offset: a, bytes: one }, Change::Write { offset: b, bytes: other }) => {
            *a < b + other.len() && *b < a + one.len()
        }
        _ => true,
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { offset, bytes: written } => put(bytes, *offset, written),
        Change::Truncate(length) => bytes.resize(*length, 0),
        _ => {}
    }
}

/// Some of the sectors of a write arrive.
fn tear(bytes: &mut Vec<u8>, change: &Change, random: &mut Random) {
    let Change::Write { offset, bytes: written } = change else { return apply(bytes, change) };
    let mut from = 0;
    while from < written.len() {
        let to_boundary = SECTOR - (offset + from) % SECTOR;
        let to = (from + to_boundary).min(written.len());
        if random.once_in(2) {
            put(bytes, offset + from, &written[from..to]);
        }
        from = to;
    }
}

fn put(bytes: &mut Vec<u8>, offset: usize, written: &[u8]) {
    let end = offset + written.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset..end].copy_from_slice(written);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use event_crash::random::Random;

    use super::Player;
    use crate::disk::{Change, Op};

    fn contents(changes: Vec<Change>) -> Vec<Vec<u8>> {
        let ops: Vec<Op> = changes.into_iter().map(|change| Op { file: Arc::from("file"), change }).collect();
        let mut player = Player::new(&ops);
        player.advance(ops.len());
        let mut images: Vec<Vec<u8>> =
            (0..100).map(|seed| player.image(&mut Random::new(seed)).remove(0).1).collect();
        images.sort();
        images.dedup();
        images
    }

    fn write(offset: usize, byte: u8) -> Change {
        Change::Write { offset, bytes: vec![byte] }
    }

    #[test]
    fn what_was_flushed_stays_and_the_rest_may() {
        assert_eq!(contents(vec![write(0, 1), Change::Sync]), [[1]]);
        let images = contents(vec![write(0, 1), Change::Sync, write(0, 2), write(1, 3)]);
        assert_eq!(images, [vec![1], vec![1, 3], vec![2], vec![2, 3]]);
    }

    #[test]
    fn a_flush_that_failed_is_not_made_up_for_by_the_next() {
        let images = contents(vec![write(0, 1), Change::FailedSync, write(1, 2), Change::Sync]);
        assert_eq!(images, [vec![0, 2], vec![1, 2]]);
        let images = contents(vec![write(0, 1), Change::FailedSync, write(0, 2), Change::Sync]);
        assert_eq!(images, [vec![2]], "it was written again");
    }

    #[test]
    fn a_removed_file_may_come_back_until_the_folder_is_flushed() {
        let images =
            contents(vec![write(0, 1), Change::Sync, Change::Delete { durable: false }, write(0, 2)]);
        assert_eq!(images, [vec![], vec![1], vec![2]]);
        let images = contents(vec![write(0, 1), Change::Sync, Change::Delete { durable: true }]);
        assert_eq!(images, [Vec::<u8>::new()]);
    }
}
