"""The ways in which the email around a draft is shown."""

from typing import Literal, get_args

View = Literal["desktop", "mobile", "dark", "images_off", "text", "inbox"]
VIEWS: tuple[View, ...] = get_args(View)
"""Names of the group `preview_view` in labels.yaml."""
