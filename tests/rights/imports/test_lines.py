from datetime import date
from io import BytesIO

import pytest

from accounts.models import Titulaire
from accounts.nir import Nir
from rights.imports import lines
from rights.imports.lines import Line, read_lines
from rights.imports.table import BadFile, BadLine
from rights.models import Movement, MovementKind

TODAY = date(2026, 11, 22)
HEADER = "nir;nom_naissance;annee;nature;montant;origine"
NIR = Nir.parse("2850599999001")


def read(text: str | bytes) -> list[Line | BadLine]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(read_lines(BytesIO(raw), today=TODAY))


def only_reason(line: str | bytes) -> str:
    raw = line if isinstance(line, bytes) else line.encode()
    (bad,) = read(HEADER.encode() + b"\n" + raw)
    assert isinstance(bad, BadLine)
    assert bad.number == 2
    return bad.reason


def good_line(**cells: str) -> str:
    content = {
        "nir": NIR.value + NIR.key,
        "name": "DURAND",
        "year": "2020",
        "kind": "alimentation",
        "amount": "500,00",
        "source": "DSN",
    }
    return ";".join((content | cells).values())


def test_line_is_read_whole():
    (line,) = read(f"{HEADER}\n{good_line(name='  Le   Goff ', amount='1 105,00')}\n")

    assert isinstance(line, Line)
    assert (line.number, line.nir, line.birth_name, line.birth_name_folded) == (
        2, NIR, "Le Goff", "legoff",
    )  # fmt: skip
    assert (line.year, line.kind, line.amount_cents, line.source, line.effective_on) == (
        2020, MovementKind.YEARLY_CREDIT, 1105_00, "DSN", TODAY,
    )  # fmt: skip


def test_line_shows_nothing_of_the_person():
    (line,) = read(f"{HEADER}\n{good_line(name='ZZCANARINOM')}\n")

    assert "ZZCANARINOM" not in repr(line)
    assert NIR.value not in repr(line)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n{good_line()}\n",
        f"{HEADER}\r\n{good_line()}\r\n",
        f"\ufeff{HEADER}\n{good_line()}",
        f"{HEADER}\n\n{good_line()}\n\n",
        f"NIR;Nom de naissance;Année;NATURE;Montant;Origine\n{good_line()}\n",
        f'nir,birth name,year,kind,amount,source\n{NIR.value},DURAND,2020,yearly_credit,"500,00",DSN\n',
        f"{HEADER};prenom\n{good_line()};Camille\n",
        f"{HEADER};date\n{good_line()};22/11/2026\n",
        f"origine;montant;nature;annee;nom_naissance;nir\nDSN;500.00;alimentation;2020;DURAND;{NIR.value}\n",
        f"{HEADER}\n{good_line(nir='2 85 05 99 999 001')}\n",
        f'{HEADER}\n{good_line(name=chr(34) + "DURAND" + chr(34))}\n',
    ],
    ids=[
        "unix", "windows", "bom", "blank lines", "header words", "english and commas",
        "another column", "date", "another order", "13 characters", "quotes",
    ],
)  # fmt: skip
def test_shapes_of_a_good_file(text):
    found = [line for line in read(text) if isinstance(line, Line)]

    assert [(line.nir, line.birth_name, line.amount_cents) for line in found] == [
        (NIR, "DURAND", 500_00)
    ]
    assert [line.effective_on for line in found] == [TODAY]
    assert len(read(text)) == 1


def test_date_column_gives_the_day_of_the_movement():
    (line,) = read(f"{HEADER};date_effet\n{good_line()};15/04/2021\n")

    assert line.effective_on == date(2021, 4, 15)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Le fichier est vide."),
        ("\n", "Le fichier est vide."),
        (HEADER, "Le fichier n’a aucune ligne après ses noms de colonnes."),
        (f"{HEADER}\n\n", "Le fichier n’a aucune ligne après ses noms de colonnes."),
        (f"nir;annee;nature\n{good_line()}", "il manque nom_naissance, montant, origine."),
        (good_line(), "il manque nir, nom_naissance, annee, nature, montant, origine."),
        (f"{HEADER};NIR\n{good_line()}", "La première ligne nomme deux fois la même colonne."),
        (
            f"{HEADER}\n".encode("utf-16"),
            "un caractère nul\u00a0: enregistrez le fichier en UTF-8.",
        ),
        (b"nir;nom_naissance;ann\xe9e", "ligne 1\u00a0: elle n’est pas en UTF-8"),
        ("n" * 5000, "ligne 1\u00a0: elle dépasse 4096 octets."),
        ('nir;"nom', "ligne 1\u00a0: ses guillemets ne se referment pas."),
    ],
)
def test_file_that_cannot_be_read_says_why(text, sentence):
    with pytest.raises(BadFile) as raised:
        read(text)

    assert sentence in str(raised.value)
    assert NIR.value not in str(raised.value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (good_line(nir="285059999900112"), "sa clé est fausse"),
        (good_line(nir="12"), "sa forme n’est pas la bonne"),
        (good_line(nir=""), "sa forme n’est pas la bonne"),
        (good_line(nir="7850599999001"), "les droits attendent le numéro définitif"),
        (good_line(name=" "), "le nom de naissance manque"),
        (good_line(name="x" * 101), "le nom de naissance dépasse 100 caractères"),
        (good_line(name="\ufdfa" * 100), "le nom de naissance dépasse 100 caractères"),
        (good_line(name="R2D2"), "autre chose que des lettres"),
        (good_line(name="<b>"), "autre chose que des lettres"),
        (good_line(year="2027"), "l’année doit aller de 2004 à 2026"),
        (good_line(kind="correction"), "la nature doit être"),
        (good_line(amount="-500,00"), "le montant ne se lit pas"),
        (good_line(amount="0,00"), "le montant doit dépasser 0"),
        (good_line(source=""), "l’origine manque"),
        (good_line(source="x" * 121), "l’origine dépasse 120 caractères"),
        (good_line(source="D\x07SN"), "caractère de commande"),
        (good_line() + ";de trop", "6 colonnes sont attendues, la ligne en a 7"),
        (good_line(amount="500", source="DSN")[:-4], "la ligne en a 5"),
        (good_line(source='"DSN'), "ses guillemets ne se referment pas"),
        (good_line(source="D\0SN"), "elle contient un caractère nul"),
        (good_line().encode() + b"\xff", "elle n’est pas en UTF-8"),
        ("x" * 5000, "elle dépasse 4096 octets"),
    ],
)
def test_bad_line_says_why_without_repeating_the_person(line, reason):
    found = only_reason(line)

    assert reason in found
    assert "DURAND" not in found
    assert "2850599999001" not in found


def test_lines_keep_their_numbers_whatever_stands_between():
    text = f"{HEADER}\n{good_line()}\n\n{'x' * 20_000}\n{good_line(year='1')}\n{good_line()}"

    assert [line.number for line in read(text)] == [2, 4, 5, 6]
    assert [isinstance(line, BadLine) for line in read(text)] == [False, True, True, False]


def test_quotes_never_swallow_the_next_lines():
    text = f"{HEADER}\n{good_line(source=chr(34) + 'DSN')}\n{good_line()}\n"

    assert [isinstance(line, BadLine) for line in read(text)] == [True, False]


def test_file_is_not_read_ahead():
    class Endless(BytesIO):
        def readline(self, size=-1):
            return super().readline(size) or good_line().encode() + b"\n"

    entries = read_lines(Endless(f"{HEADER}\n".encode()), today=TODAY)

    assert [next(entries).number for _ in range(5)] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("model", "name", "width"),
    [
        (Titulaire, "birth_name", lines.MAX_NAME),
        (Titulaire, "birth_name_folded", lines.MAX_FOLDED_NAME),
        (Movement, "source", lines.MAX_SOURCE),
    ],
)
def test_widths_are_those_of_the_columns(model, name, width):
    assert model._meta.get_field(name).max_length == width
