"""Tell card numbers and IBANs from other long numbers: by issuer, length and checksum."""

import re

CARD_ISSUERS = re.compile(
    r"""
      4 \d{12} (?:\d{3}){0,2}
    | (?: 5[1-5]\d\d | 222[1-9] | 22[3-9]\d | 2[3-6]\d\d | 27[01]\d | 2720 ) \d{12}
    | 3[47] \d{13}
    | 3 (?: 0[0-5] | [689]\d ) \d{11}
    | (?: 6011 | 64[4-9]\d | 65\d\d | 62\d\d | 35\d\d ) \d{12,15}
    """,
    re.VERBOSE,
)
UPPER_HEX_ID = re.compile(r"[0-9A-F]{32}")
MIN_IBAN_LENGTH = 15


def is_card_number(text: str) -> bool:
    """Tell whether digits, with single spaces or dashes, are a card's: issuer and Luhn's sum."""
    digits = text.replace(" ", "").replace("-", "")
    if not CARD_ISSUERS.fullmatch(digits):
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0


def find_iban(text: str) -> str:
    """Return the start of the text that is an IBAN, "" if none is: words may follow in capitals."""
    candidate = text
    while len(candidate.replace(" ", "")) >= MIN_IBAN_LENGTH:
        if _has_iban_checksum(candidate.replace(" ", "")):
            return candidate
        candidate = candidate.rpartition(" ")[0]
    return ""


def _has_iban_checksum(iban: str) -> bool:
    """ISO 13616: moved to the end, country and check digits make the remainder 1 by 97."""
    if UPPER_HEX_ID.fullmatch(iban):
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1
