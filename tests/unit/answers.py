"""What every answer to a caller is, whatever happened before."""

from hotline.ivr.actions import Action, Ask, HangUp, Hold, Promise, Record, Request, Ring, Seek
from hotline.ivr.course import CALLBACK_STEPS, Step, Turn
from tests import scripts

LANGUAGES = {language.code: language for language in scripts.script().languages}
GOODBYES = {language.prompts.goodbye[-1] for language in LANGUAGES.values()}


def check(turn: Turn) -> None:
    assert isinstance(turn.then, Action | Request)
    assert turn.state.language in LANGUAGES
    for say in turn.say:
        assert say.language in LANGUAGES
        assert all(sentence.strip() for sentence in say.sentences)
    match turn.then:
        case Ask(many=many):
            assert turn.say[-1].sentences, "a caller is asked without a word"
            assert turn.state.step in CALLBACK_STEPS - {Step.MESSAGE} | {Step.MENU}
            assert many is (turn.state.step is Step.NUMBER)
        case Record():
            assert turn.say[-1].sentences, "a message is recorded without notice"
            assert turn.state.step is Step.MESSAGE
        case Seek(language=language):
            assert language in LANGUAGES
        case HangUp():
            assert turn.state.step is Step.OVER
            assert turn.say[-1].sentences[-1] in GOODBYES
        case Ring() | Hold() | Promise():
            pass
