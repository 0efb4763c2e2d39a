"""The export is valid LHEO 2.3, and a round trip loses nothing that the model holds."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from catalogue.exports import drafts_of, providers_of, write_lheo
from catalogue.exports.lheo import NAMESPACE
from catalogue.imports.drafts import (
    COLUMNS,
    MAX_LENGTHS,
    CertificationDraft,
    OfferDraft,
    ProviderDraft,
    SessionDraft,
)
from catalogue.imports.files import source_files
from catalogue.imports.formations import FormationReader
from catalogue.imports.recognition import Format, recognise
from catalogue.imports.report import Report
from catalogue.imports.values import public_id
from catalogue.imports.xml import FormationStream
from catalogue.models import Modality, Offer, SessionState
from catalogue.models.offers import MAX_PRICE_CENTS
from tests.catalogue.exports.lheo_rules import faults
from tests.catalogue.imports.conftest import take, towns  # noqa: F401 the same fixtures

SIRET = "00000000000018"
# All that XML can hold, but for what the readers drop as control characters.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
NAMES = st.text(alphabet=st.sampled_from("ABCabc019_.-"), max_size=20)
LONG = st.text(CHARACTERS | st.sampled_from("\n\r\t<>&\"'- "), max_size=80) | st.sampled_from(
    ["-", "a" * 3500, "<p>HTML tapé</p>", "&lt;", " bords ", "- un\n- deux"]
)
LEVELS = st.none() | st.integers(1, 8)
COUNTS = st.none() | st.integers(0, 99_999)


def short(name):
    return st.text(CHARACTERS, max_size=60).map(lambda text: text[: MAX_LENGTHS[name]])


def chosen(pattern, most):
    return st.lists(st.from_regex(pattern, fullmatch=True), max_size=most, unique=True).map(
        " ".join
    )


sessions = st.lists(
    st.builds(
        SessionDraft,
        number=st.from_regex(r"S[0-9]{1,6}", fullmatch=True),
        is_permanent=st.booleans(),
        starts_on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        ends_on=st.none() | st.dates(date(2100, 1, 1), date(2200, 1, 1)),
        state=st.sampled_from([state.value for state in SessionState]),
        is_guaranteed=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda session: session.number,
).map(tuple)
PLACES = [("31555", "31"), (None, "2B")]


@st.composite
def drafts(draw):
    number = draw(NAMES.filter(bool))
    commune, department = draw(st.sampled_from(PLACES))
    modality = draw(st.sampled_from([modality.value for modality in Modality]))
    position = draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    if position and (not any(position) or (-6 < position[0] < 10 and 41 < position[1] < 52)):
        position = None  # nowhere, or the two swapped
    if commune is None and position:
        position = None  # else the nearest commune is found by it
    hours = draw(COUNTS)
    return OfferDraft(
        siret=SIRET,
        public_id=draw(st.just(public_id(SIRET, number)) | st.just("identifiant-tapé")),
        number=number,
        training_number=draw(NAMES),
        title=draw(short("title").filter(bool)),
        modality=modality,
        commune_id=commune,
        department=department,
        certification_code=draw(st.sampled_from(["", "RNCP35584", "RS5550", "CPF202"])),
        price_cents=draw(st.integers(0, MAX_PRICE_CENTS)),
        price_max_cents=draw(st.none() | st.integers(0, 999_999)),
        hours=hours,
        hours_max=draw(COUNTS),
        company_hours=None if hours is None else draw(st.none() | st.integers(0, hours)),
        latitude=position and position[0],
        longitude=position and position[1],
        is_accessible=draw(st.booleans()),
        is_exam_included=draw(st.none() | st.booleans()),
        entry_level=draw(LEVELS),
        exit_level=draw(LEVELS),
        objective_code=draw(st.none() | st.sampled_from([2, 3, 4, 5, 6, 7, 8, 9])),
        pathway_code=draw(st.none() | st.integers(1, 4)),
        languages=draw(chosen(r"[A-Z]{2}", 5)),
        rome_codes=draw(chosen(r"[A-N][0-9]{4}", 5)),
        formacodes=draw(chosen(r"[0-9]{5}", 5)),
        nsf_codes=draw(chosen(r"[0-9]{3}[a-z]?".replace("a-z", "A-Z"), 3)),
        website=draw(st.sampled_from(["", "https://exemple.fr/a?b=1&c=2"])),
        contact_phone=draw(st.sampled_from(["", "+33100000000"])),
        contact_email=draw(st.sampled_from(["", "a@exemple.fr"])),
        sessions=draw(sessions),
        **{
            name: draw(short(name))
            for name in ("highlights", "address", "catering", "housing", "transport", "contact_name")
        },
        **{
            name: draw(LONG)
            for name in ("objectives", "content", "results", "access_conditions", "skills", "rhythm",
                         "admission", "teaching_methods", "accessibility", "extra_costs")
        },
    )  # fmt: skip


def written(*made):
    stream = BytesIO()
    write_lheo(stream, made, {SIRET: ProviderDraft(SIRET, "Langues & Cie", "+33100000000")})
    return stream.getvalue()


def read_back(content, folder):
    path = folder / "export.xml"
    path.write_bytes(content)
    report = Report()
    (source,) = source_files(path)
    stream = FormationStream(source, recognise(source), lambda done: None)
    reader = FormationReader(stream, Format.LHEO_23, report)
    return list(reader), reader, report


@pytest.mark.django_db
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(made=st.lists(drafts(), min_size=1, max_size=3))
def test_round_trip_loses_nothing_and_the_file_is_valid(made, towns, tmp_path):  # noqa: F811
    content = written(*made)

    found, reader, report = read_back(content, tmp_path)

    assert found == made
    assert [d.digest(d.values()) for d in found] == [d.digest(d.values()) for d in made]
    assert not report.remarks
    assert reader.providers[SIRET] == ProviderDraft(SIRET, "Langues & Cie", "+33100000000")
    assert faults(etree.fromstring(content)) == []


@pytest.mark.django_db
def test_the_rules_see_what_is_wrong():
    draft = OfferDraft(
        siret=SIRET, public_id="x", title="A", modality="remote", price_cents=1, number="1"
    )
    root = etree.fromstring(written(draft))
    ns = f"{{{NAMESPACE}}}"
    action = root.find(f".//{ns}action")
    action.remove(action.find(f"{ns}rythme-formation"))
    action.find(f"{ns}modalites-enseignement").text = "7"
    root.find(f".//{ns}intitule-formation").text = "a" * 300
    root.find(f".//{ns}formation").append(etree.Element(f"{ns}certifiante"))

    assert len(faults(root)) >= 4


@pytest.mark.django_db
def test_samples_come_back_as_they_were(towns, take, tmp_path):  # noqa: F811
    take("edof-catalogue-exemple.xml")
    take("mcf-catalogue-exemple.csv")
    made = list(drafts_of(Offer.objects.all()))

    stream = BytesIO()
    write_lheo(stream, made, providers_of())
    found, _reader, _report = read_back(stream.getvalue(), tmp_path)

    assert found == made
    assert faults(etree.fromstring(stream.getvalue())) == []


@pytest.mark.django_db
def test_an_export_imported_again_changes_nothing(towns, take, tmp_path):  # noqa: F811
    take("edof-catalogue-exemple.xml")
    before = list(Offer.objects.order_by("pk").values())
    stream = BytesIO()
    write_lheo(stream, drafts_of(Offer.objects.all()), providers_of())

    report = take(stream.getvalue(), source="edof")

    assert (report.unchanged_count, report.changed_count, report.added_count) == (3, 0, 0)
    assert list(Offer.objects.order_by("pk").values()) == before


def test_every_column_of_an_offer_is_in_a_draft():
    apart = {
        "id",
        "provider",
        "certification",
        "commune",
        "source",
        "digest",
        "removed_at",
        "updated_at",
        # what trainees thought of it: no part of what the provider says
        "marks",
        "opinions",
    }
    columns = {field.name for field in Offer._meta.concrete_fields} - apart

    assert columns | {"commune_id"} == set(COLUMNS)
    assert CertificationDraft("RS1").code == "RS1"
