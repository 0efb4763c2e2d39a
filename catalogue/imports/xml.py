"""Reading XML as a stream of formations and actions, in constant memory, refusing what is hostile."""

from collections.abc import Callable, Iterator

from lxml import etree

from catalogue.imports.files import SourceFile
from catalogue.imports.recognition import Recognised, safe_parser
from catalogue.imports.report import FileRefused

MAX_DEPTH = 64
# Of what is held at once: an action, or a formation without its actions.
MAX_ELEMENT_BYTES = 1024 * 1024
MAX_FORMATION_BYTES = 32 * 1024 * 1024
XINCLUDE = "{http://www.w3.org/2001/XInclude}*"
MAX_KNOWN_LINE = 65_535
DEEP = f"des éléments sont imbriqués sur plus de {MAX_DEPTH} niveaux"
WATCHED = ("{*}formation", "{*}action", XINCLUDE)

# Anything as deep as this below a formation (2 levels down) or an action (3 levels down).
TOO_DEEP = etree.XPath("/".join(["*"] * (MAX_DEPTH - 2)))

Progress = Callable[[int], None]


class FormationStream:
    """Iterates over (element, is_action): each action as it ends, then its formation without them.

    What was given is emptied before the next is read: take what is needed at once. Raises
    FileRefused, with the line, at the first thing that makes the file hostile, cut or ill formed.
    """

    def __init__(self, source: SourceFile, recognised: Recognised, on_progress: Progress) -> None:
        self._source = source
        self._parser = safe_parser(("start", "end"), recognised.encoding, WATCHED)
        self._on_progress = on_progress
        self._formation = None
        self._line = 1  # where the last watched element begins
        self._chunk_line = 1  # where the last chunk begins
        self._fed = self._released_at = self._formation_at = 0
        self._formations = 0

    def __iter__(self) -> Iterator[tuple[etree._Element, bool]]:
        for chunk in self._source.chunks():
            self._feed(chunk)
            yield from self._finished()
            self._check_size()
            self._chunk_line += chunk.count(b"\n")
            self._on_progress(self._fed)
        root = self._close()
        yield from self._finished()
        if deep := TOO_DEEP(root):
            raise FileRefused(DEEP, deep[0].sourceline)
        if not self._formations:
            raise FileRefused("le fichier n’a aucune formation")

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            raise self._refusal(error) from None
        self._fed += len(chunk)

    def _close(self) -> etree._Element:
        try:
            return self._parser.close()
        except etree.XMLSyntaxError as error:
            raise self._refusal(error) from None

    def _refusal(self, error: etree.XMLSyntaxError) -> FileRefused:
        """Say what the parser found. Its own words may quote the file: only its line is kept."""
        first = next(iter(self._parser.feed_error_log), None)
        line = (first.line if first else error.lineno) or self._line
        kind = first.type_name if first else ""
        if "DEPTH" in kind or "Excessive depth" in (error.msg or ""):
            return FileRefused(DEEP, line)
        if "ENTITY" in kind or "REF" in kind:
            return FileRefused("une entité inconnue est refusée", line)
        return FileRefused("le fichier est coupé ou mal formé", line)

    def _finished(self) -> Iterator[tuple[etree._Element, bool]]:
        for event, element in self._parser.read_events():
            if event == "start":
                self._start(element)
                continue
            is_action = element is not self._formation
            self._check_depth(element)
            yield element, is_action
            self._release(element, is_action)

    def _start(self, element: etree._Element) -> None:
        name = etree.QName(element)
        # libxml2 counts lines up there only once an element holds a text
        known = element.sourceline or 0
        self._line = known if known < MAX_KNOWN_LINE else max(known, self._chunk_line)
        if name.namespace == "http://www.w3.org/2001/XInclude":
            raise FileRefused("l’inclusion d’un autre fichier (XInclude) est refusée", self._line)
        is_action = name.localname == "action"
        if is_action != (self._formation is not None) or (
            is_action and element.getparent() is not self._formation
        ):
            raise FileRefused(
                f"un élément «\u00a0{name.localname}\u00a0» n’est pas à sa place", self._line
            )
        if not is_action:
            self._formation = element
            self._formation_at = self._fed

    def _check_depth(self, element: etree._Element) -> None:
        if deep := TOO_DEEP(element):
            raise FileRefused(DEEP, deep[0].sourceline)

    def _check_size(self) -> None:
        if self._fed - self._released_at > MAX_ELEMENT_BYTES:
            raise FileRefused("un élément dépasse 1 Mio", self._line)
        if self._formation is not None and self._fed - self._formation_at > MAX_FORMATION_BYTES:
            raise FileRefused("une formation dépasse 32 Mio", self._line)

    def _release(self, element: etree._Element, is_action: bool) -> None:
        self._released_at = self._fed
        element.clear()
        if is_action:
            return
        self._formations += 1
        self._formation = None
        parent = element.getparent()
        while parent is not None and len(parent) > 1:
            del parent[0]
