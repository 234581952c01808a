//! The timeline check: a late entry may not make a balance negative at any moment since.

use crate::domain::time::Moment;

/// One change of one balance, in the past. Entries that were reversed, and their reversals, are
/// not moves: they never happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// When it happened.
    pub at: Moment,
    /// Its entry.
    pub seq: u64,
    /// What it added, in smallest parts; negative where it took away.
    pub parts: i64,
}

/// The least that a balance holds from `since` until now: what an event at `since` can still take
/// without making the balance negative then or later. `balance` is what it holds now.
///
/// An event at `since` stands after all moves of that same second, because its `seq` is higher.
pub fn lowest_since(balance: i64, moves: &mut Vec<Move>, since: Moment) -> i64 {
    moves.retain(|change| change.at > since);
    moves.sort_unstable_by_key(|change| (change.at, change.seq));
    let later: i64 = moves.iter().map(|change| change.parts).sum();
    let mut running = balance - later;
    let mut lowest = running;
    for change in moves.iter() {
        running += change.parts;
        lowest = lowest.min(running);
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Moment {
        Moment::new(1_700_000_000 + seconds, 60).unwrap()
    }

    fn change(seconds: i64, seq: u64, parts: i64) -> Move {
        Move { at: at(seconds), seq, parts }
    }

    #[test]
    fn a_late_use_can_take_only_what_later_uses_left() {
        // 10 arrive at 0, 8 leave at 20, 5 arrive at 30: now 7.
        let moves = vec![change(0, 1, 10), change(20, 2, -8), change(30, 3, 5)];
        let low = |since| lowest_since(7, &mut moves.clone(), at(since));
        assert_eq!(low(-1), 0, "nothing was there before the delivery");
        assert_eq!(low(10), 2);
        assert_eq!(low(20), 2, "after all moves of the same second");
        assert_eq!(low(30), 7);
    }

    #[test]
    fn order_is_time_then_seq_whatever_the_order_of_recording() {
        let mut moves = vec![change(10, 5, -3), change(10, 4, 3), change(5, 9, 1)];
        assert_eq!(lowest_since(1, &mut moves, at(4)), 0);
    }

    proptest! {
        #[test]
        fn it_equals_replaying_the_whole_history(
            steps in prop::collection::vec((0..20_i64, -5..6_i64), 0..12), since in 0..20_i64,
        ) {
            let moves: Vec<Move> = steps.iter().enumerate()
                .map(|(seq, (seconds, parts))| change(*seconds, seq as u64, *parts)).collect();
            let balance = moves.iter().map(|change| change.parts).sum();
            let mut sorted = moves.clone();
            sorted.sort_by_key(|change| (change.at, change.seq));
            let mut naive = None;
            for cut in 0..=sorted.len() {
                // The state after `cut` moves lasts until the next; it counts if it is not over
                // before `since`.
                if sorted.get(cut).is_some_and(|next| next.at <= at(since)) { continue; }
                let state: i64 = sorted[..cut].iter().map(|change| change.parts).sum();
                naive = Some(naive.map_or(state, |low: i64| low.min(state)));
            }
            prop_assert_eq!(lowest_since(balance, &mut moves.clone(), at(since)), naive.unwrap());
        }
    }
}
