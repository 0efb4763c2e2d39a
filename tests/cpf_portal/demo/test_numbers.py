import pytest
from stdnum.fr import nir as stdnum_nir
from stdnum.fr import siret as stdnum_siret

from accounts.nir import Nir
from cpf_portal.demo import numbers


@pytest.mark.parametrize("serial", [0, 1, 9, 10, 249, 9999])
def test_siret_is_valid_and_of_the_fictitious_range(serial):
    number = numbers.siret(serial)

    assert stdnum_siret.is_valid(number)
    assert number.startswith(numbers.FICTITIOUS_SIREN)


def test_sirets_differ():
    assert len({numbers.siret(serial) for serial in range(10_000)}) == 10_000


def test_fictitious_nir_is_valid_and_of_a_country_that_does_not_exist():
    drawn = [numbers.fictitious_nir() for _ in range(200)]

    assert all(stdnum_nir.is_valid(nir.value + nir.key) for nir in drawn)
    assert {nir.value[5:10] for nir in drawn} == {"99999"}
    assert min(int(nir.value[10:]) for nir in drawn) >= numbers.FIRST_FREE_ORDER
    assert len(set(drawn)) > 190


def test_spaced_nir_reads_as_people_write_it():
    assert numbers.spaced(Nir.parse("2850599999001")) == "2 85 05 99 999 001"


@pytest.mark.parametrize(
    ("region", "start"),
    [
        ("11", "+3319900"),
        ("53", "+3326191"),
        ("44", "+3335301"),
        ("84", "+3346571"),
        ("75", "+3353649"),
        ("04", "+3363998"),
    ],
)
def test_phone_is_of_the_fiction_block_of_the_region(region, start):
    number = numbers.phone(region, 249)

    assert number.startswith(start)
    assert len(number) == len("+33199000000")
