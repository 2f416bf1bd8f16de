"""Handing a letter to a mail server, and saying exactly what is known of it afterwards."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from pydantic import SecretStr

from crm_core.errors import Invalid
from crm_core.models import SendState
from crm_core.sending import Delivery, Letter
from integrations.email.compose import to_bytes
from integrations.email.security import Security, check_encrypted

TIMEOUT_S = 30.0
_LONGEST_NOTE = 300


@dataclass(frozen=True)
class SmtpServer:
    """A server that takes mail for others.

    Args:
        host, port, security: where it is, and how the connection is encrypted.
        user, password: who logs in; no user: nobody does.
        timeout_s: for each step of the exchange.

    Raises:
        Invalid: mail would leave without encryption over a network.
    """

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: SecretStr | None = None
    timeout_s: float = TIMEOUT_S

    def __post_init__(self) -> None:
        check_encrypted(self.host, self.security, setting="FARLEY_SMTP_SECURITY")
        if self.user and self.password is None:
            raise Invalid("FARLEY_SMTP_USER is set without FARLEY_SMTP_PASSWORD.")

    def deliver(self, letter: Letter) -> Delivery:
        """Hand the letter over, once.

        FAILED where the server certainly has not taken it: no connection, or it said no. UNKNOWN where the connection
        broke off after the text began to leave and before the server's answer.
        """
        data = to_bytes(letter)
        try:
            with self._opened() as smtp:
                self._address(smtp, letter)
                return _hand_over(smtp, data)
        except smtplib.SMTPResponseException as error:
            return _failed(f"{error.smtp_code} {_text(error.smtp_error)}")
        except UnicodeError:  # before anything left; its own words would tell of the password
            return _failed("the host, the user or the password of the mail server holds characters that it cannot take")
        except (OSError, smtplib.SMTPException) as error:
            return _failed(getattr(error, "strerror", None) or str(error) or type(error).__name__)

    def _address(self, smtp: smtplib.SMTP, letter: Letter) -> None:
        for code, answer in (smtp.mail(letter.sender.address), smtp.rcpt(letter.recipient.address)):
            if code // 100 != 2:
                raise smtplib.SMTPResponseException(code, answer)

    @contextmanager
    def _opened(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=context)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)
        try:
            if self.security == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if self.user and self.password is not None:
                smtp.login(self.user, self.password.get_secret_value())
            yield smtp
        finally:
            smtp.close()


def _hand_over(smtp: smtplib.SMTP, data: bytes) -> Delivery:
    """The text itself: from here on a lost connection leaves open whether the server has the mail."""
    try:
        code, answer = smtp.data(data)
    except smtplib.SMTPDataError:
        raise  # it refused before the text began to leave
    except (OSError, smtplib.SMTPException) as error:
        return Delivery(SendState.UNKNOWN, f"the server broke off before its answer ({_text(str(error))})")
    with suppress(OSError, smtplib.SMTPException):
        smtp.putcmd("quit")
    if code // 100 == 2:
        return Delivery(SendState.SENT, _text(answer))
    if code // 100 in (4, 5):
        return _failed(f"{code} {_text(answer)}")
    return Delivery(SendState.UNKNOWN, f"the server answered what is no answer ({_text(answer)})")


def _failed(reason: str) -> Delivery:
    return Delivery(SendState.FAILED, _text(reason))


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:_LONGEST_NOTE]
