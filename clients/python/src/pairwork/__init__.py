"""A client of the Pairwork talent market."""

from . import types
from ._client import AsyncPairwork, Pairwork
from ._etag import etag_of
from .errors import NetworkError, PairworkError, ProblemError
from .operations import API_VERSION

__all__ = [
    "API_VERSION",
    "AsyncPairwork",
    "NetworkError",
    "Pairwork",
    "PairworkError",
    "ProblemError",
    "etag_of",
    "types",
]
