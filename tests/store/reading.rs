//! What is asked of a book is the same answer whichever way it is found.

use std::collections::BTreeSet;

use lotbook::domain::fact::{Fact, Item};
use lotbook::domain::id::ClientRef;
use lotbook::domain::stock::Holds;
use lotbook::domain::trail::entry::Entry;
use lotbook::store::{Filter, Order, Rows};

use crate::clinic::{Clinic, because, cartridge, delivery, item};
use crate::engines::{On, on_every_engine};
use crate::golden;

on_every_engine!(
    a_filter_shows_the_same_entries_whichever_index_finds_them,
    the_holds_of_a_lot_are_those_that_its_entries_tell,
    a_book_that_holds_a_client_in_two_cases_is_read_and_names_both,
);

/// Filters by every value that any entry holds, alone and in the pairs that have an index; SKUs
/// and staff in another case too, since people type them so.
fn filters(lines: &[String]) -> Vec<Filter> {
    let mut filters = BTreeSet::new();
    for line in lines {
        let entry = Entry::parse(line).unwrap();
        let columns = &entry.columns;
        let own = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
        let (product, lot) = (own(&columns.product), own(&columns.lot));
        let other_case = product.as_ref().map(|sku| sku.to_lowercase());
        let none = || (None, None, None, None, None);
        filters.insert((product.clone(), lot.clone(), none()));
        filters.insert((other_case.clone(), lot.clone(), none()));
        filters.insert((other_case, None, none()));
        filters.insert((None, lot, none()));
        let client = own(&columns.client);
        let rest = (own(&columns.session), client, own(&columns.serial), None, None);
        filters.insert((None, None, rest.clone()));
        filters.insert((product, None, rest));
        let staff = Some(entry.staff.to_uppercase());
        let action = Some(entry.action.to_string());
        filters.insert((None, None, (None, None, own(&columns.container), staff, action)));
    }
    let filter = |(product, lot, (session, client, serial, staff, action))| Filter {
        product,
        lot,
        session,
        client,
        serial,
        staff,
        action,
        ..Filter::default()
    };
    filters.into_iter().map(filter).collect()
}

fn shown(clinic: &mut Clinic, filter: &Filter) -> [Vec<u64>; 3] {
    let (mut scanned, mut oldest, mut newest) = (Vec::new(), Vec::new(), Vec::new());
    let mut again = Vec::new();
    let read = clinic.book.read(|snapshot| {
        snapshot.entries(0, u64::MAX, &mut |entry, _| {
            scanned.extend(filter.shows(entry).then_some(entry.seq));
            Ok(Rows::More)
        })?;
        snapshot.filtered(filter, &mut |entry, _| {
            oldest.push(entry.seq);
            Ok(Rows::More)
        })?;
        let mut corrections = Vec::new();
        snapshot.log(filter, Order::Newest, &mut |entry, _, corrected_by| {
            newest.push(entry.seq);
            corrections.push((entry.seq, corrected_by));
            Ok(Rows::More)
        })?;
        for (seq, corrected_by) in corrections {
            assert_eq!(snapshot.corrected_by(seq)?, corrected_by, "#{seq}");
        }
        snapshot.log(filter, Order::Oldest, &mut |entry, _, _| {
            again.push(entry.seq);
            Ok(Rows::More)
        })
    });
    read.unwrap();
    assert_eq!(again, oldest);
    newest.reverse();
    [scanned, oldest, newest]
}

fn a_filter_shows_the_same_entries_whichever_index_finds_them(on: On) {
    let database = on.database();
    let mut clinic = golden::flow(database.engine());
    let lines = clinic.lines();
    let mut some = 0;
    for filter in filters(&lines) {
        let [scanned, oldest, newest] = shown(&mut clinic, &filter);
        assert_eq!(oldest, scanned, "{filter:?}");
        assert_eq!(newest, scanned, "{filter:?}");
        some += usize::from(!scanned.is_empty());
    }
    assert!(some > 20, "only {some} filters show anything");
}

/// As a book from before two such references were refused may.
fn a_book_that_holds_a_client_in_two_cases_is_read_and_names_both(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let both = ["E1", "e1"].map(|text| text.parse::<ClientRef>().unwrap());
    clinic.writes(&both.clone().map(Fact::ClientNew));
    clinic.writes(&[Fact::ClientNew("E10".parse().unwrap())]);
    for client in &both {
        let alike = clinic.book.read(|snapshot| snapshot.clients_alike(client)).unwrap();
        assert_eq!(alike, both);
    }
}

fn the_holds_of_a_lot_are_those_that_its_entries_tell(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let lots = ["A", "B", "none"].map(|lot| item(&cartridge(), lot, "2027-03", 5));
    clinic.writes(&lots.clone().map(delivery));
    let of = |lot: &Item| (lot.product.clone(), lot.lot.clone());
    let hold = |lot: &Item| {
        let (product, lot) = of(lot);
        Fact::LotHold { product, lot, because: because("complaint") }
    };
    let release = |lot: &Item| {
        let (product, lot) = of(lot);
        Fact::LotRelease { product, lot, because: because("cleared") }
    };
    let [a, b, none] = &lots;
    let mut told = Holds::default();
    for fact in [hold(a), hold(none), release(a), release(none), hold(a)] {
        let seq = clinic.writes(std::slice::from_ref(&fact)).first.unwrap();
        told.apply(seq, &fact);
        let asked = [a, b, none].map(|lot| (&lot.product, lot.lot.as_ref()));
        let read = clinic.book.read(|snapshot| snapshot.holds(asked)).unwrap();
        for (product, lot) in asked {
            for before in 0..=seq + 1 {
                let (told, read) = (told.at(product, lot, before), read.at(product, lot, before));
                assert_eq!(told, read, "{product} {lot:?} at #{before}");
            }
        }
    }
    assert!(told.at(&a.product, a.lot.as_ref(), u64::MAX).is_some());
}
