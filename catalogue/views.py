"""The public pages of the catalogue: search, offer, suggestions."""

import logging
from functools import partial
from itertools import groupby
from operator import attrgetter

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue import cards, comparing, course, headings, narrowing, rendered, timetable
from catalogue.comparing import Selection
from catalogue.forms import SearchForm, without_number
from catalogue.models import Offer
from catalogue.places import suggest
from catalogue.search import (
    RADII_KM,
    WINDOW,
    IndexUnavailable,
    Kind,
    SearchResults,
    count_within,
    same_training,
    search,
    similar,
    suggest_labels,
)
from cpf_portal.ui.masking import mask_nir

logger = logging.getLogger(__name__)

MAX_PLACES = 8
LABEL_KINDS = {
    Kind.TRAINING: "Formations",
    Kind.CERTIFICATION: "Certifications",
    Kind.JOB: "Métiers",
    Kind.SKILL: "Compétences",
}
SUGGESTIONS_MAX_AGE = 300  # seconds
UNAVAILABLE_RETRY_SECONDS = 60


@login_not_required
@require_safe
def search_page(request: HttpRequest, *, budget_cents: int | None = None) -> HttpResponse:
    """Show the results of a search; `budget_cents` are the rights of the person signed in.

    Rights belong to another room: the portal's own address passes them (cpf_portal.views).
    """
    if (cleaned := without_number(request.GET)) is not None:
        return redirect(f"{request.path}?{cleaned}")
    form = SearchForm(request.GET, budget_cents=budget_cents)
    if form.is_place_missing:
        status = 422 if form.is_place_unknown else 200
        context = {"form": form, "ignored": form.ignored()}
        return render(request, "catalogue/choose_place.html", context, status=status)
    try:
        results = search(form.criteria(), today=timezone.localdate())
    except IndexUnavailable as error:
        return unavailable(request, error)
    return rendered.page(request, results, partial(results_page, request, form, results))


def results_page(request: HttpRequest, form: SearchForm, results: SearchResults) -> HttpResponse:
    is_too_far = results.page > results.last_page
    context = results_context(request, form, results)
    context |= {"form": form, "ignored": form.ignored(), "is_too_far": is_too_far}
    return render(request, "catalogue/search.html", context, status=404 if is_too_far else 200)


def results_context(request: HttpRequest, form: SearchForm, results: SearchResults) -> dict:
    criteria, words = form.criteria(), form.quoi_read
    selection = Selection.of(request.GET, form.address())
    return {
        "selection": selection,
        "compared": selection.chosen(),
        "results": results,
        "criteria": criteria,
        "heading": headings.heading(criteria, words, results.total),
        "page_title": headings.page_title(criteria, words, results.total),
        # the pages are already made: only their numbers are shown here
        "page_obj": Paginator(range(results.last_page), 1).get_page(results.page),
        "cards": [
            cards.html(
                hit, address=selection.query, budget_cents=form.budget_cents, selection=selection
            )
            for hit in results.hits
        ],
        "shown": results.cards,
        "is_cut": results.total > WINDOW,
        "refine": refine(request, form, results),
        "tags": narrowing.tags(form, request.GET),
        "cleared": narrowing.cleared(request.GET),
        "wider_radii": [km for km in RADII_KM if km > criteria.radius_km]
        if form.has_radius
        else [],
    }


def refine(request: HttpRequest, form: SearchForm, results: SearchResults) -> str:
    """Return the column of filters, rendered once for as long as the search gives the same answer."""
    key = "refine", request.GET.urlencode(), form.budget_cents
    kept = results.shown.get(key)
    if kept is None:
        context = {
            "form": form,
            "groups": narrowing.groups(form, results.counts),
            "tags": narrowing.tags(form, request.GET),
            "within_rights": within_rights(form),
        }
        kept = results.shown.put(key, render_to_string("catalogue/_refine.html", context))
    return kept


def within_rights(form: SearchForm) -> int | None:
    """Return how many offers the rights of the person signed in would pay for; None for anybody else."""
    if form.budget_cents is None:
        return None
    try:
        return count_within(form.criteria(), form.budget_cents, today=timezone.localdate())
    except IndexUnavailable:
        return None  # gone since the search itself


def unavailable(request: HttpRequest, error: IndexUnavailable) -> HttpResponse:
    logger.error(
        "Recherche impossible : %s. Lancez « python manage.py rebuild_index ».",
        error,
        exc_info=error.__cause__,
    )
    page = render(request, "catalogue/unavailable.html", status=503)
    page.headers["Retry-After"] = str(UNAVAILABLE_RETRY_SECONDS)
    return page


def _gone(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """Answer 410. Browsers keep one for ever unless they are told: an offer may come back."""
    page = render(request, template, context, status=410)
    page.headers["Cache-Control"] = "no-cache"
    return page


@login_not_required
@require_safe
def offer_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show an offer; 410 with what is like it for one that is gone, 404 for one that never was."""
    offer = get_object_or_404(Offer.objects.for_display(), public_id=public_id)
    # the results that led here, which the address still holds
    selection = Selection.of(request.GET, SearchForm(request.GET).address())
    context = {"offer": offer, "selection": selection} | related(offer)
    if offer.provider.is_suspended:
        return _gone(request, "catalogue/suspended.html", context)
    if offer.removed_at:
        return _gone(request, "catalogue/gone.html", context)
    today = timezone.localdate()
    upcoming = offer.upcoming_sessions(today)
    url = request.build_absolute_uri(offer.get_absolute_url())
    context |= {
        "months": timetable.months([*upcoming, *offer.full_sessions(today)]),
        "places": timetable.places(context.get("elsewhere", []), today),
        "compared": selection.chosen(),
        "compare_link": comparing.link(offer, selection, "#comparaison"),
        "url": url,
        "course": course.data_block(offer, upcoming, url),
    }
    return render(request, "catalogue/offer.html", context)


@login_not_required
@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """Show the offers of the address side by side; those that are gone are counted."""
    selection = Selection.of(request.GET, SearchForm(request.GET).address())
    chosen = selection.chosen()
    context = {
        "selection": selection,
        "compared": chosen,
        "gone": len(selection) - len(chosen),
        "rows": comparing.rows([one.offer for one in chosen], timezone.localdate()),
    }
    return render(request, "catalogue/compare.html", context)


def related(offer: Offer) -> dict:
    """Return the same training elsewhere and similar offers; nothing while there is no index."""
    try:
        return {"elsewhere": same_training(offer), "similar": similar(offer)}
    except IndexUnavailable:
        return {}  # the search itself says it and logs it


@login_not_required
@require_safe
@cache_control(public=True, max_age=SUGGESTIONS_MAX_AGE)
def places(request: HttpRequest) -> JsonResponse:
    """Towns and départements for a text being typed: {"groups": [{"labels": ["Toulouse (31000)", …]}]}."""
    found = suggest(_typed(request), MAX_PLACES)
    groups = [{"labels": [place.label for place in found]}] if found else []
    return JsonResponse({"groups": groups})


@login_not_required
@require_safe
@cache_control(public=True, max_age=SUGGESTIONS_MAX_AGE)
def subjects(request: HttpRequest) -> JsonResponse:
    """Trainings, certifications, jobs and skills for a text being typed, grouped by kind."""
    try:
        found = suggest_labels(_typed(request))
    except IndexUnavailable:
        found = []  # the search itself says it and logs it
    groups = groupby(found, key=attrgetter("kind"))
    return JsonResponse(
        {
            "groups": [
                {"title": LABEL_KINDS[kind], "labels": [label.text for label in labels]}
                for kind, labels in groups
            ]
        }
    )


def _typed(request: HttpRequest) -> str:
    """Return what is being typed; suggestions are kept in memory, where no NIR may stand."""
    return mask_nir(request.GET.get("q", ""))
