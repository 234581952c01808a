//! `scan`: what a barcode says, and what the book knows of it. It works without a book too, but
//! not without one that was named.

mod answer;
mod batch;
mod known;
mod one;
mod remarks;
mod shelf;

use crate::context::Context;
use crate::error::Outcome;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook scan '(01)09504000059118(17)270331(10)24C0110'\n  \
    lotbook scan CART-12/24C0110\n  \
    lotbook scan - --format json < batch.txt\n\n\
    It ends with exit 1 where a scan can't be trusted.")]
pub struct Args {
    /// A scan, SKU/LOT, a container or a SKU; `-` reads scans from the input, one a line
    item: String,
}

pub fn run(args: &Args, context: &mut Context) -> Outcome {
    match args.item.as_str() {
        "-" => batch::run(context),
        item => one::run(item, context),
    }
}
