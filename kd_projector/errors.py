"""What kd_projector raises and warns with: every message says what was wrong, with which value, and what to do."""


class KDProjectorError(Exception):
    """The base of all errors that kd_projector raises on purpose."""


class UsageError(KDProjectorError, ValueError):
    """The caller gave something that cannot work (an unknown layer, a duplicate name, a wrong shape)."""


class StoreError(KDProjectorError):
    """A run on disk cannot be read or written (absent, newer schema, held by another writer)."""


class KDProjectorWarning(UserWarning):
    """Something of the logging was lost or skipped; the training goes on."""
