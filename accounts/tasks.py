"""What is done outside the request. Arguments are stored in clear: row keys only."""

from django_tasks import task

from accounts import emails


@task(queue_name="mail")
def send_mail(mail_pk: int) -> bool:
    """Send one mail of the outbox; what fails is tried again by the command send_mails."""
    return emails.deliver(mail_pk)
