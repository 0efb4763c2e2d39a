"""Opening what was given: a file as it is, or in a .gz or .zip that may not swell without bounds."""

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from catalogue.imports.report import FileRefused

CHUNK = 64 * 1024
MAX_MEMBERS = 20
MAX_UNPACKED = 500 * 1024 * 1024
MAX_RATIO = 100
FREE_RATIO_BYTES = 1024 * 1024  # a small file may be very regular
GZIP, ZIP = b"\x1f\x8b", b"PK"
ARCHIVES = (GZIP, ZIP, b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
DAMAGED = (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class SourceFile:
    """One file to read, as often as needed; `size` in bytes, once unpacked as far as is known."""

    name: str
    size: int
    opener: Callable[[], BinaryIO]

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        with self.opener() as stream:
            yield stream

    def head(self, size: int = CHUNK) -> bytes:
        """Return the beginning of the file. Raises FileRefused for a damaged archive."""
        return next(self.chunks(size), b"")

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """Yield the whole content. Raises FileRefused for a damaged archive or one that swells."""
        try:
            with self.open() as stream:
                while chunk := stream.read(size):
                    yield chunk
        except DAMAGED as error:
            raise FileRefused("le fichier est coupé ou abîmé") from error


def source_files(path: Path, name: str = "") -> list[SourceFile]:
    """Return what is to be read at `path`: itself, or the members of an archive told by its content.

    Raises FileRefused for an empty file or an archive outside the bounds (MAX_MEMBERS, MAX_UNPACKED,
    MAX_RATIO, no archive in the archive, no name that leaves its folder), OSError for a missing one.
    """
    name = name or path.name
    size = path.stat().st_size
    with path.open("rb") as stream:
        magic = stream.read(4)
    if not size:
        raise FileRefused("le fichier est vide")
    if magic.startswith(GZIP):
        opener = partial(_open_gzip, path, size)
        return [_plain(SourceFile(name.removesuffix(".gz"), size * 10, opener))]
    if magic.startswith(ZIP):
        return _zip_members(path)
    return [_plain(SourceFile(name, size, partial(_open_file, path)))]


def _open_file(path: Path) -> BinaryIO:
    return path.open("rb")


def _plain(source: SourceFile) -> SourceFile:
    if source.head(8).startswith(ARCHIVES):
        raise FileRefused("c’est une archive d’une autre forme que .gz ou .zip, ou dans une autre")
    return source


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than an archive of its size may hold."""

    def __init__(self, stream: BinaryIO, packed_size: int) -> None:
        self._stream = stream
        self._given = 0
        self._limit = min(MAX_UNPACKED, FREE_RATIO_BYTES + MAX_RATIO * packed_size)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size if size and size > 0 else CHUNK)
        self._given += len(data)
        if self._given > self._limit:
            raise FileRefused(
                "l’archive grossit trop une fois ouverte (500 Mio, ou cent fois sa taille)\u00a0:"
                " donnez le fichier non compressé"
            )
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


def _open_gzip(path: Path, size: int) -> BinaryIO:
    return _Bounded(gzip.open(path, "rb"), size)  # type: ignore[return-value,arg-type]


def _zip_members(path: Path) -> list[SourceFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except DAMAGED as error:
        raise FileRefused("l’archive est coupée ou abîmée") from error
    _check_members(infos)
    return [
        _plain(SourceFile(info.filename, info.file_size, partial(_open_member, path, info)))
        for info in infos
    ]


def _check_members(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if not infos:
        raise FileRefused("l’archive est vide")
    if len(infos) > MAX_MEMBERS:
        raise FileRefused(f"l’archive a plus de {MAX_MEMBERS} fichiers")
    if len({name.lower() for name in names}) < len(names):
        raise FileRefused("l’archive a deux fichiers du même nom")
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise FileRefused("l’archive dépasse 500 Mio une fois ouverte")
    for info in infos:
        _check_member(info)


def _check_member(info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise FileRefused("l’archive a un nom de fichier qui sort de son dossier")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise FileRefused("l’archive contient un lien ou un fichier spécial")
    if info.flag_bits & 1:
        raise FileRefused("l’archive est chiffrée")
    if info.file_size > FREE_RATIO_BYTES + MAX_RATIO * info.compress_size:
        raise FileRefused("l’archive grossit de plus de cent fois une fois ouverte")


class _Member(_Bounded):
    """A member, which closes its archive."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        super().__init__(archive.open(info), info.compress_size)  # type: ignore[arg-type]
        self._archive = archive

    def close(self) -> None:
        super().close()
        self._archive.close()


def _open_member(path: Path, info: zipfile.ZipInfo) -> BinaryIO:
    return _Member(zipfile.ZipFile(path), info)  # type: ignore[return-value]
