"""How the service asks its server to send an answer later: by names in the WSGI environment."""

# Set by a server that can.
CAN_HOLD = "smartcooking.can_hold"
# The `time.monotonic()` before which the answer is not to be sent.
ANSWER_AT = "smartcooking.answer_at"
