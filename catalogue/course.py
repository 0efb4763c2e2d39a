"""An offer as search engines read it: schema.org `Course`, in the form that Google asks for.

https://schema.org/Course, https://developers.google.com/search/docs/appearance/structured-data/course-info:
name, description, provider, offers (category, and price with its currency), hasCourseInstance (courseMode,
and courseWorkload or courseSchedule).
"""

import json
from collections.abc import Iterable
from math import ceil
from typing import Any

from django.utils.safestring import SafeString

from catalogue.models import Modality, Offer, Session
from catalogue.timetable import place_label

MODES = {Modality.ON_SITE: "Onsite", Modality.MIXED: "Blended", Modality.REMOTE: "Online"}
MAX_DESCRIPTION = 500
MAX_INSTANCES = 30
# What would end the element, or begin another one, inside a <script>.
ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

Data = dict[str, Any]


def data_block(offer: Offer, upcoming: Iterable[Session], url: str) -> SafeString:
    """Return the content of a `<script type="application/ld+json">`; `url` is absolute.

    Such an element is data: a browser never runs it, and looks at its type before the Content Security
    Policy (HTML standard, « prepare the script element »), so that `script-src 'self'` does not hold it.
    """
    text = json.dumps(_course(offer, upcoming, url), ensure_ascii=False)
    return SafeString(text.translate(ESCAPES))


def _course(offer: Offer, upcoming: Iterable[Session], url: str) -> Data:
    provider = {"@type": "Organization", "name": offer.provider.name}
    course = {
        "@context": "https://schema.org",
        "@type": "Course",
        "url": url,
        "name": offer.title,
        "description": _description(offer),
        "inLanguage": "fr",
        "provider": provider,
        "offers": _price(offer, url),
    }
    if instances := [_instance(offer, session) for session in [*upcoming][:MAX_INSTANCES]]:
        course["hasCourseInstance"] = instances
    if offer.certification:
        course["courseCode"] = offer.certification.code
        course["educationalCredentialAwarded"] = offer.certification.title or course["courseCode"]
    return course


def _description(offer: Offer) -> str:
    told = (offer.highlights, offer.objectives, offer.content, offer.title)
    text = " ".join(next(text for text in told if text.strip()).split())
    return text if len(text) <= MAX_DESCRIPTION else f"{text[: MAX_DESCRIPTION - 1].rstrip()}…"


def _price(offer: Offer, url: str) -> Data:
    made = {
        "@type": "Offer",
        "category": "Paid" if offer.price_cents else "Free",
        "price": _euros(offer.price_cents),
        "priceCurrency": "EUR",
        "url": url,
    }
    if offer.price_max_cents:
        made["priceSpecification"] = {
            "@type": "PriceSpecification",
            "minPrice": _euros(offer.price_cents),
            "maxPrice": _euros(offer.price_max_cents),
            "priceCurrency": "EUR",
        }
    return made


def _instance(offer: Offer, session: Session) -> Data:
    made: Data = {"@type": "CourseInstance", "courseMode": MODES[Modality(offer.modality)]}
    if offer.hours:
        made["courseWorkload"] = f"PT{offer.hours}H"
    if session.starts_on and not session.is_permanent:
        made["startDate"] = session.starts_on.isoformat()
        if session.ends_on:
            made["endDate"] = session.ends_on.isoformat()
            made["courseSchedule"] = _schedule(session)
    if offer.modality != Modality.REMOTE:
        made["location"] = _location(offer)
    return made


def _schedule(session: Session) -> Data:
    days = (session.ends_on - session.starts_on).days + 1
    return {
        "@type": "Schedule",
        "repeatFrequency": "Weekly",
        "repeatCount": ceil(days / 7),
        "startDate": session.starts_on.isoformat(),
        "endDate": session.ends_on.isoformat(),
    }


def _location(offer: Offer) -> Data:
    address = {"@type": "PostalAddress", "addressCountry": "FR"}
    if offer.commune:
        address["postalCode"] = offer.commune.postcode
        address["addressLocality"] = offer.commune.name.removesuffix(" Arrondissement")
    if offer.address:
        address["streetAddress"] = " ".join(offer.address.split())
    return {"@type": "Place", "name": place_label(offer), "address": address}


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
