//! One entry of the ledger as columns: what the `entry` table stores and the line renders.
//!
//! The types here are those that the table holds, so that reading an entry back and rendering its
//! line needs no knowledge of what the entry means. What it means is in `fact`.

use std::borrow::Cow;

use uuid::Uuid;

use crate::domain::id::IdError;
use crate::domain::quantity::{Quantity, QuantityError, Unit, show_parts};
use crate::domain::time::{Instant, Moment, TimeError};
use crate::domain::trail::hash::Hash;
use crate::domain::trail::lag::Lag;
use crate::domain::trail::line::{self, LineError};
use crate::domain::trail::merkle;

/// A text column: borrowed from a row or a line, or owned by a fact.
pub type Text<'a> = Option<Cow<'a, str>>;

/// The columns that depend on the action, in the ledger's order and with its names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the columns are documented in the ledger's table of columns")]
pub struct Columns<'a> {
    pub session: Text<'a>,
    pub client: Text<'a>,
    pub product: Text<'a>,
    pub lot: Text<'a>,
    pub serial: Text<'a>,
    pub expiry: Text<'a>,
    pub container: Text<'a>,
    /// In smallest parts of the unit.
    pub quantity: Option<i64>,
    pub unit: Text<'a>,
    pub from_place: Text<'a>,
    pub to_place: Text<'a>,
    pub protocol: Text<'a>,
    pub step: Text<'a>,
    pub area: Text<'a>,
    pub field: Text<'a>,
    pub old_value: Text<'a>,
    pub new_value: Text<'a>,
    pub reason_code: Text<'a>,
    pub reason: Text<'a>,
    pub corrects: Option<u64>,
    /// As rendered: `key=value; key=value`.
    pub detail: Text<'a>,
}

/// One entry: position, times, actor, action and the columns of the action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Position in the ledger, from 0 without a gap; also the index of the leaf.
    pub seq: u64,
    /// UUID version 7 that makes retries harmless.
    pub entry_id: Uuid,
    /// `seq` of the first entry of the same command.
    pub txn: u64,
    /// When it was written.
    pub recorded_at: Instant,
    /// When it happened.
    pub occurred_at: Moment,
    /// Who did it.
    pub staff: Cow<'a, str>,
    /// The role they acted in.
    pub role: Cow<'a, str>,
    /// What was done.
    pub action: Cow<'a, str>,
    /// The rest.
    pub columns: Columns<'a>,
}

/// Why a line is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Not a canonical line.
    #[error(transparent)]
    Line(#[from] LineError),
    /// A column that every entry fills is empty.
    #[error("column {0} is empty")]
    Missing(&'static str),
    /// A number that is not in its one form.
    #[error("column {column} holds `{text}`, which is not a whole number in canonical form")]
    Number {
        /// The column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// The id is not a UUID version 7 in lowercase with hyphens.
    #[error("column entry_id holds `{0}`, which is not a UUID version 7 in lowercase")]
    EntryId(String),
    /// A time that is not in its one form.
    #[error("column {column}: {error}")]
    Time {
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        error: Box<TimeError>,
    },
    /// A quantity that is not in its one form.
    #[error("column quantity: {0}")]
    Quantity(#[from] QuantityError),
    /// An id that breaks its shape.
    #[error(transparent)]
    Id(#[from] IdError),
}

impl Entry<'_> {
    /// How late it was written.
    pub fn lag(&self) -> Lag {
        Lag::between(self.occurred_at, self.recorded_at)
    }

    /// Appends the canonical line, without its line end, to `out`.
    ///
    /// # Errors
    ///
    /// Refuses what no line can hold: NUL, empty values, a malformed `detail`.
    pub fn write_line(&self, out: &mut String) -> Result<(), LineError> {
        // The texts made here share one buffer; `marks` says where each ends. Every entry is made
        // twice, so the formatting machinery is left out.
        let mut made = String::with_capacity(160);
        let mut marks = [0_usize; 7];
        let mut number = itoa::Buffer::new();
        let columns = &self.columns;
        let unit = columns.unit.as_deref().and_then(|unit| unit.parse::<Unit>().ok());
        for (index, mark) in marks.iter_mut().enumerate() {
            match index {
                0 => made.push_str(number.format(self.seq)),
                1 => {
                    let mut id = Uuid::encode_buffer();
                    made.push_str(self.entry_id.hyphenated().encode_lower(&mut id));
                }
                2 => made.push_str(number.format(self.txn)),
                3 => self.recorded_at.push_to(&mut made),
                4 => self.occurred_at.push_to(&mut made),
                5 => match (columns.quantity, unit) {
                    (Some(parts), Some(unit)) => made.push_str(&show_parts(parts, unit)),
                    (Some(parts), None) => made.push_str(number.format(parts)),
                    (None, _) => {}
                },
                _ => {
                    if let Some(seq) = columns.corrects {
                        made.push_str(number.format(seq));
                    }
                }
            }
            *mark = made.len();
        }
        let [seq, id, txn, recorded, occurred, quantity, corrects] = marks;
        let fields: [Option<&str>; 29] = [
            Some(&made[..seq]),
            Some(&made[seq..id]),
            Some(&made[id..txn]),
            Some(&made[txn..recorded]),
            Some(&made[recorded..occurred]),
            Some(&self.staff),
            Some(&self.role),
            Some(&self.action),
            columns.session.as_deref(),
            columns.client.as_deref(),
            columns.product.as_deref(),
            columns.lot.as_deref(),
            columns.serial.as_deref(),
            columns.expiry.as_deref(),
            columns.container.as_deref(),
            columns.quantity.map(|_| &made[occurred..quantity]),
            columns.unit.as_deref(),
            columns.from_place.as_deref(),
            columns.to_place.as_deref(),
            columns.protocol.as_deref(),
            columns.step.as_deref(),
            columns.area.as_deref(),
            columns.field.as_deref(),
            columns.old_value.as_deref(),
            columns.new_value.as_deref(),
            columns.reason_code.as_deref(),
            columns.reason.as_deref(),
            columns.corrects.map(|_| &made[quantity..corrects]),
            columns.detail.as_deref(),
        ];
        line::encode(&fields, out)
    }

    /// The canonical line on its own.
    pub fn line(&self) -> Result<String, LineError> {
        let mut line = String::with_capacity(320);
        self.write_line(&mut line)?;
        Ok(line)
    }

    /// The leaf hash of the canonical line; `scratch` is cleared and used for the line.
    pub fn leaf(&self, scratch: &mut String) -> Result<Hash, LineError> {
        scratch.clear();
        self.write_line(scratch)?;
        Ok(merkle::leaf(scratch.as_bytes()))
    }

    /// Whether its line has the hash that was stored with it; `scratch` as above.
    pub fn has_leaf(&self, stored: Hash, scratch: &mut String) -> bool {
        self.leaf(scratch).is_ok_and(|leaf| leaf == stored)
    }
}

impl<'a> Entry<'a> {
    /// Reads a canonical line exactly: a line that this accepts renders to the same bytes again.
    pub fn parse(text: &'a str) -> Result<Self, EntryError> {
        let fields = line::decode(text)?;
        let [
            seq,
            id,
            txn,
            recorded,
            occurred,
            staff,
            role,
            action,
            session,
            client,
            product,
            lot,
            serial,
            expiry,
            container,
            quantity,
            unit,
            from_place,
            to_place,
            protocol,
            step,
            area,
            field,
            old_value,
            new_value,
            reason_code,
            reason,
            corrects,
            detail,
        ] = fields;
        let quantity = parts(quantity.as_deref(), unit.as_deref())?;
        Ok(Self {
            seq: number("seq", &required("seq", seq)?)?,
            entry_id: entry_id(&required("entry_id", id)?)?,
            txn: number("txn", &required("txn", txn)?)?,
            recorded_at: Instant::parse(&required("recorded_at", recorded)?)
                .map_err(|error| time_error("recorded_at", error))?,
            occurred_at: Moment::parse(&required("occurred_at", occurred)?)
                .map_err(|error| time_error("occurred_at", error))?,
            staff: required("staff", staff)?,
            role: required("role", role)?,
            action: required("action", action)?,
            columns: Columns {
                session,
                client,
                product,
                lot,
                serial,
                expiry,
                container,
                quantity,
                unit,
                from_place,
                to_place,
                protocol,
                step,
                area,
                field,
                old_value,
                new_value,
                reason_code,
                reason,
                corrects: corrects.map(|seq| number("corrects", &seq)).transpose()?,
                detail,
            },
        })
    }
}

/// A quantity in smallest parts; its unit says what they are.
fn parts(quantity: Option<&str>, unit: Option<&str>) -> Result<Option<i64>, EntryError> {
    match (quantity, unit) {
        (None, _) => Ok(None),
        (Some(number), Some(unit)) => {
            Ok(Some(Quantity::from_columns(number, unit.parse()?)?.parts()))
        }
        (Some(_), None) => Err(EntryError::Missing("unit")),
    }
}

fn time_error(column: &'static str, error: TimeError) -> EntryError {
    EntryError::Time { column, error: Box::new(error) }
}

fn required<'a>(column: &'static str, field: Text<'a>) -> Result<Cow<'a, str>, EntryError> {
    field.ok_or(EntryError::Missing(column))
}

/// A whole number without sign or leading zeros that a database integer can hold.
fn number(column: &'static str, text: &str) -> Result<u64, EntryError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    let value = if canonical { text.parse::<i64>().ok() } else { None };
    value
        .and_then(|value| u64::try_from(value).ok())
        .ok_or_else(|| EntryError::Number { column, text: text.chars().take(40).collect() })
}

fn entry_id(text: &str) -> Result<Uuid, EntryError> {
    let wrong = || EntryError::EntryId(text.chars().take(40).collect());
    let id = Uuid::try_parse(text).map_err(|_| wrong())?;
    let canonical = id.get_version_num() == 7
        && id.get_variant() == uuid::Variant::RFC4122
        && id.hyphenated().to_string() == text;
    if canonical { Ok(id) } else { Err(wrong()) }
}
