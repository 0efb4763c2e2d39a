"""Amounts as the staff type them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from rights.admin.forms import EurosField


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("150", "150"),
        ("-150,50", "-150.50"),
        ("1 000,00", "1000.00"),
        ("-1\u00a0000,00", "-1000.00"),
        ("1\u202f000\u00a0€", "1000"),
        ("\u2212 12,5", None),
        ("\u221212,5", "-12.5"),
        ("123 456", "123456"),
        ("10 00", None),
        ("1 0000", None),
        ("1 e3", None),
        ("NaN", None),
        ("1,005", None),
    ],
)
def test_amount_is_read_as_french_people_type_it(typed, amount):
    field = EurosField()

    if amount is None:
        with pytest.raises(ValidationError):
            field.clean(typed)
    else:
        assert field.clean(typed) == Decimal(amount)
