//! Check digits and check characters: what tells a label from a typing error.

/// The check digit of GS1 keys, as an ASCII digit: weights 3, 1, 3 ... from the right, modulo 10
/// (GS1 General Specifications, "Standard check digit calculations"). `digits` leaves it out.
pub(super) fn check_digit(digits: &[u8]) -> u8 {
    let mut sum = 0u32;
    let mut weight = 3;
    for digit in digits.iter().rev() {
        sum = (sum + u32::from(digit.wrapping_sub(b'0')) * weight) % 10;
        weight = 4 - weight;
    }
    b'0' + ((10 - sum) % 10) as u8
}

/// Whether the last of these ASCII digits is the check digit of the others.
pub(super) fn ends_in_check_digit(digits: &[u8]) -> bool {
    digits.split_last().is_some_and(|(last, rest)| check_digit(rest) == *last)
}

/// The character set of the check pair, in the order of its values.
const PAIR_CHARACTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The 82 characters of GS1 text in the order of their values, which is that of ASCII.
pub(super) const TEXT_CHARACTERS: &[u8; 82] =
    b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// Weights of the check pair from the right: primes. No value that has one is longer.
const PRIMES: [u32; 23] =
    [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];

/// The pair of check characters of a Global Model Number (GS1 General Specifications, "Check
/// character calculation for alphanumeric keys"). `data` leaves the pair out. `None` if it is
/// longer than such a number can be, or holds a character outside the 82.
pub(super) fn check_pair(data: &[u8]) -> Option<[u8; 2]> {
    if data.len() > PRIMES.len() {
        return None;
    }
    let mut sum = 0u32;
    for (byte, prime) in data.iter().rev().zip(PRIMES) {
        sum += TEXT_CHARACTERS.binary_search(byte).ok()? as u32 * prime;
    }
    let sum = (sum % 1021) as usize;
    Some([PAIR_CHARACTERS[sum >> 5], PAIR_CHARACTERS[sum & 31]])
}

/// The characters of HIBC in the order of their values (ANSI/HIBC 2.6, appendix B).
const HIBC_CHARACTERS: &[u8; 43] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// `VALUES[byte]`: the value of a character, or 43 for those that HIBC does not know.
const VALUES: [u8; 256] = {
    let mut values = [43; 256];
    let mut value = 0;
    while value < HIBC_CHARACTERS.len() {
        values[HIBC_CHARACTERS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Whether a character is one of the 43 of HIBC.
pub(super) fn is_hibc(character: char) -> bool {
    character.is_ascii() && VALUES[character as usize] < 43
}

/// Whether a barcode of a pack can hold the letter in a lot: GS1's 82 characters, and HIBC's.
pub fn is_in_barcodes(character: char) -> bool {
    is_hibc(character) || TEXT_CHARACTERS.iter().any(|byte| char::from(*byte) == character)
}

/// The modulo 43 check character of HIBC text that leaves it out, flag character included. All
/// characters are those of HIBC.
pub(super) fn hibc_check(text: &[u8]) -> u8 {
    let sum: usize = text.iter().map(|byte| usize::from(VALUES[usize::from(*byte)])).sum();
    HIBC_CHARACTERS[sum % 43]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_of_real_keys() {
        assert_eq!(check_digit(b"0030496088230"), b'1');
        assert_eq!(check_digit(b"0034670858231"), b'9');
        assert_eq!(check_digit(b"0037357500909"), b'0');
        assert!(ends_in_check_digit(b"4006381333931"));
        assert!(!ends_in_check_digit(b"4006381333932"));
        assert!(!ends_in_check_digit(b""));
    }

    #[test]
    fn text_characters_are_in_the_order_of_their_values() {
        assert!(TEXT_CHARACTERS.is_sorted());
    }

    #[test]
    fn check_pairs_follow_the_general_specifications() {
        assert_eq!(check_pair(b"1987654Ad4X4bL5ttr2310c"), Some(*b"2K"));
        assert_eq!(check_pair(b""), Some(*b"22"));
        assert_eq!(check_pair(b"12 45"), None);
        assert_eq!(check_pair(b"123456789012345678901234"), None);
    }

    #[test]
    fn hibc_check_characters_follow_ansi_hibc_2_6() {
        assert_eq!(hibc_check(b"+A123BJC5D6E71"), b'G');
        assert_eq!(hibc_check(b"+$$52001510X3G"), b'D');
        assert!(is_hibc(' ') && is_hibc('Z') && is_hibc('%'));
        assert!(!is_hibc('a') && !is_hibc('*') && !is_hibc('\u{141}'));
    }
}
