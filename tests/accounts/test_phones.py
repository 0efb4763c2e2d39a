import pytest

from accounts.phones import InvalidPhone, PhoneKind, clean_phone, readable

LANDLINE, MOBILE, EITHER, SPECIAL = (
    PhoneKind.LANDLINE,
    PhoneKind.MOBILE,
    PhoneKind.EITHER,
    PhoneKind.SPECIAL,
)


@pytest.mark.parametrize(
    ("typed", "e164", "kind", "region"),
    [
        ("0612345678", "+33612345678", MOBILE, "FR"),
        ("06 12 34 56 78", "+33612345678", MOBILE, "FR"),
        ("06.12.34.56.78", "+33612345678", MOBILE, "FR"),
        ("06-12-34-56-78", "+33612345678", MOBILE, "FR"),
        ("06\u00a012\u202f34 56 78", "+33612345678", MOBILE, "FR"),
        ("+33 6 12 34 56 78", "+33612345678", MOBILE, "FR"),
        ("+33 (0)6 12 34 56 78", "+33612345678", MOBILE, "FR"),
        ("0033612345678", "+33612345678", MOBILE, "FR"),
        ("０６１２３４５６７８", "+33612345678", MOBILE, "FR"),
        ("01 23 45 67 89", "+33123456789", LANDLINE, "FR"),
        ("09 12 34 56 78", "+33912345678", LANDLINE, "FR"),
        ("0692 12 34 56", "+262692123456", MOBILE, "RE"),
        ("0262 12 34 56", "+262262123456", LANDLINE, "RE"),
        ("+262 692 12 34 56", "+262692123456", MOBILE, "RE"),
        ("0639 01 23 45", "+262639012345", MOBILE, "YT"),
        ("0690 12 34 56", "+590690123456", MOBILE, "GP"),
        ("0694 20 12 34", "+594694201234", MOBILE, "GF"),
        ("0696 20 12 34", "+596696201234", MOBILE, "MQ"),
        ("0596 60 12 34", "+596596601234", LANDLINE, "MQ"),
        ("0508 41 23 45", "+508412345", LANDLINE, "PM"),
        ("+32 470 12 34 56", "+32470123456", MOBILE, "BE"),
        ("+1 212 555 2368", "+12125552368", EITHER, "US"),
        ("0812 345 678", "+33812345678", SPECIAL, "FR"),
        ("0800 123 456", "+33800123456", SPECIAL, "FR"),
        ("06 39 98 00 01", "+33639980001", MOBILE, "FR"),  # kept for fiction
        ("+33 6 39 98 00 01", "+33639980001", MOBILE, "FR"),
    ],
)
def test_clean_phone_reads_the_forms_that_people_type(typed, e164, kind, region):
    phone = clean_phone(typed)

    assert (phone.e164, phone.kind, phone.region) == (e164, kind, region)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "12", "36 39", "112", "06 12 34 56", "06123456789", "0712345678", "+999 12", "0" * 30,
     "06 12 34 56 78 poste 5", "+33 6 39 98 00"],
)  # fmt: skip
def test_clean_phone_refuses_what_is_no_number(typed):
    with pytest.raises(InvalidPhone):
        clean_phone(typed)


def test_clean_phone_refuses_numbers_of_fiction_in_production(settings):
    settings.DEMONSTRATION = False

    with pytest.raises(InvalidPhone):
        clean_phone("06 39 98 00 01")


@pytest.mark.parametrize(
    ("e164", "text"),
    [
        ("", ""),
        ("+33612345678", "06 12 34 56 78"),
        ("+262692123456", "0692 12 34 56"),
        ("+508412345", "0508 41 23 45"),
        ("+32470123456", "+32 470 12 34 56"),
    ],
)
def test_readable_writes_the_number_as_it_is_dialled_from_france(e164, text):
    assert readable(e164) == text


@pytest.mark.parametrize("e164", ["+33612345678", "+262692123456", "+508412345", "+32470123456"])
def test_readable_is_understood_again(e164):
    assert clean_phone(readable(e164)).e164 == e164
