"""Lists of the administration that cost the same whatever the table holds: a million movements, say."""

from calendar import monthrange
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.admin import ModelAdmin, ShowFacets
from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import capfirst

# Nobody reads further: beyond, a list is to be narrowed.
MOST = 10_000
NEWEST_FIRST = ["-pk"]  # the order of a list that asks for no other
FIRST_YEAR = 2015  # the first year of the CPF


class BoundedPaginator(Paginator):
    """Counts up to MOST rows, and no further."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than it tells."""
        return self._counted > MOST

    @cached_property
    def _counted(self) -> int:
        # without the order, which the count does not need
        return self.object_list.order_by()[: MOST + 1].count()  # type: ignore[attr-defined]


# What every list is registered with: no count of a whole table, nor one for each choice of a filter.
OPTIONS = {
    "paginator": BoundedPaginator,
    "show_full_result_count": False,
    "show_facets": ShowFacets.NEVER,
}


# What our own links narrow a list to, beside its filters.
LEADS = frozenset(
    f"{name}__id__exact" for name in ("account", "key", "provider", "titulaire", "user")
)
# What a filter of a list, or its menu of dates, asks of its column.
WAYS = frozenset(
    ("exact", "in", "isempty", "isnull", "gte", "gt", "lte", "lt", "year", "month", "day")
)


class Titled(ModelAdmin):
    """Mixin: a list is called by what it lists, a page by its row."""

    def changelist_view(self, request, extra_context=None):
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        name = obj or f"Ajouter\u00a0: {self.opts.verbose_name}"
        context = context | {"title": capfirst(str(name)), "subtitle": None}
        return super().render_change_form(request, context, add, change, form_url, obj)


class ByDate(ModelAdmin):
    """Mixin: the newest first, along the index of the dates that the list is narrowed by.

    In the order of the keys a database would read all the rows of a busy month to sort them.
    """

    def get_ordering(self, request):
        usual = super().get_ordering(request) or self.opts.ordering or ()
        name = self.date_hierarchy
        if name is None or f"{name}__year" not in request.GET or list(usual) != NEWEST_FIRST:
            return usual
        return (f"-{name}", "-pk") if _is_indexed(self.opts, name) else usual


def _is_indexed(opts: Any, name: str) -> bool:
    """Whether an index of all the rows that have a `name` begins with it."""
    whole = (None, Q(**{f"{name}__isnull": False}))
    indexes = (index for index in opts.indexes if index.fields and index.condition in whole)
    first = {index.fields[0].removeprefix("-") for index in indexes}
    return opts.get_field(name).db_index or name in first


def bounded(admin_class: type[ModelAdmin] | None) -> type[ModelAdmin]:
    """Return the class of a list with OPTIONS and its title, narrowed by what it shows and nothing else."""
    parent = admin_class or ModelAdmin
    added = {**OPTIONS, "lookup_allowed": _is_lookup_shown, "__module__": parent.__module__}
    return type(parent.__name__, (Titled, ByDate, parent), added)


def _is_lookup_shown(model_admin: ModelAdmin, lookup: str, value: Any, request: Any = None) -> bool:
    """Whether an address may narrow a list so: by its filters and dates, and by whose rows they are.

    Django allows any column of the table. With `startswith`, who reads lists would then guess a hash
    of a password or the key of a session, letter by letter.
    """
    if lookup in LEADS:
        return str(value).isdecimal()
    column, _, way = lookup.rpartition("__")
    shown = {model_admin.date_hierarchy, *map(_name_in_an_address, model_admin.list_filter)}
    return lookup in shown or (column in shown and way in WAYS)


def _name_in_an_address(shown: Any) -> str:
    """Return what a filter of a list is called in its address: its column, or a name of its own."""
    column = shown[0] if isinstance(shown, tuple) else shown
    return str(getattr(column, "parameter_name", column))


def date_choices(cl: Any, today: date) -> dict[str, Any]:
    """Return what Django's `date_hierarchy` shows, for a changelist, without reading a row.

    Every year since the first and every month of a year is proposed, whether it has rows or not:
    Django would read the dates of the whole table.
    """
    name = cl.date_hierarchy
    keys = (f"{name}__{part}" for part in ("year", "month", "day"))
    year, month, day = (int(cl.params[key]) if key in cl.params else None for key in keys)

    def link(**chosen: int) -> str:
        return cl.get_query_string({f"{name}__{k}": v for k, v in chosen.items()}, [f"{name}__"])

    if year is None:
        choices = [(str(one), link(year=one)) for one in range(FIRST_YEAR, today.year + 2)]
        return _shown(None, choices)
    if month is None:
        choices = [
            (_text(date(year, one, 1), "YEAR_MONTH_FORMAT"), link(year=year, month=one))
            for one in range(1, 13)
        ]
        return _shown(("Toutes les dates", link()), choices)
    if day is None:
        days = range(1, monthrange(year, month)[1] + 1)
        choices = [(str(one), link(year=year, month=month, day=one)) for one in days]
        return _shown((str(year), link(year=year)), choices)
    chosen = date(year, month, day)
    back = _text(chosen, "YEAR_MONTH_FORMAT"), link(year=year, month=month)
    return _shown(back, [(_text(chosen, "MONTH_DAY_FORMAT"), "")])


def _text(day: date, form: str) -> str:
    return capfirst(date_format(day, form))


def _shown(back: tuple[str, str] | None, choices: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "show": True,
        "back": {"title": back[0], "link": back[1]} if back else None,
        "choices": [{"title": title, "link": address} for title, address in choices],
    }
