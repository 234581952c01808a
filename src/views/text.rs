//! A report for people: columns that fit the screen, numbers to the right, readable in one colour.
//!
//! A row whose cells all fit their columns, which is nearly every row, is written directly; only
//! cells that are too wide go to comfy-table, which folds them between words. Drawing every row of
//! 10,000 with it took 25 times as long as writing them.
//!
//! Where even folded columns don't fit, each row becomes a block of `title  value` lines.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::rc::Rc;

use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, TableStyle, Width};

use super::Screen;
use super::report::{Report, Section, Shape};
use super::table::{Align, Cell, Column, Table, Tone};
use super::visible::{self, visible, width};

/// Between two columns.
const GAP: usize = 2;
/// A column of words is never folded narrower than this.
const FOLD_MIN: usize = 10;

const TITLE: Style = Style::new().bold();

/// Writes sections and notes, with a blank line between.
pub(super) fn write(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(screen, out);
    for (number, section) in report.sections.iter().enumerate() {
        if number > 0 {
            page.end_line()?;
        }
        page.section(section)?;
    }
    for (number, note) in report.notes.iter().enumerate() {
        if number == 0 && !report.sections.is_empty() {
            page.end_line()?;
        }
        page.put(&visible(note), Style::new());
        page.end_line()?;
    }
    Ok(())
}

/// How the rows of one table are laid out.
pub(super) enum Layout {
    /// Under each other, in columns of these widths.
    Columns(Vec<usize>),
    /// One block of lines for each row.
    Blocks,
}

impl Layout {
    /// What fits these rows to the screen. Rows that come later fold into the same columns.
    pub(super) fn of(table: &Table, screen: Screen) -> Self {
        column_widths(table, screen.width).map_or(Self::Blocks, Self::Columns)
    }
}

/// Lines on their way to the screen; the buffer is used again for every line.
pub(super) struct Page<'out> {
    out: &'out mut dyn Write,
    screen: Screen,
    line: String,
    /// What was folded before: rows often repeat the same areas, products or names.
    folds: HashMap<(usize, String), Rc<[String]>>,
}

/// How many folded texts are remembered.
const FOLDS_MAX: usize = 1000;

impl<'out> Page<'out> {
    pub(super) fn new(screen: Screen, out: &'out mut dyn Write) -> Self {
        Self { out, screen, line: String::new(), folds: HashMap::new() }
    }

    pub(super) fn screen(&self) -> Screen {
        self.screen
    }

    fn section(&mut self, section: &Section) -> io::Result<()> {
        let table = &section.table;
        if !section.title.is_empty() {
            self.put(&visible(&section.title), TITLE);
            self.end_line()?;
        }
        if table.is_empty() {
            return self.nothing();
        }
        let layout = match section.shape {
            Shape::List => Layout::of(table, self.screen),
            Shape::Record => Layout::Blocks,
        };
        self.head(table.columns(), &layout)?;
        for (number, row) in table.rows().enumerate() {
            self.row(table.columns(), &layout, number, row)?;
        }
        Ok(())
    }

    /// What a table without rows says.
    pub(super) fn nothing(&mut self) -> io::Result<()> {
        self.put("none", Style::new());
        self.end_line()
    }

    /// The headings and the rule below them; blocks have none.
    pub(super) fn head(&mut self, columns: &[Column], layout: &Layout) -> io::Result<()> {
        let Layout::Columns(widths) = layout else { return Ok(()) };
        let heads: Vec<_> =
            columns.iter().map(|column| Shown::new(column.heading(), TITLE)).collect();
        self.cells(columns, &heads, widths)?;
        for (number, width) in widths.iter().enumerate() {
            self.pad(if number > 0 { GAP } else { 0 });
            self.line.extend(std::iter::repeat_n('-', *width));
        }
        self.end_line()
    }

    /// One row; `number` counts from 0.
    pub(super) fn row(
        &mut self,
        columns: &[Column],
        layout: &Layout,
        number: usize,
        row: &[Cell],
    ) -> io::Result<()> {
        match layout {
            Layout::Columns(widths) => {
                let cells: Vec<_> = row.iter().map(Shown::cell).collect();
                self.cells(columns, &cells, widths)
            }
            Layout::Blocks => {
                if number > 0 {
                    self.end_line()?;
                }
                self.block(columns, row)
            }
        }
    }

    /// Cells beside each other, on several lines where words don't fit their column.
    fn cells(
        &mut self,
        columns: &[Column],
        cells: &[Shown<'_>],
        widths: &[usize],
    ) -> io::Result<()> {
        let fits = |cell: &Shown<'_>, column: &Column, width: usize| {
            cell.width <= width || column.align == Align::Right
        };
        let mut places = cells.iter().zip(columns).zip(widths);
        if places.all(|((cell, column), width)| fits(cell, column, *width)) {
            return self.cells_of_line(columns, cells, widths);
        }
        let folded: Vec<Rc<[String]>> = cells
            .iter()
            .zip(columns)
            .zip(widths)
            .map(|((cell, column), width)| match fits(cell, column, *width) {
                true => Rc::default(),
                false => self.folded(&cell.text, *width),
            })
            .collect();
        let height = folded.iter().map(|lines| lines.len()).max().unwrap_or(0);
        for number in 0..height {
            let parts: Vec<_> = cells
                .iter()
                .zip(&folded)
                .map(|(cell, lines)| {
                    let whole = lines.is_empty() && number == 0;
                    let rest = if whole { cell.text.as_ref() } else { "" };
                    let part = lines.get(number).map_or(rest, String::as_str);
                    Shown::new(Cow::Borrowed(part), cell.style)
                })
                .collect();
            self.cells_of_line(columns, &parts, widths)?;
        }
        Ok(())
    }

    fn cells_of_line(
        &mut self,
        columns: &[Column],
        cells: &[Shown<'_>],
        widths: &[usize],
    ) -> io::Result<()> {
        for (number, ((column, cell), width)) in columns.iter().zip(cells).zip(widths).enumerate() {
            self.pad(if number > 0 { GAP } else { 0 });
            let rest = width.saturating_sub(cell.width);
            match column.align {
                Align::Left => {
                    self.put(&cell.text, cell.style);
                    self.pad(rest);
                }
                Align::Right => {
                    self.pad(rest);
                    self.put(&cell.text, cell.style);
                }
            }
        }
        self.end_line()
    }

    /// A row as `title  value` lines.
    fn block(&mut self, columns: &[Column], row: &[Cell]) -> io::Result<()> {
        let heads: Vec<_> = columns.iter().map(Column::heading).collect();
        let indent = heads.iter().map(|head| width(head)).max().unwrap_or(0) + GAP;
        let room = self.screen.width.saturating_sub(indent).max(FOLD_MIN);
        for (head, cell) in heads.iter().zip(row) {
            let cell = Shown::cell(cell);
            self.put(head, TITLE);
            self.pad(indent - width(head));
            if cell.width <= room {
                self.put(&cell.text, cell.style);
                self.end_line()?;
                continue;
            }
            for (number, part) in self.folded(&cell.text, room).iter().enumerate() {
                self.pad(if number > 0 { indent } else { 0 });
                self.put(part, cell.style);
                self.end_line()?;
            }
        }
        Ok(())
    }

    /// The lines of a text in a column of this width.
    fn folded(&mut self, text: &str, width: usize) -> Rc<[String]> {
        let key = (width, text.to_owned());
        if let Some(lines) = self.folds.get(&key) {
            return Rc::clone(lines);
        }
        if self.folds.len() >= FOLDS_MAX {
            self.folds.clear();
        }
        let lines: Rc<[String]> = fold(text, width).into();
        self.folds.insert(key, Rc::clone(&lines));
        lines
    }

    fn put(&mut self, text: &str, style: Style) {
        if self.screen.colour && !style.is_plain() && !text.is_empty() {
            // Writing to a string can't fail.
            let _ = write!(self.line, "{style}{text}{style:#}");
        } else {
            self.line.push_str(text);
        }
    }

    fn pad(&mut self, columns: usize) {
        const BLANKS: &str = "                                                                ";
        let mut left = columns;
        while left > 0 {
            let some = left.min(BLANKS.len());
            self.line.push_str(&BLANKS[..some]);
            left -= some;
        }
    }

    fn end_line(&mut self) -> io::Result<()> {
        let text = self.line.as_bytes().trim_ascii_end();
        self.line.truncate(text.len());
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }
}

/// The width of each column, or none where the table can't be made to fit. Times stay whole as
/// long as words can give way.
fn column_widths(table: &Table, screen_width: usize) -> Option<Vec<usize>> {
    let columns = table.columns();
    let mut widths: Vec<usize> = columns.iter().map(|column| width(&column.heading())).collect();
    let mut words = vec![false; columns.len()];
    for row in table.rows() {
        for ((widest, words), cell) in widths.iter_mut().zip(&mut words).zip(row) {
            *widest = (*widest).max(measured(cell));
            *words |= cell.is_words();
        }
    }
    let gaps = GAP * columns.len().saturating_sub(1);
    let room = screen_width.checked_sub(gaps)?;
    for (width, column) in widths.iter_mut().zip(columns) {
        if column.align == Align::Left {
            *width = (*width).min(room.max(FOLD_MIN));
        }
    }
    let left = |number: usize| columns[number].align == Align::Left;
    shrink(&mut widths, room, |number| left(number) && words[number])
        .or_else(|| shrink(&mut widths, room, left))?;
    Some(widths)
}

/// Makes the widest of the columns that may fold give way, until all fit: long notes fold before
/// short codes do. None where they can't be made to fit.
fn shrink(widths: &mut [usize], room: usize, may_fold: impl Fn(usize) -> bool) -> Option<()> {
    while widths.iter().sum::<usize>() > room {
        let foldable = widths.iter_mut().enumerate().filter(|(number, _)| may_fold(*number));
        let widest = foldable.map(|(_, width)| width).filter(|width| **width > FOLD_MIN).max()?;
        *widest -= 1;
    }
    Some(())
}

/// The width of a cell, without writing it where its type says it.
fn measured(cell: &Cell) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Lag(lag) if lag.is_none() => 0,
        Cell::Day(_) => "2026-11-22".len(),
        Cell::Moment(_) => "2026-11-22 11:14".len(),
        Cell::Instant(_) => "2026-11-22T10:15:03.120Z".len(),
        _ => Shown::cell(cell).width,
    }
}

/// The text with words that are too wide broken after a dot or a hyphen, where a name such as
/// `needling.uses.cartridge` is put together, and not in the middle of its parts.
fn at_joints(text: &str, room: usize) -> String {
    let mut broken = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        let mut rest = word;
        while width(rest.trim_end()) > room {
            let joints = rest.char_indices().filter(|(_, letter)| ".-_/".contains(*letter));
            let mut ends = joints.map(|(place, _)| place + 1);
            let fits = |end: &usize| width(&rest[..*end]) <= room;
            let Some(end) = std::iter::from_fn(|| ends.next().filter(fits)).last() else { break };
            broken.push_str(&rest[..end]);
            broken.push('\n');
            rest = &rest[end..];
        }
        broken.push_str(rest);
    }
    broken
}

/// The lines of a text in a column of this width, broken between words where that is possible.
fn fold(text: &str, width: usize) -> Vec<String> {
    let width = u16::try_from(width.max(1)).unwrap_or(u16::MAX);
    let mut table = comfy_table::Table::new();
    table.load_style(TableStyle::new());
    table.add_row([at_joints(text, usize::from(width))]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// A cell ready for the screen.
struct Shown<'table> {
    text: Cow<'table, str>,
    width: usize,
    style: Style,
}

impl<'table> Shown<'table> {
    fn new(text: Cow<'table, str>, style: Style) -> Self {
        Self { width: width(&text), text, style }
    }

    fn cell(cell: &'table Cell) -> Self {
        let style = match cell {
            Cell::Label(_, tone) => tone_style(*tone),
            Cell::Lag(_) => tone_style(Tone::Warn),
            _ => Style::new(),
        };
        match cell.for_screen() {
            Cow::Borrowed(words) => {
                let (text, width) = visible::measured(words);
                Self { text, width, style }
            }
            owned => Self::new(owned, style),
        }
    }
}

fn tone_style(tone: Tone) -> Style {
    match tone {
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warn => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Muted => Style::new().dimmed(),
        Tone::Struck => Style::new().strikethrough(),
    }
}
