import pytest

from tests.factories import CommuneFactory


@pytest.fixture
def toulouse(db):
    return CommuneFactory(
        code="31555",
        name="Toulouse",
        postcodes=" 31000 31100 ",
        department="31",
        population=500_000,
        latitude=43.6,
        longitude=1.43,
    )


@pytest.fixture
def blagnac(toulouse):
    return CommuneFactory(
        code="31069",
        name="Blagnac",
        postcodes=" 31700 ",
        department="31",
        population=25_000,
        latitude=43.6376,
        longitude=1.3736,
    )
