"""The signal that the process shall end, for those who wait on something else meanwhile."""

import asyncio
from collections.abc import Callable


class Stopping(asyncio.Event):
    """Set once, when the process shall finish what is in hand and end."""

    def __init__(self) -> None:
        super().__init__()
        self._callbacks: list[Callable[[], None]] = []

    async def wait_at_most(self, seconds: float) -> bool:
        """Return whether the event is set, as soon as it is or ``seconds`` have passed."""
        try:
            async with asyncio.timeout(seconds):
                await self.wait()
        except TimeoutError:
            return False
        return True

    def then(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when the event is set; at once if it is already."""
        if self.is_set():
            callback()
        else:
            self._callbacks.append(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        """Do not call ``callback`` any more."""
        if callback in self._callbacks:
            self._callbacks.remove(callback)

    def set(self) -> None:
        """Set the event and call back everybody who asked, once."""
        super().set()
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()
