//! The settings files that the documents show are ones that the program reads.

use crate::clinic::Clinic;
use crate::document::Document;

#[test]
fn the_settings_files_shown_are_read() {
    for name in ["README.md", "docs/barcodes.md"] {
        let page = Document::read(name);
        let shown = page.text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        let clinic = Clinic::without_book();
        let folder = clinic.home().join("config").join("lotbook");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), shown.expect("a toml block")).unwrap();
        // A settings file with a mistake stops every command.
        clinic.ok("init --clinic Lind --zone Europe/Berlin --currency EUR --manager ana=Ana");
    }
}
