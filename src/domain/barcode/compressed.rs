//! Compressed GS1 Digital Links: what one looks like (GS1 Digital Link standard, Compression).
//!
//! A compressed link ends in one stretch of base 64 letters, six bits each. The bits begin with the
//! identifier of a key, four bits for each digit, or with eight bits that stand for a key and what
//! follows it; then comes the number of the key in binary. Any word of such letters is bits too, so
//! that a word can only look like one: what is no key's beginning is none.

/// The number of a key: its decimal digits, and the bits that hold them.
struct Number {
    digits: u32,
    bits: u32,
}

/// Whether a segment of a path can be a compressed link: it begins with a key and its number.
pub(super) fn is_plausible(segment: &str) -> bool {
    let Some(bits) = first_bits(segment) else { return false };
    match key(bits) {
        None => false,
        Some((_, None)) => true,
        Some((begun, Some(number))) => {
            let there = segment.len() as u32 * 6;
            let value = (bits << begun) >> (u128::BITS - number.bits);
            begun + number.bits <= there && value < 10_u128.pow(number.digits)
        }
    }
}

/// Whether a segment is long enough for a key, and of the letters of a compressed link alone.
pub(super) fn is_base_64(segment: &str) -> bool {
    segment.len() >= 10 && segment.bytes().all(|letter| six_bits(letter).is_some())
}

/// The first bits of a segment, from the highest on; none where it is no base 64.
fn first_bits(segment: &str) -> Option<u128> {
    if !is_base_64(segment) {
        return None;
    }
    let letters = segment.bytes().filter_map(six_bits).take(20);
    Some(letters.enumerate().fold(0, |bits, (place, six)| bits | six << (122 - 6 * place)))
}

fn six_bits(letter: u8) -> Option<u128> {
    let place = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u128::from(place))
}

/// How many bits name the key, and what its number is, where it has no letters; none where no key
/// begins so.
fn key(bits: u128) -> Option<(u32, Option<Number>)> {
    let first = |count: u32| bits >> (u128::BITS - count);
    let of = |digits: u32| Some(Number { digits, bits: (10_u128.pow(digits) - 1).ilog2() + 1 });
    Some(match first(8) {
        0x00 => (8, of(18)),
        // GTIN, alone or with what often stands beside it.
        0x01 | 0x0a..=0x0f | 0x1a..=0x1f | 0x2a..=0x2f | 0x3a..=0x3f | 0xa0..=0xa9 => (8, of(14)),
        0x9d | 0xc0..=0xcd => (8, of(13)),
        0x9b | 0x9c => (8, of(18)),
        _ => match first(12) {
            0x253 | 0x255 | 0x410..=0x417 => (12, of(13)),
            0x402 => (12, of(17)),
            _ => match first(16) {
                0x8003 => (16, of(14)),
                0x8006 | 0x8017 | 0x8018 => (16, of(18)),
                0x8004 | 0x8010 | 0x8013 => (16, None),
                _ => return None,
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressed_link_begins_with_a_key_and_its_number() {
        // A GTIN alone; one with a serial number; the same in capitals only.
        for link in ["ARFKk4XB0CDKWcnpq", "DBHKVAdpQgqrsbbHRA", "ARFKK4XB0CDK"] {
            assert!(is_plausible(link), "{link}");
        }
        // A key that may hold letters.
        for link in ["gAQAAAAAAA", "gBAAAAAAAA", "gBMAAAAAAA"] {
            assert!(is_plausible(link), "{link}");
        }
        for word in ["MyProductPage", "treatments-2026", "ARFKk4XB0", "", "ARFKk4XB0CDK.cnpq"] {
            assert!(!is_plausible(word), "{word}");
        }
        // 47 bits hold more than 14 digits, and a number beyond them is none.
        assert!(!is_plausible("Af_________"));
        assert!(is_plausible("AQAAAAAAAA"));
    }

    #[test]
    fn every_beginning_is_looked_at() {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let letter = |bits: u32, place: u32| char::from(LETTERS[(bits >> place & 63) as usize]);
        for bits in 0..1 << 18_u32 {
            for rest in ["AAAAAAA", "_______"] {
                let begun = [letter(bits, 12), letter(bits, 6), letter(bits, 0)];
                is_plausible(&(begun.iter().collect::<String>() + rest));
            }
        }
    }
}
