"""The REST interface, asked by the provider's own client over HTTP."""

import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from werkzeug.serving import make_server

from hotline.simulator.carrier import Carrier
from hotline.simulator.faults import RestFault
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer
from hotline.simulator.web import create_app

Call = Callable[[str], Leg]
LINE, AMINA = "+33199001234", "+33639980101"
HOME = "http://customer.test"
ACCOUNT = "AC" + "0" * 32


class LocalHttpClient(TwilioHttpClient):  # type: ignore[misc]  # untyped base
    """Sends the client's requests to another server, as contract section 6 tells."""

    def __init__(self, base: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.session.trust_env = False
        self.base = urlsplit(base)

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> Response:
        parts = urlsplit(url)
        moved = urlunsplit((self.base.scheme, self.base.netloc, parts.path, parts.query, ""))
        return super().request(method, moved, *args, **kwargs)

    def close(self) -> None:
        self.session.close()


@pytest.fixture
def connect(carrier: Carrier) -> Iterator[Callable[..., Client]]:
    server = make_server("127.0.0.1", 0, create_app(carrier), threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    made: list[LocalHttpClient] = []

    def to_server(token: str = "12345", timeout: float = 5) -> Client:
        made.append(LocalHttpClient(f"http://127.0.0.1:{server.server_port}", timeout))
        return Client(ACCOUNT, token, http_client=made[-1])

    yield to_server
    for one in made:
        one.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(connect: Callable[..., Client]) -> Client:
    return connect()


def refusal(error: TwilioRestException) -> tuple[int, int]:
    return error.status, error.code


def test_a_live_call_is_sent_elsewhere(
    call: Call, carrier: Carrier, customer: ScriptedCustomer, client: Client
) -> None:
    customer["/pushed"] = "<Say>Ailleurs</Say>"
    leg = call('<Enqueue waitUrl="">aide</Enqueue>')
    answer = client.calls(leg.sid).update(url=f"{HOME}/pushed", method="POST")
    assert (answer.sid, answer.status, answer.direction) == (leg.sid, "in-progress", "inbound")
    carrier.advance(0)
    assert leg.heard_text() == "Ailleurs"


def test_a_live_call_gets_a_text(call: Call, carrier: Carrier, client: Client) -> None:
    leg = call('<Pause length="60"/>')
    client.calls(leg.sid).update(twiml="<Response><Say>Direct</Say></Response>")
    carrier.advance(0)
    assert leg.heard_text() == "Direct"
    with pytest.raises(TwilioRestException) as refused:
        client.calls(leg.sid).update(twiml="<Response>" + " " * 4000 + "</Response>")
    assert refusal(refused.value) == (400, 32018)


def test_a_call_is_ended_and_then_has_ended(call: Call, carrier: Carrier, client: Client) -> None:
    leg = call('<Say>A</Say><Pause length="60"/>')
    carrier.advance(7)
    client.calls(leg.sid).update(status="completed")
    carrier.advance(0)
    shown = client.calls(leg.sid).fetch()
    assert (shown.status, shown.duration, shown.end_time) == ("completed", "7", leg.ended_at)
    for change in ({"status": "completed"}, {"url": f"{HOME}/x"}, {}):
        with pytest.raises(TwilioRestException) as refused:
            client.calls(leg.sid).update(**change)
        assert refusal(refused.value) == (400, 21220)


def test_calls_are_listed(call: Call, carrier: Carrier, client: Client) -> None:
    leg = call(f'<Dial callerId="{LINE}">{AMINA}</Dial>')
    child = carrier.phone(AMINA).ringing_leg
    assert child is not None
    assert [one.sid for one in client.calls.list(parent_call_sid=leg.sid)] == [child.sid]
    assert [one.sid for one in client.calls.list(status="in-progress")] == [leg.sid]
    assert [one.sid for one in client.calls.list(to=AMINA)] == [child.sid]
    assert client.calls.list(from_="+33639989999") == []
    assert len(client.calls.list(page_size=1)) == 2


def test_calls_are_created(carrier: Carrier, customer: ScriptedCustomer, client: Client) -> None:
    customer["/out"] = "<Say>Bonjour</Say>"
    made = [
        client.calls.create(
            to=number,
            from_=LINE,
            url=f"{HOME}/out",
            status_callback=f"{HOME}/progress",
            status_callback_event=["initiated", "answered", "completed"],
            timeout=10,
        )
        for number in (AMINA, "+33639980102")
    ]
    assert [one.status for one in made] == ["queued", "queued"]
    assert [one.queue_time for one in made] == ["0", "1000"]
    carrier.advance(0.5)
    carrier.phone(AMINA).answer()
    assert [one["CallStatus"] for one in customer.asked("/progress")] == ["initiated", "in-progress"]
    carrier.advance(20)
    assert client.calls(made[1].sid).fetch().status == "no-answer"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"from_": "+33199009999"}, 21210), ({"to": "nobody"}, 21211), ({"url": ""}, 21205)],
)
def test_calls_that_cannot_be_created(client: Client, change: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(**({"to": AMINA, "from_": LINE, "url": f"{HOME}/out"} | change))
    assert refusal(refused.value) == (400, code)


def test_a_ringing_call_cannot_be_sent_elsewhere(carrier: Carrier, client: Client) -> None:
    made = client.calls.create(to=AMINA, from_=LINE, twiml="<Response/>")
    carrier.advance(0)
    with pytest.raises(TwilioRestException) as refused:
        client.calls(made.sid).update(url=f"{HOME}/x")
    assert refusal(refused.value) == (400, 21220)
    client.calls(made.sid).update(status="canceled")
    carrier.advance(0)
    assert client.calls(made.sid).fetch().status == "canceled"


def test_numbers_are_listed_and_changed(carrier: Carrier, customer: ScriptedCustomer, client: Client) -> None:
    assert client.incoming_phone_numbers.list(phone_number="+33199009999") == []
    [number] = client.incoming_phone_numbers.list(phone_number=LINE)
    assert (number.voice_url, number.status_callback) == (f"{HOME}/voice", f"{HOME}/status")
    number.update(voice_url=f"{HOME}/new", status_callback="", voice_method="GET")
    customer["/new"] = "<Hangup/>"
    carrier.call("anonymous", LINE)
    assert customer.paths == ["/new"]
    assert client.incoming_phone_numbers(number.sid).fetch().voice_method == "GET"


def test_recordings_are_fetched_and_deleted(call: Call, carrier: Carrier, client: Client) -> None:
    leg = call('<Record action="/voice" timeout="2"/>')
    leg.speak("Rappelez-moi")
    carrier.advance(4)
    [sid] = carrier.exchange.recordings
    web = create_app(carrier).test_client()
    sound = web.get(f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{sid}.wav", auth=(ACCOUNT, "12345"))
    assert sound.data.startswith(b"RIFF")
    assert client.recordings(sid).delete()
    with pytest.raises(TwilioRestException) as refused:
        client.recordings(sid).delete()
    assert refusal(refused.value) == (404, 20404)


def test_the_recordings_of_a_call_are_listed(call: Call, carrier: Carrier, client: Client) -> None:
    leg = call('<Record action="/voice" timeout="2"/>')
    assert client.calls(leg.sid).recordings.list() == []
    for words in ("Bonjour", "Rappelez-moi"):
        leg.speak(words)
        carrier.advance(4)
    silent = call('<Record action="/voice" timeout="2"/>')
    newest, oldest = client.calls(leg.sid).recordings.list()
    assert [oldest.sid, newest.sid] == list(carrier.exchange.recordings)
    assert (newest.call_sid, newest.status, newest.source) == (leg.sid, "completed", "RecordVerb")
    assert int(newest.duration) == 4
    assert oldest.date_created < newest.date_created
    assert len(client.calls(leg.sid).recordings.list(page_size=1)) == 2
    assert client.calls(silent.sid).recordings.list() == []
    assert client.recordings(oldest.sid).delete()
    assert [one.sid for one in client.calls(leg.sid).recordings.list()] == [newest.sid]
    with pytest.raises(TwilioException, match="20404"):
        client.calls("CA" + "1" * 32).recordings.list()


def test_who_may_not_ask(connect: Callable[..., Client], client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        connect("wrong").calls("CA1").fetch()
    assert refusal(refused.value) == (401, 20003)
    with pytest.raises(TwilioRestException) as unknown:
        client.calls("CA" + "1" * 32).fetch()
    assert refusal(unknown.value) == (404, 20404)
    with pytest.raises(TwilioRestException) as nowhere:
        client.queues("QU1").fetch()
    assert refusal(nowhere.value) == (404, 20404)


@pytest.mark.parametrize(("does", "status"), [("429", 429), ("500", 500), ("lost", 500)])
def test_rest_misbehaves(call: Call, carrier: Carrier, client: Client, does: str, status: int) -> None:
    leg = call('<Pause length="60"/>')
    carrier.faults.rest = [RestFault(does)]  # type: ignore[arg-type]  # one of its words
    with pytest.raises(TwilioRestException) as refused:
        client.calls(leg.sid).update(status="completed")
    assert refused.value.status == status
    carrier.advance(0)
    assert leg.is_open is (does != "lost")
    assert client.calls(leg.sid).fetch().sid == leg.sid


def test_rest_is_silent(call: Call, carrier: Carrier, connect: Callable[..., Client]) -> None:
    leg = call('<Pause length="60"/>')
    carrier.faults.rest = [RestFault("hang", seconds=0.2), RestFault("slow", seconds=0.05)]
    with pytest.raises(Exception, match="timed out"):
        connect(timeout=0.05).calls(leg.sid).update(status="completed")
    carrier.advance(0)
    assert leg.is_open
    assert connect().calls(leg.sid).fetch().status == "ringing"


def test_the_trace_shows_the_requests(call: Call, carrier: Carrier, client: Client) -> None:
    leg = call('<Pause length="60"/>')
    client.calls(leg.sid).update(status="completed")
    [entry] = [one for one in carrier.trace if one.kind == "rest"]
    assert entry.leg == leg.sid
    assert entry.params["path"] == f"/Calls/{leg.sid}.json"
    assert entry.params["params"] == ["Status=completed"]
