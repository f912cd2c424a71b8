"""The two limits a scan is held against: the framework alone, and hand-written SQL behind it."""

import os
import threading
import uuid

import psycopg
from flask import Flask, Response, jsonify, request

app = Flask("bare")
_local = threading.local()
_STATE: dict[str, str] = {}


@app.get("/health")
def health() -> Response:
    """Say that the server is up."""
    return jsonify(ready=True)


@app.post("/nothing")
def nothing() -> Response:
    """Read the same JSON and answer the same size: what Flask and gunicorn cost."""
    body = request.get_json()
    return jsonify(op=body["op"], outcome="accepted", word="x" * 400)


@app.post("/sql")
def sql() -> Response:
    """Move a pallet by hand: the scan of a unit finds it, that of a place moves it."""
    body = request.get_json()
    code, who = body["code"], body["who"]
    connection = _connection()
    if len(code) == 18:
        row = connection.execute(
            "SELECT place FROM bare_unit WHERE number = %s", (code,)
        ).fetchone()
        connection.commit()
        _STATE[who] = code
        return jsonify(op=body["op"], outcome="accepted", word=f"{row[0]:400}")
    number = _STATE.pop(who)
    before = connection.execute(
        "UPDATE bare_unit u SET place = %s FROM bare_unit b WHERE u.number = %s"
        " AND b.number = u.number RETURNING b.place",
        (code, number),
    ).fetchone()
    connection.execute(
        "INSERT INTO bare_move VALUES (%s, %s, %s, %s, %s, now())",
        (uuid.UUID(body["op"]), number, before[0], code, who),
    )
    connection.commit()
    return jsonify(op=body["op"], outcome="accepted", word=f"{code:400}")


def _connection() -> psycopg.Connection:
    if not hasattr(_local, "connection"):
        url = os.environ["WMS_DATABASE_URL"].replace("+psycopg", "")  # noqa: TID251 - no wms here
        _local.connection = psycopg.connect(url)
    return _local.connection
