import pytest
from django.urls import reverse

from accounts import limits
from accounts.audit import AuditKind
from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Role
from cpf_portal.desk.exports import EXPORTS
from cpf_portal.ui.errors import TooManyRequests
from tests.desk import sign_in
from tests.factories import OfferFactory, StaffFactory, TitulaireFactory, UserFactory, make_nir

pytestmark = pytest.mark.django_db


def page(name):
    return reverse("admin:desk_export", args=[name])


@pytest.fixture
def take(client):
    """`take(name, columns=[…])`: the lines of the file, for who has the permission."""

    def posted(name, *, expected=200, permission=True, **asked):
        asked = {"reason": "enquête de satisfaction de la direction"} | asked
        role = next(role for role in Role if EXPORTS[name].permission in PERMISSIONS[role])
        sign_in(client, StaffFactory(roles=[role if permission else Role.READING]))
        answer = client.post(page(name), asked)
        assert answer.status_code == expected
        if not answer.streaming:
            return answer
        content = b"".join(answer.streaming_content)
        assert content.startswith(b"\xef\xbb\xbf")
        return content.decode("utf-8-sig").split("\r\n")[:-1]

    return posted


def test_chosen_columns_come_in_french_and_the_trail_counts_them(take):
    OfferFactory(title="Anglais ; débutant", price_cents=105050)
    OfferFactory(title='=HYPERLINK("http://mal.test")')
    OfferFactory(title="Retirée", provider__is_suspended=True)

    lines = take("offres", columns=["prix", "intitule", "format"])

    assert lines == [
        "Intitulé;Format;Prix TTC (€)",
        '"Anglais ; débutant";En centre de formation;1050,50',
        '"\'=HYPERLINK(""http://mal.test"")";En centre de formation;1050,00',
    ]
    told = AuditEvent.objects.get(kind=AuditKind.EXPORTED)
    assert told.facts == {
        "export": "offres", "rows": 2, "columns": ["intitule", "format", "prix"],
    }  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_every_column_can_be_written(name, take, camille):
    lines = take(name, columns=list(EXPORTS[name].columns))

    assert lines[0] == ";".join(column.heading for column in EXPORTS[name].columns.values())


@pytest.mark.parametrize("name", EXPORTS)
def test_page_shows_the_columns_and_refuses_without_the_permission(name, client, take):
    assert take(name, permission=False, expected=403, columns=["titulaire"]).status_code == 403
    assert client.get(page(name)).status_code == 403
    assert not AuditEvent.objects.filter(kind=AuditKind.EXPORTED).exists()

    answer = take(name, expected=422)
    html = answer.content.decode()
    assert "Cochez au moins une colonne" in html
    for column in EXPORTS[name].columns.values():
        assert column.heading in html


def test_no_number_leaves_even_where_a_person_wrote_it(take):
    nir = make_nir()
    user = UserFactory(
        titulaire=TitulaireFactory(nir=nir, birth_name="Ferré"), email=f"{nir.value}@example.org"
    )

    lines = take("titulaires", columns=list(EXPORTS["titulaires"].columns))

    text = "\n".join(lines)
    assert nir.value not in text
    assert "Ferré" in text
    assert str(user.titulaire_id) in text


def test_list_of_people_asks_why_is_counted_and_has_no_address(take, sasha):
    assert "courriel" not in EXPORTS["titulaires"].columns
    refused = take("titulaires", expected=422, columns=["titulaire"], reason="")
    assert "Écrivez pourquoi" in refused.content.decode()
    assert not AuditEvent.objects.filter(kind=AuditKind.EXPORTED).exists()

    take("titulaires", columns=["titulaire"])
    line = AuditEvent.objects.get(kind=AuditKind.EXPORTED)
    assert line.reason_digest
    assert "enquête" not in str(line.facts)
    for _ in range(4):
        limits.hit("people-export", person=f"staff:{line.actor_pk}")
    with pytest.raises(TooManyRequests):
        limits.hit("people-export", person=f"staff:{line.actor_pk}")


def test_days_bound_the_rows_and_are_checked(take, camille):
    kept = take("mouvements", columns=["montant"], since="01/01/2000")
    assert len(kept) > 1
    assert take("mouvements", columns=["montant"], until="01/01/2000") == ["Montant (€)"]

    asked = {"columns": ["montant"], "since": "02/01/2026", "until": "01/01/2026"}
    assert "avant le premier" in take("mouvements", expected=422, **asked).content.decode()


def test_unknown_export_or_column_is_refused(take, client):
    assert "n’existe pas" in take("offres", expected=422, columns=["nir"]).content.decode()
    assert client.get("/admin/exports/tout/").status_code == 404


@pytest.mark.parametrize(("role", "is_shown"), [(Role.READING, False), (Role.CATALOGUE, True)])
def test_list_links_to_its_export_for_who_may(role, is_shown, client):
    sign_in(client, StaffFactory(roles=[role]))

    html = client.get(reverse("admin:catalogue_offer_changelist")).content.decode()

    assert (f'href="{page("offres")}"' in html) == is_shown
