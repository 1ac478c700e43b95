"""How rows are named in the addresses of pages."""

from typing import Any, Final

from werkzeug.routing import IntegerConverter, Map

LARGEST: Final = 2**31 - 1
"""Of PostgreSQL's integers. Nothing has a larger id: that address is not there."""


class RowId(IntegerConverter):
    """Rules that say `<int:…>`: ids that the database can be asked for."""

    # thousands of digits are not even a number to Python
    regex = rf"\d{{1,{len(str(LARGEST))}}}"

    def __init__(self, rules: Map, **more: Any) -> None:
        super().__init__(rules, max=LARGEST, **more)
