from frontline.lang.text import fold


def test_folding_removes_case_signs_and_doubled_spaces() -> None:
    assert fold("  Zażółć  GĘŚLĄ jaźń, Łódź ") == "zazolc gesla jazn, lodz"
