//! A report for people: columns that fit the screen, numbers to the right, readable in one colour.
//!
//! A row whose cells all fit their columns, which is nearly every row, is written directly; only
//! cells that are too wide go to comfy-table, which folds them between words. That is what keeps
//! 10,000 rows at a few milliseconds: drawn by comfy-table as a whole they took 25 times as long.
//!
//! Where even folded columns don't fit, each row becomes a block of `title  value` lines.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, ContentArrangement, TableStyle, Width};

use super::Screen;
use super::report::{Report, Section, Shape};
use super::table::{Align, Cell, Column, Table, Tone};
use super::visible::{visible, width};

/// Between two columns.
const GAP: usize = 2;
/// A column of words is never folded narrower than this.
const FOLD_MIN: usize = 10;

const TITLE: Style = Style::new().bold();

/// Writes sections and notes, with a blank line between.
pub(super) fn write(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Line::new(screen.colour);
    for (number, section) in report.sections.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        if !section.title.is_empty() {
            line.put(&visible(&section.title), TITLE);
            line.end(out)?;
        }
        write_section(section, screen, &mut line, out)?;
    }
    for (number, note) in report.notes.iter().enumerate() {
        if number == 0 && !report.sections.is_empty() {
            writeln!(out)?;
        }
        writeln!(out, "{}", visible(note))?;
    }
    Ok(())
}

fn write_section(
    section: &Section,
    screen: Screen,
    line: &mut Line,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = &section.table;
    if table.is_empty() {
        return writeln!(out, "none");
    }
    match (section.shape, fit(table, screen.width)) {
        (Shape::List, Some(widths)) => write_list(table, &widths, line, out),
        _ => write_records(table, screen.width, line, out),
    }
}

fn write_list(
    table: &Table,
    widths: &[usize],
    line: &mut Line,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = table.columns();
    let heads = columns.iter().map(|column| Shown::new(column.heading(), TITLE)).collect();
    write_row(columns, heads, widths, line, out)?;
    for (number, width) in widths.iter().enumerate() {
        line.pad(if number > 0 { GAP } else { 0 });
        line.text.extend(std::iter::repeat_n('-', *width));
    }
    line.end(out)?;
    for row in table.rows() {
        write_row(columns, row.iter().map(Shown::cell).collect(), widths, line, out)?;
    }
    Ok(())
}

/// One row, which is several lines where a cell doesn't fit its column.
fn write_row(
    columns: &[Column],
    cells: Vec<Shown<'_>>,
    widths: &[usize],
    line: &mut Line,
    out: &mut dyn Write,
) -> io::Result<()> {
    if cells.iter().zip(widths).all(|(cell, width)| cell.width <= *width) {
        return write_line(columns, &cells, widths, line, out);
    }
    let folded: Vec<(Vec<String>, Style)> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| (fold(&cell.text, *width), cell.style))
        .collect();
    let height = folded.iter().map(|(lines, _)| lines.len()).max().unwrap_or(0);
    for number in 0..height {
        let cells: Vec<Shown<'_>> = folded
            .iter()
            .map(|(lines, style)| {
                let text = lines.get(number).map_or("", String::as_str);
                Shown::new(Cow::Borrowed(text), *style)
            })
            .collect();
        write_line(columns, &cells, widths, line, out)?;
    }
    Ok(())
}

fn write_line(
    columns: &[Column],
    cells: &[Shown<'_>],
    widths: &[usize],
    line: &mut Line,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (number, ((column, cell), width)) in columns.iter().zip(cells).zip(widths).enumerate() {
        line.pad(if number > 0 { GAP } else { 0 });
        let rest = width.saturating_sub(cell.width);
        match column.align {
            Align::Left => {
                line.put(&cell.text, cell.style);
                line.pad(rest);
            }
            Align::Right => {
                line.pad(rest);
                line.put(&cell.text, cell.style);
            }
        }
    }
    line.end(out)
}

fn write_records(
    table: &Table,
    screen_width: usize,
    line: &mut Line,
    out: &mut dyn Write,
) -> io::Result<()> {
    let heads: Vec<_> = table.columns().iter().map(Column::heading).collect();
    let indent = heads.iter().map(|head| width(head)).max().unwrap_or(0) + GAP;
    let room = screen_width.saturating_sub(indent).max(FOLD_MIN);
    for (number, row) in table.rows().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        for (head, cell) in heads.iter().zip(row) {
            let cell = Shown::cell(cell);
            line.put(head, TITLE);
            line.pad(indent - width(head));
            if cell.width <= room {
                line.put(&cell.text, cell.style);
                line.end(out)?;
                continue;
            }
            for (number, part) in fold(&cell.text, room).iter().enumerate() {
                line.pad(if number > 0 { indent } else { 0 });
                line.put(part, cell.style);
                line.end(out)?;
            }
        }
    }
    Ok(())
}

/// The width of each column, or none where the table can't be made to fit.
fn fit(table: &Table, screen_width: usize) -> Option<Vec<usize>> {
    let columns = table.columns();
    let mut widths: Vec<usize> = columns.iter().map(|column| width(&column.heading())).collect();
    for row in table.rows() {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(Shown::cell(cell).width);
        }
    }
    let gaps = GAP * columns.len().saturating_sub(1);
    let room = screen_width.checked_sub(gaps)?;
    for (width, column) in widths.iter_mut().zip(columns) {
        if column.align == Align::Left {
            *width = (*width).min(room.max(FOLD_MIN));
        }
    }
    // The widest column of words gives way first: long notes fold before short codes do.
    while widths.iter().sum::<usize>() > room {
        let foldable = widths.iter_mut().zip(columns);
        let widest = foldable
            .filter(|(width, column)| column.align == Align::Left && **width > FOLD_MIN)
            .map(|(width, _)| width)
            .max()?;
        *widest -= 1;
    }
    Some(widths)
}

/// The lines of a text in a column of this width, broken between words where that is possible.
fn fold(text: &str, width: usize) -> Vec<String> {
    let width = u16::try_from(width.max(1)).unwrap_or(u16::MAX);
    let mut table = comfy_table::Table::new();
    table.load_style(TableStyle::new());
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.add_row([text]);
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
            _ => Style::new(),
        };
        match cell.for_screen() {
            Cow::Borrowed(words) => Self::new(visible(words), style),
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
    }
}

/// The line being written; its buffer is used again for every line.
struct Line {
    text: String,
    colour: bool,
}

impl Line {
    fn new(colour: bool) -> Self {
        Self { text: String::new(), colour }
    }

    fn put(&mut self, text: &str, style: Style) {
        if self.colour && !style.is_plain() && !text.is_empty() {
            self.text.push_str(&format!("{style}{text}{style:#}"));
        } else {
            self.text.push_str(text);
        }
    }

    fn pad(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
        out.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }
}
