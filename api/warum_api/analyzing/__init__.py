"""`POST /v1/analyze`: comments in, what they say of each category back, at once."""
