"""Pages of text, open to everybody."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from cpf_portal.pages.accessibility import statement
from cpf_portal.pages.cookies import necessary_cookies
from cpf_portal.pages.figures import figures_in_words
from cpf_portal.pages.help_search import find_answers, read_answers
from cpf_portal.pages.terms import VERSIONS, find_terms
from cpf_portal.pages.topics import TOPIC_BY_SLUG, TOPICS
from cpf_portal.ui.masking import mask_nir

# RFC 9116 wants an end date; a portal that still runs renews it by answering.
SECURITY_TXT_LIFETIME = timedelta(days=180)
# What only a signed-in person or the staff may see has nothing to do in a search engine.
PRIVATE_PATHS = (
    *("/mon-compte/", "/mes-droits/", "/mes-dossiers/", "/mot-de-passe/"),
    "/formations/comparer/",  # as many as there are pairs of offers
)


ASKED_LENGTH = 100  # of what is looked for in the help
ABOUT_THE_NUMBER = "numéro de sécurité sociale"


def content_page(template: str, title: str, **context):
    """Return the view of one page of text; `title` names it in the tab, the h1 and the trail."""
    return login_not_required(
        TemplateView.as_view(
            template_name=f"pages/{template}", extra_context={"page_title": title, **context}
        )
    )


@require_safe
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """The questions and their answers, and those that hold what is asked (`q`)."""
    asked = request.GET.get("q", "").strip()[:ASKED_LENGTH]
    if mask_nir(asked) != asked:  # a number does not stay in an address
        return redirect(f"{request.path}?{urlencode({'q': ABOUT_THE_NUMBER})}")
    answers = render_to_string("pages/_help_answers.html", request=request)
    context = {
        "page_title": "Aide et contact",
        "answers": answers,
        "asked": asked,
        "found": find_answers(asked, read_answers(answers)) if asked else [],
    }
    return render(request, "pages/help.html", context)


@require_safe
@login_not_required
def understand_topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = TOPIC_BY_SLUG.get(slug)
    if topic is None:
        raise Http404
    figures = figures_in_words(timezone.localdate())
    context = {"page_title": topic.title, "topic": topic, "topics": TOPICS, "figures": figures}
    return render(request, topic.template, context)


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """Read the periods from the settings, so that the page cannot promise others."""
    context = {
        "page_title": "Données personnelles",
        "confirmation_days": settings.EMAIL_CONFIRMATION_DAYS,
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        "session_hours": settings.SESSION_ABSOLUTE_AGE // 3600,
        "captcha_minutes": settings.CAPTCHA_TIMEOUT,
    }
    return render(request, "pages/privacy.html", context)


@require_safe
@login_not_required
def terms(request: HttpRequest, number: str = "") -> HttpResponse:
    """The version in force, or the one of that number."""
    version = find_terms(number) if number else VERSIONS[0]
    if version is None:
        raise Http404
    title = "Conditions générales d’utilisation"
    if version != VERSIONS[0]:
        title += f", version {version.number}"
    context = {"page_title": title, "version": version, "versions": VERSIONS}
    return render(request, "pages/terms.html", context)


@require_safe
@login_not_required
def cookies(request: HttpRequest) -> HttpResponse:
    context = {"page_title": "Cookies", "cookies": necessary_cookies()}
    return render(request, "pages/cookies.html", context)


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement, made of docs/accessibilite.md alone."""
    context = {"page_title": "Accessibilité", "statement": statement()}
    return render(request, "pages/accessibility.html", context)


@require_safe
@login_not_required
def robots_txt(request: HttpRequest) -> HttpResponse:
    # everybody knows where Django puts it; an address that an operator chose is told to nobody
    known = ("/admin/",) if settings.ADMIN_PATH == "admin/" else ()
    refused = ("/",) if settings.NOINDEX else (*known, *PRIVATE_PATHS)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused)]
    if not settings.NOINDEX:
        lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Tell where to report a weakness (RFC 9116); without an operator, the help page explains."""
    contact = settings.PORTAL_CONTACT
    if "@" in contact:
        contact = f"mailto:{contact}"
    expires_at = (timezone.now() + SECURITY_TXT_LIFETIME).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact or settings.SITE_URL + reverse('pages:help') + '#contact'}",
        f"Expires: {expires_at}",
        "Preferred-Languages: fr",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
