"""The edge cases of the number: a table, each line with its reason."""

import pytest

from accounts.franceconnect.identity import Identity
from accounts.franceconnect.matching import is_number_of, is_same_name
from accounts.nir import Nir


def identity(sex="F", born="1985-05-12", place="75112", country="99100", name="EXEMPLE"):
    return Identity(
        issuer="https://idp.example.org", sub="s", acr="eidas1", birth_name=name,
        given_names="Camille", usage_name="", sex=sex, birthdate=born, birthplace=place,
        birthcountry=country, email="",
    )  # fmt: skip


YES, NO = True, False
# number, sex, birthdate, commune, country, verdict, why
CASES = [
    ("2850575112123", "F", "1985-05-12", "75112", "99100", YES, "Paris, all ten characters"),
    ("1850575112123", "F", "1985-05-12", "75112", "99100", NO, "another sex"),
    ("1850575112123", "M", "1985-05-12", "75112", "99100", YES, "a man"),
    ("2860575112123", "F", "1985-05-12", "75112", "99100", NO, "another year"),
    ("2850675112123", "F", "1985-05-12", "75112", "99100", NO, "another month"),
    ("2850569123123", "F", "1985-05-12", "75112", "99100", NO, "another town"),
    ("2850575113123", "F", "1985-05-12", "75112", "99100", NO, "another arrondissement"),
    ("2850575112123", "F", "1985-05-12", "75056", "99100", YES, "Paris told as a whole"),
    ("2850575056123", "F", "1985-05-12", "75112", "99100", YES, "Paris whole in the number"),
    ("2850569383123", "F", "1985-05-12", "69123", "99100", YES, "Lyon told as a whole"),
    ("2850513205123", "F", "1985-05-12", "13055", "99100", YES, "Marseille told as a whole"),
    ("2850513217123", "F", "1985-05-12", "13055", "99100", NO, "Marseille has no 17th"),
    ("2050575112123", "F", "2005-05-12", "75112", "99100", YES, "born in 2005"),
    ("2050575112123", "F", "1905-05-12", "75112", "99100", YES, "the century is not in the number"),
    # Corsica
    ("185052A004123", "M", "1985-05-12", "2A004", "99100", YES, "Ajaccio after 1976"),
    ("285052B033123", "F", "1985-05-12", "2B033", "99100", YES, "Bastia after 1976"),
    ("285052A004123", "F", "1985-05-12", "2B004", "99100", NO, "the other half of the island"),
    ("1700520004123", "M", "1970-05-12", "2A004", "99100", YES, "Ajaccio before 1976: 20"),
    ("1700520033123", "M", "1970-05-12", "2B033", "99100", YES, "Bastia before 1976: 20"),
    ("1751220004123", "M", "1975-12-31", "2A004", "99100", YES, "the last year of 20"),
    ("1760120004123", "M", "1976-01-01", "2A004", "99100", NO, "20 was over"),
    ("1700520004123", "M", "1970-05-12", "20004", "99100", YES, "20 told by both"),
    ("1700520004123", "M", "1970-05-12", "2A041", "99100", NO, "another commune of the island"),
    # Old départements
    ("1600678551123", "M", "1960-06-01", "78551", "99100", YES, "Seine-et-Oise, today Yvelines"),
    ("1600678174123", "M", "1960-06-01", "91174", "99100", YES, "Seine-et-Oise, today Essonne"),
    ("1600678018123", "M", "1960-06-01", "95018", "99100", YES, "Seine-et-Oise, today Val-d’Oise"),
    ("1600675012123", "M", "1960-06-01", "92012", "99100", YES, "Seine, today Hauts-de-Seine"),
    ("1600675048123", "M", "1960-06-01", "93048", "99100", YES, "Seine, today Seine-Saint-Denis"),
    ("1600675012123", "M", "1960-06-01", "95012", "99100", NO, "no heir of the Seine"),
    ("1680175012123", "M", "1968-01-02", "92012", "99100", NO, "the Seine was no more"),
    ("1680192012123", "M", "1968-01-02", "92012", "99100", YES, "Hauts-de-Seine"),
    # Overseas
    ("1880397105123", "M", "1988-03-09", "97105", "99100", YES, "Guadeloupe"),
    ("1880397411123", "M", "1988-03-09", "97411", "99100", YES, "Réunion"),
    ("1880397411123", "M", "1988-03-09", "97105", "99100", NO, "another island"),
    ("1880398735123", "M", "1988-03-09", "98735", "99100", YES, "French Polynesia"),
    ("1880398818123", "M", "1988-03-09", "98818", "99100", YES, "New Caledonia"),
    ("1880398511123", "M", "1988-03-09", "97611", "99100", YES, "Mayotte before 2011: 985"),
    ("1880397127123", "M", "1988-03-09", "97801", "99100", YES, "Saint-Martin before 2007"),
    ("1880397123123", "M", "1988-03-09", "97701", "99100", YES, "Saint-Barthélemy before 2007"),
    ("1880397502123", "M", "1988-03-09", "97502", "99100", YES, "Saint-Pierre-et-Miquelon"),
    # Abroad
    ("1780599330108", "M", "1978-05-03", "", "99330", YES, "abroad: the country"),
    ("1780599330108", "M", "1978-05-03", "", "99331", NO, "another country"),
    ("1780599330108", "M", "1978-05-03", "75112", "99100", NO, "abroad, and told to be in France"),
    ("1780575112108", "M", "1978-05-03", "", "99330", NO, "in France, and told to be abroad"),
    ("2850599999001", "F", "1985-05-12", "", "99999", YES, "the country of the demonstration"),
    ("1500691352123", "M", "1950-06-01", "", "99352", YES, "Algeria before its independence"),
    ("1500692352123", "M", "1950-06-01", "", "99352", YES, "Oran before the independence"),
    ("1500691352123", "M", "1950-06-01", "91352", "99352", YES, "and its commune is told"),
    ("1500691352123", "M", "1950-06-01", "91353", "99352", NO, "and another commune is told"),
    ("1500699352123", "M", "1950-06-01", "", "99352", YES, "Algeria by its country"),
    ("1630691352123", "M", "1963-06-01", "", "99352", NO, "Algeria was independent"),
    ("1500691352123", "M", "1950-06-01", "", "99350", NO, "Algeria is not Morocco"),
    ("1500395001123", "M", "1950-03-09", "", "99350", YES, "Morocco before its independence"),
    ("1570395001123", "M", "1957-03-09", "", "99350", NO, "Morocco was independent"),
    ("1500396001123", "M", "1950-03-09", "", "99351", YES, "Tunisia before its independence"),
    ("1500395001123", "M", "1950-03-09", "", "99351", NO, "Morocco is not Tunisia"),
    # Months that are not told
    ("1882075112123", "M", "1988-01-01", "75112", "99100", YES, "month 20: unknown"),
    ("1882075112123", "M", "1988-07-14", "75112", "99100", YES, "month 20, known since"),
    ("1882075112123", "M", "1987-01-01", "75112", "99100", NO, "month 20, another year"),
    ("1882075113123", "M", "1988-01-01", "75112", "99100", NO, "month 20, another place"),
    ("2882075112123", "M", "1988-01-01", "75112", "99100", NO, "month 20, another sex"),
    ("1882575112123", "M", "1988-01-01", "75112", "99100", YES, "month 25: incomplete record"),
    ("1884275112123", "M", "1988-01-01", "75112", "99100", YES, "month 42: incomplete record"),
    ("1889975112123", "M", "1988-01-01", "75112", "99100", YES, "month 99"),
    ("1880175112123", "M", "1988-01-01", "75112", "99100", YES, "January, or a month written 01"),
    ("1880575112123", "M", "1988-01-01", "75112", "99100", NO, "May is not an unknown month"),
    ("1880575112123", "M", "1988-00-00", "75112", "99100", NO, "a month told by the number alone"),
    # Numbers that are being attributed
    ("3780575112123", "M", "1978-05-03", "75112", "99100", YES, "3: a man, being attributed"),
    ("4780575112123", "F", "1978-05-03", "75112", "99100", YES, "4: a woman, being attributed"),
    ("3780575112123", "F", "1978-05-03", "75112", "99100", NO, "3: not a woman"),
    ("7780575112123", "M", "1978-05-03", "75112", "99100", NO, "7: temporary, proves nothing"),
    ("8780575112123", "F", "1978-05-03", "75112", "99100", NO, "8: temporary, proves nothing"),
]  # fmt: skip

NAMES = [
    ("Lefèvre", "LEFEVRE", YES),
    ("LEFÈVRE", "Lefèvre", YES),
    ("de la Fontaine", "DE LA FONTAINE", YES),
    ("De La Fontaine", "DELAFONTAINE", YES),
    ("LA FONTAINE", "DE LA FONTAINE", NO),
    ("d’Almeida", "D'ALMEIDA", YES),
    ("Dalmeida", "D’ALMEIDA", YES),
    ("N’Diaye-Mélinand", "NDIAYE MELINAND", YES),
    ("N’DIAYE-MÉLINAND", "N’DIAYE", NO),
    ("Le Goff", "LEGOFF", YES),
    ("O’Connor", "O'CONNOR", YES),
    ("Saint-Étienne", "SAINT ETIENNE", YES),
    ("Cœur", "COEUR", YES),
    ("Muñoz", "MUNOZ", YES),
    ("García-Lopes", "LOPES GARCIA", NO),
    ("Durand", "DURANT", NO),
    ("Durand", "MARTIN", NO),  # the usage name of a married woman is not her birth name
    ("Łukasz", "LUKASZ", YES),
    ("", "", NO),
]


@pytest.mark.parametrize(
    ("number", "sex", "born", "place", "country", "verdict", "why"),
    CASES,
    ids=[f"{case[6]}-{case[0][:10]}" for case in CASES],
)
def test_number_is_matched_or_refused(number, sex, born, place, country, verdict, why):
    person = identity(sex=sex, born=born, place=place, country=country)

    assert is_number_of(Nir.parse(number), person) is verdict


@pytest.mark.parametrize(("name", "other", "verdict"), NAMES)
def test_birth_names_are_compared_as_people_do(name, other, verdict):
    assert is_same_name(name, other) is verdict
    assert is_same_name(other, name) is verdict


def test_table_is_long_enough():
    assert len(CASES) >= 40
    assert sum(case[5] for case in CASES) > 20
    assert sum(not case[5] for case in CASES) > 20


@pytest.mark.parametrize(
    ("place", "country", "words"),
    [
        ("44109", "99100", "En France, département 44"),
        ("2A004", "99100", "En France, département 2A"),
        ("97105", "99100", "En France, département 971"),
        ("", "99351", "Hors de France"),
    ],
)
def test_place_of_birth_is_told_as_far_as_it_is_known(place, country, words):
    assert identity(place=place, country=country).birthplace_in_words == words


@pytest.mark.parametrize("position", range(10))
def test_each_of_the_ten_characters_counts(position):
    person = identity(sex="F", born="1985-05-12", place="44109", country="99100")
    value = "2850544109123"
    assert is_number_of(Nir.parse(value), person)
    others = [
        value[:position] + digit + value[position + 1 :]
        for digit in "0123456789"
        if digit != value[position]
    ]
    wrong = [nir for text in others if (nir := parsed(text)) is not None]

    # A month that was unknown is told by no digit: only these may agree.
    agreeing = [nir for nir in wrong if is_number_of(nir, person)]
    assert all(int(nir.value[3:5]) > 12 or nir.value[0] == "4" for nir in agreeing)
    assert wrong


def parsed(text):
    try:
        return Nir.parse(text)
    except ValueError:
        return None
