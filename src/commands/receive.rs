//! `receive`: a delivery, typed or scanned.

use super::gtins::point_at_cases;
use super::item::{find, named};
use crate::context::Context;
use crate::domain::catalog::Product;
use crate::domain::expiry::{SaidExpiry, far_off};
use crate::domain::fact::{Action, Change, Fact, Receipt as Received};
use crate::domain::id::{PlaceName, Serial};
use crate::domain::item::{Named, Scanned, is_scan};
use crate::domain::place::Place;
use crate::domain::protocol::nearest;
use crate::domain::quantity::{Ask, QuantityError};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::stock::{
    Delivery, LotStatus, PackLevel, agree, agree_expiry, agree_scans, alike, amount,
    beyond_barcodes, came_in, cost, counted, delivered_lot, item_text, lot_words,
    packs_beside_a_case, receive,
};
use crate::domain::time::Expiry;
use crate::error::{Failure, Outcome};
use crate::store::{Receipt, StoreError, Writing};
use crate::ui::{Consent, Peer};

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
    /// Where it is put; without it the room of --room, else `stockroom`
    #[arg(long, value_name = "PLACE")]
    to: Option<PlaceName>,
    /// The maker's lot exactly as printed, or `none`
    #[arg(long)]
    lot: Option<String>,
    /// The last day of use: 2027-03, 2027-03-31 or none
    #[arg(long)]
    expiry: Option<Expiry>,
    /// The serial number of the pack
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
            Err(_) if second.parse::<Ask>().is_ok() && !is_scan(second) => {
                return Err(Failure::usage(format!("the quantity \"{second}\" stands last"))
                    .detail("a delivery is [QTY] ITEM [SCAN]: the quantity comes first")
                    .hint(format!(
                        "turn them round: lotbook receive {} {} ...",
                        quote(second),
                        quote(first)
                    )));
            }
            Err(error) if is_amount(first, second) => return Err(no_quantity(first, &error)),
            Err(_) if ![first, second].into_iter().any(|word| is_no_sku(word)) => {
                return Err(Failure::usage(format!("`{first}` is not a quantity"))
                    .detail(format!("and `{second}` is not the scan of an item {first}"))
                    .hint(format!("write digits: lotbook receive 20 {} ...", quote(second))));
            }
            Err(_) => (None, first, Some(second)),
        },
        [number, word, _] if format!("{number} {word}").parse::<Ask>().is_ok() => {
            return Err(Failure::usage(format!("`{number} {word}` stands there as two words"))
                .hint(format!("write the quantity as one word: \"{number} {word}\"")));
        }
        [number, word, item] if is_unknown_unit(number, word) && !is_scan(item) && item != "-" => {
            let error = QuantityError::UnknownUnit(word.clone());
            return Err(Failure::usage(format!("`{number} {word}` is not a quantity"))
                .detail(error.to_string())
                .hint(format!(
                    "leave the word out: lotbook receive {number} {} ...",
                    quote(item)
                )));
        }
        [quantity, item, scan] => {
            let asked = quantity.parse().map_err(|error| no_quantity(quantity, &error))?;
            (Some(asked), item, Some(scan))
        }
        _ => {
            return Err(Failure::usage(format!("what arrived is said in {} words", what.len()))
                .detail("a delivery is [QTY] ITEM [SCAN], each one word")
                .hint("put what belongs together in quotes: lotbook receive \"2 packs\" SKU ..."));
        }
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

/// Whether the first of two words was meant as a quantity: the second is no scan of it, and it
/// begins as a number does.
fn is_amount(first: &str, second: &str) -> bool {
    let begins = first.trim_start_matches(['-', '+', '.']);
    let number = first != "-" && begins.starts_with(char::is_numeric);
    number && !is_scan(first) && second != "-" && !is_scan(second)
}

/// Whether a word is a scan, or the sign or the lack of one.
fn is_no_sku(word: &str) -> bool {
    word == "-" || word.trim().is_empty() || is_scan(word)
}

/// Whether two words were meant as one quantity, whose unit nobody knows.
fn is_unknown_unit(number: &str, word: &str) -> bool {
    let together = format!("{number} {word}").parse::<Ask>();
    number.parse::<Ask>().is_ok() && matches!(together, Err(QuantityError::UnknownUnit(_)))
}

fn no_quantity(text: &str, error: &QuantityError) -> Failure {
    let hint = "write a number such as 12, \"2.5 g\" or \"2 packs\", then the item";
    if let QuantityError::Comma(..) = error {
        return Failure::usage(error.to_string()).hint(error.hint());
    }
    let is_word = |unit: &str| unit.starts_with(char::is_alphabetic);
    match error {
        QuantityError::UnknownUnit(unit) if !is_word(unit) => {
            Failure::usage(format!("`{text}` is not a quantity"))
        }
        QuantityError::NotANumber(_) => Failure::usage(format!("`{text}` is not a quantity")),
        error => Failure::usage(format!("`{text}` is not a quantity")).detail(error.to_string()),
    }
    .hint(hint)
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let words = words(&args.what, context)?;
    let room = context.settings.room.clone();
    let confirmed = other_lot_confirmed(&words, &args, context)?;
    let label = words.scan.as_ref().and_then(|scan| scan.counted);
    let ((fact, status, (taught, scanned), differs), receipt) = context.write(|writing| {
        writing.permit(Action::LotReceive)?;
        let (item, taught) = match &words.scan {
            None => (find(writing, &words.item)?, None),
            Some(scan) => scanned_beside(writing, &words.item, scan)?,
        };
        // A scan that leads to a container is refused by its serial number, which is known.
        if item.container.is_some() && item.seen.is_none() {
            return Err(Refusal::new("a container is opened from stock, never delivered")
                .hint(format!("say what arrived: lotbook receive QTY {} ...", item.product.sku))
                .into());
        }
        let to = place(writing, args.to.as_ref().or(room.as_ref()))?;
        let delivery = delivery(&args, words.quantity, &item, to, confirmed)?;
        let counted =
            label.map(|label| counted(&item.product, (label, words.quantity), delivery.quantity));
        let beside = |(_, packs): &(Box<str>, u32)| {
            packs_beside_a_case(&item.product, *packs, words.quantity)
        };
        let differs = counted.transpose()?.flatten().or(item.gtin.as_ref().and_then(beside));
        let lots = writing.received_lots(&item.product.sku)?;
        let status = lots.iter().find(|known| known.lot == delivery.lot).map(|known| known.status);
        let serial_known = match &delivery.serial {
            Some(serial) => writing.serial(&item.product.sku, serial)?.is_some(),
            None => false,
        };
        let fact = receive(&item.product, &lots, serial_known, delivery)?;
        writing.append(&fact)?;
        let scanned = item.gtin.as_ref().map(|(_, packs)| *packs);
        Ok((fact, status, (taught, scanned), differs))
    })?;
    let Fact::LotReceive(received) = &fact else { return Ok(()) };
    if let (true, Some(gtin)) = (taught.is_some(), &received.gtin) {
        let sku = received.item.product.as_str();
        context.ui.note(format!("{sku} now has the GTIN {gtin}, one pack"));
        point_at_cases(sku, [(&**gtin, 1)], context);
    }
    show((received, scanned), status, receipt, context)?;
    if let Some(words) = differs {
        context.ui.warn(words);
    }
    Ok(())
}

/// Says what arrived, and what of it can't be used.
fn show(
    (received, scanned): (&Received, Option<u32>),
    status: Option<LotStatus>,
    receipt: Receipt,
    context: &mut Context,
) -> Outcome {
    let item = &received.item;
    let packs = came_in(received.packs, scanned);
    let name = item_text(&item.product, item.lot.as_ref());
    let line =
        format!("{}{packs} of {name} into {}, expiry {}", item.quantity, item.to, item.expiry);
    context.changed(&line, receipt)?;
    if let (None, Some(odd)) = (status, item.lot.as_ref().and_then(beyond_barcodes)) {
        context.ui.warn(odd);
    }
    // The delivery is in the book: what follows must not ask a server that may have gone since.
    let book = context.book()?;
    let now = book.now();
    let today = book.about().zone.moment(now).day();
    if let Some(years) = far_off(item.expiry, today) {
        context.ui.warn(format!(
            "lot {name} expires in {years} years, on {}: look at the label again",
            item.expiry
        ));
    }
    if item.expiry.is_past(today) {
        context.ui.warn(format!("lot {name} expired on {}: it can't be used", item.expiry));
    }
    if let Some(status) = status.filter(|status| *status != LotStatus::Released) {
        context.ui.warn(format!("{name} is {status}: what arrived can't be used either"));
    }
    Ok(())
}

/// What arrived, from the command line and the label.
fn delivery(
    args: &Args,
    asked: Option<Ask>,
    item: &super::item::Item,
    to: PlaceName,
    other_lot_confirmed: bool,
) -> Result<Delivery, Refusal> {
    let level = |(_, packs): &(Box<str>, u32)| PackLevel { packs: *packs, count: item.count };
    let (quantity, packs) = amount(&item.product, item.gtin.as_ref().map(level), asked)?;
    let document = args.document.as_deref().map(|text| nonempty("document", text));
    Ok(Delivery {
        quantity,
        lot: delivered_lot(&item.product.sku, args.lot.as_deref(), item.lot.clone())?,
        serial: agree("serial", args.serial.clone(), item.serial.clone(), Serial::to_string)?,
        expiry: agree_expiry(args.expiry, item.expiry)?,
        contradiction: item.contradiction.clone(),
        to: Place::Real(to),
        supplier: nonempty("from", &args.from)?,
        cost: args.cost.as_deref().map(cost).transpose()?,
        document: document.transpose()?,
        gtin: item.gtin.as_ref().map(|(gtin, _)| gtin.clone()),
        packs,
        other_lot_confirmed,
    })
}

/// Whether a lot that looks like a known one is another one: `--yes`, or the answer of whoever is
/// there. It is asked before the book is locked for writing.
fn other_lot_confirmed(words: &Words, args: &Args, context: &mut Context) -> Outcome<bool> {
    if context.settings.manner.consent == Consent::Given {
        return Ok(true);
    }
    if context.ui.peer() == Peer::Pipe {
        return Ok(false);
    }
    let question = context.read(|snapshot| {
        let item = match find(snapshot, &words.item) {
            Ok(item) => item,
            // What is wrong with it is said when it is received.
            Err(StoreError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let scanned = words.scan.as_ref().and_then(|scan| scan.lot.clone()).map(Some);
        let sku = &item.product.sku;
        let lot = delivered_lot(sku, args.lot.as_deref(), item.lot.or(scanned));
        let Ok(lot) = lot else { return Ok(None) };
        let lots = snapshot.received_lots(sku)?;
        let alike = alike(&lots, lot.as_ref());
        Ok(alike.map(|alike| format!("{}. Is it another lot?", alike.words)))
    })?;
    question.map_or(Ok(false), |question| context.ui.confirm(&question))
}

/// A GTIN that the product of a delivery learns from its label.
struct Taught;

/// A scan beside an item: of the same product, with a GTIN that the product learns, or a HIBC
/// label, whose product whoever scans it names. Two scans may not contradict each other.
fn scanned_beside(
    writing: &mut Writing<'_>,
    item: &Named,
    scan: &Scanned,
) -> Result<(super::item::Item, Option<Taught>), StoreError> {
    let mut item = find(writing, item)?;
    item.lot = agree_scans("lot", item.lot, scan.lot.clone().map(Some), lot_words)?;
    item.serial = agree_scans("serial", item.serial, scan.serial.clone(), Serial::to_string)?;
    let (first, second) = SaidExpiry::told_apart(item.expiry, scan.expiry);
    item.expiry = agree_scans("expiry", first, second, SaidExpiry::to_string)?;
    item.count = agree_scans("count", item.count, scan.count, u32::to_string)?;
    item.contradiction = item.contradiction.or_else(|| scan.contradiction.clone());
    let Some(gtin) = &scan.gtin else { return Ok((item, None)) };
    let known = item.gtin.take().map(|(gtin, _)| gtin);
    agree_scans("GTIN", known, Some(gtin.clone()), |gtin| gtin.to_string())?;
    let (packs, taught) = known_packs(writing, &item.product, gtin)?;
    item.gtin = Some((gtin.clone(), packs));
    Ok((item, taught))
}

/// How many packs a GTIN of this product stands for; the product learns one that no product has.
fn known_packs(
    writing: &mut Writing<'_>,
    product: &Product,
    gtin: &str,
) -> Result<(u32, Option<Taught>), StoreError> {
    let asked = &product.sku;
    match writing.gtin(gtin)? {
        Some((sku, packs)) if sku == asked.as_str() => Ok((packs, None)),
        Some((sku, _)) => Err(Refusal::new(format!("the scan is of {sku}, not of {asked}"))
            .why(format!("the GTIN {gtin} belongs to {sku}"))
            .hint("take the other product, or leave the SKU out and let the scan say it")
            .into()),
        None => {
            writing.permit(Action::ProductEdit).map_err(|_| {
                Refusal::new(format!("no product has the GTIN {gtin}"))
                    .why("only a manager teaches a product a new GTIN")
                    .hint(format!("ask for: lotbook product edit {asked} --gtin {}", quote(gtin)))
            })?;
            writing.append(&Fact::ProductEdit {
                product: asked.clone(),
                unit: product.unit(),
                change: Change {
                    field: format!("gtin.{gtin}").into(),
                    old: None,
                    new: Some("1".into()),
                },
            })?;
            Ok((1, Some(Taught)))
        }
    }
}

fn nonempty(flag: &str, text: &str) -> Result<Box<str>, Refusal> {
    match text.trim() {
        "" => Err(Refusal::new(format!("--{flag} is empty")).hint(match flag {
            "from" => "write who sent it, such as --from Lind",
            _ => "write the number on the delivery note, or leave it out",
        })),
        text => Ok(text.into()),
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
    let refusal = Refusal::new(format!("there is no place {name}"))
        .why(format!("the clinic has {}", known.join(", ")));
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let same = names.iter().copied().find(|known| known.eq_ignore_ascii_case(name));
    Err(match same.or_else(|| nearest(name, &names)) {
        Some(near) => refusal.hint(format!("did you mean {}?", quote(near))),
        None => refusal
            .hint("see them: lotbook place list")
            .hint(format!("a new one is named first: lotbook place add {}", quote(name))),
    }
    .into())
}
