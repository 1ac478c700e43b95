"""The house rules, held by tests: sizes, first lines, names, and what is not to be found in the code."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
LONGEST_FILE: Final = 300
LONG_FUNCTION: Final = 30
USUAL_FUNCTION: Final = 10
VAGUE: Final = re.compile(r"(^|_)(utils?|helpers?|commons?|managers?|misc)(_|$)")
VENDORED: Final = ("vendor", "min.js", "min.css")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project: what git knows, and what is new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=30,
    ).stdout.decode()
    files = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(file for file in files if file.is_file()))


def python(*below: str) -> list[Path]:
    within = [ROOT / one for one in below or ("hotline", "tests")]
    return [
        file for file in tracked() if file.suffix == ".py" and any(file.is_relative_to(one) for one in within)
    ]


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def texts() -> Iterator[tuple[Path, str]]:
    """Every tracked file that is text."""
    for file in tracked():
        try:
            yield file, file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def found(pattern: str, files: Iterable[Path]) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name(file)}:{n}: {line.strip()}"
        for file in files
        for n, line in enumerate(lines(file), 1)
        if wanted.search(line) and file != Path(__file__)
    ]


def test_there_are_files_to_look_at() -> None:
    assert len(python("hotline")) > 50
    assert len(python("tests")) > 20


def test_no_file_is_longer_than_it_can_be_read_at_once() -> None:
    kinds = {".py", ".js", ".css", ".html"}
    written = [
        file
        for file in tracked()
        if file.suffix in kinds
        and "versions" not in file.parts
        and not any(mark in name(file) for mark in VENDORED)
    ]
    assert {name(file): many for file in written if (many := len(lines(file))) > LONGEST_FILE} == {}


def test_every_module_opens_with_one_line_that_says_what_it_is_for() -> None:
    wrong = []
    for file in python():
        words = ast.get_docstring(tree(file))
        if not words or not words.splitlines()[0].strip():
            wrong.append(name(file))
    assert wrong == []


def test_no_module_is_called_by_a_name_that_says_nothing() -> None:
    assert [name(file) for file in tracked() if any(VAGUE.search(part) for part in _parts(file))] == []


def _parts(file: Path) -> list[str]:
    return [part.partition(".")[0].lower() for part in file.relative_to(ROOT).parts]


def calls(files: Iterable[Path], *names: str) -> list[str]:
    """Where something of that name is called or imported."""
    return [
        f"{name(file)}:{getattr(node, 'lineno', 0)}"
        for file in files
        for node in ast.walk(tree(file))
        if _named(node) in names
    ]


def _named(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id=called)):
            return called
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=called)):
            return f"{module}.{called}"
        case _:
            return None


def test_nothing_is_printed() -> None:
    assert calls(python(), "print") == []


def test_no_test_sleeps() -> None:
    assert calls(python("tests"), "time.sleep", "sleep") == []


def test_every_exception_from_a_check_says_why() -> None:
    silent = r"#\s*(type:\s*ignore(\[[^\]]*\])?|noqa(:\s*[A-Z0-9, ]+)?)\s*$"
    assert found(silent, python()) == []


def test_no_path_of_somebodys_machine() -> None:
    somewhere = re.compile(r"(?<![\w.~/{}-])/(work|home|root|Users)/\w")
    assert [name(file) for file, text in texts() if somewhere.search(text) and file != Path(__file__)] == []


def test_no_address_of_a_package_registry() -> None:
    registry = re.compile(
        r"https?://[^\s\"']*(pypi|pythonhosted|npmjs|/simple\b|registry|artifactory|nexus)", re.I
    )
    assert [name(file) for file, text in texts() if registry.search(text) and file != Path(__file__)] == []


def sizes() -> dict[str, int]:
    """The lines of every function, its docstring and decorators left out."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{name(file)}:{node.lineno} {node.name}": _lines_of(node)
        for file in python("hotline")
        if "versions" not in file.parts
        for node in ast.walk(tree(file))
        if isinstance(node, kinds)
    }


def _lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    words = node.body[0]
    said = ast.get_docstring(node) is not None and words.end_lineno is not None
    documented = (words.end_lineno or 0) - words.lineno + 1 if said else 0
    return node.end_lineno - node.lineno + 1 - documented


def test_functions_are_short() -> None:
    many = sorted(sizes().values())
    assert statistics.median(many) <= USUAL_FUNCTION
    assert many[int(len(many) * 0.9)] <= LONG_FUNCTION


def test_templates_import_what_they_use() -> None:
    imported = re.compile(r'{% import "[^"]+" as (\w+)|{% from "[^"]+" import (\w+)')
    pages = [(file, text) for file, text in texts() if file.suffix == ".html" and "templates" in file.parts]
    unused = [
        f"{name(file)}: {one}"
        for file, text in pages
        for one in map("".join, imported.findall(text))
        if len(re.findall(rf"\b{one}\b", text)) < 2 or not re.search(rf"\b{one}[.(]", text)
    ]
    assert pages
    assert unused == []


def test_dependencies_point_inward() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
