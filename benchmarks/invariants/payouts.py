"""I8: nobody is paid twice or not at all, whatever is killed around the payment call."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from benchmarks.invariants.bank import HEALTHY, Bank, open_bank
from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.servers import fresh
from kernel import db
from kernel.db import transaction
from kernel.settings import settings
from marketplace.events import TransferPrepared
from marketplace.payments.ports import PaymentUnknown
from marketplace.payouts import service as payouts
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus
from marketplace.payouts.models import Payout
from marketplace.statements.queries import reconcile
from marketplace.transfers import service, tasks
from marketplace.transfers.lifecycle import TransferStatus
from marketplace.transfers.models import PayoutDestination, Transfer
from server import registry, wiring
from tests.factories.marketplace import make_freelancer
from tests.factories.territories import make_territory

POINTS = ("transfers.before_call", "transfers.after_call", "transfers.before_commit")
PROGRAM = "from benchmarks.invariants.payouts import worker; worker()"
MOST_TRIES = 40
A_RUN = 20
"""So many people are paid in one run."""


def attack(folder: Path, *, kills: int, seed: int) -> Outcome:
    """Kill the sender so often, then compare the bank, the ledger and the payouts."""
    with fresh(folder):
        registry.load()
        return attack_here(kills=kills, seed=seed)


def attack_here(*, kills: int, seed: int, people: int = A_RUN) -> Outcome:
    """The same in the present database."""
    with closing(pay_runs(seed, people=people)) as runs:
        return next(found for found in runs if found.faults >= kills)


def pay_runs(seed: int, *, people: int = A_RUN) -> Generator[Outcome]:
    """Runs without end, compared after each; the outcomes are of all runs so far."""
    chance, transfers, killed = random.Random(seed), 0, 0
    bank = Bank(seed, fault_share=0.4)
    with open_bank(bank), _sender(bank.url) as sender:
        while True:
            for key in _prepare(people, chance):
                transfers += 1
                killed += _send(sender, key, chance)
            figures = {
                "transfers": float(transfers),
                "kills": float(killed),
                "cents": float(sum(bank.totals().values())),
                **{f"bank {name}": float(n) for name, n in bank.bitten.items() if name != HEALTHY},
            }
            yield Outcome(transfers, killed, judge(bank), figures)


def _prepare(people: int, chance: random.Random) -> list[UUID]:
    """A run over people who each have a few payouts that are approved."""
    with transaction("invariants") as session:
        place = make_territory(session)
        for _ in range(people):
            person = make_freelancer(session, place)
            session.add(
                PayoutDestination(
                    payee_id=person.id,
                    provider_name="bank",
                    token=f"ba_{person.id}",
                    label="DE** 3000",
                )
            )
            for _ in range(chance.randint(1, 3)):
                cents = chance.randint(1, 100_000)
                made = payouts.earn(session, person, PayoutKind.BONUS, cents, "EUR")
                payouts.approve(session, made.id)
        session.flush()
        run = service.start_run(session)
        return list(session.scalars(select(Transfer.id).where(Transfer.run_id == run.id)))


def _send(sender: "subprocess.Popen[str]", transfer_id: UUID, chance: random.Random) -> int:
    """Try until it is sent; gives how often the sender was killed."""
    killed = 0
    assert sender.stdin is not None
    assert sender.stdout is not None
    for _ in range(MOST_TRIES):
        point = chance.choice((*POINTS, "-"))
        sender.stdin.write(f"{transfer_id} {point}\n")
        sender.stdin.flush()
        ended = sender.stdout.readline().strip()
        killed += ended == "killed"
        if ended == "done":
            break
    return killed


def judge(bank: Bank) -> list[str]:
    """What the bank paid, to the cent, against what was owed."""
    with transaction("invariants") as session:
        wrong = [
            f"I8: {one.what} {one.currency}: {one.ledger_cents}, not {one.records_cents}"
            for one in reconcile(session)
            if not one.agrees
        ]
        owed: dict[str, int] = {}
        rows = session.execute(select(Payout.payee_id, Payout.amount_cents, Payout.status))
        for payee_id, cents, status in rows:
            token = f"ba_{payee_id}"
            owed[token] = owed.get(token, 0) + cents
            if status is not PayoutStatus.PAID:
                wrong.append(f"I8: a payout is {status}")
        unsent = session.scalars(
            select(Transfer.id).where(Transfer.status != TransferStatus.SENT)
        ).all()
    wrong += [f"I8: transfer {key} was never sent" for key in unsent]
    paid = bank.totals()
    return wrong + [
        f"I8: {token} got {paid[token]} instead of {owed.get(token, 0)} cents"
        for token in {*owed, *paid}
        if paid[token] != owed.get(token, 0)
    ]


@contextmanager
def _sender(url: str) -> "Iterator[subprocess.Popen[str]]":
    """A process that forks a child for every try."""
    environment = {
        **os.environ,
        "FIRSTFIX_ENVIRONMENT": "test",
        "FIRSTFIX_PAYMENT_PROVIDER": "transfer-api",
        "FIRSTFIX_PAYMENT_URL": url,
        "FIRSTFIX_PAYMENT_KEY": "sk_test",
    }
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait()


def worker() -> None:
    """Answer `killed`, `failed` or `done` to each line `transfer failpoint`."""
    registry.load()
    wiring.connect()
    is_first = True
    for line in sys.stdin:
        transfer_id, point = line.split()
        # What the first try has compiled and built, every child inherits.
        told = _try(UUID(transfer_id)) if is_first else _try_in_child(UUID(transfer_id), point)
        is_first = False
        print(told, flush=True)


def _try_in_child(transfer_id: UUID, point: str) -> str:
    """What the worker does with the job, killed at a failpoint."""
    db.forget_engines(close=True)
    child = os.fork()
    if child == 0:
        os.environ["FIRSTFIX_FAILPOINTS"] = "" if point == "-" else f"{point}=kill"
        settings.cache_clear()
        os._exit(_try(transfer_id) == "failed")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return "killed"
    return "failed" if os.waitstatus_to_exitcode(status) else "done"


def _try(transfer_id: UUID) -> str:
    try:
        tasks.send(TransferPrepared(transfer_id=transfer_id), "invariants")
    except PaymentUnknown:
        return "failed"
    return "done"
