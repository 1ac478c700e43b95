"""The words of the interface that are made of what the code names."""

import pytest
from flask import Flask

from hotline.dashboard import words
from hotline.dashboard.languages import speaking


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


def test_countries_have_their_name_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context(), speaking("en"):
        assert words.area("BE") == "Belgium"
