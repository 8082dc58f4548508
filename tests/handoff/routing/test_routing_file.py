from pathlib import Path

import pytest
import yaml

from frontline.errors import SettingsError
from frontline.settings import PROJECT
from handoff.case import Reason
from handoff.routing_file import GENERAL, PACKAGED, _line, load

GOOD = PACKAGED.read_text("utf-8")


def with_change(tmp_path: Path, old: str, new: str) -> Path:
    assert GOOD.count(old) >= 1, old
    path = tmp_path / "mine.yml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    lines = path.read_text("utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


def test_the_packaged_file_is_good() -> None:
    loaded = load()
    assert GENERAL in loaded.file.queues
    assert set(loaded.file.queues) == {
        "general", "complaints", "returns", "payments", "technical", "privacy", "care",
    }  # fmt: skip
    assert set(loaded.file.channels) == {"chat", "voice"}


def test_every_intent_of_the_rules_exists() -> None:
    content = yaml.safe_load((PROJECT / "nlu_data/intents.yml").read_text("utf-8"))
    known = {intent["name"] for intent in content["intents"]}
    file = load().file
    conditions = [when for place in file.places for when in place.when]
    conditions += [when for rule in file.priorities.values() for when in rule.when]
    named = {name for when in conditions for name in (*when.intents, *when.said)}
    assert named <= known


def test_polish_and_english_differ_everywhere() -> None:
    file = load().file
    labels = [
        *(queue.label for queue in file.queues.values()),
        *(rule.reason for rule in file.priorities.values()),
        *(regime.label for regime in file.regimes.values()),
        *file.dispositions.values(),
        *file.break_reasons.values(),
    ]
    assert all(label.pl and label.en for label in labels)
    assert [label for label in labels if label.pl == label.en] == []


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("calendar: office", "calendar: ofice", "ofice",
         "queues.privacy.calendar: there is no calendar ofice"),
        ('sat: ["09:00-15:00"]', 'sat: ["09:00-15:99"]', "15:99",
         "calendars.hotline.week.sat.0: '09:00-15:99': an hour has minutes 00 to 59"),
        ('sat: ["09:00-15:00"]', 'sat: ["9-15"]', "9-15", "'9-15' is not like 08:00-16:00"),
        ('sat: ["09:00-15:00"]', 'sat: ["15:00-09:00"]', "15:00-09:00",
         "has to end after it begins"),
        ('sat: ["09:00-15:00"]', 'sat: ["20:00-24:01"]', "24:01", "at 24:00 the latest"),
        ('sat: ["09:00-15:00"]', 'sat: ["09:00-12:00", "11:00-15:00"]', "11:00-15:00",
         "'11:00-15:00' overlaps the block before"),
        ('sat: ["09:00-15:00"]', 'fri-sat: ["09:00-15:00"]', "fri-sat", "fri is there twice"),
        ('sat: ["09:00-15:00"]', 'sob: ["09:00-15:00"]', "sob:", "days are mon, tue"),
        ('sat: ["09:00-15:00"]', 'sun-tue: ["09:00-15:00"]', "sun-tue", "from mon to sun"),
        ('sat: ["09:00-15:00"]', 'sat: "09:00-15:00"', "sat: \"", "has to be a list of hours"),
        ('    week:\n      mon-fri: ["08:00-16:00"]', "    week: {mon: []}", "{mon: []}",
         "calendars.office.week: nobody would ever be there"),
        ("closed: [] ", "closed: [{on: 2026-12-31, to: 2026-12-30, reason: {pl: x, en: y}}]",
         "2026-12-30", "calendars.hotline.closed.0: `to` comes before `on`"),
        ("closed: [] ", "closed: [{on: 31.12.2026, reason: {pl: x, en: y}}]",
         "31.12.2026", "calendars.hotline.closed.0.on: Invalid RFC3339"),
        ("open: [] ", 'open: [{on: 2026-12-13, hours: ["10:00-9"], reason: {pl: x, en: y}}]',
         "10:00-9", "calendars.hotline.open.0.hours.0: '10:00-9' is not like"),
        ("    open: [] ", "    closes: [] ", "closes:", "calendars.hotline.closes: unknown"),
        ("queues:\n", "lines:\n", "lines:", "lines: unknown; known are calendars, queues"),
        ("  general:\n", "  generell:\n", "queues:", "the queue general is missing"),
        ("  payments:\n", "  Pay-ments:\n", "Pay-ments:", "names are of a-z and _"),
        ("widen_min: 3", "widen_min: 0", "widen_min: 0", "queues.payments.widen_min: has to be"),
        ("widen_min: 3", "widen_min: soon", "widen_min: soon",
         "Expected `float | null`, got `str`"),
        ("    widen_min: 3", "    channels: {fax: office}", "fax", "there is no such channel"),
        ("    widen_min: 3", "    channels: {voice: ofice}", "ofice", "there is no calendar ofice"),
        ("urgent: 1,", "urgent: -1,", "urgent: -1", "targets.chat.urgent: has to be above 0"),
        ("high: 3, ", "", "  chat: {urgent", "Object missing required field `high`"),
        ("  voice: {ring_s", "  phone: {ring_s", "targets:", "has to have the same channels"),
        ("skill: technical", "skill: tech", "skill: tech", "there is no queue tech"),
        ("    level: 2\n", "    level: 0\n", "level: 0", "levels are 1 to 9"),
        ("kinds: [withdrawal]", "kinds: [refund]", "refund]}", "Invalid enum value 'refund'"),
        ("{failures: 2}", "{}", "{reasons: [repeated_failure]}, {}", "would hold for every case"),
        ("{intents: [privacy_request]}", "{}", "when: [{}]", "would hold for every case"),
        ("priority: low", "priority: lowest", "priority: lowest", "Invalid enum value 'lowest'"),
        ("ahead_min: 720", "ahead_min: -1", "ahead_min: -1", "has to be 0 to a million"),
        ("clocks: {complaint:", "clocks: {moaning:", "moaning", "is no kind of case"),
        ("withdrawal: PL_UPK_32,", "withdrawal: PL_UPK_33,", "PL_UPK_33",
         "there is no regime PL_UPK_33"),
        ("months: 1,", "months: 1, days: 30,", "months: 1, days", "needs either days or months"),
        ("valid_from: 2018-05-25, months: 1,", "valid_from: 2018-05-25,", "2018-05-25, source",
         "needs either days or months"),
        ("  solved: {pl: Załatwione, en: Solved}", "  solved: {pl: Załatwione}", "solved:",
         "dispositions.solved: Object missing required field `en`"),
        ("  lunch: {pl: Obiad, en: Lunch}", "  training: {pl: Obiad, en: Lunch}", "",
         'found duplicate key "training"'),
        ("  lunch: {pl: Obiad, en: Lunch}", "  lunch: {pl: Obiad, en: Lunch", "", "expected"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, at: str, message: str
) -> None:
    path = with_change(tmp_path, old, new)
    with pytest.raises(SettingsError) as refused:
        load(path)
    text = str(refused.value)
    assert message in text
    place, _, rest = text.removeprefix(f"{path}:").partition(":")
    assert rest
    if at:
        assert int(place) == line_of(path, at), text
    else:
        assert int(place) > 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", ":1: has to be a mapping"),
        ("- a\n", ":1: has to be a mapping"),
        ("calendars: {}\n", ":1: the section queues is missing"),
        ("calendars: []\n", ":1: calendars: has to be a mapping"),
        ("calendars:\n  a: 7\n", ":2: calendars.a: Expected `object`, got `int`"),
        ("calendars:\n  - week\n", ":1: calendars: has to be a mapping"),
        ("calendars:\n  \x00\n", ":2: special characters are not allowed"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "odd.yml"
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError) as refused:
        load(path)
    assert message in str(refused.value)


def test_places_have_to_be_a_list(tmp_path: Path) -> None:
    start = GOOD.index("places:")
    end = GOOD.index("# --- How soon")
    path = tmp_path / "odd.yml"
    path.write_text(GOOD[:start] + "places: {}\n" + GOOD[end:], "utf-8")
    with pytest.raises(SettingsError, match="places: has to be a list"):
        load(path)


def test_a_regime_without_terms_is_refused(tmp_path: Path) -> None:
    start = GOOD.index("    terms:\n      - {valid_from: 2018-05-25")
    end = GOOD.index("# --- What came of a case")
    path = tmp_path / "odd.yml"
    path.write_text(GOOD[:start] + "    terms: []\n" + GOOD[end:], "utf-8")
    with pytest.raises(SettingsError, match=r"regimes\.GDPR_12_3\.terms: needs at least one"):
        load(path)


def test_a_day_is_closed_or_opened_once(tmp_path: Path) -> None:
    path = with_change(
        tmp_path,
        "open: [] ",
        "open: [{on: 2026-12-13, hours: [], reason: {pl: x, en: y}},"
        " {on: 2026-12-13, hours: [], reason: {pl: x, en: y}}] ",
    )
    with pytest.raises(SettingsError, match=r"open\.1: 2026-12-13 is there twice"):
        load(path)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.yml: cannot be read"):
        load(tmp_path / "none.yml")
    (tmp_path / "latin.yml").write_bytes("żółw".encode("cp1250"))
    with pytest.raises(SettingsError, match=r"latin\.yml: cannot be read"):
        load(tmp_path / "latin.yml")


def test_every_reason_is_named_somewhere_or_is_ordinary() -> None:
    """A new reason has to be thought of here."""
    file = load().file
    named = {
        reason
        for part in (*file.places, *file.priorities.values())
        for when in part.when
        for reason in when.reasons
    }
    assert set(Reason) - named == {
        Reason.USER_REQUEST, Reason.LOW_CONFIDENCE, Reason.IDENTITY_LOCKED,
    }  # fmt: skip


def test_the_line_of_what_is_not_there_is_that_of_what_holds_it() -> None:
    text = "a:\n  b:\n    - c\n"
    assert _line(text, ("a", "b", 0)) == 3
    assert _line(text, ("a", "b", 0, "d")) == 3
    assert _line(text, ("a", "x", "y")) == 1
    assert _line(text, ("a", "b", 7)) == 2
