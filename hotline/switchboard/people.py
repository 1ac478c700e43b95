"""What coordinators and administrators do to accounts, and what nobody may do to one."""

from enum import StrEnum

from hotline.queue.ids import AccountId
from hotline.queue.roles import Role, includes
from hotline.store import accounts, mediators, people
from hotline.store.accounts import Account
from hotline.switchboard import duty
from hotline.switchboard.moment import Moment


class Refusal(StrEnum):
    GONE = "gone"
    """There is no such account."""
    ABOVE = "above"
    """Their role is above that of whoever asks."""
    YOURSELF = "yourself"
    LAST = "last"
    """They are the last administrator: nobody could make another one."""


class NotAllowed(Exception):
    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


def change_role(m: Moment, by: AccountId, account: AccountId, role: Role, session: str) -> bool:
    """Give somebody another role. Raises NotAllowed.

    `session`: the new word for their sessions, which end: whoever has more rights now is to prove anew who
    they are. Until they have opened their account there is none to end, and the link of their invitation
    holds that word: it stays, and the answer is False. Then whoever may invite with that role may give it;
    afterwards, administrators alone.
    """
    who, found = _both(m, by, account)
    if not includes(who.role, role):
        raise NotAllowed(Refusal.ABOVE)
    if found.id == who.id:
        raise NotAllowed(Refusal.YOURSELF)
    if role is not Role.ADMINISTRATOR:
        _keep_one(m, found)
    accounts.change(m.tx, found.id, {"role": role})
    # looked at once the row is ours: they may be opening their account just now
    changed = accounts.get(m.tx, found.id)
    if changed is None or changed.password is None:
        return False
    if not includes(who.role, Role.ADMINISTRATOR):
        raise NotAllowed(Refusal.ABOVE)
    accounts.change(m.tx, found.id, {"session": session})
    return True


def close(m: Moment, by: AccountId, account: AccountId, session: str) -> bool:
    """Nobody opens anything with that account any more, and its telephone does not ring. Raises NotAllowed.

    False when it is just ringing or they talk: they may end that, and it is the last time.
    """
    who, found = _both(m, by, account)
    if found.id == who.id:
        raise NotAllowed(Refusal.YOURSELF)
    _keep_one(m, found)
    accounts.change(m.tx, found.id, {"active": False, "session": session})
    if found.mediator_id is None:
        return True
    mediators.switch_on(m.tx, found.mediator_id, None)
    mediators.set_active(m.tx, found.mediator_id, False)
    return duty.pause(m, found.mediator_id, None)


def reopen(m: Moment, by: AccountId, account: AccountId) -> None:
    """The account opens again; whether the telephone rings is for its mediator to say. Raises NotAllowed."""
    _, found = _both(m, by, account)
    accounts.change(m.tx, found.id, {"active": True})
    if found.mediator_id is not None:
        mediators.set_active(m.tx, found.mediator_id, True)


def end_sessions(m: Moment, by: AccountId, account: AccountId, session: str) -> None:
    """They are to log in anew everywhere. Raises NotAllowed."""
    _, found = _both(m, by, account)
    accounts.change(m.tx, found.id, {"session": session})


def _both(m: Moment, by: AccountId, account: AccountId) -> tuple[Account, Account]:
    who, found = accounts.get(m.tx, by), accounts.get(m.tx, account)
    if found is None or who is None or not who.active:
        raise NotAllowed(Refusal.GONE)
    if not includes(who.role, found.role):
        raise NotAllowed(Refusal.ABOVE)
    return who, found


def _keep_one(m: Moment, account: Account) -> None:
    administrators = people.lock_administrators(m.tx)
    if account.role is Role.ADMINISTRATOR and set(administrators) <= {account.id}:
        raise NotAllowed(Refusal.LAST)
