"""The kinds of identifier, so that one cannot be passed for another."""

from typing import NewType

AccountId = NewType("AccountId", int)
CallId = NewType("CallId", int)
LegSid = NewType("LegSid", str)
"""The carrier's name for one leg of a call; opaque, in no particular shape."""
LineName = NewType("LineName", str)
MediatorId = NewType("MediatorId", int)
MessageId = NewType("MessageId", int)
OfferId = NewType("OfferId", int)
PlaceId = NewType("PlaceId", int)
ProposalId = NewType("ProposalId", int)
ShiftId = NewType("ShiftId", int)
TicketId = NewType("TicketId", int)
