"""Declarations that change the amount: their consequence first, then a date, then a way back."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from rights.models import Declaration, DeclarationKind
from rights.services import declare, withdraw
from tests.factories import TitulaireFactory, UserFactory
from tests.rights.ledger import give
from tests.rights.test_views import text_of

pytestmark = pytest.mark.django_db
LIST = "/mes-droits/declarations/"
DIPLOMA, BOETH = f"{LIST}diplome/", f"{LIST}obligation-emploi/"
TODAY = date(2021, 3, 1)


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def desk(client, person):
    client.force_login(person)
    return client


def test_declaration_is_dated_and_made_once():
    titulaire = TitulaireFactory()

    first = declare(titulaire=titulaire, kind=DeclarationKind.BOETH, today=TODAY)
    second = declare(titulaire=titulaire, kind=DeclarationKind.BOETH, today=date(2022, 1, 1))

    assert first == second
    assert second.declared_on == TODAY


def test_withdrawal_counts_from_the_next_year():
    titulaire = TitulaireFactory()
    declare(titulaire=titulaire, kind=DeclarationKind.BOETH, today=TODAY)

    assert withdraw(titulaire=titulaire, kind=DeclarationKind.BOETH, today=date(2022, 5, 1))
    assert not withdraw(titulaire=titulaire, kind=DeclarationKind.BOETH, today=date(2022, 5, 1))

    counting = Declaration.objects.for_titulaire(titulaire)
    assert [counting.counting_for(year).count() for year in (2020, 2021, 2022, 2023)] == [
        0,
        1,
        1,
        0,
    ]


def test_page_of_rights_still_counts_a_declaration_withdrawn_this_year(desk, person):
    give(person.titulaire)
    today = timezone.localdate()
    made = Declaration.objects.create(
        titulaire=person.titulaire, kind="low_qualified", declared_on=today, withdrawn_on=today
    )

    assert "800,00\u00a0€ s’ajouteront" in text_of(desk.get("/mes-droits/"))
    made.delete()
    assert "500,00\u00a0€ s’ajouteront" in text_of(desk.get("/mes-droits/"))


def test_withdrawn_declaration_may_be_made_again():
    titulaire = TitulaireFactory()
    declare(titulaire=titulaire, kind=DeclarationKind.BOETH, today=TODAY)
    withdraw(titulaire=titulaire, kind=DeclarationKind.BOETH, today=TODAY)

    again = declare(titulaire=titulaire, kind=DeclarationKind.BOETH, today=date(2022, 1, 1))

    assert again.declared_on == date(2022, 1, 1)
    assert Declaration.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "yearly"),
    [(DIPLOMA, "800,00\u00a0€"), (BOETH, "800,00\u00a0€")],
    ids=["diploma", "boeth"],
)
def test_consequence_is_said_before_confirming(desk, path, yearly):
    page = text_of(desk.get(path))

    assert f"apporte {yearly} au lieu de 500,00\u00a0€" in page
    assert "plafond devient 8000,00\u00a0€ au lieu de 5000,00\u00a0€" in page
    assert "Une fausse déclaration" in page
    assert "Code du travail" in page
    assert not Declaration.objects.exists()


def test_confirmed_declaration_is_recorded_and_shown(desk, person):
    response = desk.post(DIPLOMA, {"is_read": "on", "action": "declare"})

    assert response.url == LIST
    declaration = Declaration.objects.get()
    assert (declaration.titulaire, declaration.kind) == (person.titulaire, "low_qualified")
    page = text_of(desk.get(LIST))
    assert "Votre déclaration est enregistrée" in page
    assert "Déclaré depuis le" in page


def test_unread_consequence_is_asked_for(desk):
    response = desk.post(DIPLOMA, {"action": "declare"})

    assert response.status_code == 422
    assert "Cochez la case pour confirmer." in text_of(response)
    assert not Declaration.objects.exists()


def test_second_click_does_not_withdraw(desk):
    for _ in range(2):
        desk.post(DIPLOMA, {"is_read": "on", "action": "declare"})

    assert Declaration.objects.in_force().count() == 1


def test_declaration_is_withdrawn_after_its_consequence_is_said(desk, person):
    declare(titulaire=person.titulaire, kind=DeclarationKind.BOETH, today=TODAY)

    page = text_of(desk.get(BOETH))
    desk.post(BOETH, {"is_read": "on", "action": "withdraw"})

    assert "Retirer ma déclaration" in page
    assert "une année entière apporte de nouveau 500,00\u00a0€" in page
    assert not Declaration.objects.in_force().exists()
    assert "Déclarations retirées" in text_of(desk.get(LIST))


@pytest.mark.parametrize("slug", ["boeth", "x" * 80, "0"])
def test_unknown_declaration_does_not_exist(desk, slug):
    assert desk.get(f"{LIST}{slug}/").status_code == 404


def test_declarations_are_each_person_s_own(client, person):
    declare(titulaire=TitulaireFactory(), kind=DeclarationKind.BOETH, today=TODAY)
    client.force_login(person)

    assert "Déclaré depuis" not in text_of(client.get(LIST))
    client.post(BOETH, {"is_read": "on", "action": "withdraw"})
    assert Declaration.objects.in_force().count() == 1


def test_list_leads_to_both(desk):
    page = desk.get(reverse("rights:declarations")).content.decode()

    assert DIPLOMA in page
    assert BOETH in page
