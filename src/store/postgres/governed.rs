//! Whom the rights of the server keep from changing what was recorded, and whom they don't.

use std::collections::{BTreeMap, BTreeSet};

use super::Postgres;
use crate::store::StoreError;
use crate::store::engine::{Inspected, Rows, Value};

/// Everything in the schema, and the schema, with whom it belongs to and whether they can log in.
const OWNERS: &str = "\
SELECT CAST(o.kind AS TEXT), CAST(o.name AS TEXT), CAST(r.rolname AS TEXT),
       CAST(CAST(r.rolcanlogin AS INTEGER) AS BIGINT)
  FROM (SELECT 'schema', n.nspname, n.nspowner
          FROM pg_catalog.pg_namespace n WHERE n.nspname = $1
        UNION ALL
        SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname, c.relowner
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm')
        UNION ALL
        SELECT 'function', p.proname, p.proowner
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = $1) o (kind, name, owner)
  JOIN pg_catalog.pg_roles r ON r.oid = o.owner
 ORDER BY 1, 2";

/// Who else can log in and may do what nobody may to a table that is only ever added to: by a right
/// of their own, of a role that they have or can take on, or of everybody. An owner counts as well
/// as whoever can become one.
const MAY: &str = "\
WITH fenced AS (
  SELECT c.oid, c.relname, c.relowner, v.verb
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
         (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS v (verb)
   WHERE n.nspname = $1 AND c.relname IN ('entry', 'protocol_text', 'migration')
     AND c.relkind IN ('r', 'p')
), able AS (
  SELECT r.oid AS role, f.*,
         pg_catalog.has_table_privilege('public', f.oid, f.verb)
         OR f.verb = 'UPDATE' AND pg_catalog.has_any_column_privilege('public', f.oid, f.verb)
         AS everybody
    FROM fenced f, pg_catalog.pg_roles r
   WHERE NOT r.rolsuper
     AND (pg_catalog.has_table_privilege(r.oid, f.oid, f.verb)
          OR f.verb = 'UPDATE' AND pg_catalog.has_any_column_privilege(r.oid, f.oid, f.verb))
)
SELECT 'everybody', CAST(a.relname AS TEXT), CAST(a.verb AS TEXT), CAST(0 AS BIGINT)
  FROM able a WHERE a.everybody
UNION
SELECT CAST(m.rolname AS TEXT), CAST(a.relname AS TEXT), CAST(a.verb AS TEXT),
       CAST(a.role = a.relowner AS INTEGER)
  FROM able a, pg_catalog.pg_roles m
 WHERE m.rolcanlogin AND NOT m.rolsuper AND m.oid <> a.relowner AND NOT a.everybody
   AND (m.oid = a.role
        OR pg_catalog.pg_has_role(m.oid, a.role, 'USAGE')
        OR CASE WHEN CAST(pg_catalog.current_setting('server_version_num') AS INTEGER) >= 160000
                THEN pg_catalog.pg_has_role(m.oid, a.role, 'SET')
                ELSE pg_catalog.pg_has_role(m.oid, a.role, 'MEMBER') END)
 ORDER BY 1, 2, 3";

/// Whom no rights hold: superusers, and whoever may give themselves what the owner may.
const ABOVE: &str = "\
SELECT CAST(r.rolname AS TEXT)
  FROM pg_catalog.pg_roles r
 WHERE r.rolcanlogin
   AND (r.rolsuper
        OR r.rolcreaterole
        AND CAST(pg_catalog.current_setting('server_version_num') AS INTEGER) < 160000
        OR EXISTS (SELECT FROM pg_catalog.pg_auth_members m
                     JOIN pg_catalog.pg_class c ON c.relowner = m.roleid
                     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = $1 AND c.relname = 'entry' AND m.admin_option
                      AND m.member = r.oid))
 ORDER BY 1";

/// How many names a sentence holds.
const NAMES_MAX: usize = 5;

/// Something in the schema, or the schema.
struct Owned {
    kind: String,
    name: String,
    owner: String,
    can_log_in: bool,
}

/// That somebody may do to a table what nobody may.
struct May {
    who: String,
    table: String,
    verb: String,
    /// Because they can become its owner.
    as_owner: bool,
}

impl Postgres {
    /// What of the rights to the book is not as `lotbook grant` makes it, and whom none hold.
    pub(super) fn judge_rights(&mut self) -> Result<Inspected, StoreError> {
        let schema = self.schema.clone();
        let (mut owned, mut may, mut above) = (Vec::new(), Vec::new(), BTreeSet::new());
        let params = [Value::Text(&schema)];
        self.run(OWNERS, &params, &mut |row| {
            let text = |column| Ok::<_, StoreError>(row.text(column)?.unwrap_or_default().into());
            let can_log_in = row.integer(3)? == Some(1);
            owned.push(Owned { kind: text(0)?, name: text(1)?, owner: text(2)?, can_log_in });
            Ok(Rows::More)
        })?;
        self.run(MAY, &params, &mut |row| {
            let text = |column| Ok::<_, StoreError>(row.text(column)?.unwrap_or_default().into());
            let as_owner = row.integer(3)? == Some(1);
            may.push(May { who: text(0)?, table: text(1)?, verb: text(2)?, as_owner });
            Ok(Rows::More)
        })?;
        self.run(ABOVE, &params, &mut |row| {
            above.insert(row.text(0)?.unwrap_or_default().to_owned());
            Ok(Rows::More)
        })?;
        Ok(judge(&schema, &owned, &may, above))
    }
}

/// A book that was granted belongs to a role that nobody is; one that never was belongs to whoever
/// made it, which is no fault and holds nobody either.
fn judge(schema: &str, owned: &[Owned], may: &[May], mut above: BTreeSet<String>) -> Inspected {
    let mut inspected = Inspected::default();
    let keeper = format!("{schema}_owner");
    let is_granted = owned.iter().any(|thing| thing.owner == keeper);
    let entry = owned.iter().find(|thing| thing.name == "entry" && thing.kind == "table");
    let owner = match entry {
        Some(entry) if !is_granted => entry.owner.as_str(),
        _ => &keeper,
    };
    let mut logs_in = BTreeSet::new();
    for Owned { kind, name, owner: other, can_log_in } in owned {
        // Somebody may have made the schema for whoever then made the book.
        let is_strange = other != owner && (is_granted || kind != "schema");
        if is_strange {
            let what = format!("the {kind} `{name}` belongs to {other}, not to {owner}");
            inspected.problems.push(what);
        }
        if *can_log_in {
            logs_in.insert(other.as_str());
        }
    }
    if is_granted && logs_in.contains(owner) {
        inspected.problems.push(format!("{owner}, whom the book belongs to, can log in"));
    }
    let mut verbs: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    let mut members: BTreeSet<&str> = BTreeSet::new();
    for May { who, table, verb, as_owner } in may {
        if *as_owner {
            members.insert(who);
        } else {
            verbs.entry((who, table)).or_default().push(verb);
        }
    }
    if is_granted {
        inspected.problems.extend(
            members
                .iter()
                .map(|who| format!("{who} can act as {owner}, whom the whole book belongs to")),
        );
    } else {
        above.extend(members.iter().chain(&logs_in).map(|name| (*name).to_owned()));
    }
    for ((who, table), verbs) in verbs {
        if !members.contains(who) {
            let verbs = verbs.join(", ");
            inspected.problems.push(format!("{who} may do this to the table `{table}`: {verbs}"));
        }
    }
    let who = listed(&above);
    inspected.unchecked.push(match is_granted {
        true => format!("NOT CHECKED: what those do whom no rights of the server hold: {who}"),
        false => format!(
            "NOT CHECKED: what those do whom no rights of the server hold: {who}; the book belongs \
             to {owner} until `lotbook grant` gives it to a role that nobody logs in as"
        ),
    });
    inspected
}

/// Names with commas between them, the first few of many.
fn listed(names: &BTreeSet<String>) -> String {
    let mut listed = names.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(NAMES_MAX).filter(|more| *more > 0) {
        listed.push_str(&format!(" and {more} more"));
    }
    listed
}
