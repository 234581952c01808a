//! How the sessions of the demonstration go: which steps, how many minutes apart, with what
//! readings, and what goes wrong in which of them.

/// What is special about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// Everything as it should be.
    Sound,
    /// As it should be, with all reviews up to half a year.
    Reviewed,
    /// The cream came off too early.
    ShortNumbing,
    /// The client is pregnant: nothing is done, the session is stopped.
    Stopped,
    /// A history of keloids, which the prescriber clears.
    Cleared,
    /// The client bruises.
    Bruised,
    /// An expired cartridge was used, and recorded as such.
    ExpiredCartridge,
    /// Deeper than the protocol allows, and recorded as such.
    TooDeep,
    /// Started for the wrong client, and voided.
    Voided,
    /// Still open at the end of the last day.
    Open,
    /// The short protocol of large books.
    Short,
}

impl Story {
    /// The story of session `index` of `total`: a small book has one of each, a large one mostly
    /// short ones.
    pub(super) fn of(index: u64, total: u64) -> Self {
        const SMALL: [Story; 12] = [
            Story::Reviewed,
            Story::Sound,
            Story::ShortNumbing,
            Story::Cleared,
            Story::Stopped,
            Story::Sound,
            Story::ExpiredCartridge,
            Story::Bruised,
            Story::Voided,
            Story::TooDeep,
            Story::Sound,
            Story::Open,
        ];
        if total <= 200 {
            // The open one is always the last: it is still going on when the last day ends.
            return match (index + 1 == total, SMALL[(index % 12) as usize]) {
                (true, _) => Self::Open,
                (false, Self::Open) => Self::Sound,
                (false, story) => story,
            };
        }
        match index % 40 {
            0 => Self::Sound,
            20 => Self::ShortNumbing,
            _ => Self::Short,
        }
    }

    /// Which protocol it goes by.
    pub(super) fn is_short(self) -> bool {
        self == Self::Short
    }
}

/// One thing that happens in a session, some minutes after its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Act {
    /// Minutes after the start.
    pub(super) minute: i64,
    /// What happens.
    pub(super) deed: Deed,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// A step is logged.
    Step(Step),
    /// The session is finished.
    Finish,
    /// The session is stopped.
    Stop,
    /// The session is voided.
    Void,
}

/// A step as it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Its id.
    pub(super) id: &'static str,
    /// Its readings.
    pub(super) readings: &'static [(&'static str, &'static str)],
    /// The product that it uses.
    pub(super) uses: Option<&'static str>,
    /// The rule or the word that is broken knowingly.
    pub(super) despite: Option<&'static str>,
}

const fn plain(id: &'static str) -> Step {
    Step { id, readings: &[], uses: None, despite: None }
}

const SCREENING: &[(&str, &str)] = &[
    ("skin_problem", "no"),
    ("allergy_to_steel_or_anesthetic", "no"),
    ("bleeding_disorder", "no"),
    ("pregnant", "no"),
    ("isotretinoin_now", "no"),
    ("isotretinoin_recent", "no"),
    ("keloid_history", "no"),
    ("scleroderma", "no"),
    ("hsv_history", "no"),
    ("anticoagulants", "no"),
    ("immunosuppression", "no"),
    ("anesthetic_risk", "no"),
];
const PREGNANT: &[(&str, &str)] = &[
    ("skin_problem", "no"),
    ("allergy_to_steel_or_anesthetic", "no"),
    ("bleeding_disorder", "no"),
    ("pregnant", "yes"),
    ("isotretinoin_now", "no"),
    ("isotretinoin_recent", "no"),
    ("keloid_history", "no"),
    ("scleroderma", "no"),
    ("hsv_history", "no"),
    ("anticoagulants", "no"),
    ("immunosuppression", "no"),
    ("anesthetic_risk", "no"),
];
const KELOIDS: &[(&str, &str)] = &[
    ("skin_problem", "no"),
    ("allergy_to_steel_or_anesthetic", "no"),
    ("bleeding_disorder", "no"),
    ("pregnant", "no"),
    ("isotretinoin_now", "no"),
    ("isotretinoin_recent", "no"),
    ("keloid_history", "yes"),
    ("scleroderma", "no"),
    ("hsv_history", "no"),
    ("anticoagulants", "no"),
    ("immunosuppression", "no"),
    ("anesthetic_risk", "no"),
];

/// The acts of a story, in order of time.
pub(super) fn acts(story: Story) -> Vec<Act> {
    if story.is_short() {
        return short();
    }
    let mut acts = Vec::with_capacity(20);
    let step = |acts: &mut Vec<Act>, minute: i64, step: Step| {
        acts.push(Act { minute, deed: Deed::Step(step) });
    };
    let identity = &[("allergies", "none"), ("age_22_or_over", "yes")];
    step(&mut acts, 2, Step { readings: identity, ..plain("identity") });
    step(&mut acts, 4, plain("consent"));
    let readings = match story {
        Story::Stopped => PREGNANT,
        Story::Cleared => KELOIDS,
        _ => SCREENING,
    };
    step(&mut acts, 6, Step { readings, ..plain("screening") });
    match story {
        Story::Stopped => {
            acts.push(Act { minute: 8, deed: Deed::Stop });
            return acts;
        }
        Story::Voided => {
            acts.push(Act { minute: 8, deed: Deed::Void });
            return acts;
        }
        Story::Cleared => {
            let readings = &[("keloid_history", "cleared")];
            step(&mut acts, 7, Step { readings, ..plain("prescriber-clearance") });
        }
        _ => {}
    }
    step(&mut acts, 8, plain("before-photo"));
    step(&mut acts, 10, plain("cleanse"));
    step(&mut acts, 12, Step { uses: Some(super::clinic::CREAM), ..plain("anesthetic-on") });
    if story == Story::Open {
        return acts;
    }
    let off = if story == Story::ShortNumbing { 32 } else { 50 };
    step(&mut acts, off, plain("anesthetic-off"));
    step(&mut acts, 52, plain("skin-prep"));
    step(&mut acts, 54, plain("time-out"));
    needling(story, &mut acts);
    step(&mut acts, 80, Step { uses: Some(super::clinic::SERUM), ..plain("after-care-serum") });
    step(&mut acts, 81, plain("after-photo"));
    step(&mut acts, 82, Step { readings: reaction(story), ..plain("reaction-check") });
    step(&mut acts, 83, plain("sharps"));
    step(&mut acts, 84, plain("after-care-given"));
    acts.push(Act { minute: 85, deed: Deed::Finish });
    if story == Story::Reviewed {
        for (days, id) in [
            (7, "review-1-week"),
            (28, "review-4-weeks"),
            (84, "review-12-weeks"),
            (182, "review-26-weeks"),
        ] {
            step(&mut acts, days * 1440, plain(id));
        }
    }
    acts
}

fn needling(story: Story, acts: &mut Vec<Act>) {
    let (readings, despite): (&[(&str, &str)], _) = match story {
        Story::TooDeep => (&[("depth", "0.75 mm"), ("passes", "3")], Some("needling.record.depth")),
        Story::ExpiredCartridge => (&[("depth", "0.5 mm"), ("passes", "3")], Some("expired")),
        _ => (&[("depth", "0.5 mm"), ("passes", "3")], None),
    };
    let uses = Some(super::clinic::CARTRIDGE);
    let step = Step { id: "needling", readings, uses, despite };
    acts.push(Act { minute: 56, deed: Deed::Step(step) });
}

fn reaction(story: Story) -> &'static [(&'static str, &'static str)] {
    match story {
        Story::Bruised => &[("redness", "moderate"), ("swelling", "mild"), ("bruising", "yes")],
        _ => &[("redness", "mild"), ("swelling", "none"), ("bruising", "no")],
    }
}

fn short() -> Vec<Act> {
    let step = |minute, step| Act { minute, deed: Deed::Step(step) };
    vec![
        step(2, Step { readings: &[("skin_problem", "no")], ..plain("screening") }),
        step(4, Step { uses: Some(super::clinic::CREAM), ..plain("anesthetic-on") }),
        step(44, plain("anesthetic-off")),
        step(
            46,
            Step {
                readings: &[("depth", "0.5 mm")],
                uses: Some(super::clinic::CARTRIDGE),
                ..plain("needling")
            },
        ),
        step(60, Step { readings: &[("bruising", "no")], ..plain("reaction-check") }),
        Act { minute: 62, deed: Deed::Finish },
    ]
}
