"""Invitations: an account, and a signed link that opens it once, within seven days."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from hotline.dashboard import letters
from hotline.dashboard.languages import translated as _
from hotline.queue.ids import AccountId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from hotline.store.accounts import Account
from hotline.store.transactions import Tx
from hotline.switchboard.ports import Clock, MailTrouble

VALID: Final = timedelta(days=7)
PATH: Final = "/invitation/"
LONGEST_NAME: Final = 120
LANGUAGE: Final = "fr"
"""Until they come and have chosen one."""


class Refusal(StrEnum):
    NO_ADDRESS = "no_address"
    NO_NAME = "no_name"
    HERE_ALREADY = "here_already"
    """The account has been opened: its password is its owner's, or lost by the owner alone."""
    OTHER_ROLE = "other_role"
    CLOSED = "closed"


class NotPossible(Exception):
    """Nobody can be invited like this. `account`: who has the address already."""

    def __init__(self, why: Refusal, account: AccountId | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.account = account


class Trouble(StrEnum):
    """Why a link does not open anything."""

    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    REPLACED = "replaced"
    CLOSED = "closed"


class LinkTrouble(Exception):
    def __init__(self, why: Trouble) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Invitation:
    """`sent`: the mail server has taken it over; if not, the link is to be handed over."""

    link: str
    sent: bool


def invite(services: Services, email: str, name: str, role: Role, *, send: bool) -> Invitation:
    """Make the account if there is none, and a new link for it; older links open nothing any more.

    `send` needs a request, for the letter's template. Raises NotPossible, also for an account that
    somebody has opened: whoever may invite must not be able to take that over.
    """
    account = _written(services, email, name, role, reopen=False)
    made = link(services, account)
    return Invitation(made, send and _is_sent(services, account, made))


def invite_again(services: Services, email: str, name: str | None, role: Role) -> Invitation:
    """The same at the shell, whose operator may do anything: also for an account that has been opened.

    Without a name it keeps the one it has; a new one is called by what stands before the @.
    """
    return Invitation(link(services, _written(services, email, name, role, reopen=True)), False)


def account_of(services: Services, email: str) -> Account | None:
    """Who has that address. Raises NotPossible when it is none."""
    address = _address(email)
    with services.store.reading() as tx:
        return accounts.by_email(tx, address)


def link(services: Services, account: Account) -> str:
    token = _serializer(services).dumps([account.id, account.session])
    return f"{services.settings.public_url}{PATH}{token}"


def invited(services: Services, tx: Tx, token: str) -> Account:
    """Whom a link opens an account for. Raises LinkTrouble."""
    try:
        key, session = _serializer(services).loads(token, max_age=int(VALID.total_seconds()))
    except SignatureExpired as error:
        raise LinkTrouble(Trouble.EXPIRED) from error
    except BadSignature as error:
        raise LinkTrouble(Trouble.WRONG) from error
    account = accounts.get(tx, AccountId(key))
    if account is None or not account.active:
        raise LinkTrouble(Trouble.CLOSED)
    if account.session != session:
        raise LinkTrouble(Trouble.USED if account.password else Trouble.REPLACED)
    return account


def take_up(services: Services, token: str, password_hash: str, language: str) -> Account:
    """Open the account. Raises LinkTrouble; of two who come at once, one is too late."""

    def write(tx: Tx) -> Account:
        account = invited(services, tx, token)
        values = {"password": password_hash, "language": language, "session": new_session()}
        if not accounts.take_up(tx, account.id, account.session, values):
            raise LinkTrouble(Trouble.USED)
        opened = accounts.get(tx, account.id)
        assert opened is not None
        return opened

    return services.store.run(write)


def new_session() -> str:
    """Another word for an account's sessions: all that there are end."""
    return secrets.token_hex(16)


def _written(services: Services, email: str, name: str | None, role: Role, *, reopen: bool) -> Account:
    address = _address(email)
    now = services.clock.now()

    def write(tx: Tx) -> Account:
        account = accounts.by_email(tx, address)
        if account is None:
            called = _name(address.partition("@")[0] if name is None else name)
            key = accounts.add(tx, address, called, role, LANGUAGE, new_session(), now)
        else:
            key = _renewed(tx, account, name, role, reopen=reopen)
        written = accounts.get(tx, key)
        assert written is not None
        return written

    return services.store.run(write)


def _renewed(tx: Tx, account: Account, name: str | None, role: Role, *, reopen: bool) -> AccountId:
    if not account.active:
        raise NotPossible(Refusal.CLOSED, account.id)
    if account.password is not None and not reopen:
        raise NotPossible(Refusal.HERE_ALREADY, account.id)
    if account.role is not role:
        raise NotPossible(Refusal.OTHER_ROLE, account.id)
    changes = {"session": new_session()}
    if name is not None and account.password is None:
        # it may have been mistyped; whoever has come since says themselves how they are called
        changes["name"] = _name(name)
    accounts.change(tx, account.id, changes)
    return account.id


def _address(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise NotPossible(Refusal.NO_ADDRESS) from error


def _name(given: str) -> str:
    if not is_name(given):
        raise NotPossible(Refusal.NO_NAME)
    return given.strip()


def is_name(name: str) -> bool:
    """One line with at least one letter."""
    return 0 < len(name.strip()) <= LONGEST_NAME and name.isprintable()


def no_name() -> str:
    """What is said of a name that is none."""
    return _("Écrivez un nom, sur une seule ligne, de %(most)d signes au plus.", most=LONGEST_NAME)


def _is_sent(services: Services, account: Account, made: str) -> bool:
    subject, text = letters.letter(
        "letters/invitation.txt", language=account.language, name=account.name, link=made
    )
    try:
        services.mail.send(subject, text, to=account.email)
    except MailTrouble:
        return False
    return True


def _serializer(services: Services) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        services.settings.secret_key,
        salt="hotline invitation",
        signer=_ByOurClock,
        signer_kwargs={"clock": services.clock},
    )


class _ByOurClock(TimestampSigner):
    def __init__(self, *args: Any, clock: Clock, **more: Any) -> None:
        super().__init__(*args, **more)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock.now().timestamp())
