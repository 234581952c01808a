#!/usr/bin/env python3
"""python3 -I verify.py [FOLDER [NOTE]]: checks an exported lotbook by the standard library alone.

FOLDER  the export; without it, the folder in which this file lies
NOTE    a checkpoint.txt that you took home from an earlier export of the same book

Prints what holds, fails and can't be known; exits with 0: all holds, 1: not, 2: can't look."""
import sys
if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]  # the folder of this file: no module that lies there is to be trusted
import base64, hashlib, pathlib, re, signal

SELF = pathlib.Path(__file__).resolve()
HEADER = ("seq,entry_id,txn,recorded_at,occurred_at,staff,role,action,session,client,product,lot,"
          "serial,expiry,container,quantity,unit,from_place,to_place,protocol,step,area,field,"
          "old_value,new_value,reason_code,reason,corrects,detail")
ENTRY_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
CELL = re.compile('(?:^|,)("(?:[^"]|"")*"|[^",]*)')
KEY = re.compile("[a-z][a-z0-9_.-]*")
TEXT = re.compile(r"protocols/[0-9a-f]{64}\.toml")
FILES = {"README.txt", "audit.csv", "checkpoint.txt", "products.csv", "staff.csv", "verify.py"}
NOTE = r"(?a)lotbook/([a-z\d-]{1,64})\n([1-9]\d{0,18})\n([A-Za-z\d+/]{42}[AEIMQUYcgkosw048]=)\n\n"

# A value holds these characters only as \n, \r, \t or \u{hex}, a backslash only doubled, and where
# = + - @ or a full-width form of one comes first or behind blanks, a backslash stands before it.
HIDDEN = [*range(1, 32), ord(";"), *range(0x7f, 0xa0), 0x61c, *range(0x200b, 0x2010),
          *range(0x2028, 0x202f), *range(0x2060, 0x206a), 0xfeff]
HEX = "|".join("%x" % code for code in HIDDEN if chr(code) not in "\t\n\r")
PLAIN = r"[^\0\\%s]*" % "".join(map(chr, HIDDEN))
BLANKS, SIGN = "[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]*", "[=+@\uff1d\uff0b\uff0d\uff20-]"
START = rf"(?!{BLANKS}{SIGN})(?:{BLANKS}\\{SIGN})?"
VALUE = re.compile(rf"{START}{PLAIN}(?:\\(?:[\\nrt]|u\{{(?:{HEX})\}}){PLAIN})*")

UNKNOWN = """These files can't show, whoever checks them:
- what was never entered, or entered wrongly; whether the clock was right; who made the export
- that nobody wrote the book anew: a checkpoint.txt taken home, given as NOTE the next time, does
- that this script is genuine: it came with what it checks; a copy from elsewhere judges better
Not checked: README.txt, both lists, how times and numbers are written, the sense of entries."""

def sha256(data): return hashlib.sha256(data).digest()

def need(condition, message, *details, error=ValueError):
    if not condition: raise error(message % details)

def read_entry(line):
    """Splits a line into fields and detail; refuses quotes and escapes that need not be."""
    cells = [c[1:-1].replace('""', '"') if c[:1] == '"' else c for c in CELL.findall(line)]
    again = ['"%s"' % c.replace('"', '""') if "," in c or '"' in c else c for c in cells]
    need(",".join(again) == line and len(cells) == 29, "commas or quotes are not as they must be")
    entry, detail, last = dict(zip(HEADER.split(","), cells)), {}, ""
    for part in entry["detail"].split("; ") if entry["detail"] else []:
        key, _, value = part.partition("=")
        need(KEY.fullmatch(key) and key > last and value, "detail: %.60a is out of order", part)
        detail[key], last = value, key
    for value in cells[:28] + list(detail.values()):
        need(VALUE.fullmatch(value), "%.60a is not how a value is written", value)
    return entry, detail

def check_entry(seq, entry, detail, book):
    """Compares an entry with those before it and keeps what later checks need."""
    name, time, target = entry["entry_id"], entry["recorded_at"], entry["corrects"]
    need(entry["seq"] == str(seq), "seq %.60a: an entry is missing, added or moved", entry["seq"])
    need(ENTRY_ID.fullmatch(name), "entry_id %.60a is malformed", name)
    need(name not in book["names"], "entry_id %s was used before", name)
    need(TIME.fullmatch(time) and time >= book["time"], "recorded_at %.60a goes backwards", time)
    need(not target or target in book["open"], "corrects %.60a, no entry still to correct", target)
    need(seq or entry["action"] == "book.open" and "book" in detail, "it doesn't open a book")
    book["id"], book["time"] = book["id"] or detail["book"], time
    book["texts"].update(detail[key] for key in ("sha256", "parent_sha256") if key in detail)
    book["names"].add(name)
    book["open"] ^= {target, str(seq)}  # out with what was corrected, in with this one

def check_entries(folder, book):
    header, *rows = (folder / "audit.csv").read_bytes().split(b"\r\n")
    need(header == HEADER.encode(), "audit.csv: the first line is not the format's header")
    need(rows and rows.pop() == b"", "audit.csv: the last line doesn't end in CRLF")
    for seq, row in enumerate(rows):
        try:
            check_entry(seq, *read_entry(row.decode()), book)
        except ValueError as error:
            raise ValueError("audit.csv: entry %d (line %d): %s" % (seq, seq + 2, error))
        book["leaves"].append(sha256(b"\0" + row))
    return "audit.csv: %d entries in order, each quoted and escaped in one way" % len(rows)

def root(hashes):
    """The Merkle root of RFC 9162: join in pairs, carry an odd last one up, until one is left."""
    while len(hashes) > 1:
        pairs = [sha256(b"\1" + hashes[i] + hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + hashes[2 * len(pairs):]
    return base64.b64encode(hashes[0] if hashes else sha256(b"")).decode()

def check_note(path, book, away=None):
    wrong, entries = OSError if away else ValueError, len(book["leaves"])
    apart = not away or path.is_file() and path.resolve().parent != away.resolve()
    need(apart, "%s: no file, or one of that folder", path, error=wrong)
    text = path.read_bytes().decode(errors="replace")
    if away:  # it was typed by hand, perhaps: blanks at line ends mean nothing
        text = re.sub(r"[ \t]*\r?\n[ \t]*", "\n", text.strip("\ufeff \t\r\n")) + "\n\n"
    note = re.fullmatch(NOTE, text)
    need(note, "%s: can't be read as a checkpoint, so nothing was compared: it covers 0 entries, "
         "is signed, or has a slip in the lines lotbook/ID, number and hash", path, error=wrong)
    need(note[1] == book["id"], "%s: is of the book %s, not of this one", path, note[1])
    size, least = int(note[2]), 1 if away else entries
    need(least <= size <= entries, "%s: covers %d entries of %d here", path, size, entries)
    need(root(book["leaves"][:size]) == note[3], "%s: the root is not that of these entries", path)
    return "%s: the root over %d entries; %d are newer" % (path, size, entries - size)

def check_texts(folder, book):
    found = {path.name: path.read_bytes() for path in (folder / "protocols").glob("*")}
    named = {text + ".toml" for text in book["texts"]}
    for name in sorted(named | set(found)):
        need(name in found, "protocols: %a is missing", name)
        need(name in named, "protocols: %a is named by no entry", name)
        need(sha256(found[name]).hex() + ".toml" == name, "protocols: %s holds another text", name)
    return "protocols: the %d texts that entries name, and no others" % len(found)

def check_kinds(folder, found):
    need(folder.is_dir(), "%s: is no folder", folder, error=OSError)
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name != "protocols" or path.is_symlink() or not path.is_dir():
            need(path.is_file() and not path.is_symlink(), "%a is no plain file", name)
            found[name] = path
    if found.get("verify.py", SELF).read_bytes() != SELF.read_bytes():
        print("DIFFERS: verify.py there is another than this one: older, newer or changed")
    return "%d plain files lie here, and nothing else" % len(found)

def check_sums(folder, found):
    data = found.pop("SHA256SUMS", folder / "SHA256SUMS").read_bytes()
    rows = data.decode(errors="replace").splitlines(True)
    for line, row in enumerate(rows, 1):
        need(re.fullmatch(r"[0-9a-f]{64}  \S+\n", row), "SHA256SUMS: line %d is malformed", line)
    listed = {row[66:-1]: row[:64] for row in rows}
    need([row[66:-1] for row in rows] == sorted(listed), "SHA256SUMS: names out of order or twice")
    for name in sorted(set(found) | set(listed) | FILES):
        need(name in FILES or TEXT.fullmatch(name), "%a is no file of a full export", name)
        need(name in found, "SHA256SUMS: %a is missing", name)
        need(name in listed, "SHA256SUMS: %a lies here and is not listed", name)
        need(sha256(found[name].read_bytes()).hex() == listed[name], "SHA256SUMS: %a differs", name)
    return "SHA256SUMS: all %d files, and no others lie here" % len(listed)

def holds(check, *given):
    try:
        return print("holds:", check(*given)) or 0
    except (OSError, ValueError) as error:
        wrong = isinstance(error, (FileNotFoundError, ValueError))
        return print("FAILS:" if wrong else "CAN'T LOOK:", error) or (1 if wrong else 2)

def main(folder=SELF.parent, note=None, *more):
    book, found = dict(id="", time="", names=set(), open=set(), texts=set(), leaves=[]), {}
    codes = [2 if more else holds(check_kinds, folder, found)]
    if codes == [0]:
        codes += [holds(check_sums, folder, found), holds(check_entries, folder, book)]
    if codes[2:] == [0]:
        notes = [(folder / "checkpoint.txt", book)] + ([(note, book, folder)] if note else [])
        codes += [holds(check_texts, folder, book), *[holds(check_note, *each) for each in notes]]
    code = 1 if 1 in codes else max(codes)
    label = "L2, witnessed, if you kept the note yourself" if note else "L0, self-attested"
    print("label:", [label, "none, for something fails", "none, not all could be looked at"][code])
    print(UNKNOWN)
    return code

if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):  # a reader that stops early is no error
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
