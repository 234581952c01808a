//! Which entries may still be reversed, whether a reversal is the mirror of its original, and
//! whether a command is reversed whole.
//!
//! An original may lie a million entries back, so what its reversal must say is kept as one 64-bit
//! keyed hash; the key is new in every run, so nobody can prepare two entries that share one.
//! With the action, and whether a command begins there, that is ten bytes an entry.

use std::hash::{BuildHasher, Hash, RandomState};

use super::Verdict;
use crate::domain::fact::{Action, Fact};
use crate::domain::trail::entry::{Columns, Entry};

/// No reversal: the action can't be undone.
const NEVER: u64 = 0;
/// No further reversal: there was one.
const DONE: u64 = 1;
/// No reversal, and the rest of its command is reversed without it: what a product learned stays.
const STAYS: u64 = 2;

/// What every entry's reversal must say.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    keys: RandomState,
    mirrors: Vec<u64>,
    /// The action, and whether a command begins with the entry.
    entries: Vec<(Option<Action>, bool)>,
    undo: Undo,
}

/// How far the present command has taken another one back: whole, and the last entry first.
#[derive(Debug, Clone, Copy, Default)]
enum Undo {
    /// It took nothing back so far.
    #[default]
    Nothing,
    /// Its entry `by` took back `original`, and `due` is the next.
    Part { by: u64, original: u64, due: u64 },
    /// It took all of a command back.
    Whole,
}

impl Corrections {
    /// Remembers the next entry; none where it can't be read.
    pub(super) fn remember(&mut self, begins: bool, read: Option<(&Fact, &Columns<'_>)>) {
        let mirror = match read {
            Some((Fact::ProductEdit { change, .. }, _)) if change.field.starts_with("gtin.") => {
                STAYS
            }
            Some((fact, columns)) if fact.action().spec().undo => {
                self.mirror(columns, &columns.to_place, &columns.from_place)
            }
            _ => NEVER,
        };
        self.mirrors.push(mirror);
        self.entries.push((read.map(|(fact, _)| fact.action()), begins));
    }

    /// The action of the original that this reversal takes back, and whether its turn has come.
    pub(super) fn reverse(
        &mut self,
        entry: &Entry<'_>,
        command: u64,
    ) -> Result<(Action, Verdict), String> {
        let columns = &entry.columns;
        let corrects = columns.corrects.ok_or("reverses nothing")?;
        let index = usize::try_from(corrects).unwrap_or(usize::MAX);
        let ours = self.mirror(columns, &columns.from_place, &columns.to_place);
        let mirror = self.mirrors.get_mut(index);
        let mirror = mirror.ok_or_else(|| format!("reverses entry {corrects}, a later one"))?;
        let verdict: Verdict = match *mirror {
            NEVER | STAYS => Err(format!("reverses entry {corrects}, which can't be reversed")),
            DONE => Err(format!("reverses entry {corrects} a second time")),
            theirs if theirs != ours => {
                Err(format!("reverses entry {corrects}, but is not its mirror"))
            }
            _ => Ok(()),
        };
        *mirror = DONE;
        verdict?;
        let action = self.entries[index].0;
        let action = action.ok_or_else(|| format!("reverses entry {corrects}, unreadable"))?;
        Ok((action, self.in_order(entry.seq, corrects, command)))
    }

    /// A command is taken back by one command, the last entry first.
    fn in_order(&mut self, by: u64, original: u64, command: u64) -> Verdict {
        if original >= command {
            return Err(format!("reverses entry {original} of its own command"));
        }
        let due = match self.undo {
            Undo::Nothing => self.last_of(original, command),
            Undo::Part { due, .. } => due,
            Undo::Whole => {
                return Err(format!("reverses entry {original} of a further command"));
            }
        };
        self.undo = match self.before(original) {
            None => Undo::Whole,
            Some(due) => Undo::Part { by, original, due },
        };
        if due == original {
            return Ok(());
        }
        Err(format!("reverses entry {original} and not entry {due}, which is of the same command"))
    }

    /// What the present command left of the one that it took back; the next command begins.
    pub(super) fn end_command(&mut self) -> Option<(u64, String)> {
        match std::mem::take(&mut self.undo) {
            Undo::Part { by, original, due } => {
                let what = format!("reverses entry {original} and not entry {due}");
                Some((by, format!("{what}, which is of the same command")))
            }
            Undo::Nothing | Undo::Whole => None,
        }
    }

    fn at(&self, seq: u64) -> Option<(u64, bool)> {
        let index = usize::try_from(seq).ok()?;
        Some((*self.mirrors.get(index)?, self.entries.get(index)?.1))
    }

    /// The last entry of the same command that is taken back with it, before this command.
    fn last_of(&self, seq: u64, command: u64) -> u64 {
        let mut last = seq;
        for next in seq + 1..command {
            match self.at(next) {
                Some((mirror, false)) if mirror != STAYS => last = next,
                Some((_, false)) => {}
                _ => break,
            }
        }
        last
    }

    /// The entry before it in the same command that is taken back with it.
    fn before(&self, seq: u64) -> Option<u64> {
        let mut at = seq;
        while let Some((_, false)) = self.at(at) {
            at = at.checked_sub(1)?;
            if self.at(at).is_some_and(|(mirror, _)| mirror != STAYS) {
                return Some(at);
            }
        }
        None
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
        self.keys.hash_one(mirror).max(STAYS + 1)
    }
}
