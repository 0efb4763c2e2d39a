"""What a provider is shown: page by page, what is needed and nothing more."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import Dossier
from tests.rights.api.software import Software, problem
from tests.rights.dossiers.steps import bring_to, do, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(db):
    return make_session()


@pytest.fixture
def software(session):
    return Software(session.offer.provider)


def request_of(session, **fields) -> Dossier:
    return bring_to(S.REQUESTED, session=session, **fields)


def test_dossier_tells_what_a_provider_needs_and_nothing_of_the_person_s_life(software, session):
    user = make_user()
    dossier = request_of(session, user=user)

    read = software.get(f"dossiers/{dossier.reference}").json()

    assert read["stagiaire"] == {
        "nom": user.titulaire.birth_name,
        "courriel": user.email,
        "telephone": user.phone_mobile,
    }
    assert read["montants"] == {
        "prix": dossier.price_cents,
        "pris_en_charge": dossier.rights_cents,
        "reste_a_payer": dossier.remainder_cents,
    }
    assert read["formation"]["offre"] == session.offer.public_id
    assert read["repondre_avant_le"] == dossier.due_on.isoformat()
    assert set(read["ordres"]) == {"acceptation", "proposition", "refus"}
    told = json.dumps(read)
    nir = user.titulaire.nir.value
    for private in (nir, nir[:13], "birth", "naissance", "dif_", "cpf", "address"):
        assert private not in told.lower()


def test_contact_and_words_of_the_person_are_not_kept_in_sight(software, session):
    dossier = request_of(session)
    do(dossier, A.CANCEL_REQUEST)

    read = software.get(f"dossiers/{dossier.reference}").json()

    assert read["etat"] == "demande-annulee"
    assert read["stagiaire"] is None
    assert [event["par"] for event in read["evenements"]] == ["titulaire", "titulaire"]
    assert set(read["evenements"][0]) == {"le", "etape", "par", "etat"}


def test_proposal_is_read_as_it_was_written(software, session):
    dossier = request_of(session)
    body = {"debut_le": "2021-05-03", "fin_le": "2021-05-07", "prix_centimes": 90000, "note": "Ok."}

    done = software.order(dossier, "proposition", body)

    assert done.json()["proposition"] == body | {"heures": None}


def test_pages_follow_one_another_without_gap_nor_repetition(software, session):
    for _ in range(5):
        request_of(session)
    Dossier.objects.update(updated_at=timezone.now())  # the same moment for all

    seen, after = [], ""
    while after is not None:
        page = software.get(f"dossiers?limite=2{after and f'&apres={after}'}").json()
        seen += [dossier["reference"] for dossier in page["dossiers"]]
        after = page["suite"]

    assert len(seen) == 5
    assert set(seen) == set(Dossier.objects.values_list("reference", flat=True))


def test_list_is_narrowed_by_state_and_by_moment(software, session, time_machine):
    first, second = request_of(session), request_of(session)
    time_machine.shift(3600)
    since = quote(timezone.localtime().isoformat())
    software.order(second, "acceptation")

    def listed(query):
        page = software.get(f"dossiers?{query}").json()
        return [dossier["reference"] for dossier in page["dossiers"]]

    assert listed("") == [first.reference, second.reference]
    assert listed("etat=demande") == [first.reference]
    assert listed(f"modifie_depuis={since}") == [second.reference]
    assert listed(f"etat=demande&modifie_depuis={since}") == []
    assert listed("modifie_depuis=0001-01-01T00:00:00%2B14:00") == listed("")
    assert listed("modifie_depuis=9999-12-31T23:59:59-14:00") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("etat=brouillon", "query.etat"),
        ("etat=", "query.etat"),
        ("modifie_depuis=hier", "query.modifie_depuis"),
        ("modifie_depuis=2021-03-03T10:00:00", "query.modifie_depuis"),
        ("limite=0", "query.limite"),
        ("limite=101", "query.limite"),
        ("limite=x", "query.limite"),
        ("apres=1-1", "query.apres"),
        ("apres=9999999999999999-%00", "query.apres"),
    ],
)
def test_wrong_question_names_what_to_correct(software, query, field):
    response = software.get(f"dossiers?{query}")

    assert problem(response) == "donnees-invalides"
    assert [fault["champ"] for fault in response.json()["errors"]] == [field]


@pytest.mark.parametrize("count", [1, 4])
def test_list_costs_the_same_statements_for_any_number(
    software, session, count, django_assert_max_num_queries
):
    for _ in range(count):
        request_of(session)

    with django_assert_max_num_queries(12):
        assert len(software.get("dossiers").json()["dossiers"]) == count


def test_old_moments_are_no_fault_of_the_cursor(software, session):
    dossier = request_of(session)
    early = (dossier.updated_at - timedelta(days=1)).timestamp()

    page = software.get(f"dossiers?apres={int(early * 10**6)}-2222222222222222").json()

    assert [row["reference"] for row in page["dossiers"]] == [dossier.reference]
