//! The clinic of the demonstration: its people, places, products and first deliveries.
//!
//! The names are made up. GTINs of cartridges and serums use GS1's reserved example prefix
//! 0950 4000, because no public GTIN of a micro-needling cartridge is known; that of the numbing
//! cream is the real NDC 0496-0882-30 (LMX4, 30 g).

use std::collections::BTreeMap;

use crate::domain::catalog::{Category, Person, PlaceKind, Product, Role, UseKind};
use crate::domain::id::{IdError, PlaceName, Sku, StaffId};
use crate::domain::quantity::{Quantity, QuantityError, Unit, Value};
use crate::domain::time::{Day, Length};

/// What can't be made is a mistake in this file, which its test finds.
#[derive(Debug, thiserror::Error)]
pub(super) enum Mistake {
    #[error(transparent)]
    Id(#[from] IdError),
    #[error(transparent)]
    Quantity(#[from] QuantityError),
}

/// The staff, the manager first.
pub(super) fn people(last: Day) -> Result<Vec<Person>, Mistake> {
    let person = |id: &str, name: &str, roles: &[Role], titles: &[&str]| -> Result<_, Mistake> {
        Ok(Person {
            id: StaffId::new(id)?,
            name: Some(name.to_owned()),
            roles: roles.to_vec(),
            titles: titles.iter().map(|title| (*title).to_owned()).collect(),
            certificates: BTreeMap::new(),
            limits: BTreeMap::new(),
        })
    };
    let ana = person("ana", "Ana Lind", &[Role::Manager], &[])?;
    let mut ben = person("ben", "Ben Roth", &[Role::Technician], &["nurse"])?;
    let mut eva = person("eva", "Eva Maas", &[Role::Technician], &["nurse"])?;
    let pia = person("pia", "Pia Koch", &[Role::Prescriber], &["physician"])?;
    let ines = person("ines", "Ines Vogt", &[Role::Inspector], &[])?;
    for technician in [&mut ben, &mut eva] {
        technician.certificates.insert("micro-needling".to_owned(), last.plus_days(400));
    }
    ben.limits.insert("depth".parse()?, Value::read("1.5 mm"));
    eva.limits.insert("depth".parse()?, Value::read("1 mm"));
    Ok(vec![ana, ben, eva, pia, ines])
}

/// The places besides the stockroom, which every book has.
pub(super) fn places() -> Result<Vec<(PlaceName, PlaceKind)>, Mistake> {
    let named = [("fridge", PlaceKind::Fridge), ("room-1", PlaceKind::Room)];
    named.into_iter().map(|(name, kind)| Ok((PlaceName::new(name)?, kind))).collect()
}

/// The SKU of the cartridges that every session uses.
pub(super) const CARTRIDGE: &str = "CART-12";
/// The SKU of the numbing cream.
pub(super) const CREAM: &str = "NUMB-4";
/// The SKU of the after-care serum.
pub(super) const SERUM: &str = "SERUM-HA";

/// The products.
pub(super) fn products() -> Result<Vec<Product>, Mistake> {
    let mut cartridge =
        product(CARTRIDGE, "Cartridge, 12 needles", Category::Cartridge, (Unit::Each, 1))?;
    cartridge.gtins.insert("09504000010126".into(), 1);
    cartridge.gtins.insert("19504000010123".into(), 20);
    let mut wide =
        product("CART-36", "Cartridge, 36 needles", Category::Cartridge, (Unit::Each, 1))?;
    wide.gtins.insert("09504000010362".into(), 1);
    let mut cream = product(CREAM, "Lidocaine 4 % cream", Category::Anesthetic, (Unit::Gram, 30))?;
    cream.gtins.insert("00304960882301".into(), 1);
    cream.dose = Some(Quantity::from_parts(2_500, Unit::Gram)?);
    attributes(
        &mut cream,
        &[("strength_percent", "4"), ("dwell_min", "30 min"), ("dwell_max", "60 min")],
    )?;
    let mut serum =
        product(SERUM, "Hyaluronic acid serum", Category::Serum, (Unit::Millilitre, 30))?;
    serum.gtins.insert("09504000030018".into(), 1);
    serum.dose = Some(Quantity::from_parts(1_000, Unit::Millilitre)?);
    Ok(vec![cartridge, wide, cream, serum])
}

fn product(
    sku: &str,
    name: &str,
    category: Category,
    (unit, pack): (Unit, i64),
) -> Result<Product, Mistake> {
    let use_kind = if unit == Unit::Each { UseKind::Single } else { UseKind::Multi };
    Ok(Product {
        sku: Sku::new(sku)?,
        name: Some(name.to_owned()),
        category,
        use_kind,
        pack: Quantity::from_parts(pack * unit.parts(), unit)?,
        dose: None,
        opened_life: (use_kind == UseKind::Multi).then_some(Length::Days(28)),
        gtins: BTreeMap::new(),
        attributes: BTreeMap::new(),
        retired: false,
    })
}

fn attributes(product: &mut Product, pairs: &[(&str, &str)]) -> Result<(), Mistake> {
    for (name, value) in pairs {
        product.attributes.insert(name.parse()?, Value::read(value));
    }
    Ok(())
}
