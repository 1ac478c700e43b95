"""A store whose database can be taken away or frozen in the middle of a call, and given back."""

from threading import Event
from typing import Final

from sqlalchemy import Connection, event

from hotline.store.engines import make_engine
from hotline.store.transactions import Publish
from tests.databases import KeptStore

LONGEST: Final = 60.0
"""Seconds. No test takes so long."""
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
"""Nobody listens there: the errors are those of the real thing."""


class SeverableStore(KeptStore):
    def __init__(self, database_url: str, secret: str, publish: Publish = lambda _topics: None) -> None:
        super().__init__(database_url, secret, publish)
        self._here = self.engine
        self._nowhere = make_engine(NOWHERE)
        self._frozen = make_engine(database_url)
        self._thaw, self._is_gone = Event(), False
        event.listen(self._frozen, "engine_connect", self._hang)

    @property
    def is_away(self) -> bool:
        return self.engine is self._nowhere

    def sever(self) -> None:
        self.engine = self._nowhere

    def freezes(self) -> None:
        """It refuses nobody, and answers nobody until it is mended."""
        self._thaw.clear()
        self.engine = self._frozen

    def mend(self) -> None:
        self.engine = self._here
        self._thaw.set()

    def close(self) -> None:
        self._is_gone = True
        self._thaw.set()
        for engine in (self._nowhere, self._frozen):
            engine.dispose()

    def _hang(self, connection: Connection) -> None:
        self._thaw.wait(LONGEST)
        if self._is_gone:
            connection.invalidate()
            raise ConnectionError("whoever still hangs finds nothing there any more")
