import re

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from cpf_portal.ui.pagination import page_numbers


def page_of(number, pages):
    return Paginator(range(pages * 12), 12).page(number)


def render(page, query=""):
    request = RequestFactory().get(f"/formations/{query}")
    return Template("{% load portal %}{% pagination page %}").render(
        Context({"request": request, "page": page})
    )


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (2, 3, [1, 2, 3]),
        (1, 40, [1, 2, None, 40]),
        (7, 40, [1, None, 6, 7, 8, None, 40]),
        (40, 40, [1, None, 39, 40]),
    ],
)
def test_page_numbers_keep_the_ends_and_the_neighbours(number, pages, shown):
    assert page_numbers(page_of(number, pages)) == shown


def test_pagination_shows_nothing_for_a_single_page():
    assert render(page_of(1, 1)).strip() == ""


def test_pagination_names_itself_and_marks_only_the_current_page():
    html = render(page_of(7, 40))

    assert 'aria-label="Pages de résultats"' in html
    assert len(re.findall(r'<span aria-current="page">', html)) == 1
    assert re.findall(r"page=(\d+)", html) == ["6", "1", "6", "8", "40", "8"]


def test_pagination_keeps_the_rest_of_the_query():
    html = render(page_of(2, 3), "?quoi=anglais+%22pro%22&format=centre&page=2")

    assert html.count("quoi=anglais+%22pro%22&amp;format=centre&amp;page=") == 4


@pytest.mark.parametrize(
    ("number", "has_previous", "has_next"), [(1, False, True), (3, True, False)]
)
def test_pagination_stops_at_the_ends(number, has_previous, has_next):
    html = render(page_of(number, 3))

    assert ('rel="prev"' in html) is has_previous
    assert ('rel="next"' in html) is has_next
