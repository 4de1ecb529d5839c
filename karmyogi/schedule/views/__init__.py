"""The pages of jobs."""

from karmyogi.schedule.views.pages import blueprint

__all__ = ["blueprint"]
