"""Files in forms: bounded while they arrive, so that no visitor fills the memory or the disk."""

from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.http import HttpRequest

# Beyond, what follows is not even read: the connection closes.
READABLE_EXCESS_BYTES = 16 * 1024 * 1024


class BoundedUpload(MemoryFileUploadHandler):
    """Keep the files of one form in memory, up to `max_bytes` in all; beyond, none.

    >>> bound = BoundedUpload(request, max_bytes=5 * 1024 * 1024)
    >>> request.upload_handlers = [bound]  # before anything reads request.POST
    """

    def __init__(self, request: HttpRequest, *, max_bytes: int) -> None:
        super().__init__(request)
        self.max_bytes = max_bytes
        self.received = 0
        self.is_exceeded = False

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.activated = True
        self._announced = content_length

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > self.max_bytes:
            self.is_exceeded = True
            too_long = self._announced > self.max_bytes + READABLE_EXCESS_BYTES
            raise StopUpload(connection_reset=too_long)
        return super().receive_data_chunk(raw_data, start)
