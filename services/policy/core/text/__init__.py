"""One look at a text: its views, and the way back from each to the characters as written."""

from policy.core.text.fold import EXAMINED_MAX, fold, origins
from policy.core.text.look import Look
from policy.core.text.substance import substance
from policy.core.text.view import View

__all__ = ["EXAMINED_MAX", "Look", "View", "fold", "origins", "substance"]
