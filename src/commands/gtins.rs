//! `--gtin`: the GTINs of a product, typed or scanned, with the packs that each holds.

use super::item::named;
use crate::context::Context;
use crate::domain::barcode::{Gtin, read_shop_code};
use crate::domain::gtins::{Packs, SaidGtin, check_alike, looks_like_a_case};
use crate::domain::item::{self, Named, Scanned};
use crate::error::{Failure, Outcome};

/// Reads every `--gtin` of a command line; `-` reads a scan from the terminal or the input.
pub(super) fn read_all(texts: &[String], context: &mut Context) -> Outcome<Vec<SaidGtin>> {
    let said: Vec<_> = texts.iter().map(|text| read(text, context)).collect::<Outcome<_>>()?;
    check_alike(&said).map_err(Failure::mistyped)?;
    Ok(said)
}

fn read(text: &str, context: &mut Context) -> Outcome<SaidGtin> {
    let (name, packs) = match text.rsplit_once('=') {
        Some((name, packs)) if packs.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, Some(packs))
        }
        _ => (text, None),
    };
    if let (None, Some((name, word))) = (packs, text.rsplit_once('='))
        && (name == "-" || !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(Failure::usage(format!("`{word}` is not a count of packs"))
            .detail("a GTIN is followed by how many packs it holds, in digits")
            .hint(format!("write it in digits: --gtin {name}=10")));
    }
    if packs.is_some() && is_scan_itself(text, context)? && is_scan_itself(name, context)? {
        let end = &text[name.len()..];
        return Err(Failure::usage(format!(
            "`{end}` may belong to the label, or say how many packs the GTIN holds"
        ))
        .hint(
            "write the GTIN alone, such as --gtin 09504000059118=10, or scan it at --gtin -=10",
        ));
    }
    let packs = match packs {
        None => Packs::Unsaid,
        Some("") => Packs::Gone,
        Some(packs) => {
            let count = packs.parse().ok().filter(|count| *count > 0).ok_or_else(|| {
                let why = match packs.bytes().all(|digit| digit == b'0') {
                    true => "a GTIN stands for 1 pack or more".to_owned(),
                    false => format!("a GTIN stands for at most {} packs", u32::MAX),
                };
                Failure::usage(format!("`{text}`: {why}"))
                    .hint(format!("write how many packs it holds: --gtin {name}=10"))
            })?;
            Packs::Count(count)
        }
    };
    Ok(SaidGtin { gtin: gtin(name, context)?, packs })
}

/// Whether a text that was typed reads as a scan without an error.
fn is_scan_itself(text: &str, context: &mut Context) -> Outcome<bool> {
    let (settings, today) = (context.scan_settings(), context.today()?);
    Ok(matches!(item::read(text, &settings, today), Ok(Named::Scanned(_))))
}

fn gtin(name: &str, context: &mut Context) -> Outcome<Gtin> {
    let typed = |text: &str| {
        Gtin::parse(text).map_err(|why| {
            Failure::usage(why.to_string())
                .hint("look again at the digits under the bars, or scan the pack: --gtin -")
        })
    };
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        return shop_code(name, context).map_or_else(|| typed(name), Ok);
    }
    if name != "-" && !item::is_scan(name) {
        return typed(name);
    }
    match named(name, context)? {
        Named::Scanned(Scanned { gtin: Some(gtin), .. }) => typed(&gtin),
        _ => Err(Failure::usage("what was scanned is no barcode with a GTIN")
            .hint("scan the pack's GS1, EAN or UPC code, or type its GTIN")),
    }
}

/// The GTIN of plain digits, read as a scan of them is: eight may be those of UPC-E.
fn shop_code(digits: &str, context: &mut Context) -> Option<Gtin> {
    let scan = read_shop_code(digits);
    if scan.accepted() {
        scan.problems.iter().for_each(|problem| context.ui.warn(&problem.message));
    }
    scan.gtin
}

/// Points at GTINs that count as one pack and look as if they held several.
pub(super) fn point_at_cases<'g>(
    sku: &str,
    gtins: impl IntoIterator<Item = (&'g str, u32)>,
    context: &mut Context,
) {
    for (gtin, packs) in gtins {
        if let Some(words) = looks_like_a_case(sku, gtin, packs) {
            context.ui.warn(words);
        }
    }
}
