"""What the service tells its server about a request and its answer: by names in the WSGI environment."""

# Set by a server that can.
CAN_HOLD = "smartcooking.can_hold"
# The `time.monotonic()` before which the answer is not to be sent.
ANSWER_AT = "smartcooking.answer_at"
# The id of the person whose credentials the service has verified: whom the server counts the request for.
PERSON = "smartcooking.person"
