"""Converters of addresses, registered once for all the maps of this room."""

from django.urls import register_converter


class PublicIdConverter:
    """What a public id may be: providers number as they please, a slash included.

    A NUL never reaches PostgreSQL, which refuses it.
    """

    regex = r"[^\x00]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PublicIdConverter, "public_id")
