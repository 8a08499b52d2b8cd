"""What a service stands on: lifecycle, bus, database, telemetry, HTTP."""
