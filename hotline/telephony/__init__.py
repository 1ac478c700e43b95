"""The only code that speaks Twilio: signatures, webhooks, TwiML and REST."""
