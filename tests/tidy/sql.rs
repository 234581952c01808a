//! Rules of the query files: text that SQLite and PostgreSQL read the same way. Each was found by
//! trying both; a test of the store prepares every file on both as well, and this one says why.

use crate::hold;
use crate::source::{files, read};

/// A word, number, parameter, text or mark of a statement, with the byte where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token<'sql> {
    text: &'sql str,
    at: usize,
}

impl Token<'_> {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    fn is_word(&self) -> bool {
        self.text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
    }

    fn is_number(&self) -> bool {
        self.text.starts_with(|first: char| first.is_ascii_digit())
    }
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let bytes = sql.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &sql[at..];
        let until = |is_end: &dyn Fn(char) -> bool| rest.find(is_end).unwrap_or(rest.len());
        let wordy = |letter: char| !(letter.is_alphanumeric() || letter == '_');
        let length = match bytes[at] {
            b'-' if rest.starts_with("--") => {
                at += until(&|letter| letter == '\n');
                continue;
            }
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            quote @ (b'\'' | b'"' | b'`') => {
                rest[1..].find(char::from(quote)).map_or(rest.len(), |end| end + 2)
            }
            b'?' | b':' | b'@' | b'$' => 1 + rest[1..].find(wordy).unwrap_or(rest.len() - 1),
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => until(&wordy),
            _ => ["<=", ">=", "<>", "!=", "==", "||", "->"]
                .iter()
                .find(|mark| rest.starts_with(**mark))
                .map_or(rest.chars().next().map_or(1, char::len_utf8), |mark| mark.len()),
        };
        found.push(Token { text: &rest[..length], at });
        at += length;
    }
    found
}

/// What a rule finds wrong: the index of a token and the rule's sentence.
type Wrong = Vec<(usize, String)>;

/// Words that only one engine knows, or that the two understand differently.
const FORBIDDEN: &[(&str, &str)] = &[
    ("autoincrement", "PostgreSQL has no AUTOINCREMENT; numbers are given by the program"),
    ("avg", "AVG is a float on one engine and a decimal on the other"),
    ("current_timestamp", "the clock is a parameter"),
    ("date", "SQLite's date functions don't exist in PostgreSQL"),
    ("datetime", "SQLite's date functions don't exist in PostgreSQL"),
    ("glob", "GLOB is SQLite's alone"),
    ("greatest", "GREATEST is PostgreSQL's alone; write CASE"),
    ("group_concat", "GROUP_CONCAT is SQLite's alone; join in the program"),
    ("hex", "hex() is SQLite's alone"),
    ("ifnull", "IFNULL is SQLite's alone; write COALESCE"),
    ("iif", "IIF is SQLite's alone; write CASE"),
    ("ilike", "ILIKE is PostgreSQL's alone"),
    ("instr", "instr() is SQLite's alone"),
    ("julianday", "SQLite's date functions don't exist in PostgreSQL"),
    ("least", "LEAST is PostgreSQL's alone; write CASE"),
    ("like", "LIKE ignores case on SQLite and not on PostgreSQL"),
    ("now", "the clock is a parameter"),
    ("nvl", "write COALESCE"),
    ("pragma", "PRAGMA is SQLite's alone"),
    ("printf", "printf() is SQLite's alone; format in the program"),
    ("random", "randomness is a parameter"),
    ("rowid", "PostgreSQL has no rowid"),
    ("strftime", "SQLite's date functions don't exist in PostgreSQL"),
    ("string_agg", "string_agg is too young in SQLite; join in the program"),
    ("strpos", "strpos() is PostgreSQL's alone"),
    ("total", "total() is SQLite's alone, and a float"),
    ("typeof", "typeof() is SQLite's alone"),
    ("unixepoch", "SQLite's date functions don't exist in PostgreSQL"),
];

/// Words of the list above that are names of columns as well: wrong only where they are called.
const CALLED: &[&str] = &["date", "now", "total", "hex", "random", "least", "greatest"];

fn forbidden_words(tokens: &[Token<'_>]) -> Wrong {
    let called = |at: usize| tokens.get(at + 1).is_some_and(|next| next.text == "(");
    let wrong = |(at, token): (usize, &Token<'_>)| {
        let (word, why) = FORBIDDEN.iter().find(|(word, _)| token.is(word))?;
        (called(at) || !CALLED.contains(word)).then(|| (at, (*why).to_owned()))
    };
    tokens.iter().enumerate().filter_map(wrong).collect()
}

fn forbidden_pairs(tokens: &[Token<'_>]) -> Wrong {
    let mut wrong = Wrong::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let why = match () {
            () if first.is_any(&["insert", "update"]) && second.is("or") => {
                "INSERT OR and UPDATE OR are SQLite's alone; write ON CONFLICT"
            }
            () if first.is("replace") && second.is("into") => "REPLACE INTO would delete a row",
            () if first.is("for") && second.is_any(&["update", "share"]) => {
                "FOR UPDATE is the engine's own statement"
            }
            () if first.is_any(&["is", "not"]) && second.text.starts_with('?') => {
                "IS compares values on SQLite alone; write IS NOT DISTINCT FROM"
            }
            () if first.is("from") && second.is_any(&["sqlite_master", "sqlite_schema"]) => {
                "the schema is read by the engines"
            }
            () => continue,
        };
        wrong.push((at, why.to_owned()));
    }
    wrong
}

fn marks_and_parameters(tokens: &[Token<'_>]) -> Wrong {
    let why = |token: &Token<'_>| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match token.text.as_bytes()[0] {
            b'?' if digits(&token.text[1..]) => None,
            b'?' | b':' | b'@' | b'$' => Some("a parameter is ?1, ?2 ..., and :: is no cast here"),
            b'"' | b'`' | b'[' => Some("names need no quotes, and text stands in single ones"),
            b'=' if token.text == "==" => Some("equality is one ="),
            b'-' if token.text == "->" => Some("JSON in SQL differs between the engines"),
            _ => None,
        }
    };
    let found = tokens.iter().enumerate();
    found.filter_map(|(at, token)| Some((at, why(token)?.to_owned()))).collect()
}

/// Where the parenthesis that opens at this token closes.
fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len().saturating_sub(1)
}

/// The range between the parentheses of each call of a function.
fn calls(tokens: &[Token<'_>], names: &[&str]) -> Vec<(usize, usize)> {
    let called = |at: &usize| {
        tokens[*at].is_any(names) && tokens.get(at + 1).is_some_and(|next| next.text == "(")
    };
    let starts = (0..tokens.len()).filter(called);
    starts.map(|at| (at, closing(tokens, at + 1))).collect()
}

fn casts(tokens: &[Token<'_>]) -> Wrong {
    let all = calls(tokens, &["cast"]);
    let mut wrong = Wrong::new();
    for (start, end) in &all {
        let target = tokens.get(end.saturating_sub(1));
        if !target.is_some_and(|target| target.is_any(&["bigint", "text"])) {
            wrong.push((*start, "a CAST is AS BIGINT or AS TEXT".to_owned()));
        }
    }
    for (start, end) in calls(tokens, &["sum"]) {
        let held = all.iter().any(|(open, close)| {
            let is_bigint = tokens[close - 1].is("bigint");
            *open < start && end < *close && is_bigint
        });
        if !held {
            let why = "a SUM stands in CAST(... AS BIGINT): PostgreSQL makes it a decimal";
            wrong.push((start, why.to_owned()));
        }
    }
    wrong
}

fn scalar_extremes(tokens: &[Token<'_>]) -> Wrong {
    let calls = calls(tokens, &["max", "min"]).into_iter();
    let many = calls.filter(|(start, end)| split(tokens, start + 2, *end).len() > 1);
    let why = "MAX and MIN of several values are SQLite's alone; write CASE";
    many.map(|(start, _)| (start, why.to_owned())).collect()
}

/// The parts of a list between two tokens, at its own depth of parentheses.
fn split(tokens: &[Token<'_>], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0, start);
    for (at, token) in tokens.iter().enumerate().take(end).skip(start) {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 0 => {
                parts.push((from, at));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push((from, end));
    parts
}

/// Where a clause ends: at one of these words or a closing parenthesis of its own depth.
fn end_of_clause(tokens: &[Token<'_>], start: usize, words: &[&str]) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.text {
            "(" => depth += 1,
            ")" if depth == 0 => return at,
            ")" => depth -= 1,
            ";" => return at,
            _ if depth == 0 && token.is_any(words) => return at,
            _ => {}
        }
    }
    tokens.len()
}

fn orders(tokens: &[Token<'_>]) -> Wrong {
    let mut wrong = Wrong::new();
    for at in 0..tokens.len().saturating_sub(1) {
        if !(tokens[at].is("order") && tokens[at + 1].is("by")) {
            continue;
        }
        let ends = ["limit", "offset", "rows", "range", "groups", "union", "returning"];
        let end = end_of_clause(tokens, at + 2, &ends);
        for (from, to) in split(tokens, at + 2, end) {
            let says = to >= from + 2
                && tokens[to - 2].is("nulls")
                && tokens[to - 1].is_any(&["first", "last"]);
            let named = tokens[from..to].iter().find(|token| !token.is("e") && !token.is("."));
            let why = match (named.is_some_and(|token| token.is("seq")), says) {
                (true, false) | (false, true) => continue,
                (true, true) => {
                    "a position is never NULL, and a server that is told where NULL \
                                 stands sorts what its index has in order"
                }
                (false, false) => {
                    "each ORDER BY term says NULLS FIRST or NULLS LAST: the defaults differ"
                }
            };
            wrong.push((from.min(tokens.len() - 1), why.to_owned()));
        }
    }
    wrong
}

fn literals_in_arithmetic(tokens: &[Token<'_>]) -> Wrong {
    let marks = ["+", "-", "*", "/", "%"];
    let is_operand = |token: &Token<'_>| {
        let keywords = [
            "and", "as", "by", "case", "else", "from", "in", "is", "limit", "not", "offset", "on",
            "or", "select", "set", "then", "values", "when", "where",
        ];
        let word = token.is_word() && !token.is_any(&keywords);
        word || token.is_number() || token.text.starts_with('?') || token.text == ")"
    };
    let mut wrong = Wrong::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_number()) {
        let before = at >= 2 && tokens[at - 1].is_any(&marks) && is_operand(&tokens[at - 2]);
        let after = tokens.get(at + 1).is_some_and(|next| next.is_any(&marks));
        if before || after {
            let why = format!("a literal in arithmetic is CAST({} AS BIGINT)", token.text);
            wrong.push((at, why));
        }
    }
    wrong
}

fn upserts(tokens: &[Token<'_>]) -> Wrong {
    let mut wrong = Wrong::new();
    for at in 0..tokens.len() {
        let starts = |words: &[&str]| {
            let rest = tokens.get(at..at + words.len());
            rest.is_some_and(|rest| rest.iter().zip(words).all(|(token, word)| token.is(word)))
        };
        if starts(&["do", "update", "set"]) {
            let end = end_of_clause(tokens, at + 3, &["where", "returning"]);
            for (from, to) in split(tokens, at + 3, end) {
                wrong.extend(unqualified(tokens, from + 2, to));
            }
        }
        if starts(&["on", "conflict"]) {
            let words = &tokens[..at];
            let from = words.iter().rposition(|token| token.is("insert")).unwrap_or(0);
            let select = words[from..].iter().any(|token| token.is("select"));
            let ends = words[from..].iter().any(|token| token.is("where"));
            if select && !ends {
                let why = "INSERT ... SELECT needs WHERE true before ON CONFLICT: SQLite would \
                    read ON as a join";
                wrong.push((at, why.to_owned()));
            }
        }
    }
    wrong
}

/// Columns on the right of `SET a = ...` in an upsert that don't say of which table they are.
fn unqualified(tokens: &[Token<'_>], from: usize, to: usize) -> Wrong {
    let keywords = [
        "and", "as", "bigint", "case", "cast", "distinct", "else", "end", "false", "from", "is",
        "not", "null", "or", "text", "then", "true", "when",
    ];
    let near = |at: usize, mark: &str| tokens.get(at).is_some_and(|token| token.text == mark);
    (from..to.min(tokens.len()))
        .filter(|at| tokens[*at].is_word() && !tokens[*at].is_any(&keywords))
        .filter(|at| !near(at + 1, ".") && !near(at + 1, "(") && !near(at - 1, "."))
        .map(|at| (at, "an upsert says of which table a column is".to_owned()))
        .collect()
}

/// Everything wrong in one query file, with its line.
fn breaches(sql: &str) -> Vec<String> {
    let tokens = tokens(sql);
    let rules = [
        forbidden_words,
        forbidden_pairs,
        marks_and_parameters,
        casts,
        scalar_extremes,
        orders,
        literals_in_arithmetic,
        upserts,
    ];
    let mut all: Wrong = rules.iter().flat_map(|rule| rule(&tokens)).collect();
    all.sort();
    let shown = all.into_iter().map(|(at, why)| {
        let token = tokens[at];
        let line = sql[..token.at].matches('\n').count() + 1;
        format!("{line}: `{}`: {why}", token.text)
    });
    shown.collect()
}

#[test]
fn both_engines_read_every_query_the_same_way() {
    let queries = files("src/store/queries", "sql");
    let all = queries.iter().flat_map(|path| {
        let found = breaches(&read(path));
        found.into_iter().map(move |breach| format!("{path}:{breach}"))
    });
    hold("query text is written once, for SQLite and PostgreSQL", all.collect());
}

#[test]
fn no_line_of_sql_is_longer_than_100_columns() {
    let long = |path: &String| -> Vec<String> {
        let text = read(path);
        let lines = text.lines().enumerate().filter(|(_, line)| line.chars().count() > 100);
        lines.map(|(number, _)| format!("{path}:{}", number + 1)).collect()
    };
    hold("a line has at most 100 columns", files("src", "sql").iter().flat_map(long).collect());
}

#[test]
fn the_rules_of_query_text_catch_what_they_forbid() {
    for (sql, says) in [
        ("SELECT a FROM b WHERE c = ?", "a parameter is ?1"),
        ("SELECT a FROM b WHERE c = $1", "a parameter is ?1"),
        ("SELECT a FROM b WHERE c = :name", "a parameter is ?1"),
        ("SELECT a::text FROM b", ":: is no cast"),
        ("SELECT strftime('%Y', a) FROM b", "SQLite's date functions"),
        ("SELECT date(a) FROM b", "SQLite's date functions"),
        ("SELECT rowid FROM b", "no rowid"),
        ("INSERT OR REPLACE INTO a VALUES (?1)", "ON CONFLICT"),
        ("SELECT ifnull(a, b) FROM c", "COALESCE"),
        ("SELECT a FROM b WHERE c = \"x\"", "single ones"),
        ("SELECT a FROM b ORDER BY a", "NULLS FIRST or NULLS LAST"),
        ("SELECT a FROM b ORDER BY a NULLS LAST, c DESC LIMIT 1", "NULLS FIRST or NULLS LAST"),
        ("SELECT a FROM b ORDER BY seq DESC NULLS LAST", "a position is never NULL"),
        ("SELECT SUM(a) FROM b", "a SUM stands in CAST"),
        ("SELECT CAST(SUM(a) AS TEXT) FROM b", "a SUM stands in CAST"),
        ("SELECT CAST(a AS INTEGER) FROM b", "AS BIGINT or AS TEXT"),
        ("SELECT MAX(a, b) FROM c", "SQLite's alone"),
        ("SELECT a + 1 FROM b", "CAST(1 AS BIGINT)"),
        ("SELECT a FROM b WHERE c IS ?1", "IS NOT DISTINCT FROM"),
        ("SELECT a FROM b WHERE c == ?1", "equality is one ="),
        ("INSERT INTO a SELECT b FROM c ON CONFLICT DO NOTHING", "WHERE true"),
        ("INSERT INTO a (b) VALUES (?1) ON CONFLICT (b) DO UPDATE SET b = b + ?2", "which table"),
    ] {
        let found = breaches(sql);
        assert!(found.iter().any(|breach| breach.contains(says)), "{sql}: {found:?}");
    }
}

#[test]
fn the_rules_of_query_text_let_portable_text_pass() {
    for sql in [
        "SELECT lot.sku, -- order by rowid\n\
         CAST(COALESCE(SUM(m.parts), CAST(0 AS BIGINT)) AS BIGINT)\n\
         FROM move AS m WHERE m.note = 'it''s \"?\" 1 + 1' AND m.kind <> -1 GROUP BY lot.sku\n\
         ORDER BY lot.expiry NULLS LAST, MAX(m.seq) DESC NULLS FIRST LIMIT ?1",
        "INSERT INTO balance (lot, parts) SELECT ?1, ?2 WHERE true\n\
         ON CONFLICT (lot) DO UPDATE SET parts = balance.parts + excluded.parts RETURNING parts",
        "SELECT row_number() OVER (PARTITION BY a ORDER BY b NULLS LAST ROWS UNBOUNDED PRECEDING)\n\
         FROM c WHERE d IS NOT NULL AND e IS NOT DISTINCT FROM CAST(?1 AS TEXT) LIMIT 1",
        "SELECT COUNT(*), total FROM a WHERE b = CAST(1 AS BIGINT) - c ORDER BY e.seq DESC",
    ] {
        assert_eq!(breaches(sql), [""; 0], "{sql}");
    }
}
