"""/health says ready, or what is missing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from wms.app import create_app
from wms.kernel.ids import SiteId
from wms.settings import Settings
from wms.wiring import wire


def health(url: str) -> tuple[int, object]:
    settings = Settings(url, "mqtt://h", "k" * 32, Path(), 8080, False, "http://localhost:8080")
    wiring = wire(settings)
    answer = create_app(settings, wiring).test_client().get("/health")
    wiring.doorway.engine_for(SiteId(1)).dispose()
    return answer.status_code, answer.get_json()


def test_ready(database_url: str) -> None:
    assert health(database_url) == (200, {"ready": True, "missing": []})


def test_without_a_database() -> None:
    nowhere = "postgresql+psycopg://n@127.0.0.1:1/n"
    assert health(nowhere) == (503, {"ready": False, "missing": ["database"]})


def test_without_migrations(empty_database_url: str) -> None:
    assert health(empty_database_url) == (503, {"ready": False, "missing": ["migrations"]})


def test_without_a_worker_that_drains(database_url: str) -> None:
    late = datetime.now(UTC) - timedelta(minutes=2)  # noqa: TID251 - the floor's clock is real here
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox (site_id, event_id, channel, kind, payload, announced_at,"
                " due_at, attempts) VALUES (1, gen_random_uuid(), 'worker', 'x', '{}', :at, :at, 0)"
            ),
            {"at": late},
        )
    assert health(database_url) == (503, {"ready": False, "missing": ["worker"]})
