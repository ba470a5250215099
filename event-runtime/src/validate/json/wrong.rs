//! The issues of fields while their object is read: that happens in the order of the text, and they are told in the order of the
//! fields.

use super::Reader;
use crate::validate::Issues;

/// The issues of the fields of an object, by place.
#[derive(Debug, Default)]
pub struct Wrong(Vec<WrongMember>);

/// The issues of a field of an object that is being read.
#[derive(Debug)]
pub(super) struct WrongMember {
    /// How many more levels may be entered inside of the object.
    levels: usize,
    place: usize,
    issues: Issues,
}

impl Reader<'_> {
    /// Whether something is wrong with a field of the object that is being read.
    #[inline]
    pub(super) fn is_wrong(&self, place: usize) -> bool {
        !self.wrong.is_empty() && self.has_wrong(place)
    }

    #[cold]
    fn has_wrong(&self, place: usize) -> bool {
        self.wrong.iter().any(|member| member.levels == self.levels && member.place == place)
    }

    /// Puts the issues from `before` on aside, as those of a field of the object that is being read.
    #[cold]
    pub(super) fn set_wrong(&mut self, place: usize, before: usize) {
        let (levels, issues) = (self.levels, self.issues().split_off(before));
        self.wrong.push(WrongMember { levels, place, issues });
    }

    /// Whether something is wrong with a field of the object that has been read.
    #[inline]
    pub(super) fn is_member_wrong(&self) -> bool {
        self.wrong.last().is_some_and(|member| member.levels < self.levels)
    }

    /// Takes the issues of the fields of the object that has been read.
    #[cold]
    pub(super) fn wrong_members(&mut self) -> Wrong {
        let is_of_outer = |member: &WrongMember| member.levels >= self.levels;
        let start = self.wrong.iter().rposition(is_of_outer).map_or(0, |last| last + 1);
        Wrong(self.wrong.split_off(start))
    }
}

impl Wrong {
    /// Takes the issues of a field, if there are some.
    pub(super) fn take(&mut self, place: usize) -> Option<Issues> {
        let mut found = None::<Issues>;
        for member in self.0.iter_mut().filter(|member| member.place == place) {
            let issues = std::mem::take(&mut member.issues);
            match &mut found {
                Some(found) => issues.into_iter().for_each(|issue| found.push(issue)),
                None => found = Some(issues),
            }
        }
        found
    }
}
