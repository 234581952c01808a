//! The closed list of actions: for each its columns, detail keys, reason codes, roles, whether it
//! can be undone, and from where to where it moves stock. A new kind of fact is a new row here.

use std::fmt;
use std::str::FromStr;

use super::Route;
use crate::domain::catalog::{Person, Role, word_enum};
use crate::domain::id::with_article;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::shown::shown;

word_enum! {
    /// What an entry records.
    Action, "action", {
        /// Opens the book: entry 0.
        BookOpen = "book.open",
        /// A member of staff joins.
        StaffAdd = "staff.add",
        /// One fact about a member of staff changes.
        StaffEdit = "staff.edit",
        /// A place of the clinic is named.
        PlaceAdd = "place.add",
        /// A product is named.
        ProductAdd = "product.add",
        /// One fact about a product changes.
        ProductEdit = "product.edit",
        /// A product is neither received nor used any more.
        ProductRetire = "product.retire",
        /// A client reference is taken into use.
        ClientNew = "client.new",
        /// A delivery of one lot or serial arrives.
        LotReceive = "lot.receive",
        /// A tube, vial or bottle is opened.
        ContainerOpen = "container.open",
        /// A protocol text is published.
        ProtocolPublish = "protocol.publish",
        /// A session begins.
        SessionStart = "session.start",
        /// A step of a session is done.
        SessionStep = "session.step",
        /// A step used an item.
        StockUse = "stock.use",
        /// A session ends as planned.
        SessionFinish = "session.finish",
        /// A session ends half-way.
        SessionStop = "session.stop",
        /// A session never happened.
        SessionVoid = "session.void",
        /// Stock is thrown away.
        StockWaste = "stock.waste",
        /// A lot may not be used for now.
        LotHold = "lot.hold",
        /// A held lot may be used again.
        LotRelease = "lot.release",
        /// An earlier entry is reversed.
        Reversal = "reversal",
        /// The ledger is exported for an inspector.
        AuditExport = "audit.export",
        /// Somebody tried what none of their roles permits.
        AccessRefuse = "access.refuse",
    }
}

/// A reason code with its meaning; the list of an action is published.
pub type Reason = (&'static str, &'static str);

const OTHER: Reason = ("other", "none of these; say what in --note");

const WASTE: &[Reason] = &[
    ("dropped", "it fell or lost its sterile barrier"),
    ("contaminated", "it touched something it must not"),
    ("expired", "it is past the label's last day"),
    ("discard-by", "the opened container is past its discard-by"),
    ("client-cancelled", "the client cancelled after it was opened"),
    ("damaged-on-arrival", "it arrived damaged"),
    ("partial-container", "the rest of an opened container"),
    ("defective", "it did not work as it should"),
    OTHER,
];
const HOLD: &[Reason] = &[
    ("supplier-notice", "the supplier or maker asked for it"),
    ("complaint", "a client or a colleague complained"),
    ("adverse-reaction", "a client reacted badly"),
    ("temperature", "it was stored outside its temperature"),
    ("damaged", "the pack or its seal is damaged"),
    OTHER,
];
const RELEASE: &[Reason] = &[
    ("cleared", "it was examined and is in order"),
    ("wrong-lot", "the wrong lot was held"),
    OTHER,
];
const UNDO: &[Reason] = &[
    ("mis-scan", "another code was scanned than meant"),
    ("wrong-item", "the wrong product or lot"),
    ("wrong-quantity", "the wrong quantity"),
    ("wrong-place", "the wrong place"),
    ("wrong-session", "the wrong session or client"),
    ("duplicate", "recorded twice"),
    OTHER,
];
const STOP: &[Reason] = &[
    ("client-left", "the client wished to end"),
    ("reaction", "the client reacted"),
    ("screening", "an answer of the screening stops it"),
    ("equipment", "a device failed"),
    ("supply", "an item was missing"),
    OTHER,
];
const VOID: &[Reason] = &[
    ("wrong-client", "it was started for another client"),
    ("wrong-protocol", "it was started with another protocol"),
    ("never-happened", "the client did not come"),
    ("duplicate", "it was started twice"),
    OTHER,
];
/// Why a rule was broken knowingly: the codes of every `--despite`.
pub const DESPITE: &[Reason] = &[
    ("clinical-judgement", "whoever was responsible decided so"),
    ("client-request", "the client asked for it"),
    ("emergency", "there was no time"),
    ("supply", "nothing else was at hand"),
    ("recorded-late", "it was noticed only afterwards"),
    OTHER,
];

/// What the book knows about an action.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The further columns that the action fills; `?` marks those it may leave empty.
    pub columns: &'static str,
    /// The keys of `detail`; capitals stand for a name, `?` marks optional ones.
    pub detail: &'static str,
    /// The codes that `reason_code` may hold; none where the action asks for no reason.
    pub reasons: &'static [Reason],
    /// Who may do it; a person acts in the first of these that they have.
    pub roles: &'static [Role],
    /// Whether `undo` may reverse it.
    pub undo: bool,
    /// From where to where it moves an item; none where it moves nothing, or what another entry
    /// moved.
    pub route: Option<Route>,
}

const RECEIVED: &str = "product lot serial? expiry? quantity unit from_place to_place";
const OPENED: &str = "product lot serial? expiry? container quantity unit from_place to_place";
const USE: &str = "session client protocol step area? product lot serial? expiry? container? \
    quantity unit from_place to_place";
const WASTED: &str = "session? client? product lot serial? expiry? container? quantity unit \
    from_place to_place reason_code reason?";
const STEP: &str = "session client protocol step area?";
const END: &str = "session client protocol reason_code? reason?";
const REVERSED: &str = "the original's, with from_place and to_place swapped; corrects \
    reason_code reason?";
const PERSON: &str = "certificate.X? id limit.X? name? roles titles?";
const PRODUCT: &str = "attr.X? category dose? gtin.N? name? opened_life? pack use";
const USED: &str = "attr.X? category discard_by? fefo? status";

impl Action {
    /// The row of this action in the table.
    pub fn spec(self) -> Spec {
        use Role::{Inspector as I, Manager as M, Prescriber as P, Technician as T};
        const KEEP: &[Role] = &[M];
        const CHAIR: &[Role] = &[T, M, P];
        const STOCK: &[Role] = &[T, M];
        const READ: &[Role] = &[I, M];
        let row = |columns, detail, reasons, roles, undo| Spec {
            columns,
            detail,
            reasons,
            roles,
            undo,
            route: None,
        };
        let along = |route, row| Spec { route: Some(route), ..row };
        match self {
            Self::BookOpen => row("", "book clinic currency format zone", &[], KEEP, false),
            Self::StaffAdd => row("", PERSON, &[], KEEP, false),
            Self::StaffEdit => row("field old_value? new_value?", "id", &[], KEEP, false),
            Self::PlaceAdd => row("to_place", "kind", &[], KEEP, false),
            Self::ProductAdd => row("product unit", PRODUCT, &[], KEEP, false),
            Self::ProductEdit => {
                row("product unit field old_value? new_value?", "", &[], KEEP, false)
            }
            Self::ProductRetire => row("product unit", "", &[], KEEP, false),
            Self::ClientNew => row("client", "", &[], CHAIR, false),
            Self::LotReceive => {
                let detail = "cost? document? gtin? packs? supplier";
                along(Route::RECEIVE, row(RECEIVED, detail, &[], STOCK, true))
            }
            Self::ContainerOpen => along(Route::OPEN, row(OPENED, "discard_by?", &[], STOCK, true)),
            Self::ProtocolPublish => {
                row("protocol", "parent? parent_sha256? sha256", &[], KEEP, false)
            }
            Self::SessionStart => {
                row("session client protocol area?", "pen? place? sha256", &[], CHAIR, false)
            }
            Self::SessionStep => row(STEP, "despite.RULE? reading.X?", &[], CHAIR, true),
            Self::StockUse => along(Route::USE, row(USE, USED, &[], CHAIR, true)),
            Self::SessionFinish => row(END, "", DESPITE, CHAIR, true),
            Self::SessionStop => row(END, "", STOP, CHAIR, true),
            Self::SessionVoid => row(END, "", VOID, CHAIR, false),
            Self::StockWaste => along(Route::WASTE, row(WASTED, "", WASTE, STOCK, true)),
            Self::LotHold => row("product lot reason_code reason?", "", HOLD, &[T, M, P], false),
            Self::LotRelease => row("product lot reason_code reason?", "", RELEASE, KEEP, false),
            Self::Reversal => row(REVERSED, "the original's", UNDO, CHAIR, false),
            Self::AuditExport => row("", "filters? for? purpose? root size", &[], READ, false),
            Self::AccessRefuse => row("", "action", &[], Role::ALL, false),
        }
    }

    /// The role in which a person may do this, or a refusal that names the role it needs.
    pub fn permit(self, person: &Person) -> Result<Role, Refusal> {
        let roles = self.spec().roles;
        if let Some(role) = roles.iter().copied().find(|role| person.roles.contains(role)) {
            return Ok(role);
        }
        let words = |roles: &[Role]| {
            roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" or ")
        };
        let id = &person.id;
        // Roles that are given replace the former ones, so the hint names those too.
        let kept: String = person.roles.iter().map(|role| format!(" --role {role}")).collect();
        Err(Refusal::new(format!("{id} may not record `{self}`"))
            .why(format!("it needs the role {}; {id} is {}", words(roles), words(&person.roles)))
            .hint(format!(
                "let {} do it with --as, or let a manager add the role: \
                lotbook staff edit {id}{kept} --role {}",
                with_article(roles[0].as_str()),
                roles[0]
            )))
    }
}

/// The reason that a hint writes: the codes to pick one from, in quotes, so that a paste as it
/// stands is refused with what they mean. `other` needs words, and is told where none fits.
pub fn pick(reasons: &[Reason]) -> String {
    let codes = reasons.iter().map(|(code, _)| *code).filter(|code| *code != "other");
    format!("--reason {}", quote(&codes.collect::<Vec<_>>().join("|")))
}

/// The codes of a step's deviation: all of [`DESPITE`] that need no words.
pub fn step_reasons() -> impl Iterator<Item = &'static Reason> {
    DESPITE.iter().filter(|(code, _)| *code != "other")
}

/// Checks the code of a deviation that a step keeps: it keeps no words, and `other` without words
/// says nothing.
pub fn check_step_reason(code: &str) -> Result<(), Refusal> {
    if step_reasons().any(|(known, _)| *known == code) {
        return Ok(());
    }
    let refusal = match code {
        "other" => Refusal::new("a step can't be recorded with the reason `other`")
            .why("`other` needs words, and a step keeps the code alone"),
        _ => Refusal::new(format!("`{}` is not a reason code here", shown(code))),
    };
    let refusal =
        step_reasons().fold(refusal, |refusal, (code, why)| refusal.why(format!("{code}: {why}")));
    Err(refusal.hint("write --reason CODE with the nearest of them"))
}
