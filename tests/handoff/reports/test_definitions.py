import pytest

from handoff.case import Reason
from handoff.reports.definitions import (
    Options,
    UnknownKpiError,
    definition,
    definitions,
    label,
    listed,
    word,
)


def test_every_figure_is_explained_in_both_languages_with_the_values_in_use() -> None:
    polish, english = listed("pl"), listed("en")
    assert len(polish) == len(english) == len(definitions())
    for one, other in zip(polish, english, strict=True):
        assert one.name != other.name
        assert one.definition != other.definition
        assert "{" not in one.definition + other.definition
        assert "n = " in one.definition
        assert "n = " in other.definition
        if definition(one.id).shape == "ratio":
            assert "÷" in one.definition
            assert "÷" in other.definition
    strict = {kpi.id: kpi.definition for kpi in listed("en", Options(short_s=7))}
    assert "within 7 s" in strict["short_abandons"]


def test_an_unknown_figure_is_not_found() -> None:
    with pytest.raises(UnknownKpiError):
        definition("weather")


def test_every_reason_has_a_label_and_no_group_is_nameless() -> None:
    assert all(label("reason", reason, "pl") != reason for reason in Reason)
    assert label("reason", "policy", "en") == "for people only"
    assert label("agent", "", "en") == word("none", "en") == "none"
    assert label("skill", "returns", "pl") == "returns"


def test_the_service_level_depends_on_the_channel() -> None:
    assert (Options().target_s("voice"), Options().target_s("chat")) == (20, 60)
