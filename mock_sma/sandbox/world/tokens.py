"""Making and checking the fake tokens (RFC 7519), which look like SMA's down to the issuer and are still not hers.

What marks them: the key ids begin with a word of ours, a client's ``preferred_username`` ends in ``.invalid``
(RFC 2606), and the key that signs them is part of the package, so that a token proves nothing anywhere else. The key
id also tells the world that a token belongs to, as the issuer is the same in all of them.

They are signed here, as PyJWT takes as long to load as a third of a server, and PyJWT checks those that were not made
just now. The header is spelt with Keycloak's odd blanks (observed), once for each key: a client that polls asks for a
token every five minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

import orjson

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    import jwt
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

FAKE = "mock-sma-fake-"
"""How the key id of every access token begins."""

KEY_ID_LENGTH = 43
"""Length of a Keycloak key's id, a SHA-256 in base64url (observed)."""

SIGNATURE = 256
"""Length of an access token's signature [bytes], by a key of 2,048 bits as SMA's."""

MAX_MADE = 128
"""Tokens whose claims are remembered, at two kilobytes each."""

_made: dict[tuple[bytes, str], TokenReading] = {}
"""What was made last, by its world's key: as good as a signature that has been checked."""

REFRESH_ALGORITHMS = {"HS256": "sha256", "HS512": "sha512"}


@cache
def signing_key() -> RSAPrivateKey:
    """Return the fake RSA key that is part of the package."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - see prepare

    data = Path(__file__).with_name("fake-signing-key.pem").read_bytes()
    # Whether its primes are primes takes longer to find out than all else before the first token.
    return cast("RSAPrivateKey", load_pem_private_key(data, None, unsafe_skip_rsa_key_validation=True))


@cache
def _public_key() -> Any:
    return signing_key().public_key()


@cache
def _jws() -> jwt.PyJWS:
    """Return what checks tokens."""
    # Few need it: the token that comes is nearly always one that was made here.
    import jwt  # noqa: PLC0415 - see above

    return jwt.PyJWS(algorithms=["RS256", *REFRESH_ALGORITHMS])


@lru_cache(maxsize=256)
def _header(algorithm: str, key_id: str) -> bytes:
    return _base64(f'{{"alg":"{algorithm}","typ" : "JWT","kid" : "{key_id}"}}'.encode())


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _rs256(message: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415 - see prepare
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - see prepare

    return signing_key().sign(message, PKCS1v15(), SHA256())


def prepare() -> None:
    """Load ahead what the first token needs, and the first strange one: a tenth of a second, and a dozen megabytes.

    Nobody else has to wait then while it is loaded.
    """
    _rs256(b"")
    _jws()


@frozen
class TokenReading:
    """What a token turned out to be.

    Attributes:
        claims: None where it is not one of this world's tokens.
        fault: why not, in words.
    """

    claims: dict[str, Any] | None
    fault: str = ""

    @property
    def is_access(self) -> bool:
        """Whether it is an access token's."""
        return self.claims is not None and self.claims.get("typ") == "Bearer"


class KeyIds(NamedTuple):
    """Ids of the keys that sign a world's access and refresh tokens."""

    access: str
    refresh: str


@lru_cache(maxsize=64)
def key_ids(world: str) -> KeyIds:
    """Return the key ids of the world with this name."""
    digest = hashlib.blake2b(world.encode(), digest_size=32).digest()
    access = FAKE + base64.urlsafe_b64encode(digest).decode()
    return KeyIds(access[:KEY_ID_LENGTH], str(UUID(bytes=digest[:16], version=4)))


class TokenMaker:
    """Signs and reads the tokens of one world.

    Args:
        world: its name, which its key ids follow from.
        seed: the seed of the world; the HMAC key of its refresh tokens follows from it.
        refresh_algorithm: ``HS256`` (sandbox, 2024) or ``HS512`` (production, 2025).

    Attributes:
        is_idle: nobody will see what it makes, so nothing is signed.
        is_quick: access tokens get no signature that the key's public half would confirm, but a digest as long, in a
            hundredth of the time: for lives in which a hundred thousand are made, and no one but this can check them.
    """

    is_idle = False
    is_quick = False

    def __init__(self, world: str, seed: int, refresh_algorithm: str) -> None:
        self.key_ids = key_ids(world)
        self.refresh_algorithm = refresh_algorithm
        self._hmac = hashlib.blake2b(f"{seed}\x1f{world}\x1fhmac".encode(), digest_size=64).digest()

    def access(self, claims: dict[str, Any]) -> str:
        """Return a signed access token with these claims (RS256)."""
        if self.is_idle:
            return ""
        sign = self._digest if self.is_quick else _rs256
        return self._token(claims, _header("RS256", self.key_ids.access), sign)

    def refresh(self, claims: dict[str, Any]) -> str:
        """Return a signed refresh token with these claims (HMAC)."""
        digest = REFRESH_ALGORITHMS[self.refresh_algorithm]
        header = _header(self.refresh_algorithm, self.key_ids.refresh)
        return self._token(claims, header, lambda message: hmac.digest(self._hmac, message, digest))

    def _digest(self, message: bytes) -> bytes:
        return hashlib.blake2b(message, key=self._hmac).digest() * (SIGNATURE // hashlib.blake2b.MAX_DIGEST_SIZE)

    def _token(self, claims: dict[str, Any], header: bytes, sign: Callable[[bytes], bytes]) -> str:
        """Return a token (RFC 7515, section 5.1), and keep what it says: the last one is asked about next."""
        message = b"%b.%b" % (header, _base64(orjson.dumps(claims)))
        token = b"%b.%b" % (message, _base64(sign(message)))
        return self._remember(claims, token.decode())

    def _remember(self, claims: dict[str, Any], token: str) -> str:
        if len(_made) >= MAX_MADE:
            _made.clear()
        _made[self._hmac, token] = TokenReading(claims)
        return token

    def read_access(self, token: str) -> TokenReading:
        """Return what an access token says; its expiry is not looked at."""
        made = _made.get((self._hmac, token))
        if made is not None and made.is_access:
            return made
        if self.is_quick:
            return self._read_quick(token)
        return self._read(token, _public_key(), "RS256", self.key_ids.access)

    def _read_quick(self, token: str) -> TokenReading:
        message, _, signature = token.encode().rpartition(b".")
        header, _, payload = message.partition(b".")
        if header != _header("RS256", self.key_ids.access) or signature != _base64(self._digest(message)):
            return TokenReading(None, "it is not a JWT of this emulator")
        return TokenReading(orjson.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))))

    def read_refresh(self, token: str) -> TokenReading:
        """Return what a refresh token says; its expiry is not looked at."""
        made = _made.get((self._hmac, token))
        if made is not None and not made.is_access:
            return made
        return self._read(token, self._hmac, self.refresh_algorithm, self.key_ids.refresh)

    @staticmethod
    def _read(token: str, key: Any, algorithm: str, key_id: str) -> TokenReading:
        import jwt  # noqa: PLC0415 - see _jws

        if not _is_canonical(token):
            return TokenReading(None, "it is not a JWT of this emulator")
        try:
            read = _jws().decode_complete(token, key, algorithms=[algorithm])
            claims = orjson.loads(read["payload"])
        except jwt.InvalidSignatureError:
            return TokenReading(None, "it is signed by another key")
        except jwt.InvalidAlgorithmError:
            return TokenReading(None, "its algorithm is not the one of these tokens")
        except (jwt.PyJWTError, ValueError):
            return TokenReading(None, "it is not a JWT of this emulator")
        if not isinstance(claims, dict) or read["header"].get("kid") != key_id:
            return TokenReading(None, "it belongs to another world or to an earlier server")
        return TokenReading(claims)


def _is_canonical(token: str) -> bool:
    """Tell whether each part is base64url as it is written (RFC 7515, section 2); decoders overlook what is added."""
    try:
        parts = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")]
    except ValueError:
        return False
    return token == ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def key_id_of(token: str) -> str | None:
    """Return the key id that an unchecked token names, or None; for finding its world, not for trusting it."""
    part = token.split(".", 1)[0]
    try:
        key_id = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["kid"]
    except (ValueError, KeyError, TypeError):
        return None
    return key_id if isinstance(key_id, str) else None
