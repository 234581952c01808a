//! Which entries may still be reversed, and whether a reversal is the mirror of its original.
//!
//! An original may lie a million entries back, so what its reversal must say is kept as one 64-bit
//! keyed hash; the key is new in every run, so nobody can prepare two entries that share one.
//! With the action that is nine bytes an entry.

use std::hash::{BuildHasher, Hash, RandomState};

use super::Verdict;
use crate::domain::fact::Action;
use crate::domain::trail::entry::Columns;

/// No reversal: the action can't be undone.
const NEVER: u64 = 0;
/// No further reversal: there was one.
const DONE: u64 = 1;

/// What every entry's reversal must say.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    keys: RandomState,
    mirrors: Vec<u64>,
    actions: Vec<Option<Action>>,
}

impl Corrections {
    /// Remembers the next entry; none where it can't be read.
    pub(super) fn remember(&mut self, read: Option<(Action, &Columns<'_>)>) {
        let mirror = match read {
            Some((action, columns)) if action.spec().undo => {
                self.mirror(columns, &columns.to_place, &columns.from_place)
            }
            _ => NEVER,
        };
        self.mirrors.push(mirror);
        self.actions.push(read.map(|(action, _)| action));
    }

    /// The action of the original that this reversal takes back.
    pub(super) fn reverse(&mut self, columns: &Columns<'_>) -> Result<Action, String> {
        let corrects = columns.corrects.ok_or("reverses nothing")?;
        let index = usize::try_from(corrects).unwrap_or(usize::MAX);
        let ours = self.mirror(columns, &columns.from_place, &columns.to_place);
        let mirror = self.mirrors.get_mut(index);
        let mirror = mirror.ok_or_else(|| format!("reverses entry {corrects}, a later one"))?;
        let verdict: Verdict = match *mirror {
            NEVER => Err(format!("reverses entry {corrects}, which can't be reversed")),
            DONE => Err(format!("reverses entry {corrects} a second time")),
            theirs if theirs != ours => {
                Err(format!("reverses entry {corrects}, but is not its mirror"))
            }
            _ => Ok(()),
        };
        *mirror = DONE;
        verdict?;
        self.actions[index].ok_or_else(|| format!("reverses entry {corrects}, unreadable"))
    }

    /// Everything that a reversal repeats; its reason is its own.
    fn mirror(
        &self,
        columns: &Columns<'_>,
        from: &crate::domain::trail::entry::Text<'_>,
        to: &crate::domain::trail::entry::Text<'_>,
    ) -> u64 {
        struct Mirror<'m>(&'m Columns<'m>, Option<&'m str>, Option<&'m str>);
        impl Hash for Mirror<'_> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                let Self(columns, from, to) = self;
                let repeated = [
                    &columns.session,
                    &columns.client,
                    &columns.product,
                    &columns.lot,
                    &columns.serial,
                    &columns.expiry,
                    &columns.container,
                    &columns.unit,
                    &columns.protocol,
                    &columns.step,
                    &columns.area,
                    &columns.field,
                    &columns.old_value,
                    &columns.new_value,
                    &columns.detail,
                ];
                repeated.hash(state);
                (columns.quantity, from, to).hash(state);
            }
        }
        let mirror = Mirror(columns, from.as_deref(), to.as_deref());
        self.keys.hash_one(mirror).max(DONE + 1)
    }
}
