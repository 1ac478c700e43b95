"""A mail server for tests: speaks as much SMTP as a mail takes, and refuses what it is told to refuse."""

import base64
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass
class Office:
    """What it can do, and what it was told.

    `answers` replaces the answer to what begins so: "" is the greeting; an empty answer hangs up.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    certificate: Path | None = None
    encrypted_at_once: bool = False
    password: str | None = None
    """Of the user `line`; None: it asks for none."""
    port: int = 0
    heard: list[str] = field(default_factory=list)
    """The commands, in order; those inside an encrypted connection begin with a star."""
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    """The recipients and the mail."""

    def tls(self) -> ssl.SSLContext:
        assert self.certificate is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context


class _Conversation(StreamRequestHandler):
    """One connection."""

    office: Office
    recipients: list[str]
    star = ""

    def handle(self) -> None:
        self.office = cast(_Server, self.server).office
        self.recipients = []
        with suppress(OSError):  # whoever does not trust us just goes
            if self.office.encrypted_at_once:
                self._encrypt()
            self._say(self.office.answers.get("", "220 here"))
            while line := self.rfile.readline():
                self._answer(line.decode().strip())

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def _answer(self, line: str) -> None:
        word = line.split(" ")[0].upper()
        self.office.heard.append(f"{self.star}{line}")
        told = next(
            (answer for start, answer in self.office.answers.items() if start and line.startswith(start)),
            None,
        )
        if told is not None:
            self._say(told)
        elif word == "DATA":
            self._data()
        elif word == "STARTTLS":
            self._say("220 go on")
            self._encrypt()
        else:
            self._say(self._usual(word, line))

    def _usual(self, word: str, line: str) -> str:
        match word:
            case "EHLO":
                return "\r\n".join(self._greeting())
            case "AUTH":
                return "235 welcome" if self._knows(line) else "535 no"
            case "RCPT":
                self.recipients.append(line.partition(":")[2].strip("<>"))
                return "250 fine"
            case "QUIT":
                return "221 bye"
            case _:
                return "250 fine"

    def _greeting(self) -> Iterator[str]:
        yield "250-here"
        if self.office.certificate is not None and not self.star:
            yield "250-STARTTLS"
        if self.office.password is not None:
            yield "250-AUTH PLAIN"
        yield "250 HELP"

    def _knows(self, line: str) -> bool:
        given = base64.b64decode(line.split(" ")[2]).decode()
        return given == f"\0line\0{self.office.password}"

    def _data(self) -> None:
        self._say("354 go on")
        lines = list[bytes]()
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        self.office.mails.append((self.recipients, mail))
        self._say(self.office.answers.get(".", "250 taken"))

    def _encrypt(self) -> None:
        self.request = self.connection = self.office.tls().wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.star = "*"

    def _say(self, answer: str) -> None:
        if not answer:
            raise ConnectionAbortedError
        self.wfile.write(f"{answer}\r\n".encode())


class _Server(ThreadingTCPServer):
    office: Office


@contextmanager
def opened(office: Office) -> Iterator[Office]:
    """The office, with a port; closed when every conversation is over."""
    with _Server((HOST, 0), _Conversation) as server:
        server.office = office
        office.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> Path:
    """A certificate for this machine with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path
