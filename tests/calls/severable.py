"""A store whose database can be taken away in the middle of a call, and given back."""

from hotline.store.engines import make_engine
from hotline.store.transactions import Publish, Store

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
"""Nobody listens there: the errors are those of the real thing."""


class SeverableStore(Store):
    def __init__(self, database_url: str, secret: str, publish: Publish = lambda _topics: None) -> None:
        super().__init__(database_url, secret, publish)
        self._here = self.engine
        self._nowhere = make_engine(NOWHERE)

    @property
    def is_away(self) -> bool:
        return self.engine is self._nowhere

    def sever(self) -> None:
        self.engine = self._nowhere

    def mend(self) -> None:
        self.engine = self._here

    def close(self) -> None:
        self._here.dispose()
        self._nowhere.dispose()
