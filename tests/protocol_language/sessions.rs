//! Sessions for tests, written as short lines.
