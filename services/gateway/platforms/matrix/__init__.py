"""Matrix, by the client-server API."""
