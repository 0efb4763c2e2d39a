"""Which pages a list of results offers."""

from django.core.paginator import Page


def page_numbers(page: Page) -> list[int | None]:
    """Return the page numbers to show around `page`; None stands for the pages left out."""
    paginator = page.paginator
    shown = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]
