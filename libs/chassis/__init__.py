"""What a service stands on: lifecycle, settings, bus, database, logs, telemetry, REST, clock."""
