//! `receive`: a delivery, typed or scanned.

use super::item::{find, named};
use crate::context::Context;
use crate::domain::fact::{Action, Fact};
use crate::domain::id::{Lot, PlaceName, Serial};
use crate::domain::item::{Named, Scanned};
use crate::domain::place::Place;
use crate::domain::quantity::{Ask, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::stock::{Delivery, item_text, receive};
use crate::domain::time::Expiry;
use crate::error::{Failure, Outcome};
use crate::store::{StoreError, Writing};

/// Take a delivery of one lot into stock
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook receive 20 CART-12 --lot 24C0110 --expiry 2027-03 --from Lind --to stockroom\n  \
    lotbook receive 2 '(01)09504000059118(17)270331(10)24C0110' --from Lind --to stockroom\n  \
    lotbook receive \"3 packs\" NUMB-4 - --from Lind --to fridge\n\n\
    At a scan a bare number counts the packs that were scanned; without one it is a single pack.")]
pub struct Args {
    /// [QTY] ITEM [SCAN]: how much, what, and the scan of its label (`-` reads one)
    #[arg(num_args = 1..=3, required = true, allow_negative_numbers = true, value_name = "WHAT")]
    what: Vec<String>,
    /// Who sent it
    #[arg(long)]
    from: String,
    /// Where it is put
    #[arg(long, value_name = "PLACE")]
    to: Option<PlaceName>,
    /// The maker's lot exactly as printed, or `none`
    #[arg(long)]
    lot: Option<String>,
    /// The last day of use: 2027-03, 2027-03-31 or none
    #[arg(long)]
    expiry: Option<Expiry>,
    /// The serial number of a single piece
    #[arg(long)]
    serial: Option<Serial>,
    /// What all of it cost, in the book's currency
    #[arg(long, value_name = "AMOUNT")]
    cost: Option<String>,
    /// The number on the delivery note
    #[arg(long, value_name = "NUMBER")]
    document: Option<String>,
}

/// The words of the command line, told apart.
struct Words {
    quantity: Option<Ask>,
    item: Named,
    scan: Option<Scanned>,
}

fn words(what: &[String], context: &mut Context) -> Outcome<Words> {
    let (quantity, item, scan) = match what {
        [item] => (None, item, None),
        [first, second] => match first.parse::<Ask>() {
            Ok(quantity) => (Some(quantity), second, None),
            Err(error) if first.starts_with('-') && first != "-" => {
                return Err(error.into());
            }
            Err(_) => (None, first, Some(second)),
        },
        [quantity, item, scan] => (Some(quantity.parse()?), item, Some(scan)),
        _ => return Err(Failure::usage("write [QTY] ITEM [SCAN]")),
    };
    let item = named(item, context)?;
    let scan = match scan {
        None => None,
        Some(scan) => match named(scan, context)? {
            Named::Scanned(scanned) => Some(scanned),
            _ => {
                return Err(Failure::usage(format!("`{scan}` is not a scan"))
                    .detail("what stands after the item is the scan of its label")
                    .hint("write [QTY] ITEM [SCAN], with the quantity before the item"));
            }
        },
    };
    Ok(Words { quantity, item, scan })
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let words = words(&args.what, context)?;
    let room = context.settings.room.clone();
    let confirmed = context.settings.manner.consent == crate::ui::Consent::Given;
    let mut teach = None;
    let ((fact, parts), receipt) = context.write(|writing| {
        writing.permit(Action::LotReceive)?;
        let item = match &words.scan {
            None => find(writing, &words.item)?,
            Some(scan) => taught(writing, &words.item, scan, &mut teach)?,
        };
        if item.container.is_some() {
            return Err(Refusal::new("a container is opened from stock, never delivered").into());
        }
        let (quantity, packs) = amount(&item, words.quantity)?;
        let delivery = Delivery {
            quantity,
            lot: delivered_lot(&item, args.lot.as_deref())?,
            serial: agree("serial", args.serial.clone(), item.serial.clone(), Serial::to_string)?,
            expiry: agree("expiry", args.expiry, item.expiry, Expiry::to_string)?,
            to: Place::Real(place(writing, args.to.as_ref().or(room.as_ref()))?),
            supplier: nonempty("from", &args.from)?,
            cost: args.cost.as_deref().map(cost).transpose()?,
            document: args
                .document
                .as_deref()
                .map(|text| nonempty("document", text))
                .transpose()?,
            gtin: item.gtin.as_ref().map(|(gtin, _)| gtin.clone()),
            packs,
            other_case_confirmed: confirmed,
        };
        let lots = writing.lots(&item.product.sku)?;
        let same = |lot: &Option<Lot>| match (lot, &delivery.lot) {
            (Some(known), Some(new)) => {
                known.as_str().to_lowercase() == new.as_str().to_lowercase()
            }
            (known, new) => known == new,
        };
        let lots: Vec<_> = lots
            .into_iter()
            .filter(|lot| lot.receipts > 0 && same(&lot.state.lot))
            .map(|lot| lot.state)
            .collect();
        let serial_known = match &delivery.serial {
            Some(serial) => writing.serial(&item.product.sku, serial)?.is_some(),
            None => false,
        };
        let fact = receive(&item.product, &lots, serial_known, delivery)?;
        writing.append(&fact)?;
        Ok((fact, packs))
    })?;
    if let Some((sku, gtin)) = teach {
        context.ui.note(format!("{sku} now has the GTIN {gtin}, one pack"));
    }
    let Fact::LotReceive(received) = &fact else { return Ok(()) };
    let item = &received.item;
    let packs = match parts {
        None => String::new(),
        Some(1) => " in 1 pack".to_owned(),
        Some(packs) => format!(" in {packs} packs"),
    };
    let name = item_text(&item.product, item.lot.as_ref());
    let line =
        format!("{}{packs} of {name} into {}, expiry {}", item.quantity, item.to, item.expiry);
    context.changed(&line, receipt)?;
    let today = context.read(|snapshot| Ok(snapshot.about().zone.clone()))?;
    let now = context.book()?.now();
    if item.expiry.is_past(today.moment(now).day()) {
        context.ui.warn(format!("lot {name} expired on {}: it can't be used", item.expiry));
    }
    Ok(())
}

/// A scan beside a SKU: the same product, or a GTIN that the product learns.
fn taught(
    writing: &mut Writing<'_>,
    item: &Named,
    scan: &Scanned,
    teach: &mut Option<(String, String)>,
) -> Result<super::item::Item, StoreError> {
    let mut item = find(writing, item)?;
    match writing.gtin(&scan.gtin)? {
        Some((sku, packs)) if sku == item.product.sku.as_str() => {
            item.gtin = Some((scan.gtin.clone(), packs));
        }
        Some((sku, _)) => {
            return Err(Refusal::new(format!("the scan is of {sku}, not of {}", item.product.sku))
                .why(format!("the GTIN {} belongs to {sku}", scan.gtin))
                .hint("take the other product, or leave the SKU out and let the scan say it")
                .into());
        }
        None => {
            writing.permit(Action::ProductEdit).map_err(|_| {
                Refusal::new(format!("no product has the GTIN {}", scan.gtin))
                    .why("only a manager teaches a product a new GTIN")
                    .hint(format!(
                        "ask for: lotbook product edit {} --gtin {}",
                        item.product.sku,
                        quote(&scan.gtin)
                    ))
            })?;
            writing.append(&Fact::ProductEdit {
                product: item.product.sku.clone(),
                unit: item.product.unit(),
                change: crate::domain::fact::Change {
                    field: format!("gtin.{}", scan.gtin).into(),
                    old: None,
                    new: Some("1".into()),
                },
            })?;
            *teach = Some((item.product.sku.to_string(), scan.gtin.to_string()));
            item.gtin = Some((scan.gtin.clone(), 1));
        }
    }
    item.lot = agree("lot", item.lot, scan.lot.clone().map(Some), lot_words)?;
    item.serial.clone_from(&scan.serial);
    item.expiry = scan.expiry;
    Ok(item)
}

/// How much arrived: at a scan a bare number counts the packs of the pack level that was scanned.
fn amount(
    item: &super::item::Item,
    asked: Option<Ask>,
) -> Result<(Quantity, Option<u32>), Refusal> {
    let product = &item.product;
    let refuse = |error: crate::domain::quantity::QuantityError| Refusal::new(error.to_string());
    let scanned = item.gtin.as_ref().map(|(_, packs)| i64::from(*packs));
    let packs = match (asked, scanned) {
        (None, _) => scanned.unwrap_or(1),
        (Some(Ask::Bare(count)), Some(each)) => {
            let whole = Ask::Packs(whole_number(count).map_err(refuse)?);
            let pack = product.pack.times(each).map_err(refuse)?;
            let quantity = whole.resolve(product.unit(), pack).map_err(refuse)?;
            let packs = quantity.parts() / product.pack.parts();
            return Ok((quantity, u32::try_from(packs).ok()));
        }
        (Some(Ask::Packs(packs)), _) => packs,
        (Some(asked), _) => {
            return Ok((asked.resolve(product.unit(), product.pack).map_err(refuse)?, None));
        }
    };
    let quantity = Ask::Packs(packs).resolve(product.unit(), product.pack).map_err(refuse)?;
    Ok((quantity, u32::try_from(packs).ok()))
}

fn whole_number(
    count: rust_decimal::Decimal,
) -> Result<i64, crate::domain::quantity::QuantityError> {
    match format!("{} packs", count.normalize()).parse::<Ask>()? {
        Ask::Packs(packs) => Ok(packs),
        Ask::Bare(_) | Ask::In(..) => Ok(0),
    }
}

/// The lot from the scan or the command line; one that neither names must be said.
fn delivered_lot(item: &super::item::Item, typed: Option<&str>) -> Result<Option<Lot>, Refusal> {
    let typed = match typed {
        None => None,
        Some(text) if text.eq_ignore_ascii_case("none") => Some(None),
        Some(text) => Some(Some(Lot::new(text).map_err(|error| Refusal::new(error.to_string()))?)),
    };
    agree("lot", typed, item.lot.clone(), lot_words)?.ok_or_else(|| {
        Refusal::new(format!("the lot of {} is missing", item.product.sku))
            .why("without it a recall could not find what it went to")
            .hint("scan the label, write --lot exactly as printed, or --lot none")
    })
}

fn lot_words(lot: &Option<Lot>) -> String {
    lot.as_ref().map_or("none", Lot::as_str).to_owned()
}

/// What was typed and what was scanned must not contradict each other.
fn agree<T: PartialEq>(
    what: &str,
    typed: Option<T>,
    scanned: Option<T>,
    words: impl Fn(&T) -> String,
) -> Result<Option<T>, Refusal> {
    match (typed, scanned) {
        (Some(typed), Some(scanned)) if typed != scanned => {
            Err(Refusal::new(format!("the {what} that was typed is not the one that was scanned"))
                .why(format!("typed {}, scanned {}", words(&typed), words(&scanned)))
                .hint("look at the label again, and leave out what the scan says"))
        }
        (typed, scanned) => Ok(typed.or(scanned)),
    }
}

fn nonempty(flag: &str, text: &str) -> Result<Box<str>, Refusal> {
    match text.trim() {
        "" => Err(Refusal::new(format!("--{flag} is empty"))),
        text => Ok(text.into()),
    }
}

/// An amount of money: digits, and at most three behind a decimal point.
fn cost(text: &str) -> Result<Box<str>, Refusal> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && digits(cents) && cents.len() <= 3 && whole.len() <= 12 {
        Ok(text.into())
    } else {
        Err(Refusal::new(format!("`{text}` is not an amount of money"))
            .hint("write digits and a decimal point, such as 149.90; the book has one currency"))
    }
}

/// A place of the clinic; `stockroom` where none is said.
pub fn place(
    writing: &mut crate::store::Snapshot<'_>,
    named: Option<&PlaceName>,
) -> Result<PlaceName, StoreError> {
    let name = named.map_or("stockroom", PlaceName::as_str);
    if let Some(place) = writing.place(name)? {
        return Ok(place);
    }
    let known: Vec<String> = writing.places()?.iter().map(|place| place.name.to_string()).collect();
    Err(Refusal::new(format!("there is no place {name}"))
        .why(format!("the clinic has {}", known.join(", ")))
        .hint(format!("name it first: lotbook place add {}", quote(name)))
        .into())
}
