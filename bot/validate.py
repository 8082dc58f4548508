"""Rasa's own check of domain, sentences and rules: `python -m validate`.

Prints what Rasa warns of, without what docs/dev/rasa-validate.md explains; 1 if anything is left.
"""

from __future__ import annotations

import logging
import re
import sys
import warnings
from pathlib import Path

from no_tensorflow import without_tensorflow
from quiet import quieten, quieten_rasa

HERE = Path(__file__).resolve().parent
EXPLAINED = re.compile(
    r"The utterance '\w+' is not used in any story or rule\.$"
    r"|Slot auto-fill has been removed in 3\.0 "
)


def main() -> int:
    """Run all of Rasa's checks; the exit status is 1 when one of them has something to say."""
    quieten(logging.ERROR)
    without_tensorflow(HERE / "config.yml")
    sys.path.insert(0, str(HERE))
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    quieten_rasa(logging.ERROR)
    said: dict[str, None] = {}
    warnings.simplefilter("always", UserWarning)
    warnings.showwarning = lambda message, *_, **__: said.setdefault(str(message))
    importer = TrainingDataImporter.load_from_config(
        str(HERE / "config.yml"), str(HERE / "domain"), [str(HERE.parent / "nlu_data")]
    )
    validator = Validator.from_importer(importer)
    results = {
        "domain": validator.verify_domain_validity(),
        "rules against each other": validator.verify_story_structure(ignore_warnings=False),
        "slots of forms": validator.verify_form_slots(),
        "mappings of slots": validator.verify_slot_mappings(),
        "forms in rules": validator.verify_forms_in_stories_rules(),
        "actions in rules": validator.verify_actions_in_stories_rules(),
    }
    validator.verify_nlu(ignore_warnings=False)  # false already for a warning: those are looked at
    left = [text for text in said if not EXPLAINED.match(text)]
    left += [f"Rasa refuses: {name}" for name, is_valid in results.items() if not is_valid]
    for text in left:
        print(" ".join(text.split()))  # noqa: T201
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
