//! `README.txt`: what a bundle is, how to check it without the program that made it, and what no
//! check can show.

use std::fmt::Write;

use crate::domain::fact::{Action, Fact, Reason, Spec, step_reasons};
use crate::domain::trail::checkpoint::Checkpoint;
use crate::domain::trail::line::COLUMNS;
use crate::views::visible::visible;

/// What the text says of its own bundle.
#[derive(Debug, Clone, Copy)]
pub struct Readme<'r> {
    /// The clinic's name; none where entry 0 does not tell.
    pub clinic: Option<&'r str>,
    /// The size and the root of the entries.
    pub checkpoint: &'r Checkpoint,
    /// The last entry, where it can be read: in a recorded export it tells of this bundle.
    pub last: Option<&'r Fact>,
    /// How often each action occurs, in the order of the published list.
    pub counts: &'r [(Action, u64)],
}

/// The text of the file.
pub fn readme(about: &Readme<'_>) -> String {
    let mut text = String::with_capacity(12_000);
    // Writing to a String can't fail.
    let _ = opening(about, &mut text);
    text.push_str(CHECKS);
    let _ = columns(&mut text);
    let _ = actions(about.counts, &mut text);
    text.push_str(LISTS);
    text.push_str(LIMITS);
    text
}

fn opening(about: &Readme<'_>, text: &mut String) -> std::fmt::Result {
    let (size, root) = (about.checkpoint.size(), about.checkpoint.root());
    let clinic = visible(about.clinic.unwrap_or("a clinic that the entries don't name"));
    writeln!(text, "THE LOT BOOK OF {clinic}")?;
    writeln!(text, "\nThis folder is a full export of the book's audit trail.\n")?;
    writeln!(text, "  book           {}", about.checkpoint.book())?;
    writeln!(text, "  rows shown     {size}, from entry 0 to entry {}", size.saturating_sub(1))?;
    writeln!(text, "  rows withheld  0")?;
    writeln!(text, "  root           {root}")?;
    match about.last {
        Some(Fact::AuditExport { recipient, purpose, .. }) => {
            writeln!(text, "\nThe last entry records this export in the book itself.")?;
            if let Some(recipient) = recipient {
                writeln!(text, "  made for       {}", visible(recipient))?;
            }
            if let Some(purpose) = purpose {
                writeln!(text, "  purpose        {}", visible(purpose))?;
            }
            Ok(())
        }
        _ => writeln!(
            text,
            "\nThe last entry is no record of an export: this is the book as it was at that\n\
             entry, or as someone read it who may not write in it."
        ),
    }
}

const CHECKS: &str = r#"
FILES

  audit.csv          the entries, oldest first: one header line, then one line for each entry
  checkpoint.txt     three lines: the book, the number of entries, the root over them; then an
                     empty line
  staff.csv          what the staff ids mean, as of the last entry
  products.csv       what the product ids mean, as of the last entry
  protocols/         the text of every treatment protocol that the entries name by its SHA-256
  verify.py          checks this folder with Python alone
  SHA256SUMS         the SHA-256 of every other file

HOW TO CHECK IT

Each of these shows whether the files agree with each other. Whoever can write all of them can make
them agree: what they show alone is L0, and what your own checkpoint adds stands below.

1. With Python 3 and nothing else:      python3 -I verify.py
2. With the program that keeps books:   lotbook audit verify FOLDER
3. By hand, with tools of your choice:
   a. sha256sum -c SHA256SUMS           the files are as they were written, unless somebody wrote
                                        SHA256SUMS anew as well
   b. Split audit.csv at CR LF. Leave out the header. For each line, without its CR LF, take the
      SHA-256 of one zero byte and the line: these are the leaves. Join them as RFC 6962 (section
      2.1) says: SHA-256 of one byte 1, the left hash and the right hash, the left side always the
      largest power of two. The last hash, in base64, is the third line of checkpoint.txt.
   c. The column seq counts 0, 1, 2 ... without a gap, and recorded_at never goes back.

DON'T TRUST THE verify.py THAT LIES HERE. It is a program of those whom you check, and one that was
changed says whatever they like; so may this text. Compare its SHA-256 with the one that lotbook's
documentation publishes (docs/ledger.md), or run one from there:
   python3 -I YOUR-OWN/verify.py FOLDER
It ends with 0 where all holds, with 1 where something fails, with 2 where it could not look.

TAKE checkpoint.txt HOME. It is three lines and an empty one, and can be written on paper. At the
next visit it shows that nothing up to that entry was changed since you took it:
   python3 -I verify.py . NOTE   or      lotbook audit verify FOLDER --checkpoint NOTE

HOW audit.csv IS WRITTEN

UTF-8; lines end in CR LF; a value in quotes only if it holds a comma or a quote, which is doubled.
An empty column holds nothing. So that one entry is one line and no cell can start a formula, these
are written differently: a backslash as \\; newline, return and tab as \n, \r, \t; a semicolon,
other control characters, and what changes direction or joins and parts letters unseen, as \u{hex};
and a value that begins with = + - or @ has a backslash in front. So look for the lot A;1 as
A\u{3b}1 and for =1 as \=1. Some characters that no font shows stand as they are.
Times: recorded_at is UTC; occurred_at has the clinic's offset, and its date is the clinic's day.
A late entry shows by the two being apart. An entry that was taken back stands as it was and bears
no mark: look for its seq in the column corrects.

A spreadsheet reads lots as numbers unless it is told not to: 26E03882 gets a number with an
exponent or an error, and 007 gets 7. So import audit.csv, staff.csv and products.csv with every
column as text (UTF-8, comma), from a copy: a file that a spreadsheet saved is not the one that lies
here any more.

COLUMNS

"#;

/// What each column holds, in the ledger's order.
const MEANINGS: [&str; COLUMNS.len()] = [
    "position in the ledger, 0, 1, 2 ... without a gap",
    "random id of the entry",
    "seq of the first entry written by the same command",
    "when it was written: UTC, to the millisecond; never goes back",
    "when it happened, by the clinic's clock",
    "who did it (staff.csv)",
    "the role they acted in",
    "what was done (below)",
    "treatment session",
    "client reference, never a name",
    "product (products.csv)",
    "lot as printed on the pack; `none` for stock without one",
    "serial number of one pack, as it is labelled",
    "last day on which the lot may be used",
    "opened tube, vial or bottle",
    "how much moved; always more than zero",
    "each, g or ml",
    "where it came from",
    "where it went",
    "treatment protocol and its version (protocols/)",
    "step of the protocol",
    "body areas, joined by +",
    "for edits: which field",
    "for edits: its value before",
    "for edits: its value now",
    "why, as a code (below)",
    "why, in words",
    "seq of the entry that this one takes back; the original stays",
    "what else is known, as `key=value; key=value`",
];

fn columns(text: &mut String) -> std::fmt::Result {
    for (name, meaning) in COLUMNS.into_iter().zip(MEANINGS) {
        writeln!(text, "  {name:<13} {meaning}")?;
    }
    Ok(())
}

/// The actions that occur, what they fill and the reasons they may give.
fn actions(counts: &[(Action, u64)], text: &mut String) -> std::fmt::Result {
    writeln!(text, "\nACTIONS IN THIS EXPORT\n")?;
    writeln!(text, "Each with how often it occurs, the columns it fills besides the first eight,")?;
    writeln!(text, "the keys of detail, who may do it, and its reason codes. `?` may be empty.")?;
    for (action, count) in counts {
        let Spec { columns, detail, reasons, roles, undo, route } = action.spec();
        writeln!(text, "\n  {action}, {count} times")?;
        if !columns.is_empty() {
            wrapped("columns", columns, text)?;
        }
        if !detail.is_empty() {
            wrapped("detail", detail, text)?;
        }
        if let Some(route) = route {
            wrapped("moves", &route.to_string(), text)?;
        }
        let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        wrapped("roles", &roles.join(", "), text)?;
        if undo {
            wrapped("can be", "taken back by a later entry", text)?;
        }
        codes("reasons", reasons.iter(), text)?;
        if *action == Action::SessionStep {
            codes("despite", step_reasons(), text)?;
        }
    }
    Ok(())
}

/// Reason codes, a line each, under one label.
fn codes<'r>(
    label: &str,
    reasons: impl Iterator<Item = &'r Reason>,
    text: &mut String,
) -> std::fmt::Result {
    for (number, (code, meaning)) in reasons.enumerate() {
        let label = if number == 0 { label } else { "" };
        writeln!(text, "    {label:<8} {code}: {meaning}")?;
    }
    Ok(())
}

/// A labelled line, broken between words.
fn wrapped(label: &str, words: &str, text: &mut String) -> std::fmt::Result {
    const WIDTH: usize = 84;
    let mut line = String::new();
    let mut label = label;
    for word in words.split_whitespace() {
        if !line.is_empty() && line.len() + 1 + word.len() > WIDTH {
            writeln!(text, "    {label:<8} {line}")?;
            (label, line) = ("", String::new());
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    writeln!(text, "    {label:<8} {line}")
}

const LISTS: &str = "
THE OTHER LISTS

staff.csv     staff, name, roles and titles (joined by +), certificates with the last day of each,
              limits: the most a reading may be when this person does a step
products.csv  product, name, category, use (single: once; multi: from an opened container), unit,
              pack and dose in that unit, opened_life, gtins with how many packs each stands for,
              attributes from the label, retired
Where a cell holds several named values they stand as name=value with | between.
";

const LIMITS: &str = "
WHAT NO CHECK OF THESE FILES CAN SHOW

It proves that the rows shown are in the ledger and how many are withheld. It can't prove that no
withheld row concerns this lot; ask for the full export. (This is a full export: none is withheld.)
The ledger meant is the one with this root; that it is the clinic's own and whole, only a
checkpoint kept elsewhere shows.

- What was never entered, or was entered wrongly. Whether the computer's clock was right.
- That the book was not written anew as a whole. Whoever owns a book can do that. Only a checkpoint
  that was kept where they could not reach it shows it, and only for the entries it covers; what is
  newer than the last such checkpoint can be denied.
- That verify.py and this text are those of lotbook: they came with what they speak of.
- Who made this folder: it carries no signature. Its assurance is L0, self-attested: the files agree
  with each other, and with your own checkpoint if you have one.
- Dropped tables and triggers in the database itself: the trail is tamper-evident, not tamper-proof.

It is built to the controls of 21 CFR Part 11 and EU Annex 11; nobody has certified it.
Clients stand here by reference only; the clinic's own practice system knows who they are.
";
