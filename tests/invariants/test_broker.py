"""Booking goes on while the broker is dead or hung."""

from pathlib import Path

from benchmarks.invariants.brokers import attack


def test_no_booking_fails_for_the_broker(tmp_path: Path) -> None:
    found = attack(tmp_path, bookings=9)
    assert found.violations == []
    assert found.figures["booked"] >= 6
