//! What a message says to write is taken by the reader: whoever follows the advice is done.

use lotbook::domain::diagnostic::Diagnostic;
use lotbook::domain::protocol::parse;

/// A protocol with one wrong line in it, where it says so.
fn with(place: &str, line: &str) -> String {
    let put = |here: &str| if here == place { line } else { "" };
    format!(
        r#"lotbook = 1
{}
title = "One"
{}
{}
[[step]]
id = "cream"
{}
[[step]]
id = "needle"
{}
[step.uses.glide]
category = "serum"
{}
[step.record.depth]
unit = "mm"
{}
[step.record.mood]
one_of = ["good", "bad"]
{}
[[rule]]
id = "order"
before = {{ step = "needle", needs = "cream"{} }}
{}
"#,
        if place == "id" { line } else { "id = \"one\"" },
        if place == "version" { line } else { "version = \"1\"" },
        if place == "areas" { line } else { "areas = [\"cheeks\"]" },
        put("cream"),
        put("needle"),
        if place == "uses" { line } else { "min = 1" },
        put("depth"),
        put("mood"),
        if place == "before" { format!(", {line}") } else { String::new() },
        put("rule"),
    )
}

/// The line as the first message says to write it, in the first of several ways.
fn followed(line: &str, text: &str, found: &[Diagnostic]) -> String {
    let first = found.first().unwrap_or_else(|| panic!("`{line}` is taken"));
    let remedy = first.remedy.as_deref().unwrap_or_default();
    if let Some(near) = remedy.strip_prefix("did you mean `") {
        let near = near.trim_end_matches("`?");
        return line.replace(&text[first.span.clone()], &format!("\"{near}\""));
    }
    let advice = remedy.trim_start_matches("write ").trim_start_matches("add ");
    let advice = advice.rsplit_once(": ").map_or(advice, |(_, line)| line);
    let ends = [", or ", ", \"", ", max or"].into_iter().filter_map(|end| advice.find(end));
    let advice = &advice[..ends.min().unwrap_or(advice.len())];
    match advice.contains(" = ") {
        true => put_in(line, advice),
        false => line.replace(&text[first.span.clone()], advice),
    }
}

#[test]
fn the_line_that_a_message_says_to_write_is_taken() {
    for (place, line) in [
        ("id", "id = 7"),
        ("id", "id = \"One Two\""),
        ("version", "version = 2026.10"),
        ("areas", "areas = [7]"),
        ("areas", "areas = [\"Left Cheek\"]"),
        ("cream", "title = 7"),
        ("cream", "title = [\"a\"]"),
        ("cream", "phase = 7"),
        ("cream", "phase = \"treatmnt\""),
        ("cream", "per = 7"),
        ("cream", "per = \"patient\""),
        ("cream", "required = 1"),
        ("cream", "count = { min = 3, max = 2 }"),
        ("cream", "count = { min = -1 }"),
        ("cream", "uses.anesthetic = { }"),
        ("uses", "max = 2.5"),
        ("uses", "min = 2.5"),
        ("uses", "max = \"two drops\""),
        ("uses", "min = 1\nper = 7"),
        ("uses", "min = 1\nwhere = { glide = true }"),
        ("depth", "max = \"7\""),
        ("depth", "by_area = { cheeks = 7 }"),
        ("depth", "by_area = { cheeks = [7] }"),
        ("depth", "by_area = { cheeks = [2, 1] }"),
        ("depth", "severity = 7"),
        ("depth", "staff_limit = \"yes\""),
        ("mood", "expected = [\"good\"]\nstops = [7]"),
        ("mood", "expected = [\"good\"]\nstops = \"needle\""),
        ("mood", "expected = [\"good\"]\nstops = [\"needel\"]"),
        ("before", "min = 30"),
        ("before", "max = 30"),
        ("before", "min = 0.5"),
        ("before", "every = 1"),
        ("before", "min = \"2 h\", max = \"1 h\""),
        ("rule", "severity = 7"),
        ("rule", "why = 7"),
        ("rule", "when = { done = 7 }"),
        ("rule", "when = { used = 7 }"),
        ("rule", "when = { area = 7 }"),
    ] {
        let text = with(place, line);
        let (_, found) = parse(&text);
        let mended = with(place, &followed(line, &text, &found));
        let (protocol, still) = parse(&mended);
        assert!(protocol.is_some(), "{line}\n{found:#?}\n{mended}\n{still:#?}");
    }
}

/// The line with the advice in the place of the key that it names.
fn put_in(line: &str, advice: &str) -> String {
    let key = advice.split(" = ").next().unwrap_or_default();
    if advice.contains(", max = ") {
        let inside = advice.to_owned();
        return match line.split_once("{ ") {
            Some((head, _)) => format!("{head}{{ {inside} }}"),
            None => inside,
        };
    }
    let Some(start) = line.find(&format!("{key} = ")) else {
        return line.replace("{ }", &format!("{{ {advice} }}"));
    };
    let rest = &line[start..];
    let end = rest.find(['\n', '}']).unwrap_or(rest.len());
    let close = if rest[end..].starts_with('}') { " " } else { "" };
    format!("{}{advice}{close}{}", &line[..start], &rest[end..])
}

#[test]
fn a_reading_that_is_a_number_and_an_answer_names_all_keys_of_both_at_once() {
    let text = with("mood", "unit = \"mm\"\nmax = 2\ntotal = true\nexpected = [\"good\"]");
    let (_, found) = parse(&text);
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(
        one.message,
        "`unit`, `max`, `total` are for numbers and `one_of`, `expected` for answers; \
         a reading is one of them"
    );
    assert_eq!(
        one.remedy.as_deref(),
        Some("leave `unit`, `max`, `total` out, or `one_of`, `expected`")
    );
    assert_eq!(one.labels.len(), 4);
}
