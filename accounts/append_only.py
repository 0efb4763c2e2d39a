"""Rows that are added and never changed nor removed: an error is mended by another row."""

from typing import Any, Never

from django.db import models


class Immutable(TypeError):
    """Somebody tried to change or remove a row that only its retention may touch."""


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses what changes or removes rows; retention and closing pass by `super(AppendOnlyQuerySet, …)`."""

    def bulk_create(self, objs, *args: Any, update_conflicts: bool = False, **kwargs: Any):
        if update_conflicts:
            raise Immutable
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> Never:
        raise Immutable

    def update(self, **kwargs: Any) -> Never:
        raise Immutable

    def delete(self) -> Never:
        raise Immutable


class AppendOnlyModel(models.Model):
    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable
        # never the UPDATE that Django tries first when a primary key is given
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise Immutable
