"""Names in the WSGI environment with which the service asks its server to delay a response."""

# Set by a server that can.
CAN_HOLD = "smartcooking.can_hold"
# The `time.monotonic()` before which the answer is not to be sent.
ANSWER_AT = "smartcooking.answer_at"
