"""What a mediator can do: the topics and languages of the lines, to tick, and what was ticked."""

from dataclasses import dataclass

from flask import request

from hotline.dashboard import words
from hotline.dashboard.languages import language
from hotline.dashboard.languages import translated as _
from hotline.services import Services


@dataclass(frozen=True, slots=True)
class Choices:
    """Key and label of each; what is ticked."""

    skills: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    has_skills: frozenset[str] = frozenset()
    has_languages: frozenset[str] = frozenset()


class NotEnough(Exception):
    """Something is to be ticked yet; `words` says what."""

    def __init__(self, words: str, ticked: Choices) -> None:
        super().__init__(words)
        self.words = words
        self.ticked = ticked


def offered(
    services: Services, skills: frozenset[str] = frozenset(), languages: frozenset[str] = frozenset()
) -> Choices:
    """All there is to tick, with these ticked. A skill goes by the topics that ask for it."""
    labels: dict[str, list[str]] = {}
    spoken: dict[str, str] = {}
    for script in (line.script for line in services.lines.lines):
        for topic in script.topics:
            if topic.skill:
                named = labels.setdefault(topic.skill, [])
                label = topic.label.get(language(), topic.label[script.first.code])
                named.extend([] if label in named else [label])
        for one in script.languages:
            spoken.setdefault(one.code, words.spoken(script, one.code))
    topics = [(skill, " · ".join(named)) for skill, named in labels.items()]
    return Choices(topics, list(spoken.items()), skills, languages)


def ticked(services: Services) -> Choices:
    """What the form says. Raises NotEnough when no topic or no language is ticked."""
    known = offered(services)
    skills = frozenset(request.form.getlist("skill")) & {key for key, _label in known.skills}
    languages = frozenset(request.form.getlist("language")) & {code for code, _name in known.languages}
    found = offered(services, skills, languages)
    if known.skills and not skills:
        raise NotEnough(_("Cochez au moins un thème."), found)
    if not languages:
        raise NotEnough(_("Cochez au moins une langue."), found)
    return found
