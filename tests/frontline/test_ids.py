import re

from frontline.ids import new_id


def test_ids_differ_and_have_the_form_of_a_ulid() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", made) for made in ids)
