//! Reading the ledger: filters, order, lateness, what was taken back.

use std::fs;

use lotbook::domain::fact::Fact;
use lotbook::domain::quantity::Unit;
use lotbook::store::Actor;

use crate::book::{Desk, item, receipt};

fn stdout(desk: &Desk, args: &[&str]) -> String {
    let mut all = vec!["audit", "log"];
    all.extend(args);
    let answer = desk.run(&all);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    answer.stdout
}

fn seqs(csv: &str) -> Vec<&str> {
    csv.split_terminator("\r\n").skip(1).map(|line| line.split(',').next().unwrap()).collect()
}

#[test]
fn the_csv_of_all_entries_is_the_bundle_s() {
    let desk = Desk::new();
    let out = desk.beside("bundle");
    assert_eq!(desk.run(&["audit", "export", "--out", out.to_str().unwrap()]).code, 0);
    let exported = fs::read_to_string(out.join("audit.csv")).unwrap();
    assert_eq!(stdout(&desk, &["--format", "csv", "--order", "oldest"]), exported);
    let newest = stdout(&desk, &["--format", "csv"]);
    let mut lines: Vec<&str> = newest.split_terminator("\r\n").collect();
    lines[1..].reverse();
    assert_eq!(lines.join("\r\n") + "\r\n", exported);
}

#[test]
fn every_filter_chooses_what_it_says() {
    let desk = Desk::new();
    let count = |args: &[&str]| {
        let mut all = vec!["--format", "csv"];
        all.extend(args);
        seqs(&stdout(&desk, &all)).len()
    };
    for (args, expected) in [
        (&["--product", "cart-12"][..], 9),
        (&["--product", "cart-12", "--lot", "24C0110"], 6),
        (&["--lot", "N/7"], 5),
        (&["--serial", "SN-1"], 2),
        (&["--container", "k-1"], 4),
        (&["--session", "S-0001"], 5),
        (&["--client", "C-7K2M9QX4"], 14),
        (&["--staff", "ANA"], 19),
        (&["--action", "stock.waste"], 1),
        (&["--action", "session."], 7),
        (&["--action", "session.", "--session", "S-0002", "--limit", "2"], 2),
        (&["--from", "2026-11-22", "--to", "2026-11-22", "--action", "book.open"], 1),
        (&["--from", "2026-11-23"], 0),
        (&["--to", "2026-11-21"], 1),
        (&["--limit", "0"], 0),
    ] {
        assert_eq!(count(args), expected, "{args:?}");
    }
    for args in [["--action", "stock"], ["--session", "X"], ["--from", "today"]] {
        assert_eq!(desk.run(&["audit", "log", args[0], args[1]]).code, 2, "{args:?}");
    }
}

#[test]
fn the_newest_by_an_index_are_those_of_a_scan_in_both_orders() {
    let desk = Desk::new();
    let by_index = stdout(&desk, &["--format", "csv", "--session", "S-0002"]);
    let oldest = stdout(&desk, &["--format", "csv", "--session", "S-0002", "--order", "oldest"]);
    let mut reversed = seqs(&oldest);
    reversed.reverse();
    assert_eq!(seqs(&by_index), reversed);
    let two = stdout(&desk, &["--format", "csv", "--session", "S-0002", "--limit", "2"]);
    assert_eq!(seqs(&two), reversed[..2]);
}

#[test]
fn a_limit_changes_nothing_in_the_rows_that_it_leaves() {
    let desk = Desk::new();
    for order in ["newest", "oldest"] {
        let json = |limit: &str| -> Vec<serde_json::Value> {
            let args = ["--format", "json", "--order", order, "--limit", limit];
            let mut log: serde_json::Value = serde_json::from_str(&stdout(&desk, &args)).unwrap();
            serde_json::from_value(log["rows"].take()).unwrap()
        };
        let all = json("1000");
        assert!(all.iter().any(|row| row["corrected_by"].is_number()), "nothing was taken back");
        for limit in 0..=all.len() {
            assert_eq!(json(&limit.to_string()), all[..limit], "{order} {limit}");
        }
    }
}

#[test]
fn what_was_taken_back_and_what_came_late_is_said_in_words() {
    let desk = Desk::new();
    insta::assert_snapshot!(stdout(&desk, &["--lot", "007", "--product", "CART-12"]), @r"
     #  happened          late  by    action       what                                  standing
    --  ----------------  ----  ----  -----------  ------------------------------------  ---------------
    20  2026-11-22 11:15        ana   reversal     5 each CART-12/007, room-1 ->         reverses #19
                                                   supplier, mis-scan
    19  2026-11-22 11:15        mara  lot.receive  5 each CART-12/007, supplier ->       reversed by #20
                                                   room-1
    ");
    insta::assert_snapshot!(stdout(&desk, &["--session", "S-0002", "--limit", "4"]), @r"
     #  happened          late  by   action          what                                standing
    --  ----------------  ----  ---  --------------  ----------------------------------  ---------------
    35  2026-11-22 11:15        ana  session.stop    S-0002 C-7K2M9QX4,
                                                     acne-scars-face@2026.1,
                                                     client-left
    34  2026-11-22 11:15        ana  reversal        S-0002 C-7K2M9QX4,                  reverses #33
                                                     acne-scars-face@2026.1, mis-scan
    33  2026-11-22 11:15        ana  session.finish  S-0002 C-7K2M9QX4,                  reversed by #34
                                                     acne-scars-face@2026.1
    32  2026-11-22 11:15        ana  reversal        S-0002 needling cheek C-7K2M9QX4,   reverses #29
                                                     mis-scan, reading.depth=0.5 mm
    ");
    insta::assert_snapshot!(stdout(&desk, &["--to", "2026-11-21"]), @r"
     #  happened          late     by   action      what        standing
    --  ----------------  -------  ---  ----------  ----------  --------
    39  2026-11-20 09:00  2 d 2 h  ana  client.new  C-2222LATE
    ");
}

#[test]
fn one_entry_is_shown_whole() {
    let desk = Desk::new();
    insta::assert_snapshot!(stdout(&desk, &["#21"]), @r"
    seq          21
    entry_id     01a202c0-bbb0-7000-8000-000000000016
    txn          21
    recorded_at  2026-11-22T10:15:15.120Z
    occurred_at  2026-11-22 11:15
    staff        ana
    role         technician
    action       container.open
    product      NUMB
    lot          N/7
    expiry       2027-03-31
    container    K-0001
    quantity     10
    unit         g
    from_place   room-1
    to_place     container:K-0001
    detail       discard_by=2026-12-20
    leaf         f338a85a1798a03fdc5237f35229f1034b65031de51961dac8ddba0d901d9925
    ");
    let json = stdout(&desk, &["21", "--format", "json"]);
    assert!(json.starts_with("{\"schema\":\"lotbook/audit-entry/1\",\"entry\":{\"seq\":21,"));
    assert!(json.contains("\"expiry\":null,") || json.contains("\"expiry\":\"2027-03-31\","));
    let csv = stdout(&desk, &["21", "--format", "csv"]);
    assert_eq!(seqs(&csv), ["21"]);
    let answer = desk.run(&["audit", "log", "999"]);
    assert_eq!(answer.code, 3, "{}", answer.stderr);
    assert_eq!(desk.run(&["audit", "log", "the last"]).code, 2);
}

#[test]
fn json_holds_every_column_and_what_stands_beside_it() {
    let desk = Desk::new();
    let json = stdout(&desk, &["--format", "json", "--action", "lot.receive", "--order", "oldest"]);
    let lines: Vec<&str> = json.lines().collect();
    assert_eq!(lines[0], "{\"schema\":\"lotbook/audit-log/1\",\"rows\":[");
    assert_eq!(lines.len(), 6);
    for part in ["\"quantity\":\"5\",\"unit\":\"each\"", "\"corrected_by\":", "\"late_s\":0"] {
        assert!(lines[4].contains(part), "{part}: {}", lines[4]);
    }
}

/// What shows an entry says so where the entry is not the one that was hashed when it was written.
#[test]
fn an_answer_from_a_changed_entry_is_no_answer() {
    let desk = Desk::new();
    let used = "(SELECT min(seq) FROM entry WHERE action = 'stock.use')";
    let asked = |text: &str| -> String {
        desk.file()
            .query_row(&format!("SELECT {text} FROM entry WHERE seq = {used}"), [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    let (seq, lot, session) =
        (asked("CAST(seq AS TEXT)"), asked("product || '/' || lot"), asked("session"));
    let (product, name) = lot.split_once('/').unwrap();
    let lines = [
        vec!["audit", "log", &seq],
        vec!["audit", "log", &seq, "--format", "csv"],
        vec!["audit", "log", "--session", &session],
        vec!["audit", "log", "--format", "csv"],
        vec!["audit", "log", "--product", product, "--lot", name, "--format", "json"],
        vec!["trace", "lot", &lot],
        vec!["trace", "lot", &lot, "--format", "csv"],
        vec!["trace", "session", &session],
    ];
    for line in &lines {
        let answer = desk.run(line);
        assert_eq!((answer.code, answer.stderr.as_str()), (0, ""), "{line:?}");
    }
    desk.force(&format!("UPDATE entry SET client = 'C-9999999Z' WHERE seq = {used}"));
    for line in &lines {
        let answer = desk.run(line);
        assert_eq!(answer.code, 4, "{line:?}: {}", answer.stderr);
        let said = format!("error: entry {seq} was changed: its line has another hash");
        assert!(answer.stderr.contains(&said), "{line:?}: {}", answer.stderr);
        assert!(answer.stdout.contains("C-9999999Z") || line.len() == 3, "{line:?}: it is shown");
    }
}

#[test]
fn a_lot_of_very_many_entries_is_traced_unhashed_and_says_so() {
    let desk = Desk::new();
    let one = |_| receipt(item("CART-12", "MANY", 1, Unit::Each, "supplier", "stockroom"));
    let facts: Vec<Fact> = (0..1001).map(one).collect();
    let mara = Actor::Staff("mara".parse().unwrap());
    let written = desk.open().write(mara, None, |writing| {
        facts.iter().try_for_each(|fact| writing.append(fact).map(drop))
    });
    written.unwrap();
    let answer = desk.run(&["trace", "lot", "CART-12/MANY"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stderr.contains("note: 1001 entries are too many to hash"), "{}", answer.stderr);
}
