"""Names of the shipped readers, apart from the readers: who asks for a name need not load them."""

SHIPPED = ("auto", "accurate", "fast")
