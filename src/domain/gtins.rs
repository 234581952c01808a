//! Which GTINs a product learns, and how many of its packs each stands for.

use crate::domain::barcode::Gtin;
use crate::domain::catalog::Product;
use crate::domain::refusal::Refusal;

/// What somebody says of one GTIN of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidGtin {
    /// The GTIN.
    pub gtin: Gtin,
    /// How many packs it stands for.
    pub packs: Packs,
}

/// How many packs a GTIN stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packs {
    /// So many.
    Count(u32),
    /// Nothing was said: what is known stays, and a new GTIN is that of one pack.
    Unsaid,
    /// It is taken away from the product.
    Gone,
}

/// What was said twice of a GTIN must be said alike.
pub fn check_alike(said: &[SaidGtin]) -> Result<(), Refusal> {
    for (place, SaidGtin { gtin, packs }) in said.iter().enumerate() {
        let before = said[..place].iter().find(|said| said.gtin == *gtin);
        if let Some(before) = before.filter(|before| before.packs != *packs) {
            return Err(Refusal::new(format!(
                "--gtin says twice what {gtin} is: {}, and {}",
                words(before.packs),
                words(*packs)
            ))
            .hint("say it once"));
        }
    }
    Ok(())
}

/// Teaches a product its GTINs.
pub fn learn(product: &mut Product, said: &[SaidGtin]) -> Result<(), Refusal> {
    let known = &mut product.gtins;
    for SaidGtin { gtin, packs } in said {
        let key = gtin.to_string().into();
        match packs {
            Packs::Count(count) => _ = known.insert(key, *count),
            Packs::Unsaid => _ = known.entry(key).or_insert(1),
            Packs::Gone => {
                known.remove(&key).ok_or_else(|| {
                    let sku = &product.sku;
                    let hint = format!("see those that it has: lotbook product show {sku}");
                    Refusal::new(format!("{sku} has no GTIN {gtin}")).hint(hint)
                })?;
            }
        }
    }
    Ok(())
}

fn words(packs: Packs) -> String {
    match packs {
        Packs::Count(1) => "1 pack".to_owned(),
        Packs::Count(count) => format!("{count} packs"),
        Packs::Unsaid => "no count of packs".to_owned(),
        Packs::Gone => "none of the product's".to_owned(),
    }
}

/// What to look at where a GTIN counts as one pack, but is written as a case of several is: with
/// 1 to 8 in front.
pub fn looks_like_a_case(sku: &str, gtin: &str, packs: u32) -> Option<String> {
    let is_case = packs == 1 && matches!(gtin.as_bytes().first(), Some(b'1'..=b'8'));
    is_case.then(|| {
        format!(
            "GTIN {gtin} begins as that of a case of several packs does, and counts as 1 pack: \
             if it holds more, lotbook product edit {sku} --gtin {gtin}=PACKS"
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::catalog::{Category, UseKind};
    use crate::domain::id::Sku;
    use crate::domain::quantity::{Quantity, Unit};

    fn cartridge(gtins: &[(&str, u32)]) -> Product {
        Product {
            sku: Sku::new("CART-12").unwrap(),
            name: None,
            category: Category::Cartridge,
            use_kind: UseKind::Single,
            pack: Quantity::from_parts(1, Unit::Each).unwrap(),
            dose: None,
            opened_life: None,
            gtins: gtins.iter().map(|(gtin, packs)| ((*gtin).into(), *packs)).collect(),
            attributes: BTreeMap::new(),
            retired: false,
        }
    }

    fn said(packs: Packs) -> SaidGtin {
        SaidGtin { gtin: Gtin::parse("19504000059115").unwrap(), packs }
    }

    #[test]
    fn a_scan_that_counts_nothing_leaves_a_known_count_alone() {
        for (known, packs, then) in [
            (&[][..], Packs::Unsaid, Some(1)),
            (&[("19504000059115", 10)], Packs::Unsaid, Some(10)),
            (&[("19504000059115", 10)], Packs::Count(12), Some(12)),
            (&[("19504000059115", 10)], Packs::Gone, None),
        ] {
            let mut product = cartridge(known);
            learn(&mut product, &[said(packs)]).unwrap();
            assert_eq!(product.gtins.get("19504000059115").copied(), then);
        }
        assert!(learn(&mut cartridge(&[]), &[said(Packs::Gone)]).is_err());
    }

    #[test]
    fn what_contradicts_itself_is_refused_with_both_values() {
        let both = [said(Packs::Count(10)), said(Packs::Count(12))];
        let refusal = check_alike(&both).unwrap_err();
        assert_eq!(
            refusal.what,
            "--gtin says twice what 19504000059115 is: 10 packs, and 12 packs"
        );
        let alike = [said(Packs::Count(10)), said(Packs::Count(10))];
        assert!(check_alike(&alike).is_ok());
    }

    #[test]
    fn a_case_that_counts_as_one_pack_is_worth_a_word() {
        assert!(looks_like_a_case("CART-12", "19504000059115", 1).is_some());
        assert!(looks_like_a_case("CART-12", "19504000059115", 10).is_none());
        assert!(looks_like_a_case("CART-12", "09504000059118", 1).is_none());
        assert!(looks_like_a_case("CART-12", "99504000059119", 1).is_none());
    }
}
