"""E-mail to staff through one SMTP server: alerts, in plain text, with the reference of a case and nothing else."""

import smtplib
import ssl
from email.message import EmailMessage

from bot.core.messages import Status
from bot.mail_settings import Smtp
from bot.ports import OutgoingRow, SendResult

TIMEOUT = 10.0  # seconds
_LATER = range(400, 500)  # RFC 5321, 4.2.1: the server asks to try again


class SmtpSender:
    """The way out for `Address("email", …)`; a connection for each message, for there are few."""

    name = "smtp"

    def __init__(self, account: Smtp, *, timeout: float = TIMEOUT) -> None:
        self._account = account
        self._timeout = timeout

    def send(self, row: OutgoingRow) -> SendResult:
        """Hand one message to the server. The Message-ID is the row's, so that a repeat is seen to be one."""
        if row.to.channel != "email":
            return SendResult(Status.FAILED, error_code="no_sender", verdict="permanent")
        try:
            with self._connected() as server:
                server.send_message(self._message(row))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return _refused(codes[0] if codes else 0)
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code)
        except (smtplib.SMTPException, OSError) as error:
            return SendResult(Status.QUEUED, error_code=type(error).__name__[:64], verdict="retry")
        return SendResult(Status.SENT, provider_id=row.id)

    def find(self, row: OutgoingRow) -> SendResult | None:  # noqa: ARG002 - as every sender
        """Know nothing of earlier messages: an alert rather comes twice than never."""
        return None

    def _connected(self) -> smtplib.SMTP:
        account, trust = self._account, ssl.create_default_context()
        if account.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(account.host, account.port, timeout=self._timeout, context=trust)
        else:
            server = smtplib.SMTP(account.host, account.port, timeout=self._timeout)
        try:
            if account.security == "starttls":
                server.starttls(context=trust)
            if account.username and account.password:
                server.login(account.username, account.password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, row: OutgoingRow) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self._account.sender, row.to.reveal()
        message["Subject"] = "Segin: alerte"
        message["Message-ID"] = f"<{row.id}@{self._account.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notice comes back
        message.set_content(row.text)
        return message


def _refused(code: int) -> SendResult:
    if code in _LATER:
        return SendResult(Status.QUEUED, error_code=f"smtp-{code}", verdict="retry")
    return SendResult(Status.FAILED, error_code=f"smtp-{code}", verdict="permanent")
