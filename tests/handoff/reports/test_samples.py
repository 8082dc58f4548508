"""One day of eight cases and three agents, with the figures worked out by hand.

| joined (by local time) | waited | came to |
|---|---|---|
| A chat  10:00:00 | 20 s | ania, in time |
| B phone 10:02:00 | 30 s | celina, late; bartek did not answer |
| B phone 10:07:30 | 20 s | bartek after a transfer, in time |
| C chat  10:20:00 |  4 s | abandoned, short |
| D chat  10:21:00 | 40 s | abandoned |
| E chat  10:30:00 | 30 s | turned into a call-back, which ania made at 12:00 |
| H chat  11:00:00 | 20 s | ania, in time; she was lost |
| H chat  11:02:20 | 80 s | bartek, late; celina declined |
| H chat  11:20:00 |      | still waiting, asked again after the bot had it back |

F (a withdrawal taken down by the bot) and G (a message left in the evening) waited for nobody.

| handling | talk | hold | wrap-up | together |
|---|---|---|---|---|
| A ania   | 540 | 60 | 60 | 660 |
| B celina | 300 |    |    | 300, transferred |
| B bartek | 300 |    | 30 | 330 |
| E ania   | 300 |    |  0 | 300 |
| H ania   | 120 |    |    | 120, lost |
| H bartek | 300 |    |    | 300, returned |
"""

from datetime import UTC, date, timedelta

import pytest
from sqlalchemy import insert, update

from frontline.database import Database
from frontline.errors import RefusedError
from handoff.case import Route
from handoff.desk_tables import agents, presence_log
from handoff.reports.definitions import Options, UnknownKpiError, definitions
from handoff.reports.report import Report, business_of, interval, report
from handoff.reports.samples import SAMPLERS
from handoff.routing import load_routing
from handoff.tables import case_events
from tests.handoff.reports.story import DAY, at, read, store

CASES = """
A 10:00:00 opened             bot      route=pl|general|chat|1
A 10:00:10 offered            ania
A 10:00:20 accepted           ania
A 10:00:50 first_reply        ania
A 10:05:20 held               ania
A 10:06:20 resumed            ania
A 10:10:20 wrapping           ania
A 10:11:20 closed             ania
A 10:12:00 csat               customer score=5
B 10:02:00 opened             bot      route=pl|complaints|voice|1 kind=complaint reason=complaint
B 10:02:05 offered            bartek
B 10:02:25 rang_out           system
B 10:02:26 offered            celina
B 10:02:30 accepted           celina
B 10:02:35 first_reply        celina
B 10:07:30 transferred        celina   route=pl|returns|voice|1 why=transfer
B 10:07:40 offered            bartek
B 10:07:50 accepted           bartek
B 10:12:50 wrapping           bartek
B 10:13:20 closed             bartek
B 10:14:00 csat               customer score=2
C 10:20:00 opened             bot      route=pl|general|chat|1 conversation_id=A
C 10:20:04 abandoned          customer
D 10:21:00 opened             bot      route=pl|general|chat|1
D 10:21:30 offered            ania
D 10:21:40 abandoned          customer
E 10:30:00 opened             bot      route=pl|general|chat|1
E 10:30:30 callback_scheduled customer
E 12:00:00 queued             system
E 12:00:05 offered            ania
E 12:00:10 accepted           ania
E 12:05:10 wrapping           ania
E 12:05:10 closed             ania
F 18:00:00 opened             bot      route=pl|returns|chat|1 waits=no reason=withdrawal
G 19:00:00 opened             bot      route=pl|returns|chat|1
G 19:00:00 message_left       customer
H 11:00:00 opened             bot      route=pl|general|chat|1 reason=negative_sentiment
H 11:00:10 offered            ania
H 11:00:20 accepted           ania
H 11:02:20 agent_lost         system
H 11:02:30 offered            celina
H 11:02:40 declined           celina
H 11:03:00 offered            bartek
H 11:03:40 accepted           bartek
H 11:08:40 returned           bartek
H 11:20:00 queued             bot
"""
PRESENCE = """
ania   10:00:00 available
ania   12:30:00 break
ania   13:00:00 offline
bartek 10:00:00 available
bartek 11:30:00 offline
celina 10:00:00 available
celina 11:00:00 busy
"""
LATER = at("12:00:00", "2026-12-04")
SINCE, UNTIL = interval(date.fromisoformat(DAY), date.fromisoformat(DAY))

EXPECTED = {
    "queued": (9, 9),
    "requests": (2, 2),
    "answered": (5, 9),
    "service_level": (50.0, 6),  # A, B2, H1 of A, B1, B2, D, H1, H2
    "service_level_a": (33.33, 9),
    "service_level_ac": (66.67, 9),  # and C, D, E
    "short_abandons": (1, 9),
    "asa": (34.0, 5),  # (20 + 30 + 20 + 20 + 80) / 5
    "abandon_rate": (22.22, 9),
    "abandon_rate_long": (16.67, 6),
    "aht": (335.0, 6),  # 2010 / 6
    "aht_shared": (335.0, 6),  # nobody had two at once
    "acw": (30.0, 3),
    "hold": (60.0, 1),
    # ania: 1080 handling, 9000 there, 35 ringing → 7885 idle; bartek: 630 of 5400, 70 ringing →
    # 4700 idle; celina: 300 of 3600, 4 ringing → 3296 idle.
    "occupancy": (round(2010 / (2010 + 7885 + 4700 + 3296) * 100, 2), 3),
    "non_response": (2, 9),
    "requeue_rate": (33.33, 9),
    "transfer_rate": (25.0, 4),
    "fcr": (66.67, 3),  # C came from the conversation of A
    "csat": (50.0, 2),
    "csat_response": (50.0, 4),
    "first_reply": (42.5, 2),
    "first_reply_business": (4.25, 2),
    "resolution": (2356.67, 3),  # (680 + 680 + 5710) / 3
    "resolution_business": (235.67, 3),
}


@pytest.fixture
async def day(database: Database) -> Database:
    names = {"ania": "Ania (demo)", "bartek": "Bartek (demo)", "celina": "Celina (demo)"}
    async with database.write() as connection:
        for agent_id, name in names.items():
            await connection.execute(
                insert(agents).values(
                    id=agent_id, login=agent_id, name=name, role="agent", languages=[], skills={},
                    capacity={}, created_at=SINCE, presence_since=SINCE,
                )
            )  # fmt: skip
        for line in PRESENCE.strip().splitlines():
            agent_id, time, presence = line.split()
            entry = {"agent_id": agent_id, "presence": presence, "at": at(time)}
            await connection.execute(insert(presence_log).values(entry))
        await store(connection, read(CASES).values())
    return database


async def ask(day: Database, kpi: str, group_by: str | None = None, **more: object) -> Report:
    given = {"now": LATER, "language": "en"} | more

    def tenth(_route: Route, earlier: object, later: object) -> timedelta:
        return (later - earlier) / 10  # type: ignore[operator,no-any-return]

    async with day.read() as connection:
        return await report(
            connection, kpi, SINCE, UNTIL, group_by, business=tenth, **given,  # type: ignore[arg-type]
        )  # fmt: skip


def test_every_figure_that_is_defined_is_counted_and_the_other_way_round() -> None:
    assert SAMPLERS
    assert set(SAMPLERS) == set(definitions())


async def test_the_day_has_the_figures_that_were_worked_out_by_hand(day: Database) -> None:
    found = {}
    for kpi in EXPECTED:
        made = await ask(day, kpi)
        found[kpi] = (made.total.value, made.total.n)
    assert found == EXPECTED


async def test_figures_by_skill_agent_and_channel(day: Database) -> None:
    levels = await ask(day, "service_level", "channel")
    assert [(g.key, g.label, g.value, g.n) for g in levels.groups] == [
        ("chat", "chat", 50.0, 4), ("voice", "phone", 50.0, 2),
    ]  # fmt: skip
    by_skill = await ask(day, "queued", "skill", labels={"complaints": "Complaints"})
    assert [(g.label, g.value) for g in by_skill.groups] == [
        ("general", 7), ("Complaints", 1), ("returns", 1),
    ]  # fmt: skip
    by_agent = await ask(day, "aht", "agent")
    assert [(g.label, g.value, g.n) for g in by_agent.groups] == [
        ("Ania (demo)", 360.0, 3), ("Bartek (demo)", 315.0, 2), ("Celina (demo)", 300.0, 1),
    ]  # fmt: skip
    occupied = await ask(day, "occupancy", "agent")
    assert [(g.key, g.value) for g in occupied.groups] == [
        ("ania", 12.05), ("bartek", 11.82), ("celina", 8.34),
    ]  # fmt: skip


async def test_behind_a_number_stand_the_cases_that_one_wants_to_see(day: Database) -> None:
    assert (await ask(day, "service_level")).cases == ["B", "D", "H"]  # late or abandoned
    assert (await ask(day, "abandon_rate")).cases == ["C", "D"]
    assert (await ask(day, "fcr")).cases == ["A"]
    assert (await ask(day, "csat")).cases == ["B"]
    assert (await ask(day, "aht")).cases[0] == "A"  # the longest first
    [group] = (await ask(day, "non_response", "day")).groups
    assert group.cases == ["B", "H"]


async def test_the_definition_is_printed_with_the_values_in_use(day: Database) -> None:
    strict = Options(voice_s=40, chat_s=10)
    made = await ask(day, "service_level", options=strict)
    assert "within 40 s (phone) or 10 s (chat)" in made.definition
    assert made.total.value == 33.33  # only the phone calls
    polish = await ask(day, "service_level", language="pl")
    assert polish.name == "Poziom obsługi (wariant B)"
    assert polish.definition.startswith("Wariant B: odebrane w ciągu 20 s (telefon) lub 60 s")


async def test_too_few_is_no_number_and_a_count_is_always_one(day: Database) -> None:
    few = await ask(day, "asa", options=Options(least=6))
    assert (few.total.value, few.total.n) == (None, 5)
    yesterday = interval(date(2026, 11, 23), date(2026, 11, 23))
    async with day.read() as connection:
        for kpi, known in definitions().items():
            made = await report(connection, kpi, *yesterday, "day", now=LATER)
            assert made.total.n == 0
            assert made.total.value == (0 if known.shape == "count" else None)
            assert [(g.key, g.n, g.cases) for g in made.groups] == [("2026-11-23", 0, [])]


async def test_first_contact_resolution_waits_until_the_week_is_over(day: Database) -> None:
    made = await ask(day, "fcr", now=at("10:12:00", "2026-12-01"))
    assert (made.total.value, made.total.n) == (0.0, 1)  # only A's seven days have passed


async def test_the_interval_includes_its_first_moment_and_not_its_last(day: Database) -> None:
    async def queued(first: str, last: str) -> float | None:
        async with day.read() as connection:
            made = await report(connection, "queued", at(first), at(last), now=LATER)
        return made.total.value

    assert await queued("10:00:00", "10:02:00") == 1
    assert await queued("10:00:01", "10:02:01") == 1
    assert await queued("10:00:00", "10:02:01") == 2
    assert await queued("10:20:00", "10:20:01") == 1  # its end lies outside and is known


async def test_occupancy_is_cut_at_the_edges_and_knows_who_was_there_before(day: Database) -> None:
    async with day.read() as connection:
        made = await report(
            connection, "occupancy", at("10:03:00"), at("10:10:00"), "agent", now=LATER
        )
    # ania handles all the time; bartek is idle but for 10 s of ringing and 130 s of handling;
    # celina handles 270 s.
    assert {g.key: (g.part, g.whole) for g in made.groups} == {
        "ania": (420, 420), "bartek": (130, 410), "celina": (270, 420),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kpi", "group_by", "days", "error"),
    [
        ("weather", None, 1, UnknownKpiError),
        ("queued", "agent", 1, RefusedError),
        ("queued", "planet", 1, RefusedError),
        ("queued", None, 0, RefusedError),
        ("queued", None, 402, RefusedError),
    ],
)
async def test_what_makes_no_sense_is_refused(
    database: Database, kpi: str, group_by: str | None, days: int, error: type[Exception]
) -> None:
    async with database.read() as connection:
        with pytest.raises(error):
            await report(
                connection, kpi, SINCE, SINCE + timedelta(days=days), group_by, now=LATER,  # type: ignore[arg-type]
            )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last"), [("2026-11-24", "2026-11-23"), ("2026-01-01", "2027-02-05")]
)
def test_an_interval_that_makes_no_sense_is_refused(first: str, last: str) -> None:
    with pytest.raises(RefusedError):
        interval(date.fromisoformat(first), date.fromisoformat(last))


async def test_a_day_on_which_the_clocks_change_has_23_or_25_hours(database: Database) -> None:
    spring = interval(date(2026, 3, 29), date(2026, 3, 29))
    autumn = interval(date(2026, 10, 25), date(2026, 10, 25))
    assert spring[1] - spring[0] == timedelta(hours=23)
    assert autumn[1] - autumn[0] == timedelta(hours=25)
    # An agent who is there from 1 to 4 at night has worked 2 hours in March and 4 in October.
    logs = read(
        """
        A 00:30:00 opened   bot route=pl|general|chat|1
        A 01:00:00 offered  ania
        A 01:00:00 accepted ania
        A 04:00:00 wrapping ania
        A 04:00:00 closed   ania
        """,
        "2026-10-25",
    )
    async with database.write() as connection:
        await store(connection, logs.values())
    async with database.read() as connection:
        made = await report(connection, "aht", *autumn, "day", now=LATER)
        queued = await report(
            connection, "queued", autumn[0] - timedelta(days=1), autumn[1], "day", now=LATER
        )
    assert [(g.key, g.value) for g in made.groups] == [("2026-10-25", 4 * 3600)]
    assert [(g.key, g.value) for g in queued.groups] == [("2026-10-24", 0), ("2026-10-25", 1)]


async def test_complaints_are_answered_by_the_legal_day_or_not(database: Database) -> None:
    logs = read("""
        A 10:00:00 opened         bot  route=pl|complaints|chat|1 kind=complaint due=2026-11-24
        A 23:59:59 legal_answered ania durable_medium=email
        B 10:00:00 opened         bot  route=pl|complaints|chat|1 kind=complaint due=2026-11-23
        B 00:00:01 legal_answered ania durable_medium=letter
        C 10:00:00 opened         bot  route=pl|complaints|chat|1 kind=complaint due=2026-11-24
        D 10:00:00 opened         bot  route=pl|complaints|chat|1 kind=complaint due=2026-12-09
        E 10:00:00 opened         bot  route=pl|privacy|chat|1 kind=privacy_request due=2026-11-24
        F 10:00:00 opened         bot  route=pl|complaints|chat|1 kind=complaint
    """)
    async with database.write() as connection:
        await store(connection, logs.values())

    async def on_time(first: date, last: date, now: object) -> tuple[float | None, int, list[str]]:
        async with database.read() as connection:
            made = await report(connection, "legal_on_time", *interval(first, last), now=now)  # type: ignore[arg-type]
        return made.total.value, made.total.n, made.cases

    month = date(2026, 11, 1), date(2026, 12, 31)
    assert await on_time(*month, at("20:00:00")) == (50.0, 2, ["B"])  # C has until midnight
    assert await on_time(*month, LATER) == (33.33, 3, ["B", "C"])
    assert await on_time(month[0], date(2026, 11, 23), LATER) == (0.0, 1, ["B"])


async def test_a_log_that_makes_no_sense_spoils_no_report(day: Database) -> None:
    broken = read("Z 10:00:00 opened bot route=pl|general|chat|1")
    async with day.write() as connection:
        await store(connection, broken.values())
        await connection.execute(
            update(case_events).where(case_events.c.case_id == "Z").values(type="accepted")
        )
    assert (await ask(day, "queued")).total.value == 9


def test_business_time_is_that_of_the_queue() -> None:
    business = business_of(load_routing())
    night = at("03:00:00"), at("03:30:00")
    noon = at("12:00:00"), at("12:30:00")
    complaints = Route("pl", "complaints", "chat")
    assert business(complaints, *night) == timedelta(0)
    assert business(complaints, *noon) == timedelta(minutes=30)
    assert business_of(load_routing(always_open=True))(complaints, *night).seconds == 1800


def test_the_day_of_the_tests_is_in_winter_time() -> None:
    assert at("10:00:00").astimezone(UTC).hour == 9
