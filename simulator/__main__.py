"""Runs one day of the city against a server: `python -m simulator --url ... --mqtt ...`."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from simulator.actors.crowd_desk import CrowdDesk
from simulator.actors.customers import Customer, Inbox
from simulator.actors.devices import Fleet
from simulator.actors.finance import Finance
from simulator.actors.freelancers import Freelancer
from simulator.actors.newcomer import Newcomer, newcomer
from simulator.actors.office import Agent, Dispatcher, Supervisor
from simulator.actors.technicians import Technician
from simulator.api import Api, Journal
from simulator.city import build
from simulator.clock import CityClock, SimulationOverError
from simulator.setup import move_in
from simulator.world import World


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--mqtt", required=True)
    parser.add_argument("--opens-at", required=True, type=datetime.fromisoformat)
    parser.add_argument("--admin", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=10.0)
    parser.add_argument("--journal", type=Path, required=True)
    asyncio.run(_run(parser.parse_args()))


async def _run(wish: argparse.Namespace) -> None:
    limits = httpx.Limits(max_connections=60, max_keepalive_connections=60)
    async with httpx.AsyncClient(limits=limits, timeout=20) as http:
        journal = Journal(wish.journal)
        clock = CityClock(http, wish.url)
        await clock.sync()
        city = build(wish.seed)
        admin = Api(http, wish.url, journal)
        await admin.sign_in(wish.admin, wish.password)
        company = await move_in(admin, city, wish.opens_at, _say)
        world = World(city, clock, company, http, wish.url, wish.mqtt, journal)
        _say("Everybody signs in")
        lives = await _actors(world, admin)
        _say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        await clock.sync()
        clock.ends_at = wish.opens_at + timedelta(hours=wish.hours)
        following = asyncio.create_task(clock.follow())
        started = time.monotonic()
        telling = asyncio.create_task(_tell(world, wish.hours))
        await asyncio.gather(*(_until_over(world, life) for life in lives))
        telling.cancel()
        following.cancel()
        _report(world, time.monotonic() - started)


async def _actors(world: World, admin: Api) -> list[Awaitable[None]]:
    """Everybody's day, with those who have a password signed in already."""
    city = world.city
    absent = {world.company.sites[c.external_id] for c in city.customers if c.is_absent}
    crew = [Technician(world, person, absent) for person in city.technicians]
    supervisor = Supervisor(world)
    staff: list[Dispatcher | CrowdDesk | Finance | Agent | Supervisor | Technician]
    staff = [Dispatcher(world), CrowdDesk(world), Finance(world), Agent(world), supervisor, *crew]
    for actor in staff:  # one after the other: checking a password is made to be slow
        await actor.sign_in()
    lives: list[Awaitable[None]] = [Fleet(world).live()]
    lives += [actor.live() for actor in staff]
    for one in crew:
        if one.person.employment == "freelance":
            lives.append(Freelancer(world, one.person, one.api).live())
    inbox = Inbox(admin)
    lives.append(Newcomer(world, newcomer(city), supervisor.api, inbox, absent).live())
    for customer in city.customers:
        if customer.books_at is not None:
            lives.append(Customer(world, customer, inbox).book())
        if any(device.fails_at is not None for device in customer.devices):
            lives.append(Customer(world, customer, inbox).watch_alerts())
    return lives


async def _until_over(world: World, life: Awaitable[None]) -> None:
    try:
        await life
    except SimulationOverError:
        return
    except Exception as error:
        world.tally.add(f"actor gave up: {type(error).__name__}: {str(error)[:120]}")


async def _tell(world: World, hours: float) -> None:
    while True:
        await asyncio.sleep(1)
        passed = (world.clock.now() - world.company.opens_at).total_seconds() / 3600
        line = {"progress": min(1.0, passed / hours), "counts": dict(world.tally.counts)}
        print(json.dumps(line), flush=True)


def _say(step: str) -> None:
    print(json.dumps({"step": step}), flush=True)


def _report(world: World, seconds: float) -> None:
    journal = world.journal
    print(
        json.dumps(
            {
                "report": {
                    "counts": dict(world.tally.counts),
                    "races": len(world.tally.races),
                    "p95_ms": {kind: journal.p95(kind) for kind in ("booking", "accept", "move")},
                    "writes": journal.writes,
                    "retries": journal.retries,
                    "refused": dict(journal.refused),
                    "seconds": round(seconds, 1),
                }
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
