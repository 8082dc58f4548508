"""Where the speech models are: a Vosk model and a Piper voice for each language.

A path in the settings comes first, then a production model that `frontline models fetch` brought,
then the demo model that the project makes itself.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, get_args

from frontline.errors import SettingsError
from frontline.lang import Language
from frontline.settings import PREFIX, PROJECT, Settings

DEMO = "demo-"
"""How the folders of demo models begin."""
VOICE_FILE = "voice.onnx"
MAKE_DEMO = "python -m tools.speech"


class Kind(StrEnum):
    """What a model is for."""

    VOSK = "vosk"
    """A recogniser's."""
    PIPER = "piper"
    """A voice."""


class Origin(StrEnum):
    """Where a model comes from."""

    SET = "set"
    """Its path stands in the settings."""
    FETCHED = "fetched"
    """`frontline models fetch` brought it."""
    DEMO = "demo"
    """Made by the project; it knows synthetic voices only."""


class Model(NamedTuple):
    """A model that is used."""

    kind: Kind
    language: Language
    origin: Origin
    path: Path
    """A Vosk model's folder, a Piper voice's `.onnx` file."""
    mend: str
    """What to do when it turns out to be broken."""


def vosk_path(settings: Settings, language: Language) -> Path:
    """The folder of the recogniser's model.

    Raises:
        SettingsError: it is missing or incomplete; says the command that brings it.
    """
    return find(settings, Kind.VOSK, language).path


def piper_path(settings: Settings, language: Language) -> Path:
    """The voice's `.onnx` file, next to which stands its `.onnx.json`.

    Raises:
        SettingsError: as for `vosk_path`.
    """
    return find(settings, Kind.PIPER, language).path


def find(settings: Settings, kind: Kind, language: Language) -> Model:
    """The model that is used.

    Raises:
        SettingsError: there is none, or the one that comes first is incomplete: another one is not
            taken in its place, for nobody would notice.
    """
    mend = f"run `{MAKE_DEMO}` for the demo model or `frontline models fetch {language}`"
    name = setting_name(kind, language)
    place: str = getattr(settings, name)
    if place:
        mend = f"correct {PREFIX}{name.upper()}, or unset it and {mend}"
        return _whole(Model(kind, language, Origin.SET, Path(place), mend))
    fetched = fetched_folder(settings, kind, language)
    if fetched.is_symlink() or fetched.exists():
        mend = f"delete it and run `frontline models fetch {language}`"
        return _whole(Model(kind, language, Origin.FETCHED, _inside(kind, fetched), mend))
    for folder in demo_folders(settings):
        made = folder / f"{kind}-{language}"
        if made.is_dir():
            again = f"delete {folder} and run `{MAKE_DEMO}`"
            return _whole(Model(kind, language, Origin.DEMO, _inside(kind, made), again))
    raise SettingsError(f"no {kind} model for {language}: {mend}")


def setting_name(kind: Kind, language: Language) -> str:
    """The setting in which a path may stand."""
    return f"{'vosk_model' if kind is Kind.VOSK else 'piper_voice'}_{language}"


def store(settings: Settings) -> Path:
    """The folder of all speech models."""
    return settings.data_dir / "models" / "speech"


def fetched_folder(settings: Settings, kind: Kind, language: Language) -> Path:
    """Where the production model is, once it was fetched."""
    return store(settings) / f"{kind}-{language}"


def demo_folders(settings: Settings) -> list[Path]:
    """Folders with demo models, the newest first; those of the project serve every data folder."""
    stores = dict.fromkeys((store(settings), PROJECT / "var" / "models" / "speech"))
    found = (path for place in stores for path in place.glob(f"{DEMO}*") if path.is_dir())
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def problem(kind: Kind, path: Path) -> str | None:
    """What is wrong with the files of a model, in a few words; None when they are all there.

    It matters for Vosk: it ends the whole process on some broken models.
    """
    if not path.exists():
        return "does not exist"
    return CHECKS[kind](path)


def _vosk_problem(path: Path) -> str | None:
    """Kaldi's layouts: the older one keeps all files in one folder."""
    flat = (path / "final.mdl").exists()
    am, conf, graph, phones = ("", "", "", "") if flat else ("am/", "conf/", "graph/", "phones/")
    needed = [f"{am}final.mdl", f"{conf}mfcc.conf", f"{graph}{phones}word_boundary.int"]
    if not flat:
        needed.append("conf/model.conf")
    if not (path / f"{graph}HCLG.fst").exists():
        needed += [f"{graph}{name}" for name in ("HCLr.fst", "Gr.fst", "disambig_tid.int")]
    # only this list may be empty
    return _missing(path, needed, may_be_empty=frozenset({f"{graph}disambig_tid.int"}))


def _piper_problem(path: Path) -> str | None:
    return _missing(path.parent, [path.name, f"{path.name}.json"])


CHECKS: dict[Kind, Callable[[Path], str | None]] = {
    Kind.VOSK: _vosk_problem,
    Kind.PIPER: _piper_problem,
}
LANGUAGES: tuple[Language, ...] = get_args(Language)


def _missing(
    folder: Path, names: list[str], may_be_empty: frozenset[str] = frozenset()
) -> str | None:
    for name in names:
        file = folder / name
        if not file.is_file():
            return f"has no {name}"
        if file.stat().st_size == 0 and name not in may_be_empty:
            return f"has an empty {name}"
    return None


def _inside(kind: Kind, folder: Path) -> Path:
    return folder / VOICE_FILE if kind is Kind.PIPER else folder


def _whole(model: Model) -> Model:
    wrong = problem(model.kind, model.path)
    if wrong:
        raise SettingsError(f"{model.path} {wrong}: {model.mend}")
    return model
