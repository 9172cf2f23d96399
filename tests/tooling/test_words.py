"""The web catalogues have words, in every language, for every code that a screen can show."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from dispatch.accounts.roles import EVERY_ROLE
from dispatch.messaging.lifecycle import Channel, Direction, MessageStatus
from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.checks.rules import ViolationCode
from dispatch.scheduling.crowd_shares.counting import SHARE_USED_UP
from dispatch.scheduling.pins.models import PinKind
from dispatch.scheduling.plans.lifecycle import PlanStatus
from dispatch.scheduling.slots.grid import Grade
from dispatch.technicians.lifecycle import AbsenceKind, Employment
from dispatch.work_orders.lifecycle import (
    PARTS_SHORT,
    IncompleteReason,
    ReservationStatus,
    VisitStatus,
    WorkOrderStatus,
)
from dispatch.work_orders.models import Visit, WorkOrder
from iot_ingest.alerts.lifecycle import (
    AlertStatus,
    Choice,
    Disposition,
    QuietReason,
    RemoteOutcome,
    TriageReason,
)
from iot_ingest.credits.lifecycle import CreditStatus
from iot_ingest.incidents.lifecycle import Cause, IncidentStatus
from iot_ingest.outreach.lifecycle import CallOutcome, StepKind, StepStatus, StopReason
from iot_ingest.playbooks.lifecycle import FirstStep
from iot_ingest.predictions.lifecycle import ModelStatus
from iot_ingest.readings.quality import Drop
from iot_ingest.remedies.lifecycle import RemedyKind, RemedyObstacle, RemedyStatus
from iot_ingest.remote_commands.lifecycle import CommandStatus
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import Danger, NoAnswer, Severity
from iot_ingest.rules.threshold import Op
from iot_ingest.silences.lifecycle import Reach, SilenceKind
from iot_ingest.trainings.lifecycle import Promotion, TrainingStatus, TrainingStep
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus
from marketplace.reviews.lifecycle import ReviewStatus
from marketplace.scores.lifecycle import ChangeCause, FactKind
from marketplace.transfers.lifecycle import TransferStatus
from marketplace.trust_terms.words import SENTENCES
from marketplace.waves.building import REASONS
from marketplace.waves.hurdles import BLOCKING
from marketplace.waves.questions import ASKED_ENOUGH
from optimizer.explaining.facts import CandidateCode, ObstacleCode, RelaxationCode
from optimizer.plan import ReasonCode, Score
from optimizer.violation import Code as RuleCode

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
SERVER = "kernel optimizer dispatch marketplace iot_ingest mobile_api server".split()
CODE = re.compile(r"[a-z]+(_[a-z]+)*")

Catalogue = dict[str, str]


def _catalogue(text: str) -> Catalogue:
    found = re.findall(r'^  "([\w.]+)": "((?:[^"\\]|\\.)*)",$', text, re.MULTILINE)
    keys = [key for key, _ in found]
    assert len(keys) == len(set(keys)), "a key stands twice"
    return dict(found)


def _shared(language: str) -> Catalogue:
    folder = WEB / "shared" / "i18n"
    files = [folder / f"{language}.ts", folder / f"refused.{language}.ts"]
    return _catalogue("".join(file.read_text() for file in files))


def _of_app(app: str, language: str) -> Catalogue:
    english, german = _files(app).read_text().split("\nconst de", 1)
    return _catalogue(english if language == "en" else german)


def _files(app: str) -> Path:
    return WEB / "console/src/watch/words.ts" if app == "watch" else WEB / app / "src" / "words.ts"


APPS = ("console", "watch", "technician", "customer")
CATALOGUES: dict[tuple[str, str], Catalogue] = {
    **{("shared", language): _shared(language) for language in ("en", "de")},
    **{(app, language): _of_app(app, language) for app in APPS for language in ("en", "de")},
}


def refusal_codes(tree: ast.Module) -> Iterator[str]:
    """Codes given as `code="..."`, at the place of a parameter `code`, as a default, or in a table
    of (code, sentence)."""
    places = _places(tree)
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            given += [word.value for word in node.keywords if word.arg == "code"]
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name in places:
                given += node.args[places[name] : places[name] + 1]
        elif isinstance(node, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id == "default_code" for t in node.targets):
                given.append(node.value)
        elif isinstance(node, ast.Tuple) and [_is_sentence(e) for e in node.elts] == [False, True]:
            given.append(node.elts[0])
        for expression in given:
            if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
                assert CODE.fullmatch(expression.value), expression.value
                yield expression.value


def _places(tree: ast.Module) -> dict[str, int]:
    """Where the functions and records of a module take their `code`."""
    taken = {
        node.name: [argument.arg for argument in node.args.args]
        if isinstance(node, ast.FunctionDef)
        else [ast.unparse(line.target) for line in node.body if isinstance(line, ast.AnnAssign)]
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    return {name: names.index("code") for name, names in taken.items() if "code" in names}


def _is_sentence(node: ast.expr) -> bool:
    last = node.values[-1] if isinstance(node, ast.JoinedStr) else node
    return (
        isinstance(last, ast.Constant) and isinstance(last.value, str) and last.value.endswith(".")
    )


def _codes_in(*folders: str) -> set[str]:
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {code for path in paths for code in refusal_codes(ast.parse(path.read_text()))}


CROWD = "marketplace/crowd"
"""Its codes tell why a freelancer cannot take a visit; they come as facts of a refusal."""
CLEARANCE = "dispatch/technicians/clearance"


def _refused() -> set[str]:
    others = {
        f"marketplace/{path.name}"
        for path in (ROOT / "marketplace").iterdir()
        if path.is_dir() and path.name != "crowd"
    }
    return _codes_in(*(set(SERVER) - {"marketplace"}), *others)


def _unfit() -> set[str]:
    return {"unknown", *_codes_in(CROWD, CLEARANCE), *map(str, BLOCKING)}


def _columns(*records: type[Visit | WorkOrder]) -> set[str]:
    """What the history can name; what never changes, or with every write, it leaves out."""
    columns = {column.name for record in records for column in record.__table__.columns}
    noise = {"id", "version", "created_at", "updated_at"}
    fixed = {"number", "sequence", "source", "reported_at"}
    return {name for name in columns - noise - fixed if not name.endswith("_id")}


def _values(kind: type[StrEnum], *without: str) -> set[str]:
    return {str(value) for value in kind} - set(without)


WORDS: list[tuple[str, str, set[str]]] = [
    ("shared", "refused", _refused()),
    ("shared", "unfit", _unfit()),
    ("shared", "status", _values(VisitStatus)),
    ("shared", "order", _values(WorkOrderStatus)),
    ("shared", "reason", _values(IncompleteReason)),
    ("shared", "barred", _codes_in(CLEARANCE)),
    ("console", "left", {*_values(ReasonCode), "on_hold", SHARE_USED_UP}),
    ("console", "candidate", _values(CandidateCode)),
    ("console", "obstacle", _values(ObstacleCode)),
    ("console", "relaxation", _values(RelaxationCode)),
    ("console", "rule", _values(RuleCode)),
    ("console", "term", set(Score().terms())),
    ("console", "plan", _values(PlanStatus)),
    ("console", "pin", _values(PinKind)),
    ("console", "absence", _values(AbsenceKind)),
    ("console", "board", _values(Employment, "in_house")),
    ("console", "message", {*_values(MessageStatus), *_values(Direction)}),
    ("console", "channel", _values(Channel)),
    ("console", "hold", {PARTS_SHORT}),
    ("console", "intake.grade", _values(Grade)),
    ("console", "move", _values(VisitStatus)),
    ("console", "actor", {*EVERY_ROLE, "system", "anybody", "job", "ingest", "cli"}),
    ("console", "record", {Visit.__tablename__, WorkOrder.__tablename__}),
    ("console", "column", _columns(Visit, WorkOrder)),
    ("watch", "severity", _values(Severity)),
    ("watch", "danger", _values(Danger, "none")),
    ("watch", "status", _values(AlertStatus)),
    ("watch", "disposition", _values(Disposition)),
    ("watch", "triage", _values(TriageReason)),
    ("watch", "story.triage", _values(TriageReason)),
    ("watch", "quiet", _values(QuietReason)),
    ("watch", "story.quiet", _values(QuietReason)),
    ("watch", "remote", _values(RemoteOutcome)),
    ("watch", "story.remote", _values(RemoteOutcome)),
    ("watch", "answer", _values(Choice)),
    ("watch", "story.answer", _values(Choice)),
    ("watch", "incident", _values(IncidentStatus)),
    ("watch", "cause", _values(Cause)),
    ("watch", "remedy", _values(RemedyKind)),
    ("watch", "remedy.status", _values(RemedyStatus)),
    ("watch", "measure", _values(Measure)),
    ("watch", "op", _values(Op)),
    ("watch", "no_answer", _values(NoAnswer)),
    ("watch", "kind", _values(SilenceKind)),
    ("watch", "reach", _values(Reach)),
    ("watch", "step", _values(FirstStep)),
    ("watch", "obstacle", _values(RemedyObstacle)),
    ("watch", "credit", _values(CreditStatus)),
    ("customer", "credit", _values(CreditStatus)),
    ("watch", "ladder", {*_values(StepKind), *_values(StepStatus, "stopped")}),
    ("watch", "ladder.stopped", _values(StopReason)),
    ("watch", "outcome", _values(CallOutcome)),
    ("watch", "done.call", _values(CallOutcome, "not_needed")),
    ("watch", "way", _values(Channel)),
    ("watch", "model", _values(ModelStatus)),
    ("watch", "recipe", _values(Promotion)),
    ("watch", "training", _values(TrainingStatus)),
    ("watch", "training.step", _values(TrainingStep)),
    ("watch", "command", _values(CommandStatus)),
    ("watch", "drop", _values(Drop)),
    ("console", "transfer", _values(TransferStatus)),
    ("technician", "part", _values(ReservationStatus)),
    ("technician", "assigned", _values(AssignmentSource)),
    ("technician", "score.fact", _values(FactKind)),
    ("technician", "score.cause", _values(ChangeCause, "added")),
    ("technician", "score.rule", set(SENTENCES)),
    ("technician", "fair.not", {*REASONS, ASKED_ENOUGH, SHARE_USED_UP}),
    ("technician", "review", _values(ReviewStatus)),
    ("shared", "payout", _values(PayoutStatus)),
    ("shared", "payout.kind", _values(PayoutKind)),
    ("customer", "when", _values(Grade)),
    ("customer", "track.title", _values(VisitStatus)),
    ("customer", "alert", _values(Severity)),
    ("customer", "alert.danger", _values(Danger, "none")),
    ("customer", "alert.answered", _values(Choice)),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("app", "prefix", "codes"), WORDS, ids=[f"{app}.{prefix}" for app, prefix, _ in WORDS]
)
def test_every_code_has_words(app: str, prefix: str, codes: set[str], language: str) -> None:
    assert codes, f"no code for {prefix}"
    missing = {f"{prefix}.{code}" for code in codes} - CATALOGUES[app, language].keys()
    assert not missing, f"{app} has no {language} words for {sorted(missing)}"


@pytest.mark.parametrize("app", ["console", "technician", "customer"])
def test_a_word_put_together_is_in_the_catalogue_that_is_asked(app: str) -> None:
    """With `as TextKey` the compiler believes any word."""
    for page in (WEB / app / "src").rglob("*.tsx"):
        text = page.read_text()
        words = re.search(r'\buseTexts\b[^}]*\} from "(\..*words)"', text)
        if words and "const t = useTexts();" in text:
            known = (page.parent / f"{words[1]}.ts").read_text()
            for start in re.findall(r"(?<![.\w])t\(`([\w.]+\.)\$", text):
                assert f'  "{start}' in known, f"{page.name} asks for {start}"


def test_every_broken_rule_has_a_german_sentence() -> None:
    rules = re.findall(r"^    (\w+): \"", (WEB / "console/src/sentences.ts").read_text(), re.M)
    assert not _values(ViolationCode) - set(rules)


@pytest.mark.parametrize(("prefix", "codes"), [("refused", _refused()), ("unfit", _unfit())])
def test_no_words_are_kept_for_codes_that_are_gone(prefix: str, codes: set[str]) -> None:
    kept = {key.split(".")[1] for key in CATALOGUES["shared", "en"] if key.startswith(f"{prefix}.")}
    assert not kept - codes


@pytest.mark.parametrize("app", ["shared", *APPS])
def test_languages_have_the_same_keys_and_ask_for_the_same_facts(app: str) -> None:
    english, german = CATALOGUES[app, "en"], CATALOGUES[app, "de"]
    assert english.keys() == german.keys()
    for key, text in english.items():
        facts, german_facts = (
            set(re.findall(r"\{(\w+)\}", words)) for words in (text, german[key])
        )
        # a plural's singular may say the number in a word
        assert facts == german_facts or " | " in text, key


class TestCollecting:
    """The collector finds codes wherever the server's code puts them."""

    @pytest.mark.parametrize(
        "source",
        [
            'raise Conflict("Too late.", code="planted")',
            'class Late(DomainError):\n    default_code = "planted"',
            'def _refuse(code, words): ...\n_refuse("planted", "Too late.")',
            'class Why:\n    who: int\n    code: str\nWhy(1, "planted", "Too late.")',
            'TABLE = {1: ("planted", "Too late.")}',
            'def why(): return "planted", f"Too late for {1}."',
        ],
    )
    def test_finds_a_planted_code(self, source: str) -> None:
        assert list(refusal_codes(ast.parse(source))) == ["planted"]
