"""The words of the interface that are made of what the code names."""

import pytest
from flask import Flask

from hotline.dashboard import words
from hotline.dashboard.languages import speaking
from hotline.queue.tickets import BestTime


@pytest.mark.parametrize(
    ("one", "words_for_it"),
    [
        ("01", "Île-de-France"),
        ("05", "Sud-Ouest"),
        ("262", "La Réunion ou Mayotte"),
        ("590", "Guadeloupe, Saint-Martin ou Saint-Barthélemy"),
        ("GF", "Guyane"),
        ("MQ", "Martinique"),
        ("NC", "Nouvelle-Calédonie"),
        ("BE", "Belgique"),
    ],
)
def test_areas(app: Flask, one: str, words_for_it: str) -> None:
    with app.test_request_context():
        assert words.area(one) == words_for_it


@pytest.mark.parametrize(
    ("language", "first", "last"), [("fr", "lundi", "dimanche"), ("en", "Monday", "Sunday")]
)
def test_weekdays(app: Flask, language: str, first: str, last: str) -> None:
    with app.test_request_context(), speaking(language):
        assert (words.weekday(0), words.weekday(6)) == (first, last)


def test_countries_have_their_name_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context(), speaking("en"):
        assert words.area("BE") == "Belgium"


def test_a_best_time_says_that_it_is_when_they_are_to_be_reached(app: Flask) -> None:
    """It stands beside since when they wait."""
    with app.test_request_context():
        assert all(words.best_time(one).startswith("joignable") for one in BestTime)
