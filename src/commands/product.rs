//! `product`: what the clinic keeps by lot.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::gtins::{point_at_cases, read_all};
use super::item::product as find_product;
use crate::context::Context;
use crate::domain::catalog::{Category, Product, UseKind};
use crate::domain::edit::{
    ProductFacts, Said, check_gtin, check_known, check_product, check_taken_away, check_unit,
    product_changes, said_once,
};
use crate::domain::fact::{Action, Change, Fact};
use crate::domain::gtins::SaidGtin;
use crate::domain::id::{FieldName, Sku};
use crate::domain::item::NewSku;
use crate::domain::quantity::{Quantity, Unit, Value, show_parts};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::error::{Failure, Outcome};
use crate::store::{LotRow, StoreError, Writing};
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Name a product that the clinic keeps by lot
    Add(Add),
    /// Change facts about a product; each changed field becomes one entry
    Edit(Edit),
    /// List the products
    List,
    /// Show everything about a product
    Show(Show),
    /// Retire a product: it is neither received nor used any more
    Retire(Retire),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook product add CART-12 --category cartridge --gtin 09504000059118 \\\n    \
    --name \"12 needles\"\n  \
    lotbook product add CART-36 --category cartridge --gtin - --gtin -=10\n  \
    lotbook product add NUMB-4 --category anesthetic --unit g --pack \"30 g\" \\\n    \
    --dose \"2.5 g\" --opened-life 28d --attr strength_percent=4 --attr \"dwell_min=30 min\"")]
pub struct Add {
    /// What the clinic calls it
    sku: NewSku,
    /// cartridge, anesthetic, serum or other
    #[arg(long)]
    category: Category,
    /// single or multi; cartridges are single, anesthetics and serums multi, others must say
    #[arg(long = "use", value_name = "single|multi")]
    use_kind: Option<UseKind>,
    /// The base unit: each, g or ml
    #[arg(long, default_value = "each")]
    unit: Unit,
    #[command(flatten)]
    facts: Facts,
}

// Facts about a product that can change.
#[derive(Debug, Clone, clap::Args)]
pub struct Facts {
    /// What people call it
    #[arg(long)]
    name: Option<String>,
    /// What one pack holds, such as "30 g" or 10
    #[arg(long, value_name = "QTY", allow_hyphen_values = true)]
    pack: Option<String>,
    /// What one use takes when no quantity is given
    #[arg(long, value_name = "QTY", allow_hyphen_values = true)]
    dose: Option<String>,
    /// How long it may be used after opening, in days or weeks, or `none`
    #[arg(long, value_name = "28d|none")]
    opened_life: Option<String>,
    /// A GTIN or a scan of it (`-` reads one), with how many packs that pack level holds: GTIN,
    /// GTIN=10 or -=10; `GTIN=` takes it away
    #[arg(long, value_name = "GTIN[=PACKS]", allow_hyphen_values = true)]
    gtin: Vec<String>,
    /// A fact from the label: strength_percent=4, "dwell_min=30 min"
    #[arg(long = "attr", value_name = "NAME=VALUE")]
    attributes: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub struct Edit {
    /// The product
    sku: String,
    /// cartridge, anesthetic, serum or other
    #[arg(long)]
    category: Option<Category>,
    /// Take a retired product into use again
    #[arg(long)]
    in_use: bool,
    #[command(flatten)]
    facts: Facts,
}

#[derive(Debug, clap::Args)]
pub struct Show {
    /// The product
    sku: String,
}

#[derive(Debug, clap::Args)]
pub struct Retire {
    /// The product
    sku: String,
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::Add(args) => add(args, context),
        Command::Edit(args) => edit(args, context),
        Command::List => list(context),
        Command::Show(args) => show(&args, context),
        Command::Retire(args) => retire(&args, context),
    }
}

fn add(args: Add, context: &mut Context) -> Outcome {
    let gtins = read_all(&args.facts.gtin, context)?;
    let product = new_product(args, gtins)?;
    check_product(&product)?;
    let ((), receipt) = context.write(|writing| {
        writing.permit(Action::ProductAdd)?;
        if let Some(known) = writing.product(product.sku.as_str())? {
            return Err(Refusal::new(format!("there is a product {} already", known.sku))
                .why("SKUs are unique, whatever their case")
                .hint(match known.retired {
                    true => take_up(&known.sku),
                    false => format!("change it: lotbook product edit {}", known.sku),
                })
                .into());
        }
        refuse_taken_gtins(writing, &product)?;
        writing.append(&Fact::ProductAdd(product.clone()))?;
        Ok(())
    })?;
    let Product { sku, category, pack, .. } = &product;
    context.changed(&format!("product {sku} added: {category}, {pack} a pack"), receipt)?;
    let gtins = product.gtins.iter().map(|(gtin, packs)| (&**gtin, *packs));
    point_at_cases(sku.as_str(), gtins, context);
    Ok(())
}

fn take_up(sku: &Sku) -> String {
    format!("take it into use again: lotbook product edit {sku} --in-use")
}

fn new_product(args: Add, gtins: Vec<SaidGtin>) -> Outcome<Product> {
    let Add { sku, category, use_kind, unit, facts } = args;
    let sku = sku.into_sku();
    let use_kind = use_kind.or(category.usual_use()).ok_or_else(|| {
        Failure::usage(format!("how {sku} is used is not known"))
            .detail("a product of the category other must say it")
            .hint("write --use single or --use multi")
    })?;
    let known = (facts.pack.is_some(), facts.opened_life.is_some());
    check_known(&sku, use_kind, known).map_err(Failure::mistyped)?;
    let pack = Quantity::from_parts(unit.parts(), unit)?;
    let product = Product {
        sku,
        name: None,
        category,
        use_kind,
        pack,
        dose: None,
        opened_life: None,
        gtins: BTreeMap::new(),
        attributes: BTreeMap::new(),
        retired: false,
    };
    refuse_nameless(facts.name.as_deref())?;
    let facts = facts.read(None, gtins)?;
    let dose = if let Said::Some(dose) = facts.dose { Some(dose) } else { None };
    check_unit(&product.sku, unit, [facts.pack, dose]).map_err(Failure::mistyped)?;
    check_attributes(&facts, &product).map_err(Failure::mistyped)?;
    facts.apply(product).map_err(Failure::mistyped)
}

/// Only attributes that the product has can be taken away.
fn check_attributes(facts: &ProductFacts, old: &Product) -> Result<(), Refusal> {
    let sku = old.sku.as_str();
    let hint = format!("see those that it has: lotbook product show {sku}");
    let has = |name: &FieldName| old.attributes.contains_key(name);
    check_taken_away((sku, "attribute"), &facts.attributes, has, hint)
}

impl Facts {
    /// What is said, read without the book.
    fn read(self, category: Option<Category>, gtins: Vec<SaidGtin>) -> Outcome<ProductFacts> {
        let mut facts = ProductFacts { category, gtins, ..ProductFacts::default() };
        facts.name = said_name(self.name);
        facts.pack = self.pack.map(|pack| pack.parse()).transpose()?;
        facts.dose = said(self.dose)?;
        facts.opened_life = said(self.opened_life)?;
        let attributes = self.attributes.iter().map(|text| named_value(text));
        facts.attributes = attributes.collect::<Outcome<_>>()?;
        said_once("attr", &facts.attributes).map_err(Failure::mistyped)?;
        Ok(facts)
    }
}

/// `none`, or what it is.
fn said<T: FromStr<Err: Into<Failure>>>(text: Option<String>) -> Outcome<Said<T>> {
    match text.as_deref() {
        None => Ok(Said::Nothing),
        Some("none") => Ok(Said::None),
        Some(text) => text.parse().map(Said::Some).map_err(Into::into),
    }
}

/// A name; an empty one takes it away.
pub fn said_name(text: Option<String>) -> Said<String> {
    match text.as_deref().map(str::trim) {
        None => Said::Nothing,
        Some("") => Said::None,
        Some(name) => Said::Some(name.to_owned()),
    }
}

/// Refuses an empty name of somebody or something new, which has none that it could take away.
pub fn refuse_nameless(name: Option<&str>) -> Outcome {
    match name.map(str::trim) {
        Some("") => Err(Failure::usage("--name is empty")
            .detail("an empty name takes one away, and here is none yet")
            .hint("write --name \"...\", or leave --name out")),
        _ => Ok(()),
    }
}

/// `NAME=VALUE`; an empty value takes the name away.
pub fn named_value(text: &str) -> Outcome<(FieldName, Option<Value>)> {
    let Some((name, value)) = text.split_once('=') else {
        return Err(Failure::usage(format!("`{text}` has no value")).hint(format!(
            "write {}=VALUE, in quotes where the value holds a blank",
            quote(text)
        )));
    };
    let value = value.trim();
    Ok((FieldName::new(name.trim())?, (!value.is_empty()).then(|| Value::read(value))))
}

fn refuse_taken_gtins(writing: &mut Writing<'_>, product: &Product) -> Result<(), StoreError> {
    for gtin in product.gtins.keys() {
        let known = writing.gtin(gtin)?.map(|(sku, _)| sku);
        check_gtin(&product.sku, gtin, known.as_deref())?;
    }
    Ok(())
}

fn edit(args: Edit, context: &mut Context) -> Outcome {
    let Edit { sku, category, in_use, facts } = args;
    let gtins = read_all(&facts.gtin, context)?;
    let facts = ProductFacts { in_use, ..facts.read(category, gtins)? };
    let ((sku, changes), receipt) = context.write(|writing| {
        writing.permit(Action::ProductEdit)?;
        let old = find_product(writing, &sku)?;
        check_attributes(&facts, &old)?;
        let new = facts.apply(old.clone())?;
        check_product(&new)?;
        refuse_taken_gtins(writing, &new)?;
        let received = writing.lots(&old.sku)?.iter().any(LotRow::is_received);
        let changes = product_changes(&old, &new, received)?;
        for change in &changes {
            writing.append(&Fact::ProductEdit {
                product: old.sku.clone(),
                unit: old.unit(),
                change: change.clone(),
            })?;
        }
        Ok((old.sku, changes))
    })?;
    super::show_changes(&format!("product {sku}"), &changes, receipt, context)?;
    let learned = changes.iter().filter_map(|Change { field, new, .. }| {
        Some((field.strip_prefix("gtin.")?, new.as_ref()?.parse().ok()?))
    });
    point_at_cases(sku.as_str(), learned, context);
    Ok(())
}

fn list(context: &mut Context) -> Outcome {
    let products = context.read(|snapshot| snapshot.products())?;
    let mut table = Table::new([
        Column::left("product", "product"),
        Column::left("name", "name"),
        Column::left("category", "category"),
        Column::left("use", "use"),
        Column::right("pack", "pack"),
        Column::left("unit", "unit"),
        Column::right("dose", "dose"),
        Column::left("opened_life", "opened life"),
        Column::left("gtins", "GTINs"),
        Column::left("status", "status"),
    ]);
    for product in products {
        let gtins: Vec<&str> = product.gtins.keys().map(|gtin| &**gtin).collect();
        table.row([
            Cell::text(&product.sku),
            Cell::maybe(product.name.as_ref()),
            product.category.as_str().into(),
            product.use_kind.as_str().into(),
            product.pack.into(),
            product.unit().as_str().into(),
            product.dose.into(),
            opened_life(&product),
            Cell::text(gtins.join(" ")),
            status(&product),
        ]);
    }
    context.ui.show(&Report::of("lotbook/products/1", table), context.settings.format)
}

fn opened_life(product: &Product) -> Cell {
    match (product.use_kind, product.opened_life) {
        (UseKind::Single, _) => Cell::Empty,
        (UseKind::Multi, None) => "none".into(),
        (UseKind::Multi, Some(life)) => Cell::text(life),
    }
}

fn status(product: &Product) -> Cell {
    if product.retired {
        Cell::label("retired", Tone::Muted)
    } else {
        Cell::label("in use", Tone::Good)
    }
}

fn show(args: &Show, context: &mut Context) -> Outcome {
    let product = context.read(|snapshot| find_product(snapshot, &args.sku))?;
    let mut record = Table::new([
        Column::left("product", "product"),
        Column::left("name", "name"),
        Column::left("category", "category"),
        Column::left("use", "use"),
        Column::left("pack", "pack"),
        Column::left("dose", "dose"),
        Column::left("opened_life", "opened life"),
        Column::left("status", "status"),
    ]);
    record.row([
        Cell::text(&product.sku),
        Cell::maybe(product.name.as_ref()),
        product.category.as_str().into(),
        product.use_kind.as_str().into(),
        Cell::text(product.pack),
        Cell::maybe(product.dose),
        opened_life(&product),
        status(&product),
    ]);
    let mut gtins =
        Table::new([Column::left("gtin", "GTIN"), Column::right("packs", "packs it holds")]);
    for (gtin, packs) in &product.gtins {
        gtins.row([Cell::text(gtin), i64::from(*packs).into()]);
    }
    let mut attributes =
        Table::new([Column::left("attribute", "attribute"), Column::left("value", "value")]);
    for (name, value) in &product.attributes {
        attributes.row([Cell::text(name), Cell::text(value)]);
    }
    let report = Report::new("lotbook/product/1")
        .record("product", "", record)
        .list("gtins", "GTINs", gtins)
        .list("attributes", "Facts from the label", attributes);
    context.ui.show(&report, context.settings.format)
}

fn retire(args: &Retire, context: &mut Context) -> Outcome {
    let ((product, left), receipt) = context.write(|writing| {
        writing.permit(Action::ProductRetire)?;
        let product = find_product(writing, &args.sku)?;
        if product.retired {
            return Err(Refusal::new(format!("{} is retired already", product.sku))
                .hint(format!("see it: lotbook product show {}", product.sku))
                .into());
        }
        let unit = product.unit();
        let left = writing.holdings(&product)?.iter().map(|holding| holding.parts).sum::<i64>();
        writing.append(&Fact::ProductRetire { product: product.sku.clone(), unit })?;
        Ok((product, left))
    })?;
    let unit = product.unit();
    let left = match left {
        0 => String::new(),
        left => format!("; {} {unit} of it are left", show_parts(left, unit)),
    };
    context.changed(&format!("product {} retired{left}", product.sku), receipt)?;
    if !left.is_empty() {
        let sku = &product.sku;
        context.ui.note(format!("what is left can't be used: lotbook stock --lots {sku}"));
    }
    context.ui.hint(format!("if that was a slip, {}", take_up(&product.sku)));
    Ok(())
}
