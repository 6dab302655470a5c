"""Every component in every state on one page, with invented treatments and numbers: what to look at before a change.

It is the place to see what a component does with a long word, no data, or a fault; a journey holds it to the same rules
as every other page.
"""

from equipoise.presentation.gallery.page import render_gallery

__all__ = ["render_gallery"]
