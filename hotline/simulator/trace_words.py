"""Says each entry of the trace in one plain sentence, in French or in English."""

from collections.abc import Mapping
from typing import Literal

from hotline.simulator.trace import Kind, Param, TraceEntry

Language = Literal["fr", "en"]

FRENCH: dict[Kind, str] = {
    Kind.PHONE_REGISTERED: "Le téléphone {number} ({name}) est prêt.",
    Kind.CALL_STARTED: "{number} appelle le {to}.",
    Kind.CALL_QUEUED: "L’opérateur va appeler le {number} à la demande de la ligne.",
    Kind.WEBHOOK: "L’opérateur demande à la ligne que faire ({path}) ; réponse {status}.",
    Kind.DOCUMENT: "La ligne répond par ces consignes : {verbs}.",
    Kind.SAID: "{number} entend : « {text} »",
    Kind.PLAYED: "{number} entend un son : {text}.",
    Kind.PAUSED: "{number} n’entend rien pendant {seconds} s.",
    Kind.GATHER_OPENED: "La ligne attend une touche de {number}.",
    Kind.GATHER_CLOSED: "La ligne n’attend plus de touche (reçu : {digits}).",
    Kind.KEY_PRESSED: "{number} appuie sur {keys}.",
    Kind.SPOKE: "{number} dit : « {text} »",
    Kind.RINGING: "Le téléphone de {number} sonne. Il affiche le {shows}.",
    Kind.ANSWERED: "{number} est en ligne.",
    Kind.REJECTED: "{number} refuse l’appel.",
    Kind.WHISPER: "{number} entend d’abord une annonce, sans que l’autre personne l’entende.",
    Kind.GREETING: "La messagerie de {number} dit : « {text} »",
    Kind.BRIDGED: "{caller} et {number} se parlent.",
    Kind.UNBRIDGED: "La conversation avec {number} est finie.",
    Kind.QUEUE_ENTERED: "{number} attend dans la file « {queue} ».",
    Kind.QUEUE_LEFT: "{number} quitte la file « {queue} » après {seconds} s ({result}).",
    Kind.RECORDED: "Le message de {number} est enregistré ({seconds} s).",
    Kind.REST: "La ligne donne un ordre à l’opérateur : {method} {path} ; réponse {status}.",
    Kind.UPDATED: "La ligne envoie {number} vers d’autres consignes.",
    Kind.CALLBACK_SPOILT: "Panne voulue : l’avis « {event} » est malmené ({does}).",
    Kind.REPEATED: "Panne voulue : l’opérateur pose deux fois la même question ({path}).",
    Kind.ERROR: "La ligne n’a pas su répondre (erreur {code}).",
    Kind.VIOLATION: "Un vrai opérateur refuserait ceci : {text}",
    Kind.ENDED: "L’appel de {number} est terminé ({status}, {seconds} s).",
}

ENGLISH: dict[Kind, str] = {
    Kind.PHONE_REGISTERED: "The telephone {number} ({name}) is ready.",
    Kind.CALL_STARTED: "{number} calls {to}.",
    Kind.CALL_QUEUED: "The carrier will call {number}, as the line has asked.",
    Kind.WEBHOOK: "The carrier asks the line what to do ({path}); answer {status}.",
    Kind.DOCUMENT: "The line answers with these instructions: {verbs}.",
    Kind.SAID: "{number} hears: “{text}”",
    Kind.PLAYED: "{number} hears a sound: {text}.",
    Kind.PAUSED: "{number} hears nothing for {seconds} s.",
    Kind.GATHER_OPENED: "The line waits for a key from {number}.",
    Kind.GATHER_CLOSED: "The line waits for no key any more (received: {digits}).",
    Kind.KEY_PRESSED: "{number} presses {keys}.",
    Kind.SPOKE: "{number} says: “{text}”",
    Kind.RINGING: "The telephone of {number} rings. It shows {shows}.",
    Kind.ANSWERED: "{number} is on the line.",
    Kind.REJECTED: "{number} rejects the call.",
    Kind.WHISPER: "{number} first hears an announcement; the other person does not hear it.",
    Kind.GREETING: "The voicemail of {number} says: “{text}”",
    Kind.BRIDGED: "{caller} and {number} are talking.",
    Kind.UNBRIDGED: "The conversation with {number} is over.",
    Kind.QUEUE_ENTERED: "{number} waits in the queue “{queue}”.",
    Kind.QUEUE_LEFT: "{number} leaves the queue “{queue}” after {seconds} s ({result}).",
    Kind.RECORDED: "The message of {number} is recorded ({seconds} s).",
    Kind.REST: "The line gives the carrier an order: {method} {path}; answer {status}.",
    Kind.UPDATED: "The line sends {number} to other instructions.",
    Kind.CALLBACK_SPOILT: "Wished fault: the notice “{event}” is spoilt ({does}).",
    Kind.REPEATED: "Wished fault: the carrier asks the same question twice ({path}).",
    Kind.ERROR: "The line could not answer (error {code}).",
    Kind.VIOLATION: "A real carrier would refuse this: {text}",
    Kind.ENDED: "The call of {number} is over ({status}, {seconds} s).",
}
SENTENCES: Mapping[Language, Mapping[Kind, str]] = {"fr": FRENCH, "en": ENGLISH}
NOBODY: Mapping[Language, str] = {"fr": "numéro masqué", "en": "hidden number"}
NOTHING: Mapping[Language, str] = {"fr": "rien", "en": "nothing"}
NUMBERS = {"number", "to", "shows", "caller"}


def words(entry: TraceEntry, language: Language = "fr") -> str:
    shown = {name: _show(name, value, language) for name, value in entry.params.items()}
    return SENTENCES[language][entry.kind].format_map(shown)


def _show(name: str, value: Param, language: Language) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if name in NUMBERS:
        return spaced(str(value)) if str(value).startswith("+") else NOBODY[language]
    return str(value) if value not in ("", None) else NOTHING[language]


def spaced(number: str) -> str:
    """A French number as people write it: +33 1 99 00 12 34."""
    if not number.startswith("+33") or len(number) != 12:
        return number
    return f"+33 {number[3]} " + " ".join(number[at : at + 2] for at in range(4, 12, 2))
