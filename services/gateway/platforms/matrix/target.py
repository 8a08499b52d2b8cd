"""Where and to whom an action is meant."""

from contracts.values import Action
from gateway.errors import Refused


def room_of(action: Action) -> str:
    """The room an action is about. Raises ``Refused`` if it names none."""
    room = action.place.channel if action.place is not None else ""
    if not room:
        raise Refused("no room", "the action does not say where")
    return room


def user_of(action: Action) -> str:
    """The member an action is about. Raises ``Refused`` if it names none."""
    user = action.target.id if action.target is not None else ""
    if not user:
        raise Refused("no target", "the action does not say to whom")
    return user
