"""The control interface of the page and of a caller at a terminal."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer
from hotline.simulator.web import create_app

Call = Callable[[str], Leg]
LINE, AMINA = "+33199001234", "+33639980101"


@pytest.fixture
def web(carrier: Carrier) -> FlaskClient:
    return create_app(carrier).test_client()


def test_a_call_from_beginning_to_end(web: FlaskClient, customer: ScriptedCustomer) -> None:
    customer["/voice"] = '<Gather numDigits="1" action="/key"><Say language="fr-FR">Tapez 1</Say></Gather>'
    customer["/key"] = '<Enqueue waitUrl="">aide</Enqueue>'
    made = web.post("/control/calls", json={"from": "+33639980001", "to": LINE})
    sid = made.json["sid"]  # type: ignore[index]  # a JSON object
    assert made.status_code == 201
    shown = web.get(f"/control/calls/{sid}").json
    assert shown is not None
    assert (shown["status"], shown["gathering"], shown["in_queue"]) == ("in-progress", True, None)
    assert (shown["heard"][0]["text"], shown["heard"][0]["audio"]) == ("Tapez 1", None)
    assert web.post(f"/control/legs/{sid}/keys", json={"keys": "1"}).status_code == 200
    assert web.get(f"/control/calls/{sid}").json["in_queue"] == "aide"  # type: ignore[index]  # a JSON object
    web.post(f"/control/legs/{sid}/hang-up")
    assert web.get(f"/control/calls/{sid}").json["ended_by"] == "caller"  # type: ignore[index]  # a JSON object


def test_a_registered_telephone_rings_and_answers(web: FlaskClient, call: Call) -> None:
    assert web.post("/control/phones", json={"number": AMINA, "name": "Amina"}).status_code == 201
    leg = call(f'<Dial callerId="{LINE}">{AMINA}</Dial>')
    phones = web.get("/control/phones").json
    assert phones is not None
    assert phones["lines"] == [{"number": LINE, "name": ""}]
    amina = next(one for one in phones["phones"] if one["number"] == AMINA)
    assert (amina["name"], amina["state"], amina["shows"]) == ("Amina", "ringing", LINE)
    assert web.post(f"/control/legs/{amina['leg']}/answer").status_code == 200
    assert leg.talking_to is not None
    assert web.get(f"/control/calls/{leg.sid}").json["talking_to"] == AMINA  # type: ignore[index]  # a JSON object
    assert web.post(f"/control/legs/{amina['leg']}/reject").status_code == 409


def test_a_telephone_may_reject(web: FlaskClient, call: Call, carrier: Carrier) -> None:
    call(f'<Dial callerId="{LINE}">{AMINA}</Dial>')
    ringing = carrier.phone(AMINA).ringing_leg
    assert ringing is not None
    web.post(f"/control/legs/{ringing.sid}/reject")
    assert ringing.status == "busy"


def test_a_person_says_something(web: FlaskClient, call: Call, customer: ScriptedCustomer) -> None:
    leg = call('<Gather input="speech" action="/said"/>')
    web.post(f"/control/legs/{leg.sid}/announce", json={"text": "bonjour"})
    assert customer.asked("/said")[0]["SpeechResult"] == "bonjour"


def test_the_trace_goes_on_from_where_it_was(web: FlaskClient, call: Call) -> None:
    leg = call('<Say>A</Say><Pause length="9"/>')
    first = web.get("/control/trace").json
    assert first is not None
    assert [one["kind"] for one in first["entries"]][:2] == ["call_started", "webhook"]
    leg.hang_up()
    then = web.get(f"/control/trace?after={first['last']}").json
    assert then is not None
    assert [one["kind"] for one in then["entries"]] == ["ended", "webhook"]


def test_the_state_waits_for_news(web: FlaskClient, call: Call) -> None:
    leg = call('<Say>A</Say><Enqueue waitUrl="">aide</Enqueue>')
    state = web.get("/control/state").json
    assert state is not None
    assert [one["sid"] for one in state["calls"]] == [leg.sid]
    same = web.get(f"/control/state?after={state['version']}&wait=0.01").json
    assert same is not None
    assert same["version"] == state["version"]
    leg.hang_up()
    newer = web.get(f"/control/state?after={state['version']}").json
    assert newer is not None
    assert newer["version"] > state["version"]


def test_faults_are_set_and_shown(web: FlaskClient, carrier: Carrier) -> None:
    answer = web.post("/control/faults", json={"callbacks": [{"does": "drop"}]})
    assert answer.json["callbacks"][0]["does"] == "drop"  # type: ignore[index]  # a JSON object
    assert carrier.faults.callbacks[0].does == "drop"
    assert web.post("/control/faults", json={"weather": []}).status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/control/calls", {"to": "+33199009999"}, 409),
        ("/control/phones", {"number": "Amina"}, 400),
        ("/control/phones", {"number": AMINA, "behaviour": "sings"}, 400),
        ("/control/legs/CA0/keys", {"keys": "1"}, 404),
        ("/control/legs/CA0/keys", {"keys": "A"}, 400),
    ],
)
def test_what_cannot_be_done(web: FlaskClient, path: str, body: dict[str, str], status: int) -> None:
    assert web.post(path, json=body).status_code == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8010", 200),
        ("localhost", 200),
        ("[::1]:8010", 200),
        ("evil.test", 403),
        ("evil.test:8010", 403),
    ],
)
def test_only_loopback_names_are_served(web: FlaskClient, host: str, status: int) -> None:
    assert web.get("/control/phones", headers={"Host": host}).status_code == status


def test_a_form_of_another_site_is_refused(web: FlaskClient) -> None:
    assert web.post("/control/calls", data={"from": "anonymous", "to": LINE}).status_code == 415
