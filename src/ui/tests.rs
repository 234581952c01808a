//! What goes where: data, talk, questions and input.

use super::*;

#[test]
fn data_goes_to_stdout_and_talk_to_stderr() {
    let (mut ui, captured) = Ui::captured(Manner::default(), Peer::Pipe, "");
    ui.print("S-0042").unwrap();
    ui.note("one session is open");
    ui.hint("lotbook session show");
    ui.warn("its pen is unknown\u{1b}[2J");
    assert_eq!(captured.take_stdout(), "S-0042\n");
    insta::assert_snapshot!(captured.take_stderr(), @r"
    note: one session is open
    hint: lotbook session show
    warning: its pen is unknown\u{1b}[2J
    ");
}

#[test]
fn quiet_keeps_warnings_and_errors() {
    let manner = Manner { talk: Talk::Quiet, ..Manner::default() };
    let (mut ui, captured) = Ui::captured(manner, Peer::Person, "");
    ui.note("a note");
    ui.hint("a hint");
    ui.warn("a warning");
    ui.failure(&Failure::no("the trail does not verify"));
    let said = captured.take_stderr();
    assert_eq!(said, "warning: a warning\nerror: the trail does not verify\n");
}

struct ClosedPipe;

impl Write for ClosedPipe {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_reader_that_closed_its_pipe_is_no_failure_in_any_format() {
    let (mut ui, captured) = Ui::captured(Manner::default(), Peer::Pipe, "");
    ui.out = Box::new(ClosedPipe);
    let mut table = crate::views::table::Table::new([Column::left("lot", "lot")]);
    table.row(["A".into()]);
    let report = Report::of("lotbook/lots/1", table);
    for format in [Format::Table, Format::Csv, Format::Json] {
        let failure = ui.show(&report, format).unwrap_err();
        assert_eq!(failure.kind(), Kind::ClosedPipe, "{format:?}");
        ui.failure(&failure);
    }
    assert_eq!(ui.finish().unwrap_err().kind().exit_code(), 0);
    assert_eq!(captured.take_stderr(), "");
}

#[test]
fn only_a_person_is_asked_and_only_yes_is_yes() {
    let (mut ui, captured) = Ui::captured(Manner::default(), Peer::Person, "y\nYES\n\nno\n");
    let answers: Vec<bool> = (0..4).map(|_| ui.confirm("recall lot A?").unwrap()).collect();
    assert_eq!(answers, [true, true, false, false]);
    assert!(captured.take_stderr().starts_with("recall lot A? [y/N] "));
    assert_eq!(ui.confirm("again?").unwrap_err().kind(), Kind::Interrupted);

    let (mut ui, captured) = Ui::captured(Manner::default(), Peer::Pipe, "y\n");
    let failure = ui.confirm("recall lot A?").unwrap_err();
    assert_eq!(failure.kind(), Kind::Usage);
    assert!(failure.render(false).contains("--yes"));
    assert_eq!(captured.take_stderr(), "");

    let manner = Manner { consent: Consent::Given, ..Manner::default() };
    assert!(Ui::captured(manner, Peer::Pipe, "").0.confirm("sure?").unwrap());
}

#[test]
fn a_line_that_is_no_text_costs_only_itself() {
    let long = [b'x'; 70_000];
    let input = [b"one\r\n\n", &long[..], b"\n\xffb\ntwo\x1d\nlast"].concat();
    let (mut ui, _) = Ui::captured(Manner::default(), Peer::Pipe, input);
    let (mut lines, _) = ui.batch();
    let expected = [
        Ok("one"),
        Ok(""),
        Err(Damage::TooLong(65_536)),
        Err(Damage::NotText(0)),
        Ok("two\u{1d}"),
        Ok("last"),
    ];
    for line in expected {
        assert_eq!(lines.next_line().unwrap(), Some(line));
    }
    assert_eq!(lines.next_line().unwrap(), None);
    assert!(lines.is_drained());
}

fn lines_of(input: &mut (dyn BufRead + Send)) -> Lines<'_> {
    Lines { input, line: Vec::new(), drained: false, end: End::Done, first: true }
}

#[test]
fn every_sort_of_enter_ends_a_line() {
    for (input, expected) in [
        (&b"one\rtwo\r"[..], &["one", "two"][..]),
        (b"one\r\ntwo\r\n", &["one", "two"]),
        (b"one\r\r\ntwo\n\nthree", &["one", "two", "", "three"]),
        (b"\xef\xbb\xbfone\ntwo", &["one", "two"]),
        (b"\xef\xbb\xbf\nsecond", &["", "second"]),
        (b"\r", &[""]),
        (b"", &[]),
    ] {
        // One byte at a time, too: a scanner is slower than whoever reads.
        for size in [1, 3, 100] {
            let mut input = io::BufReader::with_capacity(size, input);
            let mut lines = lines_of(&mut input);
            for line in expected {
                assert_eq!(lines.next_line().unwrap(), Some(Ok(*line)), "{expected:?} {size}");
            }
            assert_eq!(lines.next_line().unwrap(), None, "{expected:?} {size}");
        }
    }
}

#[test]
fn an_answer_is_due_before_the_rest_of_an_enter_is_waited_for() {
    for input in [&b"one\r\n"[..], b"one\r", b"one\n"] {
        let mut input = io::BufReader::new(input);
        let mut lines = lines_of(&mut input);
        assert_eq!(lines.next_line().unwrap(), Some(Ok("one")));
        assert!(lines.is_drained());
    }
}

#[test]
fn lines_are_read_with_the_separators_of_a_scanner() {
    let input = b"]d20100844\x1d10A\r\n\nlast".to_vec();
    let (mut ui, _) = Ui::captured(Manner::default(), Peer::Pipe, input);
    assert_eq!(ui.read_line().unwrap().unwrap(), "]d20100844\u{1d}10A");
    assert_eq!(ui.read_line().unwrap().unwrap(), "");
    assert_eq!(ui.read_line().unwrap().unwrap(), "last");
    assert_eq!(ui.read_line().unwrap(), None);

    let (mut ui, _) = Ui::captured(Manner::default(), Peer::Pipe, vec![b'x'; 70_000]);
    assert_eq!(ui.read_line().unwrap_err().kind(), Kind::Usage);
    let (mut ui, _) = Ui::captured(Manner::default(), Peer::Pipe, vec![0xff, b'\n']);
    assert_eq!(ui.read_line().unwrap_err().kind(), Kind::Usage);
}
