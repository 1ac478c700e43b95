"""The document checker says what a carrier refuses."""

import pytest

from hotline.simulator.twiml_check import problems


def response(inner: str) -> str:
    return f"<Response>{inner}</Response>"


@pytest.mark.parametrize(
    "inner",
    [
        '<Say language="fr-FR" voice="Polly.Lea-Neural">Bonjour <break time="1s"/></Say>',
        '<Gather numDigits="1" action="/x" actionOnEmptyResult="true"><Say>Un</Say><Pause/></Gather>',
        '<Dial answerOnBridge="true"><Number statusCallbackEvent="initiated ringing">1</Number></Dial>',
        '<Enqueue waitUrl="/w" action="/a">file</Enqueue>',
    ],
)
def test_good_documents_have_no_problem(inner: str) -> None:
    assert problems(response(inner)) == []


@pytest.mark.parametrize(
    ("inner", "problem"),
    [
        ("<Shout>Bonjour</Shout>", "12200: <Shout> not allowed in <Response>"),
        ('<Say tone="high">Bonjour</Say>', "12200: <Say> has no attribute tone"),
        ('<Pause length="long"/>', '<Pause length="long">: integer expected'),
        ('<Dial answerOnBridge="yes">1</Dial>', '<Dial answerOnBridge="yes">: true/false expected'),
        ('<Redirect method="PUT">/x</Redirect>', "<Redirect method=\"PUT\">: one of ['GET', 'POST']"),
        ("<Gather><Gather/></Gather>", "12200: <Gather> not allowed in <Gather>"),
    ],
)
def test_bad_documents_are_named(inner: str, problem: str) -> None:
    assert problems(response(inner)) == [problem]


@pytest.mark.parametrize(
    ("context", "inner"),
    [
        ("enqueue.waitUrl", "<Dial>+33639980101</Dial>"),
        ("enqueue.waitUrl", "<Enqueue>autre</Enqueue>"),
        ("number.url", "<Redirect>/x</Redirect>"),
        ("number.url", "<Pause/>"),
    ],
)
def test_some_verbs_are_not_allowed_everywhere(context: str, inner: str) -> None:
    assert problems(response(inner)) == []
    assert problems(response(inner), context)[0].endswith(f"not allowed in <Response> ({context})")


def test_what_is_no_document_at_all() -> None:
    assert problems("<Response><Say>")[0].startswith("12100: document parse failure")
    assert problems("<Say>Bonjour</Say>") == ["12100: root is <Say>, must be <Response>"]
    assert problems(" " + response(""))[0] == "12100: leading whitespace before XML declaration"
    assert problems(response("<Say>" + "a" * 65536 + "</Say>")) == ["11750: TwiML over 64 KB"]
