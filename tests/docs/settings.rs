//! The settings file that the README shows is one that the program reads.

use crate::clinic::Clinic;
use crate::document::Document;

#[test]
fn the_settings_file_shown_is_read() {
    let page = Document::read("README.md");
    let shown = page.text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let clinic = Clinic::without_book();
    let folder = clinic.home().join("config").join("lotbook");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), shown.expect("a toml block")).unwrap();
    // A settings file with a mistake stops every command.
    clinic.ok("init --clinic Lind --zone Europe/Berlin --currency EUR --manager ana=Ana");
}
