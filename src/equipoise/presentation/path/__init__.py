"""The way of one person through the decision, screen by screen: what is asked, what is shown, what is kept between."""

from equipoise.presentation.path.render import render_path
from equipoise.presentation.path.screens import SCREENS, STEPS, Screen, Step, screen
from equipoise.presentation.path.state import FIELD_LIMITS, Detail, PathState, Picture
from equipoise.presentation.path.view import PathPage

__all__ = [
    "FIELD_LIMITS",
    "SCREENS",
    "STEPS",
    "Detail",
    "PathPage",
    "PathState",
    "Picture",
    "Screen",
    "Step",
    "render_path",
    "screen",
]
