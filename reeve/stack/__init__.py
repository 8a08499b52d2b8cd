"""The local stack: embedded servers and the services under one small supervisor."""
