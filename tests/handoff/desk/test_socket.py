"""What the desk hears and says over its socket."""

import aiohttp
import pytest

from frontline.clock import ManualClock
from handoff.app_parts import Parts
from handoff.desk import MAX_FRAME
from tests.handoff.desk.conftest import Enter, Open


async def test_a_waiting_case_rings_and_is_answered_over_two_tabs(
    enter: Enter, waiting: Open, parts: Parts
) -> None:
    anna = await enter(available=True)
    first, second = await anna.tab(), await anna.tab()
    case = await waiting()
    for tab in (first, second):
        offer = await tab.hear("offer.created")
        assert offer["case"]["number"] == case.number
        assert offer["ring_s"] > 0
    row = await anna.post(f"/cases/{case.id}/accept", {"fence": offer["case"]["fence"]})
    for tab in (first, second):
        assert (await tab.hear_case("case.updated", "active"))["fence"] == row["fence"]
    said = {"fence": row["fence"], "client_id": "a", "text": "Dzień dobry"}
    await anna.post(f"/cases/{case.id}/messages", said)
    customer = await parts.conversations.said(case.conversation_id, "c2", "Witam")
    await parts.bell.ring(case.conversation_id, turn=customer.turn)
    for tab in (first, second):
        assert (await tab.hear_turn("Dzień dobry"))["client_id"] == "a"
        assert (await tab.hear_turn("Witam"))["author"] == "customer"


async def test_a_decline_goes_back_to_its_place(enter: Enter, waiting: Open, parts: Parts) -> None:
    anna = await enter(available=True)
    tab, case = await anna.tab(), await waiting()
    offer = (await tab.hear("offer.created"))["case"]
    await anna.post(f"/cases/{case.id}/decline", {"fence": offer["fence"]})
    await tab.hear("offer.gone", case_id=case.id)
    assert (await parts.cases.find(case.id)).state == "queued"
    late = await anna.ask("POST", f"/cases/{case.id}/accept", {"fence": offer["fence"]})
    assert (late.status, late.code) == (409, "stale_fence")


async def test_an_offer_rings_out(
    enter: Enter, waiting: Open, parts: Parts, clock: ManualClock
) -> None:
    anna = await enter(available=True)
    tab, case = await anna.tab(), await waiting()
    await tab.hear("offer.created")
    clock.advance(parts.routing.ring_s("chat") + 1)
    await tab.say("heartbeat", cases={})
    await tab.hear("offer.gone", case_id=case.id)
    assert (await parts.cases.find(case.id)).due_at == case.due_at


async def test_a_tab_that_comes_back_gets_what_it_missed(
    enter: Enter, waiting: Open, parts: Parts
) -> None:
    anna, case = await enter(), await waiting()
    row = await anna.post(f"/cases/{case.id}/claim")
    seen = (await anna.get(f"/cases/{case.id}"))["last_seq"]
    for n in range(3):
        await parts.conversations.said(case.conversation_id, f"c{n}", f"Wiadomość {n}")
    tab = await anna.tab({case.id: seen})
    for n in range(3):
        assert (await tab.hear("turn"))["turn"]["text"] == f"Wiadomość {n}"
    assert row["state"] == "active"


async def test_an_offer_is_told_again_after_a_reconnect(enter: Enter, waiting: Open) -> None:
    anna = await enter(available=True)
    tab, case = await anna.tab(), await waiting()
    await tab.hear("offer.created")
    await tab.ws.close()
    again = await anna.tab()
    assert (await again.hear("offer.created"))["case"]["id"] == case.id


async def test_a_turn_that_no_ring_told_of_is_found(
    enter: Enter, waiting: Open, parts: Parts
) -> None:
    anna, case = await enter(), await waiting()
    await anna.post(f"/cases/{case.id}/claim")
    tab = await anna.tab({case.id: (await anna.get(f"/cases/{case.id}"))["last_seq"]})
    await parts.conversations.said(case.conversation_id, "c1", "Bez dzwonka")
    await tab.hear_turn("Bez dzwonka")


async def test_a_case_that_is_taken_away_is_told(enter: Enter, waiting: Open) -> None:
    anna, sonia = await enter(), await enter("sonia", role="supervisor")
    case = await waiting()
    row = await anna.post(f"/cases/{case.id}/claim")
    tab = await anna.tab()
    await tab.say("heartbeat", cases={case.id: row["fence"]})
    body = {"agent_id": sonia.agent_id}
    await sonia.post(f"/cases/{case.id}/reassign", body, rev=row["rev"])
    await tab.hear("case.lost", case_id=case.id)


async def test_notes_and_presence_are_told(enter: Enter, waiting: Open) -> None:
    anna, sonia = await enter(), await enter("sonia", role="supervisor")
    case = await waiting()
    await anna.post(f"/cases/{case.id}/claim")
    tab, wall = await anna.tab(), await sonia.tab()
    await sonia.post(f"/cases/{case.id}/notes", {"text": "Proszę oddzwonić"})
    assert (await tab.hear("note"))["note"]["text"] == "Proszę oddzwonić"
    await anna.put("/me/presence", {"presence": "break", "reason": "lunch"})
    while (told := (await wall.hear("presence"))["agent"])["presence"] != "break":
        pass
    assert told["login"] == "anna"


async def test_only_who_may_see_a_case_can_watch_it(enter: Enter, waiting: Open) -> None:
    anna, bert = await enter(), await enter("bert")
    case = await waiting()
    await anna.post(f"/cases/{case.id}/claim")
    tab = await bert.tab()
    await tab.say("watch", case_id=case.id)
    assert (await tab.hear("error"))["code"] in ("not_found", "forbidden")


@pytest.mark.parametrize("origin", ["http://evil.example.com", "null", ""])
async def test_a_socket_of_another_page_is_refused(enter: Enter, origin: str) -> None:
    anna = await enter()
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await anna.socket(Origin=origin)
    assert caught.value.status == 403


async def test_the_first_frame_carries_the_csrf_token(enter: Enter) -> None:
    anna = await enter()
    ws = await anna.socket()
    await ws.send_json({"v": 1, "type": "hello", "data": {"csrf": "forged", "seen": {}}})
    assert (await ws.receive_json())["data"]["code"] == "bad_csrf"
    await ws.receive()
    assert ws.closed


async def test_bad_frames_are_told_and_ten_end_it(enter: Enter) -> None:
    tab = await (await enter()).tab()
    for bad in ('"', "[]", '{"type": 5}', '{"v": 1, "type": "fly", "data": {}}', "[" * 500):
        await tab.ws.send_str(bad)
        assert (await tab.hear("error"))["code"] == "bad_frame"
    await tab.say("ping")
    await tab.hear("pong")
    for _ in range(5):
        await tab.ws.send_bytes(b"\x00")
    assert await tab.closed() == 1008


async def test_an_oversized_frame_ends_it(enter: Enter) -> None:
    tab = await (await enter()).tab()
    await tab.ws.send_str("x" * (MAX_FRAME + 1))
    assert await tab.closed() == 1009


async def test_a_session_that_ends_closes_its_sockets(enter: Enter) -> None:
    anna = await enter()
    tab = await anna.tab()
    await anna.post("/logout")
    await tab.say("heartbeat", cases={})
    assert await tab.closed() == 4401


async def test_a_message_over_the_socket(enter: Enter, waiting: Open, parts: Parts) -> None:
    anna, case = await enter(), await waiting()
    row = await anna.post(f"/cases/{case.id}/claim")
    tab = await anna.tab()
    seen = (await anna.get(f"/cases/{case.id}"))["last_seq"]
    said = {"ref": "r1", "case_id": case.id, "client_id": "m1", "text": "Halo"}
    await tab.say("message", **said, fence=row["fence"] - 1, last_seen_seq=seen)
    assert (await tab.hear("error", ref="r1"))["code"] == "stale_fence"
    await parts.conversations.said(case.conversation_id, "c1", "Jeszcze")
    await tab.say("message", **said, fence=row["fence"], last_seen_seq=seen)
    refused = await tab.hear("error", ref="r1")
    assert (refused["code"], refused["missed"][0]["text"]) == ("missed", "Jeszcze")
    await tab.say("message", **said, fence=row["fence"], last_seen_seq=seen + 1)
    assert (await tab.hear("sent", ref="r1"))["turn"]["text"] == "Halo"
