"""How a turn is processed: never twice, and never half."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from action_endpoint import ActionEndpoint


class FrontlineProcessor(MessageProcessor):
    """Rasa's processor, except that failures surface and turns are idempotent.

    Rasa goes on without a failed action's events and, when Redis is down, with a conversation in
    memory that nobody else sees. Here the turn fails as a whole: nothing is stored, the
    channel says so, and the same turn can be tried again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.tracker_store, FailSafeTrackerStore):
            self.tracker_store = self.tracker_store._tracker_store
        if self.action_endpoint is not None:
            self.action_endpoint = ActionEndpoint.from_config(self.action_endpoint)

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Process a message, or repeat the stored answers when its turn was processed before."""
        tracker = await self.fetch_tracker_and_update_session(
            message.sender_id, message.output_channel, message.metadata
        )
        output = message.output_channel
        earlier = find_turn(tracker, (message.metadata or {}).get("turn_id"))
        if earlier is not None:
            user, replies = earlier
            for reply in replies:
                await output.send_response(tracker.sender_id, reply.message())
            _finish(output, user, tracker, replayed=True)
            return getattr(output, "messages", None)
        await self._handle_message_with_tracker(message, tracker)
        tracker = await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        await self.save_tracker(tracker)
        _finish(output, tracker.latest_message, tracker, replayed=False)
        return getattr(output, "messages", None)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        watched = _Watched(action)
        more = await super()._run_action(watched, tracker, output_channel, nlg, prediction)
        if watched.error is not None:
            raise watched.error
        return more


class _Watched(Action):
    """An action that remembers what it raised; Rasa logs the error and forgets it."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.error: Exception | None = None

    def name(self) -> str:
        return self._action.name()

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Event:
        return self._action.event_for_successful_execution(prediction)

    async def run(self, *args: Any, **kwargs: Any) -> list[Event]:
        try:
            return await self._action.run(*args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            self.error = error
            raise


def find_turn(
    tracker: DialogueStateTracker, turn_id: str | None
) -> tuple[UserUttered, list[BotUttered]] | None:
    """The customer's message of a turn and the bot's replies to it, if it was processed."""
    if not turn_id:
        return None
    replies: list[BotUttered] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            replies.append(event)
        elif isinstance(event, UserUttered):
            if (event.metadata or {}).get("turn_id") == turn_id:
                return event, replies[::-1]
            replies = []
    return None


def _finish(
    output: OutputChannel, user: UserUttered, tracker: DialogueStateTracker, *, replayed: bool
) -> None:
    finish = getattr(output, "finish", None)
    if finish is not None:
        finish(user, tracker, replayed=replayed)
