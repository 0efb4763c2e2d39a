"""Work that follows a change of the catalogue."""

from django_tasks import task

from catalogue import rebuilding
from catalogue.imports import uploads
from catalogue.search import indexing


@task(queue_name="index")
def apply_changes() -> int:
    """Bring the changed offers to the index of this machine; return how many."""
    return indexing.apply_changes()


@task(queue_name="default")
def rebuild_index(rebuild_pk: int) -> bool:
    """Build the index again for a request of the staff; tell whether it is published."""
    return rebuilding.run(rebuild_pk)


@task(queue_name="default")
def import_upload(report_pk: int) -> bool:
    """Import a file that staff uploaded; tell whether it was taken."""
    return uploads.import_upload(report_pk)
