"""Take out of a text for the logs what could name a person: numbers, addresses, telephones.

Where `masking` hides a number somebody wrote in a field, this one meets whatever a visitor or a bug may
send to a log: digits of other scripts, percent signs in percent signs, escapes of a repr. It reads
the text once, so that no text can make it slow.
"""

import re
import unicodedata
from collections.abc import Iterator

from cpf_portal.ui.masking import MASK

MASKED_EMAIL = "[adresse masquée]"
FEWEST_DIGITS = 10  # of a telephone
MOST_BETWEEN = 4  # signs between two digits of the same number

# %32 is a digit, %2532 too; %41 an A of Corsica.
_ENCODED_DIGIT = re.compile(r"%(?:25){0,4}3([0-9])")
_ENCODED_LETTER = re.compile(r"%(?:25){0,4}[46]([12])")
_ENCODED_AT = re.compile(r"%(?:25){0,4}40")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_TOKEN = re.compile(
    r"""
    (?P<moment>(?<![0-9])20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])
        (?:[T\ ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,6})?)?)?(?![0-9]))
    | (?P<between>%(?:25){0,4}[0-9A-Fa-f]{2} | \\{1,4}(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[a-z])
        | &\#?[0-9A-Za-z]{2,6}; | [^0-9A-Za-z])
    | (?P<digits>[0-9]+) | (?P<letter>(?<=2)[ABab]|[ABab](?![A-Za-z])) | (?P<other>[A-Za-z])
    """,
    re.VERBOSE,
)
# From one end of the digits to the other, or to a letter that is not of Corsica after all.
_NUMBER = re.compile(
    r"(?:^|(?<=[AB]))"
    r"(?:[1-478][0-9]{5}[0-9AB][0-9]{6,8}|0[1-9][0-9]{8}|(?:00)?330?[1-9][0-9]{8})"
    r"(?=$|[AB])",
    re.IGNORECASE,
)
LONGEST = 24  # digits, with some to spare

Group = tuple[int, int, str]  # where it begins and ends in the text, its digits


def redact(text: str) -> str:
    """Return `text` without what looks like a social security number, a telephone or an address."""
    text = _plain(text)
    if "@" in text:
        text = _EMAIL.sub(MASKED_EMAIL, text)
    if sum(map(text.count, "0123456789")) < FEWEST_DIGITS:
        return text
    pieces, end = [], 0
    for start, stop in _hidden(text):
        pieces += [text[end:start], MASK]
        end = stop
    return "".join([*pieces, text[end:]])


def _plain(text: str) -> str:
    """Return `text` with its digits and at signs as plain characters."""
    if not text.isascii():
        text = "".join(_plain_sign(sign) for sign in unicodedata.normalize("NFKC", text))
    if "%" in text:
        text = _ENCODED_DIGIT.sub(r"\1", text)
        text = _ENCODED_LETTER.sub(lambda found: "AB"[int(found[1]) - 1], text)
        text = _ENCODED_AT.sub("@", text)
    return text


def _plain_sign(sign: str) -> str:
    digit = unicodedata.decimal(sign, None) if not sign.isascii() else None
    return sign if digit is None else str(digit)


def _hidden(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places to hide, in order: runs of groups of digits that make a number together."""
    for run in _runs(text):
        hidden: list[tuple[int, int]] = []
        for first in range(len(run)):
            last = _number_from(run, first)
            if last is not None:
                start, stop = run[first][0], run[last][1]
                if hidden and start <= hidden[-1][1]:
                    start, stop = hidden[-1][0], max(stop, hidden.pop()[1])
                hidden.append((start, stop))
        yield from hidden


def _number_from(run: list[Group], first: int) -> int | None:
    """Return the last group with which that of `first` makes the longest number, if it makes one."""
    digits, found = "", None
    for index in range(first, len(run)):
        digits += run[index][2]
        if _NUMBER.search(digits):
            found = index
        if len(digits) > LONGEST:
            break
    return found


def _runs(text: str) -> Iterator[list[Group]]:
    """Yield the groups of digits (or letters of Corsica) that only a few signs separate."""
    run: list[Group] = []
    between, former = 0, ""
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "between":
            between += 1
        elif token.lastgroup == "digits" or (token.lastgroup == "letter" and former != "other"):
            _join(run, token, between)
            between, former = 0, "digits"
            continue
        former = "between" if token.lastgroup == "between" else "other"
        if run and (former != "between" or between > MOST_BETWEEN):
            yield run
            run = []
    if run:
        yield run


def _join(run: list[Group], token: re.Match[str], between: int) -> None:
    if run and not between:  # « 2A004 » is one group
        start, _, digits = run[-1]
        run[-1] = (start, token.end(), digits + token.group())
    else:
        run.append((token.start(), token.end(), token.group()))
