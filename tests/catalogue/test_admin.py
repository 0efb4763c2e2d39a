import pytest
from django.urls import reverse

from catalogue.models import Synonym
from tests.factories import CommuneFactory, OfferFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


def test_offer_page_changes_title_and_price(desk):
    offer = SessionFactory().offer
    page = desk.get(reverse("admin:catalogue_offer_change", args=[offer.pk]))
    data = {
        name: value
        for form in (page.context["adminform"].form, *page.context["inline_admin_formsets"])
        for name, value in fields_of(form).items()
    }

    response = desk.post(
        reverse("admin:catalogue_offer_change", args=[offer.pk]),
        data | {"title": "Comptabilité avancée", "price_cents": "200000"},
    )

    offer.refresh_from_db()
    assert response.status_code == 302, response.context["errors"]
    assert (offer.title, offer.price_cents) == ("Comptabilité avancée", 200000)


def fields_of(form):
    """Return what a browser would post for a form, or for the formset of an inline."""
    forms = (
        [form] if not hasattr(form, "formset") else [form.formset.management_form, *form.formset]
    )
    values = {}
    for one in forms:
        for bound in one:
            value = bound.value()
            values[bound.html_name] = "" if value is None or value is False else value
    return values


@pytest.mark.parametrize(
    ("term", "meaning", "said"),
    [
        ("de la", "secourisme", "ne tient pas compte de ces mots"),
        ("secouriste", "premiers secours, ,", "sans virgule de trop"),
        ("Secouriste", "premiers secours, secouriste", "indiquez d’autres mots"),
        ("sst", "secourisme", "est déjà dans la liste"),
    ],
)
def test_synonym_that_would_change_nothing_is_refused(term, meaning, said, desk):
    answer = desk.post(reverse("admin:catalogue_synonym_add"), {"term": term, "meaning": meaning})

    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_synonyms_added_and_deleted_together_reach_the_search(
    desk, index, django_capture_on_commit_callbacks
):
    def found():
        return b"Anglais" in desk.get("/formations/?quoi=shakespeare").content

    OfferFactory(title="Anglais")
    index()
    data = {"term": "shakespeare", "meaning": " anglais,  langue anglaise "}
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("admin:catalogue_synonym_add"), data)
    synonym = Synonym.objects.get(term="shakespeare")
    assert (synonym.meaning, found()) == ("anglais, langue anglaise", True)

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("admin:catalogue_synonym_delete", args=[synonym.pk]), {"post": "yes"})

    assert not found()


def test_communes_are_read_only_and_found_without_accents(desk):
    commune = CommuneFactory(code="29233", name="Quimperlé", postcodes=" 29300 ")

    found = desk.get(reverse("admin:catalogue_commune_changelist"), {"q": "QUIMPERLE"})

    assert list(found.context["cl"].queryset) == [commune]
    assert desk.get(reverse("admin:catalogue_commune_add")).status_code == 403


@pytest.mark.parametrize("model", ["provider", "offer", "session", "certification", "commune"])
def test_list_asks_the_same_number_of_queries_for_one_row_and_for_many(
    desk, model, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(30) as captured:
            assert desk.get(reverse(f"admin:catalogue_{model}_changelist")).status_code == 200
        return len(captured)

    SessionFactory()
    queries()
    one = queries()
    for _ in range(3):
        SessionFactory()

    assert queries() == one
