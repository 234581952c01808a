//! What to write where a text is asked for and something else stands there: a text that the reader
//! takes, so that whoever follows the advice is done with it.

use crate::domain::id::StepId;
use crate::domain::protocol::read::names::StepName;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::step::Phase;
use crate::domain::shown::shown;

impl Reader<'_> {
    /// The text for a key, in quotes: what stands there where that may be any text.
    pub(super) fn example(&self, key: &str, source: &str) -> String {
        let plain = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        };
        let text = match key {
            "phase" => "treatment".to_owned(),
            "severity" => "major".to_owned(),
            "per" => "area".to_owned(),
            "unit" => "mm".to_owned(),
            "category" | "used" => "serum".to_owned(),
            "step" | "needs" | "done" | "cleared_by" => self.some_step(),
            "stops" => self.step_to_stop(),
            "products" => "HA-01".to_owned(),
            "id" if plain(source) => format!("part-{}", source.replace('.', "-").to_lowercase()),
            "areas" if plain(source) => format!("area-{}", source.replace('.', "-").to_lowercase()),
            "area" => self.names.areas.first().map_or("cheeks".to_owned(), ToString::to_string),
            "id" => "cleanse".to_owned(),
            _ if plain(source) => shown(source),
            _ => "...".to_owned(),
        };
        format!("\"{text}\"")
    }

    /// A step that an answer may well stop: one of the treatment, or the last.
    pub(super) fn step_to_stop(&self) -> String {
        let treats = |step: &&StepName| step.phase == Some(Phase::Treatment);
        let steps = &self.names.steps;
        let step = steps.iter().find(treats).or(steps.last());
        step.and_then(|step| step.id.as_ref()).map_or("needling", StepId::as_str).to_owned()
    }

    /// A step that the file declares.
    pub(super) fn some_step(&self) -> String {
        let declared = self.names.steps.iter().find_map(|step| step.id.as_ref());
        declared.map_or("cleanse", StepId::as_str).to_owned()
    }
}
