"""How reading fails: a file is damaged, or a later Stave wrote it."""


class StoreError(Exception):
    """Anything that keeps a store from being read; the message is for people."""


class Damage(StoreError):
    """Bytes that the specification does not allow."""


class LaterVersion(StoreError):
    """A format version or a required feature that this reader does not know."""
