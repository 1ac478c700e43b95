"""The two shapes of an answer to the carrier."""

from flask import Response


def xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")


def no_content() -> Response:
    """To a status callback."""
    return Response(status=204)
