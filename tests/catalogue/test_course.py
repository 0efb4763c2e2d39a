"""What the page of an offer says to search engines: schema.org, with the fields that Google requires."""

import json
import re
from datetime import date

import pytest
from django.utils import timezone

from catalogue.models import Modality
from tests.factories import CommuneFactory, OfferFactory, ProviderFactory, SessionFactory

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def described(client):
    """Return what the page of an offer says of it."""

    def described(offer):
        (block,) = BLOCK.findall(client.get(offer.get_absolute_url()).content.decode())
        return json.loads(block)

    return described


def test_course_has_what_is_required(described, db, time_machine):
    time_machine.move_to("2026-11-22T12:00:00+00:00")
    offer = OfferFactory(
        title="Anglais",
        highlights="Petits groupes",
        provider=ProviderFactory(name="École du Port"),
        commune=CommuneFactory(name="Nantes"),
        address="2 rue du Port",
        price_cents=110505,
        hours=35,
    )
    SessionFactory(offer=offer, starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 15))

    course = described(offer)

    assert course["@context"] == "https://schema.org"
    assert course["@type"] == "Course"
    assert (course["name"], course["description"]) == ("Anglais", "Petits groupes")
    assert course["provider"] == {"@type": "Organization", "name": "École du Port"}
    assert course["url"] == f"http://testserver{offer.get_absolute_url()}"
    assert course["offers"] == {
        "@type": "Offer",
        "category": "Paid",
        "price": "1105.05",
        "priceCurrency": "EUR",
        "url": course["url"],
    }
    (instance,) = course["hasCourseInstance"]
    assert instance["courseMode"] == "Onsite"
    assert instance["courseWorkload"] == "PT35H"
    assert (instance["startDate"], instance["endDate"]) == ("2027-01-04", "2027-01-15")
    assert instance["courseSchedule"]["repeatCount"] == 2
    assert instance["location"]["address"] == {
        "@type": "PostalAddress",
        "addressCountry": "FR",
        "postalCode": "44000",
        "addressLocality": "Nantes",
        "streetAddress": "2 rue du Port",
    }


def test_free_remote_course_at_any_time_has_neither_place_nor_date(described, db):
    offer = OfferFactory(modality=Modality.REMOTE, price_cents=0, certification=None)
    SessionFactory(offer=offer, is_permanent=True, starts_on=None, ends_on=None)

    course = described(offer)

    assert course["offers"]["category"] == "Free"
    assert "courseCode" not in course
    assert course["hasCourseInstance"] == [
        {"@type": "CourseInstance", "courseMode": "Online", "courseWorkload": "PT35H"}
    ]


def test_prices_from_and_to_and_sessions_past_or_full_are_told_as_they_are(described, db):
    offer = OfferFactory(price_cents=900_00, price_max_cents=1200_00)
    SessionFactory(offer=offer, state="closed")
    SessionFactory(offer=offer, starts_on=timezone.localdate().replace(year=2020))

    course = described(offer)

    assert course["offers"]["priceSpecification"]["maxPrice"] == "1200.00"
    assert "hasCourseInstance" not in course


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "]]>&lt;"])
def test_text_of_a_provider_never_ends_the_block(text, described, db):
    offer = OfferFactory(title=text, highlights=text)

    assert described(offer)["name"] == text
