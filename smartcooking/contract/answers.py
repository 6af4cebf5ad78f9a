"""Keys in the WSGI environment with which the service tells its server about a request and its response."""

# Set by servers that can delay a response.
CAN_HOLD = "smartcooking.can_hold"
# The `time.monotonic()` before which the response must not be sent.
ANSWER_AT = "smartcooking.answer_at"
# The id of the person whose credentials the service has verified; the server charges the request to them.
PERSON = "smartcooking.person"
