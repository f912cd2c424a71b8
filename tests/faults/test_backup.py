"""A backup taken while the warehouse works comes back whole, and its ledger stands."""

import subprocess
from pathlib import Path

import psycopg
import pytest
from clearance_site import MILK, SITE, office
from sealed_site import sealed_site
from sqlalchemy import make_url

from counterparts.stack.postgres import MIGRATOR, Cluster
from wms.db.transaction import Doorway, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.errors import Conflict
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
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1"
        ).fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables
        }


def grants(url: str) -> list[tuple[str, str, str]]:
    with psycopg.connect(plain(url)) as connection:
        return connection.execute(
            """SELECT relname, relowner::regrole::text,
                      coalesce(relacl, acldefault('r', relowner))::text FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
               UNION ALL
               SELECT proname, proowner::regrole::text, prosecdef || proacl::text FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace
               UNION ALL
               SELECT defaclobjtype::text, defaclrole::regrole::text, defaclacl::text
                 FROM pg_default_acl ORDER BY 1, 2, 3"""
        ).fetchall()


def take(cluster: Cluster, url: str, dump: Path) -> None:
    source = cluster.url(make_url(url).database, MIGRATOR)
    run(cluster, "pg_dump", "--role=bondhouse_owner", "-Fc", "-f", str(dump), plain(source))


def restore(cluster: Cluster, dump: Path, url: str) -> None:
    how = ("--role=bondhouse_owner", "--no-owner", "--exit-on-error")
    run(cluster, "pg_restore", *how, "-d", plain(url), str(dump))


def test_a_dump_restores_every_row_the_laws_and_the_guards(
    postgres_cluster, demo_url, empty_database_url, tmp_path
):
    with office(demo_url) as site:
        site.bring_in((MILK, 10))
        site.declared(1, (MILK, 3))
        before = site.balance(MILK)
    dump = tmp_path / "bondhouse.dump"
    take(postgres_cluster, demo_url, dump)
    restore(postgres_cluster, dump, empty_database_url)
    restored = postgres_cluster.url(make_url(empty_database_url).database)
    assert counts(restored) == counts(demo_url)
    assert grants(restored) == grants(demo_url)
    engine = make_engine(restored)
    with Doorway(engine).read(system_actor(SITE)) as tx:
        line = books.line_for_goods(tx, "T6409W990001", MILK)
        assert balances.balance(tx, line.account_id) == before
        assert proof.standing(tx) == ()
    engine.dispose()
    with psycopg.connect(plain(restored)) as connection:
        guards = connection.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
        ).fetchone()
    assert guards[0] > 0


def test_an_older_dump_restored_is_told_by_the_witness_and_signs_no_second_history(
    postgres_cluster, database_url, empty_database_url, tmp_path
):
    witness, dump = tmp_path / "witness", tmp_path / "older.dump"
    with sealed_site(database_url, witness) as site:
        site.live(1)
        held = site.newest()
        take(postgres_cluster, database_url, dump)
        site.live(1)
        newest = site.newest()
    restore(postgres_cluster, dump, empty_database_url)
    restored = postgres_cluster.url(make_url(empty_database_url).database)
    with sealed_site(restored, witness) as site:
        assert site.verify().counts == {}, "by itself a whole older ledger is a good one"
        report = site.verify(witnesses=[("held", held), ("newest", newest)])
        assert (report.counts, report.witnessed) == ({"log_reaches_its_witness": 1}, ["held"])
        with pytest.raises(Conflict) as refused:
            site.pass_once()
        assert refused.value.code == "ledger.witness_ahead"
        assert site.newest() == held
