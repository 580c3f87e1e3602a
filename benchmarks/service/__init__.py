"""The service over loopback: server, client and library each in a process of its own."""
