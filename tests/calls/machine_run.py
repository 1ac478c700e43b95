"""One run of the whole application: what is done to it, what is watched meanwhile, and how it ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from hotline.queue.ids import MediatorId
from hotline.simulator.faults import Faults
from hotline.simulator.legs import Leg
from hotline.simulator.phones import Behaviour, Phone
from hotline.switchboard.moment import Moment
from tests import factories
from tests.calls.machine_accounts import settled, wrong_in
from tests.calls.machine_day import give_all_back
from tests.calls.machine_ledger import Ledger
from tests.calls.machine_stage import opened
from tests.calls.machine_story import Story
from tests.calls.machine_watch import Watch
from tests.dashboard.visitor import account

T = TypeVar("T")
Ending = Literal["they hang up", "they are left alone"]
HowFar = Literal["menu", "ring", "hold", "talk", "nine", "callback", "recording", "message", "unheard"]
Telephone = Literal["any", "idle", "ringing", "in_call"]
MOST: Final = 5
"""So many callers are on the line at once."""
NAMES: Final = ("Amina", "Bruno", "Chloé")
SKILLS: Final = (("taxes",), ("taxes", "benefits"), ("benefits",))
ALL_OVER: Final = 900
"""Seconds. Every wait, talk and question has its limit: by then every call has come to an end by itself."""
ALL_KNOWN: Final = 400
"""Seconds in which we find out what the carrier never told: two minutes of silence, a round of the watchdog,
then a talk that is overdue, a rest, and the pause after too many misses."""


class Wrong(AssertionError):
    """What was wrong, and the story that led to it."""


@dataclass(frozen=True)
class Beginning:
    """What is drawn once for a run."""

    faults: Faults
    telephones: list[Behaviour]
    """One for each mediator on duty."""
    ending: Ending
    changes: dict[str, Any]


class Run:
    def __init__(self, database_url: str, beginning: Beginning) -> None:
        self._open = ExitStack()
        self.stage = self._open.enter_context(opened(database_url, beginning.faults, **beginning.changes))
        self.carrier = self.stage.carrier
        self.paused: set[MediatorId] = set()
        self.is_wrong = False
        self._ending = beginning.ending
        self._story = Story(self.carrier)
        script = self.stage.services.lines.lines[0].script
        self._ledger = Ledger(self.carrier, script, beginning.faults.readings)
        self._watch = Watch(self.stage, self._ledger)
        self._watch.begin()
        for name, skills, behaviour in zip(NAMES, SKILLS, beginning.telephones, strict=False):
            self.stage.mediator(name, *skills, languages=("fr", "en")).behaviour = behaviour
            account(self.stage.services, mediator=self.stage.names[name], name=name)

    # What is done

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Something happens, and all is as it should be after it."""
        self._story.tell(what)
        try:
            yield
            self._check()
        except BaseException:
            self.is_wrong = True
            raise

    def does(self, what: str, act: Callable[[], object], seconds: float = 0) -> None:
        """Do that, and let time pass."""
        with self.doing(what):
            act()
            self.carrier.advance(seconds)

    def caller(
        self,
        n: int,
        what: str,
        act: Callable[[Leg], object],
        seconds: float,
        who: Callable[[Leg], object] = bool,
    ) -> None:
        """One of those on the line does that."""
        legs = [leg for leg in self.on_the_line() if who(leg)]
        leg = legs[n % len(legs)]
        self.does(f"{leg.number or 'nobody'} {what}", lambda: act(leg), seconds)

    def mediator(
        self, n: int, telephone: Telephone, what: str, act: Callable[[Phone], object], seconds: float = 0
    ) -> None:
        """One of those whose telephone is in that state does that."""
        phones = self.phones(telephone)
        phone = phones[n % len(phones)]
        self.does(f"{phone.name} {what}", lambda: act(phone), seconds)

    def calls(self, shown: str, how_far: HowFar) -> None:
        """A caller gets that far, if it is possible."""
        with self.doing(f"{shown!r} calls and gets as far as: {how_far}"):
            leg = self.stage.call(shown)
            self.carrier.advance(4)
            match how_far:
                case "menu":
                    return
                case "ring" | "hold" | "talk" | "nine":
                    self._chooses(leg, how_far)
                case "callback":
                    leg.press("9")
                    self.carrier.advance(2)
                    leg.hang_up()
                case "recording":
                    self._records(leg)
                case "message" | "unheard":
                    self._records(leg)
                    leg.speak("Bonjour, c'est moi.")
                    self.carrier.advance(1)
                    self._hangs_up(leg, unheard=how_far == "unheard")

    def _records(self, leg: Leg) -> None:
        leg.press("9")
        self.carrier.advance_until(lambda: leg.gathering is not None, 15)
        leg.press("3")
        self.carrier.advance_until(lambda: leg.recording is not None, 90)

    def _hangs_up(self, leg: Leg, *, unheard: bool) -> None:
        """Unheard: for two seconds nothing that the carrier says reaches us."""
        self.stage.is_down = unheard
        leg.hang_up()
        if unheard:
            self.carrier.advance(2)
        self.stage.is_down = False

    def _chooses(self, leg: Leg, how_far: HowFar) -> None:
        leg.press("2")
        self.carrier.advance(3)
        if how_far in ("hold", "nine"):
            self.carrier.advance_until(lambda: leg.in_queue is not None, 15)
        if how_far == "nine":
            leg.press("9")
        if how_far == "talk" and self.phones("ringing"):
            self.takes(self.phones("ringing")[0])

    def takes(self, phone: Phone) -> None:
        """A mediator picks up, listens, and presses 1."""
        phone.answer()
        self.carrier.advance(3)
        if phone.leg is not None:
            phone.press("1")
            self.carrier.advance(3)

    def says_yes(self, phone: Phone) -> None:
        """By a click instead of the 1."""
        if phone.leg is not None:
            self._ledger.says_yes(phone.leg.sid)

    def on_the_line(self) -> list[Leg]:
        return [leg for leg in self.carrier.legs.values() if leg.is_open and leg.ends.direction == "inbound"]

    def phones(self, telephone: Telephone) -> list[Phone]:
        return [one for one in self.stage.phones.values() if telephone in ("any", one.state)]

    def at_once(self, work: Callable[[Moment], T]) -> T:
        return factories.at_once(self.stage.services, work)

    # How it ends

    def end(self) -> None:
        try:
            if not self.is_wrong:
                self._come_to_an_end()
        finally:
            self._open.close()

    def _come_to_an_end(self) -> None:
        with self.doing(f"from now on nothing fails any more; {self._ending}"):
            self._be_well()
            give_all_back(self.stage)
            if self._ending == "they hang up":
                self._hang_up()
            self._wait_until(lambda: not self.on_the_line(), ALL_OVER)
        with self.doing("time passes until every limit is over"):
            self._wait_until(lambda: settled(self.stage, self.paused), ALL_KNOWN)
        self._fail_for(wrong_in(self.stage, self._ledger, self.paused))

    def _be_well(self) -> None:
        faults = self.carrier.faults
        faults.callbacks, faults.repeats, faults.rest = [], [], []
        self.stage.be_well()
        for phone in self.stage.phones.values():
            phone.behaviour = "ring"

    def _hang_up(self) -> None:
        for leg in self.on_the_line():
            leg.hang_up()
            self.carrier.advance(1)
        for phone in self.phones("in_call"):
            phone.hang_up()

    def _wait_until(self, over: Callable[[], bool], seconds: int) -> None:
        for _ in range(seconds // 10):
            if over():
                return
            self.carrier.advance(10)

    def _check(self) -> None:
        self._ledger.look()
        with self.stage.services.store.reading() as tx:
            wrong = list(self._watch.at_once(tx))
        self._fail_for([*self.stage.refused, *self._ledger.wrong, *self._watch.wrong, *wrong])

    def _fail_for(self, wrong: list[str]) -> None:
        if wrong:
            listed = "\n".join(dict.fromkeys(wrong))
            raise Wrong(f"{listed}\n\nThe story:\n{self._story.told()}")
