"""The demo line's script, and others like it."""

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

from hotline.ivr.script import Script, parse

CONFIG = Path(__file__).parent.parent / "config"
BODY: dict[str, Any] = tomllib.loads((CONFIG / "lines" / "demo.toml").read_text(encoding="utf-8"))


def body(**changes: Any) -> dict[str, Any]:
    """The demo line's table; `timings__ring=5` changes a key within a table."""
    table = deepcopy(BODY)
    for path, value in changes.items():
        *outer, last = path.split("__")
        inner = table
        for name in outer:
            inner = inner[name]
        inner[last] = value
    return table


def script(**changes: Any) -> Script:
    """The demo line's script, changed like `body`."""
    return parse("demo", body(**changes), fiction_numbers=True)
