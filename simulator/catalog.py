"""What the imaginary company does: work types, skills, rules of its devices, and its places."""

TIME_ZONE = "Europe/Berlin"
REGION = "DE-BE"

TERRITORIES = [
    {"name": "Berlin West", "latitude": 52.508, "longitude": 13.290},
    {"name": "Berlin East", "latitude": 52.515, "longitude": 13.470},
]

SKILLS = ("heating", "cooling", "electrical", "gas", "network")
CROWD_ONLY = {"skill": "solar", "work_type": "solar-check"}
"""What nobody of the staff has learned."""
STAND_BY = {"answer_by": 200, "from": 240, "until": 480, "pay_cents": 7200}
"""Four hours of duty that freelancers are asked to have; minutes of the day."""


def _checks(*texts: str) -> list[dict[str, str]]:
    return [{"key": f"check_{n}", "text": t, "kind": "done"} for n, t in enumerate(texts, 1)]


WORK_TYPES = [
    {
        "code": "boiler-repair", "name": "Boiler repair", "expected_minutes": 45,
        "p80_minutes": 65, "skills": [{"skill": "heating", "level": 2}],
        "price_cents": 14900, "share": 22,
        "questions": [{"key": "warm_water", "text": "Is there still warm water?",
                       "kind": "yes_no"}],
        "checklist": _checks("Pressure read", "Burner cleaned", "Customer shown the fault"),
    },
    {
        "code": "heat-pump-service", "name": "Heat pump service", "expected_minutes": 40,
        "p80_minutes": 55, "skills": [{"skill": "cooling", "level": 2}],
        "price_cents": 12900, "share": 18, "questions": [],
        "checklist": _checks("Filter changed", "Refrigerant checked"),
    },
    {
        "code": "ev-charger-fault", "name": "Charging point fault", "expected_minutes": 35,
        "p80_minutes": 50, "skills": [{"skill": "electrical", "level": 2}],
        "price_cents": 11900, "share": 20,
        "questions": [{"key": "lamp", "text": "Which lamp is lit?", "kind": "text"}],
        "checklist": _checks("Residual current tested", "Firmware noted"),
    },
    {
        "code": "router-swap", "name": "Router swap", "expected_minutes": 25,
        "p80_minutes": 35, "skills": [{"skill": "network", "level": 1}],
        "price_cents": 5900, "share": 25, "questions": [],
        "checklist": _checks("Line measured", "New router online"),
    },
    {
        "code": "meter-inspection", "name": "Meter inspection", "expected_minutes": 20,
        "p80_minutes": 30, "skills": [{"skill": "electrical", "level": 1}],
        "price_cents": 4900, "share": 15, "questions": [],
        "checklist": _checks("Meter read", "Seal intact"),
    },
    {
        "code": "gas-alarm", "name": "Gas alarm", "expected_minutes": 50,
        "p80_minutes": 75, "skills": [{"skill": "gas", "level": 3}],
        "price_cents": 0, "share": 0, "questions": [],
        "checklist": _checks("Supply shut off", "Leak found", "Air measured"),
    },
    {
        "code": "solar-check", "name": "Solar panel check", "expected_minutes": 30,
        "p80_minutes": 40, "skills": [{"skill": "solar", "level": 1}],
        "price_cents": 9900, "share": 0, "questions": [],
        "checklist": _checks("Panels clean", "Strings measured"),
    },
]  # fmt: skip

SLA_POLICIES = [
    {"name": "Standard", "respond_minutes": 240, "arrive_minutes": 2880,
     "resolve_minutes": 4320, "penalty_cents": 5000},
    {"name": "Urgent", "respond_minutes": 30, "arrive_minutes": 240,
     "resolve_minutes": 480, "penalty_cents": 20000},
]  # fmt: skip

DEVICE_KINDS = [
    # kind, asset name, metric, usual value, failing value, fault class, work type
    ("boiler", "Boiler", "pressure_bar", 1.8, 0.6, "low_pressure", "boiler-repair"),
    ("heat-pump", "Heat pump", "compressor_c", 62.0, 97.0, "overheating", "heat-pump-service"),
    ("charger", "Charging point", "leakage_ma", 1.5, 8.5, "leakage", "ev-charger-fault"),
    ("router", "Router", "packet_loss_pct", 0.5, 22.0, "line_noise", "router-swap"),
    ("gas-sensor", "Gas sensor", "methane_ppm", 40.0, 2500.0, "gas_leak", "gas-alarm"),
]

MODELS = 8
"""Of each kind of device."""
WATCHED_MODEL = "heat-pump-2000"
"""Detectors learn these machines; all of them at 120 times the speed of life take a core."""
CLOGGING_MODEL = "heat-pump-2100"
"""A filter clogs in these machines, the same way each time: a model learns how long it lasts."""
CLOGGING_SORTS = {1, 3}
"""Two of the MODELS sorts of heat pumps are of that model: it takes 20 machines to trust one."""
CLOGGED_C = 84.0
CLOGGING_HOURS = (36, 72)
"""So long a filter lasts: weeks in life, days here, so that a day shows some of it."""

COMPANIONS = {"heat-pump": (("power_kw", 2.1, 3.0), ("flow_l_min", 18.0, 12.5))}
"""What else a kind measures: metric, usual value, value when it has failed."""

PLAYBOOKS = [
    {"fault_class": "low_pressure", "parts_lead_hours": 1, "failure_cents": 25_000},
    {"fault_class": "overheating", "remote_command": "reduce_load", "retest_minutes": 20,
     "parts_lead_hours": 1, "failure_cents": 60_000},
    {"fault_class": "clogged_filter", "first_step": "work_order", "parts_lead_hours": 1,
     "failure_cents": 45_000},
    {"fault_class": "line_noise", "remote_command": "restart", "retest_minutes": 15,
     "failure_cents": 4_000},
    {"fault_class": "leakage", "danger": True, "offers_ignore": False,
     "first_step": "work_order", "failure_cents": 80_000},
    {"fault_class": "gas_leak", "danger": True, "offers_ignore": False,
     "first_step": "work_order", "floor_minutes": 0, "failure_cents": 500_000},
]  # fmt: skip
"""What is done first about each fault; a remote fix where the device takes one."""

RULES = [
    {"name": "Boiler pressure low", "metric": "pressure_bar", "op": "lt", "threshold": 1.0,
     "clear_threshold": 1.3, "duration_seconds": 600, "severity": "warning",
     "fault_class": "low_pressure", "work_type_code": "boiler-repair", "danger": "none",
     "no_answer": "open_work_order", "response_hours": 8},
    {"name": "Compressor hot", "metric": "compressor_c", "op": "gt", "threshold": 90.0,
     "clear_threshold": 80.0, "duration_seconds": 600, "severity": "warning",
     "fault_class": "overheating", "work_type_code": "heat-pump-service", "danger": "none",
     "no_answer": "open_work_order", "response_hours": 12},
    {"name": "Leakage current", "metric": "leakage_ma", "op": "gt", "threshold": 6.0,
     "clear_threshold": 4.0, "duration_seconds": 600, "severity": "critical",
     "fault_class": "leakage", "work_type_code": "ev-charger-fault", "danger": "electrical",
     "no_answer": "open_work_order", "response_hours": 6},
    {"name": "Line noisy", "metric": "packet_loss_pct", "op": "gt", "threshold": 10.0,
     "clear_threshold": 4.0, "duration_seconds": 900, "severity": "info",
     "fault_class": "line_noise", "work_type_code": "router-swap", "danger": "none",
     "no_answer": "close", "response_hours": 24},
    {"name": "Gas in the air", "metric": "methane_ppm", "op": "gt", "threshold": 1000.0,
     "clear_threshold": 300.0, "duration_seconds": 0, "severity": "critical",
     "fault_class": "gas_leak", "work_type_code": "gas-alarm", "danger": "gas",
     "no_answer": "open_work_order", "response_hours": 2},
    {"name": "Compressor unlike itself", "metric": "compressor_c", "op": "gt", "threshold": 3.3,
     "clear_threshold": 1.0, "measure": "model", "model_name": "streaming",
     "model": WATCHED_MODEL, "severity": "info",
     "fault_class": "overheating", "work_type_code": "heat-pump-service",
     "no_answer": "close", "response_hours": 48, "auto_clear_hours": 12},
    {"name": "Heat pump drifts", "metric": "compressor_c", "op": "gt", "threshold": 1.0,
     "clear_threshold": 1.0, "measure": "model", "model_name": "drift",
     "together": ["flow_l_min", "power_kw"], "model": WATCHED_MODEL,
     "severity": "info",
     "fault_class": "wear", "work_type_code": "heat-pump-service",
     "no_answer": "close", "response_hours": 48, "auto_clear_hours": 12},
    {"name": "Filter clogs soon", "metric": "flow_l_min", "op": "lt", "threshold": 8.0,
     "clear_threshold": 16.0, "measure": "model", "model_name": "filters",
     "model": CLOGGING_MODEL, "severity": "warning",
     "fault_class": "clogged_filter", "work_type_code": "heat-pump-service",
     "no_answer": "open_work_order", "response_hours": 24},
]  # fmt: skip

RECIPE = {
    "name": "filters", "kind": "remaining_life", "asset_models": [CLOGGING_MODEL],
    "metrics": ["compressor_c", "flow_l_min", "power_kw"], "cycle_minutes": 60,
    "fault_class": "clogged_filter", "promotion": "automatic",
}  # fmt: skip
"""What the model of the last rule is trained from."""
