"""French telephone numbers, overseas included: typed in any usual form, kept as E.164."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from django.conf import settings
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_SEPARATORS = re.compile(r"[\s.\-‐‑–_/()]")
# Block of mobile numbers that ARCEP keeps for fiction: a demonstration needs numbers of nobody.
_FICTION = re.compile(r"(?:0|0033|\+330?)(63998\d{4})")
# Overseas numbers are dialled like those of the mainland, but belong to another calling code.
_OVERSEAS = (
    (re.compile(r"0((?:262|263|269|692|693|639)\d{6})"), "+262"),  # Réunion, Mayotte
    (re.compile(r"0((?:590|690|691)\d{6})"), "+590"),  # Guadeloupe, St-Martin, St-Barthélemy
    (re.compile(r"0((?:594|694)\d{6})"), "+594"),  # Guyane
    (re.compile(r"0((?:596|696|697)\d{6})"), "+596"),  # Martinique
    (re.compile(r"0508(\d{6})"), "+508"),  # Saint-Pierre-et-Miquelon
)
_SAINT_PIERRE = "+508"
_DIALLED_FROM_FRANCE = {"+33", *(code for _, code in _OVERSEAS)}


class InvalidPhone(ValueError):
    """The text is not a telephone number. The message never repeats it."""


class PhoneKind(StrEnum):
    LANDLINE = "fixe"
    MOBILE = "mobile"
    EITHER = "fixe ou mobile"  # some countries do not tell them apart
    SPECIAL = "special"  # premium, toll-free, short: nobody is reached there


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid number; `region` is the ISO code of the territory (FR, RE, GP…)."""

    e164: str
    kind: PhoneKind
    region: str


_KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneKind.EITHER,
    PhoneNumberType.VOIP: PhoneKind.LANDLINE,  # 09: the line of a box at home
}


def clean_phone(text: str) -> Phone:
    """Return the number typed in `text`, in French national form or with a calling code.

    Raises InvalidPhone.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if settings.DEMONSTRATION and (found := _FICTION.fullmatch(digits)):
        return Phone(e164=f"+33{found[1]}", kind=PhoneKind.MOBILE, region="FR")
    try:
        number = phonenumbers.parse(_with_overseas_code(digits), "FR")
    except phonenumbers.NumberParseException:
        raise InvalidPhone from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise InvalidPhone
    return Phone(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        kind=_KINDS.get(phonenumbers.number_type(number), PhoneKind.SPECIAL),
        region=phonenumbers.region_code_for_number(number) or "",
    )


def readable(e164: str) -> str:
    """Return a kept number as it is dialled from France, « 06 12 34 56 78 »; "" for ""."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    if f"+{number.country_code}" == _SAINT_PIERRE:
        return f"0508 {e164[4:6]} {e164[6:8]} {e164[8:]}"  # the library leaves the 508 out
    if f"+{number.country_code}" in _DIALLED_FROM_FRANCE:
        return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _with_overseas_code(digits: str) -> str:
    for pattern, code in _OVERSEAS:
        if found := pattern.fullmatch(digits):
            return code + found[1]
    return digits
