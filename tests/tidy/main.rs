//! The project's own rules, read off its source tree. Each test is one rule, and what it says when
//! it fails is the rule.

mod lock;
mod rust;
mod source;
mod sql;
mod tree;

/// Fails with the rule's sentence and every place that breaks it.
fn hold(rule: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "\n{rule}\n  {}\n", breaches.join("\n  "));
}
