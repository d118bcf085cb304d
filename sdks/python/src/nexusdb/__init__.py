"""Client for Nexus, a property-graph database: many databases in one instance.

    with nexusdb.Client("http://127.0.0.1:7474", auth=("ada", "secret")) as client:
        client.query("CREATE (:Person {name: $name})", {"name": "Ada"})

``Client`` blocks, ``AsyncClient`` is for asyncio; both have the same methods.
"""

from ._async_client import AsyncClient, AsyncDatabases, AsyncSession, AsyncStream, AsyncTransaction
from ._client import Client, Databases, Session, Stream, Transaction
from ._errors import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    ForbiddenError,
    LimitError,
    NexusError,
    NotFoundError,
    NotImplementedByServerError,
    Position,
    QuerySyntaxError,
    QueryTimeoutError,
    ServerError,
    StatementError,
    TransientError,
)
from ._protocol import Access, Parameters, Retry
from ._results import Alias, Counters, DatabaseInfo, DatabasePage, Result, Row, ServerInfo, Summary
from ._values import (
    CARTESIAN,
    CARTESIAN_3D,
    COORDINATE_TYPES,
    WGS_84,
    WGS_84_3D,
    Date,
    DateTime,
    Duration,
    LocalDateTime,
    LocalTime,
    Node,
    Path,
    Point,
    Relationship,
    Temporal,
    Time,
    Vector,
)

__version__ = "0.1.0"

__all__ = [
    "Access", "Alias", "AsyncClient", "AsyncDatabases", "AsyncSession", "AsyncStream", "AsyncTransaction",
    "AuthenticationError", "CARTESIAN", "CARTESIAN_3D", "COORDINATE_TYPES", "Client", "ConflictError", "ConnectionFailedError", "Counters",
    "DatabaseInfo", "DatabasePage", "Databases", "Date", "DateTime", "Duration", "ForbiddenError", "LimitError",
    "LocalDateTime", "LocalTime", "NexusError", "Node", "NotFoundError", "NotImplementedByServerError", "Parameters",
    "Path", "Point", "Position", "QuerySyntaxError", "QueryTimeoutError", "Relationship", "Result", "Retry", "Row",
    "ServerError", "ServerInfo", "Session", "StatementError", "Stream", "Summary", "Temporal", "Time", "Transaction",
    "TransientError", "Vector", "WGS_84", "WGS_84_3D",
]
