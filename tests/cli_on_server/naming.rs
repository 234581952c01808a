//! A book may have any name that the design allows, also one that is a word of SQL.

use crate::base::{Base, PASSWORD, with_password};
use crate::clinic::INIT;
use crate::servers::OWNER;

const WORDS: [&str; 4] = ["user", "order", "table", "default"];

#[test]
fn a_word_of_sql_is_the_name_of_a_book_as_any_other() {
    let base = Base::new("words");
    base.sql("CREATE ROLE worded LOGIN; CREATE SCHEMA \"select\"");
    base.ok(&base.url(OWNER, "user"), INIT);
    base.ok(&base.url(OWNER, "select"), INIT);
    for (number, word) in WORDS.into_iter().enumerate() {
        let url = base.url(OWNER, word);
        if word != "user" {
            let to = with_password(&url, PASSWORD);
            base.ok(&base.url(OWNER, "user"), &format!("copy --to '{to}'"));
        }
        base.ok(&url, &format!("client new C-{number}"));
        assert_ne!(base.sql(&format!("SELECT size FROM \"{word}\".head")), "3", "{word}");
        base.ok(&url, "grant --role technician worded --run");
        base.ok(&base.url("worded", word), "audit verify");
        base.ok(&url, "grant --role manager worded --run");
    }
    let all = base.url(OWNER, "user").replace("?schema=user", "");
    insta::assert_snapshot!(base.run(&all, "books"), @"
    book     clinic       entries
    -------  -----------  -------
    default  Clinic Lind        5
    order    Clinic Lind        5
    select   Clinic Lind        3
    table    Clinic Lind        5
    user     Clinic Lind        4
    ");
    let stock = base.ok(&all, "audit log --all-books --limit 1 --format csv");
    for word in WORDS {
        assert!(stock.contains(&format!("\n{word},")), "{stock}");
    }
}
