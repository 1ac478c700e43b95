"""Taking away the second factor of somebody who has lost it."""

from hotline.queue.ids import AccountId
from hotline.queue.roles import may_reset_second_factor
from hotline.store import accounts
from hotline.store.accounts import Account
from hotline.switchboard.moment import Moment
from hotline.switchboard.people import NotAllowed, Refusal


def reset(m: Moment, by: AccountId, account: AccountId, session: str) -> tuple[Account, Account] | None:
    """Whoever needs one sets it up anew when they log in next; their sessions end: `session` is the new word
    for them. Whoever did it, and whose it was, for the letter; None when there was none. Raises NotAllowed.

    It opens no account to whoever does it: there is still the password, which only its owner's mail box
    replaces, and a letter goes there.
    """
    who, found = accounts.get(m.tx, by), accounts.get(m.tx, account)
    if found is None or who is None or not who.active:
        raise NotAllowed(Refusal.GONE)
    if found.id == who.id:
        raise NotAllowed(Refusal.YOURSELF)
    if not may_reset_second_factor(who.role, found.role):
        raise NotAllowed(Refusal.ABOVE)
    return (who, found) if accounts.forget_second_factor(m.tx, found.id, session) else None
