"""Where a message can be opened."""

from urllib.parse import quote

from contracts.values import Event


def address_of(event: Event, channel: str, message: str) -> str:
    """Return the address of a message in the group of an event; its id where there is none."""
    match event.platform:
        case "matrix":
            return f"https://matrix.to/#/{quote(channel)}/{quote(message)}"
        case "discord":
            return f"https://discord.com/channels/{event.group}/{channel}/{message}"
    return message
