//! Every writer on the same reports, and what must hold of all of them.

use super::report::Report;
use super::table::{Cell, Column, Table, Tone};
use super::{Format, Screen};
use crate::domain::quantity::Unit;
use crate::domain::time::{Day, Moment};

const PLAIN: Screen = Screen { width: 80, colour: false };

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn render(report: &Report, format: Format, screen: Screen) -> String {
    let mut out = Vec::new();
    report.write(format, screen, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn stock() -> Table {
    let mut table = Table::new([
        Column::left("product", "product"),
        Column::left("lot", "lot"),
        Column::right("on_hand", "on hand"),
        Column::left("unit", "unit"),
        Column::left("expires", "expires"),
        Column::right("left_days", "left").unit("days"),
        Column::left("state", "state"),
    ]);
    table.row([
        Cell::from("CART-12"),
        Cell::from("23B0412"),
        Cell::Amount(14, Unit::Each),
        Cell::from("each"),
        day("2026-10-31").into(),
        Cell::Integer(-22),
        Cell::label("expired", Tone::Bad),
    ]);
    table.row([
        Cell::from("NUMB-CREAM"),
        Cell::text("麻酔 7"),
        Cell::Amount(2500, Unit::Gram),
        Cell::from("g"),
        Cell::Empty,
        Cell::Empty,
        Cell::label("usable", Tone::Good),
    ]);
    table
}

#[test]
fn a_table_aligns_numbers_to_the_right_and_words_to_the_left() {
    let report = Report::of("lotbook/stock/1", stock()).note("1 of 2 lots can be used");
    insta::assert_snapshot!(render(&report, Format::Table, PLAIN), @r"
    product     lot      on hand  unit  expires     left (days)  state
    ----------  -------  -------  ----  ----------  -----------  -------
    CART-12     23B0412       14  each  2026-10-31          -22  expired
    NUMB-CREAM  麻酔 7       2.5  g                              usable

    1 of 2 lots can be used
    ");
}

#[test]
fn colour_changes_no_word_of_a_table() {
    let report = Report::of("lotbook/stock/1", stock());
    let coloured = render(&report, Format::Table, Screen { width: 80, colour: true });
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31mexpired\u{1b}[0m"), "{coloured}");
    let plain = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(plain, render(&report, Format::Table, PLAIN));
}

#[test]
fn csv_has_a_header_of_keys_and_crlf_line_ends() {
    let report = Report::of("lotbook/stock/1", stock()).note("not in a CSV file");
    assert_eq!(
        render(&report, Format::Csv, PLAIN),
        "product,lot,on_hand,unit,expires,left_days,state\r\n\
         CART-12,23B0412,14,each,2026-10-31,-22,expired\r\n\
         NUMB-CREAM,麻酔 7,2.5,g,,,usable\r\n"
    );
}

#[test]
fn json_is_one_document_that_names_its_schema() {
    let report = Report::of("lotbook/stock/1", stock()).note("1 of 2 lots can be used");
    let text = render(&report, Format::Json, PLAIN);
    insta::assert_snapshot!(text, @r#"
    {"schema":"lotbook/stock/1","rows":[
    {"product":"CART-12","lot":"23B0412","on_hand":"14","unit":"each","expires":"2026-10-31","left_days":-22,"state":"expired"},
    {"product":"NUMB-CREAM","lot":"麻酔 7","on_hand":"2.5","unit":"g","expires":null,"left_days":null,"state":"usable"}
    ],"notes":["1 of 2 lots can be used"]}
    "#);
    serde_json::from_str::<serde_json::Value>(&text).unwrap();
    let empty = Report::of("lotbook/stock/1", Table::new([Column::left("lot", "lot")]));
    let empty = render(&empty, Format::Json, PLAIN);
    assert_eq!(empty, "{\"schema\":\"lotbook/stock/1\",\"rows\":[]}\n");
}

#[test]
fn a_screen_can_leave_out_columns_that_say_nothing() {
    let columns = ["lot", "note", "place", "none"].map(|key| Column::left(key, key));
    let mut table = Table::new(columns);
    table.row(["A".into(), Cell::Empty, Cell::text(""), Cell::text("")]);
    table.row(["B".into(), Cell::Empty, "room-1".into(), Cell::Empty]);
    let report = Report::of("lotbook/lots/1", table).without_blank_columns();
    insta::assert_snapshot!(render(&report, Format::Table, PLAIN), @r"
    lot  place
    ---  ------
    A
    B    room-1
    ");
    let empty = Table::new([Column::left("lot", "lot")]);
    assert_eq!(empty.clone().without_blank_columns(), empty);
}

fn trace() -> Report {
    let mut lot = Table::new([Column::left("lot", "lot"), Column::left("expires", "expires")]);
    lot.row([Cell::from("23B0412"), day("2027-03-31").into()]);
    let mut receipts = Table::new([
        Column::left("when", "when"),
        Column::left("supplier", "supplier"),
        Column::right("packs", "packs"),
    ]);
    let when = Moment::parse("2026-11-22T11:14:00+01:00").unwrap();
    receipts.row([when.into(), Cell::from("MedSupply"), Cell::Integer(2)]);
    let sessions = Table::new([Column::left("when", "when"), Column::left("session", "session")]);
    Report::new("lotbook/trace/1")
        .record("lot", "", lot)
        .list("receipts", "Receipts", receipts)
        .list("sessions", "Sessions", sessions)
}

#[test]
fn a_report_of_several_sections_reads_from_top_to_bottom() {
    insta::assert_snapshot!(render(&trace(), Format::Table, PLAIN), @r"
    lot      23B0412
    expires  2027-03-31

    Receipts
    when              supplier   packs
    ----------------  ---------  -----
    2026-11-22 11:14  MedSupply      2

    Sessions
    none
    ");
}

#[test]
fn several_sections_are_one_csv_table_and_one_json_document() {
    assert_eq!(
        render(&trace(), Format::Csv, PLAIN),
        "section,lot,expires,when,supplier,packs,session\r\n\
         lot,23B0412,2027-03-31,,,,\r\n\
         receipts,,,2026-11-22T11:14:00+01:00,MedSupply,2,\r\n"
    );
    insta::assert_snapshot!(render(&trace(), Format::Json, PLAIN), @r#"
    {"schema":"lotbook/trace/1","lot":{"lot":"23B0412","expires":"2027-03-31"},"receipts":[
    {"when":"2026-11-22T11:14:00+01:00","supplier":"MedSupply","packs":2}
    ],"sessions":[]}
    "#);
}

fn notes() -> Report {
    let mut table = Table::new([
        Column::left("lot", "lot"),
        Column::left("note", "note"),
        Column::right("pieces", "pieces"),
    ]);
    let note = "the carton was wet and two blisters had come open, so both were thrown away";
    table.row([Cell::from("23B0412"), Cell::from(note), Cell::Integer(1000)]);
    table.row([Cell::from("24C0110"), Cell::from("as ordered"), Cell::Integer(7)]);
    Report::of("lotbook/notes/1", table)
}

#[test]
fn words_fold_where_the_screen_is_narrow_and_numbers_never_do() {
    let narrow = Screen { width: 44, colour: false };
    insta::assert_snapshot!(render(&notes(), Format::Table, narrow), @r"
    lot      note                         pieces
    -------  ---------------------------  ------
    23B0412  the carton was wet and two     1000
             blisters had come open, so
             both were thrown away
    24C0110  as ordered                        7
    ");
}

#[test]
fn a_name_is_broken_at_its_joints_and_never_inside_a_part() {
    let mut table = Table::new([Column::left("rule", "rule"), Column::left("why", "why")]);
    let why = "the cartridge is used once, for one client and in one session";
    table.row([Cell::text("needling.uses.cartridge"), Cell::text(why)]);
    table.row([Cell::text("prescriber-clearance.record.hsv_history"), Cell::text("needed")]);
    let report = Report::new("lotbook/rules/1").list("rules", "Rules", table);
    for width in 34..90 {
        let shown = render(&report, Format::Table, Screen { width, colour: false });
        let parts = ["needling.", "uses.", "cartridge", "prescriber-", "clearance.", "history"];
        for part in parts {
            assert!(shown.contains(part), "{part} at {width}:\n{shown}");
        }
    }
}

#[test]
fn a_screen_too_narrow_for_columns_gets_one_block_for_each_row() {
    let tiny = Screen { width: 26, colour: false };
    insta::assert_snapshot!(render(&notes(), Format::Table, tiny), @r"
    lot     23B0412
    note    the carton was wet
            and two blisters
            had come open, so
            both were thrown
            away
    pieces  1000

    lot     24C0110
    note    as ordered
    pieces  7
    ");
}

#[test]
fn no_table_is_wider_than_the_screen() {
    for width in [20, 26, 33, 44, 60, 80, 200] {
        for report in [notes(), trace()] {
            let text = render(&report, Format::Table, Screen { width, colour: false });
            let widest = text.lines().map(super::visible::width).max().unwrap();
            assert!(widest <= width.max(25), "{widest} columns on a screen of {width}:\n{text}");
        }
    }
}

#[test]
fn a_hostile_cell_reaches_no_terminal_and_starts_no_formula() {
    let mut table = Table::new([Column::left("lot", "lot"), Column::left("note", "note")]);
    table.row([Cell::from("A\u{202e}21\u{1b}]0;x\u{7}\n"), Cell::from("=HYPERLINK(\"x\")")]);
    let report = Report::of("lotbook/x/1", table);
    let text = render(&report, Format::Table, PLAIN);
    assert!(text.contains("A\\u{202e}21\\u{1b}]0;x\\u{7}\\n  =HYPERLINK"), "{text}");
    let csv = render(&report, Format::Csv, PLAIN);
    assert!(
        csv.ends_with("\r\nA\\u{202e}21\\u{1b}]0\\u{3b}x\\u{7}\\n,\"\\=HYPERLINK(\"\"x\"\")\"\r\n")
    );
    let json = render(&report, Format::Json, PLAIN);
    assert!(json.contains("\"A\u{202e}21\\u001b]0;x\\u0007\\n\""), "{json}");
}
