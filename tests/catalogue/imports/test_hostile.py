"""Hostile files are refused at once, in French, with their line, and the old catalogue stays."""

import gzip
import io
import stat
import zipfile
from threading import Event

import pytest

from catalogue.models import ImportState, Offer
from tests.catalogue.imports.files import EDOF, LHEO, action, catalogue, formation, many
from tests.clock import own_time

pytestmark = pytest.mark.django_db

LAUGHS = "".join(f'<!ENTITY l{n} "{10 * ("&l" + str(n - 1) + ";")}">\n' for n in range(1, 10))
START = f'<lheo xmlns="{LHEO}"><offres>'
END = "</offres></lheo>"
XML_FILES = {
    "billion laughs": (
        f'<?xml version="1.0"?>\n<!DOCTYPE lheo [<!ENTITY l0 "lol">\n{LAUGHS}]>{START}&l9;{END}',
        2,
        "DOCTYPE",
    ),
    "quadratic": (
        f'<!DOCTYPE lheo [<!ENTITY a "{"a" * 50_000}">]>{START}{"&a;" * 5000}{END}',
        1,
        "DOCTYPE",
    ),
    "external file": (
        f'<!DOCTYPE lheo [<!ENTITY x SYSTEM "file:///etc/passwd">]>{START}&x;{END}',
        1,
        "DOCTYPE",
    ),
    "external address": (
        f'<!-- a -->\n\n<!DOCTYPE lheo SYSTEM "http://127.0.0.1:9/x.dtd">{START}{END}',
        3,
        "DOCTYPE",
    ),
    "parameter entity": (
        f'<!DOCTYPE lheo [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>{START}{END}',
        1,
        "DOCTYPE",
    ),
    "unknown entity": (f"{START}\n\n{formation(title='&inconnue;')}{END}", 3, "entité"),
    "xinclude": (
        f'{START}\n<formation><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
        f"</formation>{END}",
        2,
        "XInclude",
    ),
    "very deep": (f"{START}\n<formation>{'<a>' * 200_000}", 2, "imbriqués"),
    "too deep": (
        f"{START}\n<formation>{'<a>' * 70}{'</a>' * 70}</formation>{END}",
        2,
        "imbriqués",
    ),
    "too deep beside the formations": (
        f"{START}{formation()}{'<a>' * 70}{'</a>' * 70}{END}",
        1,
        "imbriqués",
    ),
    "large element": (
        f"{START}\n{formation()}\n{formation(content='a' * 1_300_000)}{END}",
        3,
        "1 Mio",
    ),
    "large text before all": (f"{START}{'<p>a</p>' * 200_000}{END}", None, "1 Mio"),
    "too many actions": (f"{START}{'<formation>' + '<action/>' * 1_000_001}", None, "million"),
    "formation in a formation": (f"{START}\n<formation><formation/></formation>{END}", 2, "place"),
    "action alone": (f"{START}\n<action/>{END}", 2, "place"),
    "no formation": (f"{START}{END}", None, "aucune formation"),
    "another vocabulary": ('<lheo xmlns="http://exemple.invalid"/>', 1, "reconnu"),
    "a page": ("<!doctype html><title>Erreur</title>", 1, "DOCTYPE"),
    "utf-7": (f'<?xml version="1.0" encoding="UTF-7"?>{START}{END}', 1, "utf-7"),
    "nothing but spaces": ("   \n  ", 1, "reconnu"),
    "truncated": (catalogue().decode()[:-30], None, "coupé"),
}


@pytest.fixture
def before(towns, take):
    """A catalogue of three offers, which no refused file changes."""
    assert take(catalogue(*many(3)), source="essai").added_count == 3

    def unchanged():
        return list(Offer.objects.order_by("pk").values())

    held = unchanged()
    yield held
    assert unchanged() == held


def refused(take, content):
    started = own_time()
    report = take(content, source="essai")
    assert own_time() - started < 2
    assert report.state == ImportState.REFUSED
    return report


def test_time_of_a_file_holds_what_it_waits_for():
    started = own_time()
    Event().wait(0.05)

    assert own_time() - started > 0.04


@pytest.mark.parametrize("name", XML_FILES)
def test_hostile_xml_is_refused_with_its_line(name, before, take):
    text, line, said = XML_FILES[name]

    report = refused(take, text.encode())

    assert said in report.reason
    assert line is None or report.line == line


def test_a_formation_as_deep_as_may_be_is_taken(towns, take):
    deep = formation(more="<extras>" + "<a>" * 50 + "</a>" * 50 + "</extras>")

    assert take(catalogue(deep)).added_count == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_wide_encodings_are_refused(encoding, before, take):
    refused(take, catalogue().decode().encode(encoding))


def test_empty_file_is_refused(before, take):
    assert refused(take, b"").reason == "le fichier est vide"


def test_missing_file_is_refused(before, take):
    assert take("absent.xml").state == ImportState.REFUSED


def test_lines_are_told_beyond_65535(towns, take, reasons):
    text = catalogue(formation(), "\n" * 70_000 + formation(action("B"), action("C", price="x")))

    assert reasons(take(text))[0][:2] == (70_004, "C")
    assert take(text.replace(b"</action>", b"<formation/></action>")).line == 3
    assert take(text.replace(b"-</condi", b"<formation/></condi")).line == 3


def test_markup_of_a_text_never_reaches_the_catalogue(towns, take):
    payloads = [
        "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<![CDATA[<img src=x onerror=alert(1)>]]>", "<![CDATA[<svg/onload=alert(1)>]]>",
        "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;", "<![CDATA[<scr<script>ipt>alert(1)]]>",
        "<![CDATA[<a href='javascript:alert(1)'>x</a>]]>", "<![CDATA[<!--<img src=x>--><b>x</b>]]>",
        "<![CDATA[<iframe srcdoc='<script>alert(1)</script>'>]]>", "<![CDATA[<style>*{}</style>y]]>",
        "<![CDATA[<img src=x onerror=alert(1)//]]>", "<![CDATA[<math><mtext></p><img src=x>]]>",
    ]  # fmt: skip
    content = [
        formation(action(f"A{n}"), title=f"Titre {payload}", content=f"Avant {payload} après")
        for n, payload in enumerate(payloads)
    ]

    assert take(catalogue(*content)).added_count == len(payloads)
    for offer in Offer.objects.all():
        assert "<" not in offer.title + offer.content
        assert offer.title.startswith("Titre")


# --- Archives ------------------------------------------------------------------------------------


def zipped(*members, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def linked(name="lien.xml"):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def overlapping():
    """Ten entries of the directory for one and the same member."""
    packed = zipped(("a.xml", catalogue()))
    start = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    entry = packed[start:end]
    entries = b"".join(entry.replace(b"a.xml", b"%d.xml" % n) for n in range(10))
    tail = bytearray(packed[end:])
    tail[8:10] = tail[10:12] = (10).to_bytes(2, "little")
    tail[12:16] = len(entries).to_bytes(4, "little")
    return packed[:start] + entries + bytes(tail)


ARCHIVES = {
    "zeros in a gzip": (lambda: gzip.compress(b"\0" * 300_000_000, 1), ""),
    "spaces in a gzip": (lambda: gzip.compress(START.encode() + b" " * 300_000_000, 1), "grossit"),
    "zeros in a zip": (lambda: zipped(("a.xml", b" " * 200_000_000)), "cent fois"),
    "twenty-one members": (lambda: zipped(*((f"{n}.xml", catalogue()) for n in range(21))), "20"),
    "zip in a zip": (lambda: zipped(("a.zip", zipped(("a.xml", catalogue())))), "archive"),
    "gzip in a gzip": (lambda: gzip.compress(gzip.compress(catalogue())), "archive"),
    "parent folder": (lambda: zipped(("../a.xml", catalogue())), "sort"),
    "absolute": (lambda: zipped(("/tmp/a.xml", catalogue())), "sort"),  # noqa: S108 a hostile name
    "drive": (lambda: zipped(("C:\\a.xml", catalogue())), "sort"),
    "link": (lambda: zipped((linked(), "/etc/passwd")), "lien"),
    "same name": (lambda: zipped(("a.xml", catalogue()), ("A.xml", catalogue())), "même nom"),
    "no member": (lambda: zipped(), "vide"),
    "overlapping members": (overlapping, ""),
    "cut gzip": (lambda: gzip.compress(catalogue(*many(50)))[:-20], "coupé"),
    "cut zip": (lambda: zipped(("a.xml", catalogue()))[:-10], "coupée"),
    "other archive": (lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 100, ""),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_hostile_archive_is_refused(name, before, take):
    make, said = ARCHIVES[name]
    content = make()

    assert said in refused(take, content).reason


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped(("a.xml", content))])
def test_an_ordinary_archive_is_taken(pack, towns, take):
    assert take(pack(catalogue(*many(4)))).added_count == 4


def test_an_archive_stands_or_falls_as_a_whole(before, take):
    good, bad = catalogue(*many(9)), catalogue(*many(9))[:-40]

    report = take(zipped(("a.xml", good), ("b.xml", bad)), source="essai")

    assert report.state == ImportState.REFUSED


def test_an_archive_leaves_aside_what_is_no_catalogue(towns, take, reasons):
    report = take(zipped(("a.xml", catalogue()), ("lisez-moi.txt", "bonjour")))

    assert (report.state, report.added_count) == (ImportState.DONE, 1)
    assert "lisez-moi.txt" in reasons(report)[0][4]


# --- CSV -----------------------------------------------------------------------------------------

HEADER = "siret;numero_formation;intitule_formation;code_departement;frais_ttc_tot_min"
ROW = "00000000000018;N1;Anglais;31;100"


@pytest.mark.parametrize(
    "text",
    [
        HEADER,
        f"{HEADER}\n",
        f"{HEADER}\n{ROW}",
        f'{HEADER}\n"{ROW}\n',
        f"{HEADER}\n{ROW}\n00000000000018;N2;" + "a" * 200_000 + ";31;100\n",
        "a;b\n1;2\n",
    ],
    ids=["no line end", "no row", "last row cut", "open quote", "huge cell", "other columns"],
)
def test_broken_csv_is_refused(text, before, take):
    refused(take, text.encode())


def test_cells_that_a_spreadsheet_would_run_are_text(take):
    row = '00000000000018;N1;"=HYPERLINK(""http://x"")<script>alert(1)</script>";31;100'

    assert take(f"{HEADER}\n{row}\n".encode()).added_count == 1
    assert Offer.objects.get().title == '=HYPERLINK("http://x")'


def test_edof_namespace_is_not_enough_for_another_root(before, take):
    refused(take, f'<catalogue xmlns="{EDOF}"/>'.encode())
