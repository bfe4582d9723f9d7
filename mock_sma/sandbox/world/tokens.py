"""Making and checking the fake tokens (RFC 7519), which look like SMA's down to the issuer and are still not hers.

What marks them: the key ids begin with a word of ours, a client's ``preferred_username`` ends in ``.invalid``
(RFC 2606), and the key that signs them is part of the package, so that a token proves nothing anywhere else. The key
id also tells the world that a token belongs to, as the issuer is the same in all of them.

PyJWT signs and checks them. It was chosen over joserfc and Authlib because its JWS layer takes the header's
text from a JSON encoder, so that Keycloak's odd blanks come out without a signing routine of our own.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

import orjson

if TYPE_CHECKING:
    import jwt
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

FAKE = "mock-sma-fake-"
"""How the key id of every access token begins."""

KEY_ID_LENGTH = 43
"""Length of a Keycloak key's id, a SHA-256 in base64url (observed)."""

BITS = 2_048
"""Length of the key that signs access tokens, as SMA's."""

QUICK_BITS = 1_024
"""Length of the one that signs in a fifth of the time, for lives in which a hundred thousand are signed."""

MAX_MADE = 256
"""Tokens whose claims are remembered."""

_made: dict[tuple[bytes, str], TokenReading] = {}
"""What was made last, by its world's key: as good as a signature that has been checked."""

REFRESH_ALGORITHMS = ("HS256", "HS512")


class _KeycloakHeader(json.JSONEncoder):
    """Spells a JWS header with the blanks that Keycloak sends (observed)."""

    def encode(self, o: Any) -> str:
        return f'{{"alg":"{o["alg"]}","typ" : "{o["typ"]}","kid" : "{o["kid"]}"}}'


@cache
def signing_key(bits: int = BITS) -> RSAPrivateKey:
    """Return a fake RSA key that is part of the package, of so many bits."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - see _jws

    name = "fake-signing-key.pem" if bits == BITS else f"fake-signing-key-{bits}.pem"
    data = resources.files("mock_sma.sandbox.world").joinpath(name).read_bytes()
    return cast("RSAPrivateKey", load_pem_private_key(data, None))


@cache
def _public_key(bits: int) -> Any:
    return signing_key(bits).public_key()


@cache
def _jws() -> jwt.PyJWS:
    """Return what signs and checks tokens."""
    # Its library is a fifth of a server's start, and of a test's whose world never sees a token.
    import jwt  # noqa: PLC0415 - see above
    from jwt.algorithms import RSAAlgorithm  # noqa: PLC0415 - see above

    class FakeRSA(RSAAlgorithm):
        """Has no advice about the length of a key that protects nothing."""

        def check_key_length(self, key: Any) -> str | None:  # noqa: ARG002 - as the base has it
            return None

    jws = jwt.PyJWS(algorithms=["RS256", *REFRESH_ALGORITHMS])
    jws.unregister_algorithm("RS256")
    jws.register_algorithm("RS256", FakeRSA(RSAAlgorithm.SHA256))
    return jws


def prepare() -> None:
    """Load ahead of the first token what it needs: a tenth of a second, and a dozen megabytes."""
    signing_key()
    _jws()


@dataclass(frozen=True, slots=True)
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
        bits: length of the key that signs access tokens.
    """

    is_idle = False
    bits = BITS

    def __init__(self, world: str, seed: int, refresh_algorithm: str) -> None:
        self.key_ids = key_ids(world)
        self.refresh_algorithm = refresh_algorithm
        self._hmac = hashlib.blake2b(f"{seed}\x1f{world}\x1fhmac".encode(), digest_size=64).digest()

    def access(self, claims: dict[str, Any]) -> str:
        """Return a signed access token with these claims (RS256)."""
        if self.is_idle:
            return ""
        return self._remember(
            claims,
            _jws().encode(
                orjson.dumps(claims),
                signing_key(self.bits),
                algorithm="RS256",
                headers={"typ": "JWT", "kid": self.key_ids.access},
                json_encoder=_KeycloakHeader,
            ),
        )

    def refresh(self, claims: dict[str, Any]) -> str:
        """Return a signed refresh token with these claims (HMAC)."""
        return self._remember(
            claims,
            _jws().encode(
                orjson.dumps(claims),
                self._hmac,
                algorithm=self.refresh_algorithm,
                headers={"typ": "JWT", "kid": self.key_ids.refresh},
                json_encoder=_KeycloakHeader,
            ),
        )

    def _remember(self, claims: dict[str, Any], token: str) -> str:
        """Keep what a token says: the one that was made last is the one that is asked about next."""
        if len(_made) >= MAX_MADE:
            _made.clear()
        _made[self._hmac, token] = TokenReading(claims)
        return token

    def read_access(self, token: str) -> TokenReading:
        """Return what an access token says; its expiry is not looked at."""
        made = _made.get((self._hmac, token))
        if made is not None and made.is_access:
            return made
        return self._read(token, _public_key(self.bits), "RS256", self.key_ids.access)

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
