"""What agents do with cases over the API."""

from handoff.app_parts import Parts
from handoff.case import Case
from tests.common.desk_browser import DeskBrowser
from tests.handoff.desk.conftest import Enter, Open


async def claimed(browser: DeskBrowser, case: Case) -> dict:
    row: dict = await browser.post(f"/cases/{case.id}/claim")
    return row


async def test_the_day_of_a_case(enter: Enter, waiting: Open, parts: Parts) -> None:
    anna, case = await enter(), await waiting()
    queue = await anna.get("/queue")
    assert [row["number"] for row in queue["waiting"]] == [case.number]
    row = await claimed(anna, case)
    assert (row["state"], row["agent"]) == ("active", "Anna")
    turns = (await anna.get(f"/cases/{case.id}/turns"))["turns"]
    said = {"fence": row["fence"], "client_id": "m1", "text": "Dzień dobry, słucham.",
            "last_seen_seq": turns[-1]["seq"]}  # fmt: skip
    turn = await anna.post(f"/cases/{case.id}/messages", said)
    assert (turn["author"], turn["name"]) == ("agent", "Anna")
    held = await anna.post(f"/cases/{case.id}/hold", {"fence": row["fence"]})
    assert held["state"] == "on_hold"
    assert (await anna.post(f"/cases/{case.id}/resume", {"fence": row["fence"]}))[
        "state"
    ] == "active"
    await anna.post(f"/cases/{case.id}/notes", {"text": "Dzwoni po 17"})
    await anna.put(f"/cases/{case.id}/draft", {"text": "Zaraz"})
    await anna.post(f"/cases/{case.id}/identity", {"method": "order_match", "passed": True})
    card = await anna.get(f"/cases/{case.id}")
    assert [note["text"] for note in card["notes"]] == ["Dzwoni po 17"]
    assert card["draft"] == "Zaraz"
    assert card["identity"]["checks"][0]["method"] == "order_match"
    wrap = await anna.post(f"/cases/{case.id}/wrap-up", {"fence": row["fence"]})
    assert wrap["state"] == "wrap_up"
    disposition = (await anna.get("/me"))["settings"]["dispositions"][0]["code"]
    done = {"fence": row["fence"], "disposition": disposition, "note": "Załatwione"}
    closed = await anna.post(f"/cases/{case.id}/close", done)
    assert closed["state"] == "closed"
    log = await anna.get(f"/cases/{case.id}/events")
    assert log["intact"]
    assert [event["type"] for event in log["events"]][-1] == "closed"
    again = await anna.post(f"/cases/{case.id}/reopen", rev=closed["rev"])
    assert again["state"] == "queued"


async def test_another_agents_case_is_not_there(enter: Enter, waiting: Open) -> None:
    anna, bert, case = await enter(), await enter("bert"), await waiting()
    row = await claimed(anna, case)
    fence = {"fence": row["fence"]}
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/turns", None),
        ("GET", "/events", None),
        ("GET", "/suggestions", None),
        ("POST", "/hold", fence),
        ("POST", "/notes", {"text": "x"}),
        ("PUT", "/draft", {"text": "x"}),
        ("POST", "/messages", fence | {"client_id": "a", "text": "x"}),
        ("POST", "/legal-answer", {"durable_medium": "email"}),
    ):
        answer = await bert.ask(method, f"/cases/{case.id}{path}", body)
        assert (answer.status, answer.code) == (404, "not_found"), path
        nowhere = await bert.ask(method, f"/cases/{'0' * 26}{path}", body)
        assert nowhere.body == answer.body
    assert (await bert.get("/cases"))["items"] == []
    assert (await bert.get("/queue"))["waiting"] == []


async def test_cases_outside_ones_skills_are_not_there(enter: Enter, waiting: Open) -> None:
    english = await enter("eve", languages=["en"])
    case = await waiting()
    assert (await english.get("/queue"))["waiting"] == []
    assert (await english.ask("POST", f"/cases/{case.id}/claim")).status == 404


async def test_an_old_fence_is_refused(enter: Enter, waiting: Open) -> None:
    anna, case = await enter(), await waiting()
    row = await claimed(anna, case)
    said = {"fence": row["fence"] - 1, "client_id": "a", "text": "Halo"}
    answer = await anna.ask("POST", f"/cases/{case.id}/messages", said)
    assert (answer.status, answer.code) == (409, "stale_fence")
    assert answer.headers["Content-Type"].startswith("application/problem+json")


async def test_what_the_agent_has_not_seen_is_shown_first(
    enter: Enter, waiting: Open, parts: Parts
) -> None:
    anna, case = await enter(), await waiting()
    row = await claimed(anna, case)
    seen = (await anna.get(f"/cases/{case.id}"))["last_seq"]
    await parts.conversations.said(case.conversation_id, "m2", "I jeszcze jedno")
    said = {"fence": row["fence"], "client_id": "a", "text": "Już", "last_seen_seq": seen}
    answer = await anna.ask("POST", f"/cases/{case.id}/messages", said)
    assert (answer.status, answer.code) == (409, "missed")
    assert [turn["text"] for turn in answer.body["missed"]] == ["I jeszcze jedno"]


async def test_a_message_again_is_the_same_message(enter: Enter, waiting: Open) -> None:
    anna, case = await enter(), await waiting()
    row = await claimed(anna, case)
    said = {"fence": row["fence"], "client_id": "a", "text": "Już", "last_seen_seq": None}
    first, second = [await anna.post(f"/cases/{case.id}/messages", said) for _ in range(2)]
    assert second == first
    turns = (await anna.get(f"/cases/{case.id}/turns"))["turns"]
    assert [turn["text"] for turn in turns].count("Już") == 1


async def test_a_request_again_has_one_effect(enter: Enter, waiting: Open) -> None:
    anna, case = await enter(), await waiting()
    await claimed(anna, case)
    path, key = f"/cases/{case.id}/notes", {"Idempotency-Key": "same"}
    first = await anna.ask("POST", path, {"text": "Raz"}, headers=key)
    second = await anna.ask("POST", path, {"text": "Raz"}, headers=key)
    assert second.body == first.body
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len((await anna.get(f"/cases/{case.id}"))["notes"]) == 1
    other = await anna.ask("POST", path, {"text": "Dwa"}, headers=key)
    assert (other.status, other.code) == (422, "idempotency_mismatch")


async def test_a_revision_that_has_passed_is_refused(enter: Enter, waiting: Open) -> None:
    sonia, case = await enter("sonia", role="supervisor"), await waiting()
    row = await sonia.get(f"/cases/{case.id}")
    body = {"agent_id": None}
    path = f"/cases/{case.id}/reassign"
    without = await sonia.ask("POST", path, body)
    assert (without.status, without.code) == (428, "precondition_required")
    await sonia.post(f"/cases/{case.id}/notes", {"text": "Uwaga"})
    late = await sonia.ask("POST", path, body, headers={"If-Match": f'"{row["rev"]}"'})
    assert (late.status, late.code) == (412, "changed")


async def test_a_supervisor_takes_over(enter: Enter, waiting: Open) -> None:
    anna, sonia = await enter(), await enter("sonia", role="supervisor")
    case = await waiting()
    row = await claimed(anna, case)
    path = f"/cases/{case.id}/reassign"
    taken = await sonia.post(path, {"agent_id": sonia.agent_id}, rev=row["rev"])
    assert (taken["state"], taken["agent_id"]) == ("active", sonia.agent_id)
    said = {"fence": row["fence"], "client_id": "a", "text": "Halo"}
    late = await anna.ask("POST", f"/cases/{case.id}/messages", said)
    assert late.status == 404


async def test_script_is_text(enter: Enter, waiting: Open) -> None:
    script = "<script>alert(1)</script>"
    anna, case = await enter(), await waiting(script, detail=script)
    row = await claimed(anna, case)
    await anna.post(f"/cases/{case.id}/notes", {"text": script})
    said = {"fence": row["fence"], "client_id": "a", "text": script}
    assert (await anna.post(f"/cases/{case.id}/messages", said))["text"] == script
    card = await anna.get(f"/cases/{case.id}")
    assert card["notes"][0]["text"] == script
    assert card["detail"] == script
    answer = await anna.ask("GET", f"/cases/{case.id}")
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_pages_of_cases(enter: Enter, waiting: Open) -> None:
    anna = await enter()
    numbers = [(await waiting()).number for _ in range(5)]
    first = await anna.get("/cases", limit=3)
    second = await anna.get("/cases", limit=3, after=first["next"])
    shown = [row["number"] for row in first["items"] + second["items"]]
    assert (shown, second["next"]) == (numbers[::-1], None)
    assert len((await anna.get("/cases", q=numbers[2]))["items"]) == 1
    assert (await anna.ask("GET", "/cases", params={"limit": 101})).status == 400
    assert (await anna.get("/cases", state="closed,nonsense"))["items"] == []


async def test_transfer_carries_its_note(enter: Enter, waiting: Open) -> None:
    anna, case = await enter(), await waiting()
    row = await claimed(anna, case)
    path = f"/cases/{case.id}/transfer"
    nowhere = await anna.ask("POST", path, {"fence": row["fence"], "to": {}})
    assert nowhere.status == 400
    unknown = await anna.ask("POST", path, {"fence": row["fence"], "to": {"skill": "magic"}})
    assert unknown.status == 400
    body = {"fence": row["fence"], "to": {"skill": "returns"}, "note": "Chce zwrotu"}
    moved = await anna.post(path, body)
    assert (moved["state"], moved["skill"], moved["agent_id"]) == ("queued", "returns", None)
    sonia = await enter("sonia", role="supervisor")
    assert (await sonia.get(f"/cases/{case.id}"))["notes"][0]["text"] == "Chce zwrotu"


async def test_a_call_is_agreed_on(enter: Enter, waiting: Open, parts: Parts) -> None:
    anna, case = await enter(), await waiting()
    row = await claimed(anna, case)
    body = {"fence": row["fence"], "phone": "+48 600 100 200", "to": "2026-11-25T11:00:00Z"}
    path = f"/cases/{case.id}/callback"
    past = await anna.ask("POST", path, body | {"from": "2026-11-20T10:00:00Z"})
    assert past.status == 400
    agreed = await anna.post(path, body | {"from": "2026-11-25T10:00:00Z"})
    assert agreed["state"] == "callback_scheduled"
    assert agreed["callback"]["phone"] == "+48 600 100 200"


async def test_the_answer_in_law_is_given_once(enter: Enter, waiting: Open) -> None:
    anna = await enter(skills={"complaints": 1})
    case = await waiting(reason="complaint", kind="complaint")
    await claimed(anna, case)
    path = f"/cases/{case.id}/legal-answer"
    row = await anna.post(path, {"durable_medium": "email"})
    assert row["legal"]["durable_medium"] == "email"
    again = await anna.ask("POST", path, {"durable_medium": "email"})
    assert (again.status, again.code) == (409, "no_legal_clock")
