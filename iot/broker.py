"""One connection to the broker: MQTT 5, or 3.1.1 where the broker knows no better.

A connection is used once: when it is lost, a new one is made. An acknowledgement for a message of
a lost connection therefore goes nowhere (the new connection may have given its number to another
message), and nothing the library still held is sent again behind our back.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

log = logging.getLogger(__name__)

KEEPALIVE: Final = 30
SESSION_SECONDS: Final = 7 * 24 * 3600
"""How long the broker keeps messages for us while we are away."""
UNACKNOWLEDGED: Final = 1000
"""How many messages the broker may have under way to us at once."""
ANSWER_SECONDS: Final = 10.0

OnMessage = Callable[["Connection", mqtt.MQTTMessage], None]


class BrokerAwayError(Exception):
    """No usable connection came about."""


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where the broker is and who we are there."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read `mqtt://user:password@host:port` or `mqtts://…`; raise ValueError for others."""
        parts = urlsplit(url)
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise ValueError("WMS_MQTT_URL should look like mqtt://user:password@host:1883")
        tls = parts.scheme == "mqtts"
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        return cls(parts.hostname, parts.port or (8883 if tls else 1883), user, password, tls)


class Connection:
    """One network connection with its session; `lost` is set once it is gone."""

    def __init__(self, address: Address, client_id: str, filters: tuple[str, ...]) -> None:
        self.lost = threading.Event()
        self._address = address
        self._client_id = client_id
        self._filters = filters
        self._client: mqtt.Client | None = None
        self._ready = threading.Event()
        self._refused = ""

    def open(self, version: MQTTProtocolVersion, on_message: OnMessage) -> None:
        """Connect and subscribe; raise BrokerAwayError with the reason when that fails."""
        client = self._client = self._make(version)
        client.on_message = lambda _client, _data, message: on_message(self, message)
        try:
            self._connect(client, version)
        except (OSError, ValueError) as error:
            raise BrokerAwayError(str(error)) from error
        client.loop_start()
        for _ in range(int(ANSWER_SECONDS * 20)):
            if self._ready.wait(0.05) or self.lost.is_set():
                break
        if not self._ready.is_set():
            self.close()
            raise BrokerAwayError(self._refused or "no answer to CONNECT")

    def ack(self, mid: int) -> None:
        """Acknowledge a message that came over this very connection."""
        if self._client is not None and not self.lost.is_set():
            self._client.ack(mid, 1)

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        expiry: int | None = None,
        answer: tuple[str, bytes] | None = None,
    ) -> mqtt.MQTTMessageInfo | None:
        """Publish at QoS 1; None when the connection is gone.

        `expiry` in seconds and `answer` (response topic, correlation) exist in MQTT 5 only; bodies
        repeat them.
        """
        client = self._client
        if client is None or self.lost.is_set():
            return None
        values: Any = None
        if client.protocol == mqtt.MQTTv5 and (expiry is not None or answer is not None):
            values = _properties(PacketTypes.PUBLISH)
            if expiry is not None:
                values.MessageExpiryInterval = expiry
            if answer is not None:
                values.ResponseTopic, values.CorrelationData = answer
        return client.publish(topic, payload, qos=1, retain=retain, properties=values)

    def close(self) -> None:
        """Leave politely; the session and what is unacknowledged stay with the broker."""
        client, self._client = self._client, None
        self.lost.set()
        if client is not None:
            client.disconnect()
            client.loop_stop()

    def _make(self, version: MQTTProtocolVersion) -> mqtt.Client:
        five = version == MQTTProtocolVersion.MQTTv5
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            clean_session=None if five else False,
            protocol=version,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        if self._address.user is not None:
            client.username_pw_set(self._address.user, self._address.password)
        if self._address.tls:
            client.tls_set()
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.max_inflight_messages_set(UNACKNOWLEDGED)
        return client

    def _connect(self, client: mqtt.Client, version: MQTTProtocolVersion) -> None:
        if version != MQTTProtocolVersion.MQTTv5:
            client.connect(self._address.host, self._address.port, KEEPALIVE)
            return
        values = _properties(PacketTypes.CONNECT)
        values.SessionExpiryInterval = SESSION_SECONDS
        values.ReceiveMaximum = UNACKNOWLEDGED
        client.connect(
            self._address.host, self._address.port, KEEPALIVE, clean_start=False, properties=values
        )

    def _on_connect(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        if reason.is_failure:
            self._refused = str(reason)
            self.lost.set()
            return
        if client.protocol == mqtt.MQTTv5:
            # Retained events are old by definition: none at a new subscription, marked if live.
            options = SubscribeOptions(qos=1, retainAsPublished=True, retainHandling=2)
            code, _ = client.subscribe([(name, options) for name in self._filters])
        else:
            code, _ = client.subscribe([(name, 1) for name in self._filters])
        if code != mqtt.MQTT_ERR_SUCCESS:
            self._refused = str(code)
            self.lost.set()

    def _on_subscribe(
        self, _client: mqtt.Client, _data: Any, _mid: int, reasons: Any, _properties: Any
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._refused = f"SUBSCRIBE: {refused[0]}"
            self.lost.set()
        else:
            self._ready.set()

    def _on_disconnect(
        self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        if not self.lost.is_set() and self._client is not None:
            log.warning("broker connection lost: %s", reason)
        self._refused = self._refused or str(reason)
        self.lost.set()


def _properties(packet: int) -> Any:
    return Properties(packet)  # type: ignore[no-untyped-call]


def connect(
    address: Address,
    client_id: str,
    filters: tuple[str, ...],
    on_message: OnMessage,
    known: MQTTProtocolVersion | None = None,
) -> tuple[Connection, MQTTProtocolVersion]:
    """Return an open connection and the version it speaks: `known`, else 5, else 3.1.1.

    Raises BrokerAwayError when neither comes about.
    """
    versions = (known,) if known else (MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311)
    failure = BrokerAwayError("no version tried")
    for version in versions:
        connection = Connection(address, client_id, filters)
        try:
            connection.open(version, on_message)
        except BrokerAwayError as error:
            failure = error
        else:
            return connection, version
    raise failure
