"""What holds for all tests."""

from hypothesis import settings

# How long an example takes says something of the machine, not of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
