"""Made-up cases, turns and reports as the desk's server would send them."""

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ago(**span: float) -> str:
    return iso(datetime.now(UTC) - timedelta(**span))


def agent(login: str, name: str, role: str = "agent", **more: Any) -> Json:
    return {
        "id": f"AG-{login}",
        "login": login,
        "name": name,
        "role": role,
        "languages": ["pl", "en"],
        "skills": {"general": 1, "complaints": 2},
        "capacity": {"chat": 3, "voice": 1},
        "presence": "available",
        "presence_reason": None,
        "presence_since": ago(minutes=42),
        "active": True,
        **more,
    }


def row(number: int, summary: str, **more: Any) -> Json:
    """A case that waits in the general line; `more` says what is different."""
    return {
        "id": f"C{number:04}",
        "number": f"R-2026-{number:06}",
        "rev": 1,
        "state": "queued",
        "kind": "question",
        "channel": "chat",
        "language": "pl",
        "reason": "user_request",
        "detail": "",
        "skill": "general",
        "level": 1,
        "priority": "normal",
        "priority_reasons": [],
        "agent_id": None,
        "agent": None,
        "fence": 1,
        "conversation_id": f"K{number:04}",
        "created_at": ago(minutes=9),
        "queued_at": ago(minutes=4),
        "due_at": ago(minutes=-12),
        "answered_at": None,
        "closed_at": None,
        "legal": None,
        "callback": None,
        "wake_at": None,
        "summary_line": summary,
        "lease_until": None,
        "last_seq": 4,
        "unread": False,
        **more,
    }


def complaint(number: int, summary: str, days: int, **more: Any) -> Json:
    """A complaint with `days` left of its fourteen."""
    due = (datetime.now().astimezone() + timedelta(days=days)).date()
    legal = {
        "regime": "PL_UPK_7A",
        "received_at": ago(days=14 - days),
        "due": due.isoformat(),
        "answered_at": None,
        "durable_medium": None,
    }
    return row(
        number,
        summary,
        **{
            "kind": "complaint",
            "reason": "complaint",
            "skill": "complaints",
            "priority": "high",
            "priority_reasons": ["complaint"],
            "legal": legal,
            **more,
        },
    )


def turn(seq: int, author: str, text: str, **more: Any) -> Json:
    return {
        "seq": seq,
        "id": f"T{seq}",
        "author": author,
        "text": text,
        "name": None,
        "at": ago(minutes=max(0.0, 10 - seq)),
        "language": "pl",
        "buttons": [],
        "client_id": None,
        "files": None,
        **more,
    }


def opening() -> list[Json]:
    """How every made-up conversation begins."""
    photo = {"id": "F1", "name": "pęknięty-kubek.jpg", "kind": "image/jpeg", "size": 284_000}
    return [
        turn(1, "bot", "Dzień dobry, tu automatyczny asystent.", buttons=[{"title": "Zamówienie"}]),
        turn(2, "customer", "Kubek z zamówienia ZA-2026-104731 przyszedł pęknięty.", files=[photo]),
        turn(3, "bot", "Przykro mi. Proszę podać kod pocztowy z zamówienia."),
        turn(4, "customer", "00-950. Chcę nowy kubek, <b>nie zwrot</b> pieniędzy."),
    ]


def card(case: Json, history: list[Json]) -> Json:
    return {
        **case,
        "context": {"slots": {"order_number": "ZA-2026-104731"}},
        "summary": {
            "text": case["summary_line"],
            "sentences": [
                {"text": "Kubek przyszedł pęknięty.", "turns": [2]},
                {"text": "Oczekiwanie: wymiana, nie zwrot pieniędzy.", "turns": [4]},
            ],
            "tried": [
                {"text": "Odnaleziono zamówienie", "ok": True, "turns": [2, 4]},
                {"text": "Sprawdzono stan magazynu", "ok": False, "turns": [4]},
            ],
            "facts": [
                {
                    "name": "order_number",
                    "label": "Zamówienie",
                    "value": "ZA-2026-104731",
                    "turns": [2],
                },
                {"name": "postcode", "label": "Kod pocztowy", "value": "00-950", "turns": [4]},
            ],
            "question": "Czy kubek można wymienić na nowy?",
        },
        "identity": {
            "level": "verified",
            "method": "order_match",
            "orders": ["ZA-2026-104731"],
            "checks": [],
        },
        "notes": [
            {"id": "N1", "agent": "Bartek", "text": "Dzwonił też wczoraj.", "at": ago(hours=3)}
        ],
        "files": [
            {"id": "F1", "name": "pęknięty-kubek.jpg", "kind": "image/jpeg", "size": 284_000,
             "at": ago(minutes=8)}
        ],
        "receipts": [
            {"number": "P-2026-000017", "kind": "complaint", "file_id": "F2",
             "issued_at": ago(minutes=5)}
        ],
        "history": history,
        "linked": [one["id"] for one in history[:1]],
        "instruction": None,
        "outcome": None,
        "disposition": None,
        "draft": "",
        "csat": None,
        "wrap_up_note": "Kubek z zamówienia ZA-2026-104731 pęknięty; wymiana uzgodniona.",
    }  # fmt: skip


SETTINGS = {
    "wrap_up_s": 60,
    "ring_s": 20,
    "dispositions": [
        {"code": "solved", "label": "Rozwiązana"},
        {"code": "promised", "label": "Obiecany ciąg dalszy"},
    ],
    "break_reasons": [
        {"code": "meal", "label": "posiłek"},
        {"code": "training", "label": "szkolenie"},
    ],
    "skills": [
        {"code": "general", "label": "ogólne"},
        {"code": "complaints", "label": "reklamacje"},
        {"code": "returns", "label": "zwroty"},
    ],
}

CANNED = [
    {
        "id": "G1", "shortcut": "dzien", "language": "pl", "title": "Powitanie",
        "text": "Dzień dobry, z tej strony {agent}. Już pomagam.", "intents": [],
    },
    {
        "id": "G2", "shortcut": "wymiana", "language": "pl", "title": "Wymiana towaru",
        "text": "Wymienimy towar z zamówienia {order_number} do dnia {data}.", "intents": [],
    },
]  # fmt: skip

ARTICLES = [
    {
        "id": "A1",
        "title": "Wymiana uszkodzonego towaru",
        "text": "Towar uszkodzony w dostawie wymieniamy na nowy w ciągu 14 dni.",
        "language": "pl",
    }
]

SUGGESTIONS = [
    {**ARTICLES[0], "source": "article", "score": 0.82},
    {**CANNED[1], "source": "canned", "score": 0.7},
]

KPIS = [
    {
        "id": "service_level",
        "name": "Poziom obsługi 80/20",
        "definition": "Odebrane w 20 s ÷ (odebrane + porzucone po więcej niż 5 s).",
        "unit": "percent",
    },
    {
        "id": "asa",
        "name": "Średni czas oczekiwania",
        "definition": "Suma czasu w kolejce spraw odebranych ÷ liczba odebranych.",
        "unit": "seconds",
    },
]


def report(kpi: str, group_by: str) -> Json:
    told = next(one for one in KPIS if one["id"] == kpi)
    values = [82.5, 79.0, 91.2, 88.0, 74.4, 90.1, 86.3]
    start = datetime.now(UTC) - timedelta(days=len(values))
    keys = (
        [(start + timedelta(days=n)).date().isoformat() for n in range(len(values))]
        if group_by == "day"
        else ["general", "complaints", "returns"]
    )
    return {
        "kpi": kpi,
        "name": told["name"],
        "definition": told["definition"],
        "unit": told["unit"],
        "total": {"value": 84.5, "n": 210},
        "groups": [
            {"key": key, "label": key, "value": value, "n": 30, "cases": ["C0001", "C0002"]}
            for key, value in zip(keys, values, strict=False)
        ],
    }


def events(case: Json) -> list[Json]:
    names = ["opened", "queued", "offered", "accepted", "first_reply"]
    return [
        {
            "n": n,
            "type": name,
            "at": ago(minutes=9 - n),
            "actor": "customer" if n == 1 else "AG-ania",
            "data": {"from": "queued", "to": "active", "route": "pl|complaints|chat|1"},
            "hash": f"{n:02}ab12cd34ef56ab12cd34ef56ab12cd34ef56ab12cd34ef56ab12cd34ef56{n:02}",
        }
        for n, name in enumerate(names, start=1)
    ]
