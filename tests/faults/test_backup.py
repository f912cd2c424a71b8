"""A backup taken while the warehouse works comes back whole, and its ledger stands."""

import subprocess

import psycopg
from clearance_site import MILK, SITE, office

from counterparts.stack.postgres import Cluster
from wms.db.transaction import Doorway, make_engine
from wms.kernel.actor import system_actor
from wms.ledger import balances, books, proof


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def run(cluster: Cluster, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [cluster.binaries.folder / program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def counts(url: str) -> dict[str, int]:
    with psycopg.connect(plain(url)) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables
        }


def test_a_dump_restores_every_row_the_laws_and_the_guards(
    postgres_cluster, demo_url, empty_database_url, tmp_path
):
    with office(demo_url) as site:
        site.bring_in((MILK, 10))
        site.declared(1, (MILK, 3))
        before = site.balance(MILK)
    dump = tmp_path / "bondhouse.dump"
    run(postgres_cluster, "pg_dump", "-Fc", "-f", str(dump), plain(demo_url))
    run(
        postgres_cluster,
        "pg_restore",
        "--no-owner",
        "--exit-on-error",
        "-d",
        plain(empty_database_url),
        str(dump),
    )
    assert counts(empty_database_url) == counts(demo_url)
    engine = make_engine(empty_database_url)
    with Doorway(engine).read(system_actor(SITE)) as tx:
        line = books.line_for_goods(tx, "T6409W990001", MILK)
        assert balances.balance(tx, line.account_id) == before
        assert proof.standing(tx) == ()
    engine.dispose()
    with psycopg.connect(plain(empty_database_url)) as connection:
        guards = connection.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
        ).fetchone()
    assert guards[0] > 0
