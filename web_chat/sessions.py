"""Session tokens: made and signed by the server, expiring, never in a URL."""

import hashlib

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from frontline.errors import RefusedError
from frontline.ids import ConversationId


class BadTokenError(RefusedError):
    """The token is forged, damaged or too old."""

    code = "bad_token"


class Sessions:
    """Signs conversation ids (HMAC-SHA256 by itsdangerous)."""

    def __init__(self, key: bytes, *, hours: float) -> None:
        self._serializer = URLSafeTimedSerializer(
            key, salt="chat-session", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self.seconds = int(hours * 3600)

    def issue(self, conversation_id: str) -> str:
        """A token for this conversation, valid for `seconds` from now."""
        token: str = self._serializer.dumps(conversation_id)
        return token

    def read(self, token: str) -> ConversationId:
        """The conversation that a token was issued for.

        Raises:
            BadTokenError: forged, damaged or expired.
        """
        if len(token) > 512:
            raise BadTokenError("not a token")
        try:
            return ConversationId(self._serializer.loads(token, max_age=self.seconds))
        except SignatureExpired:
            raise BadTokenError("this session has expired") from None
        except BadSignature:
            raise BadTokenError("not a token of ours") from None
