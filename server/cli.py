"""The `firstfix` command: a table of commands, each loaded only when it is called."""

import importlib
import sys

import typer

from kernel.errors import StartError

COMMANDS = {
    "serve": "Answer HTTP: the API and the three web apps.",
    "worker": "Do jobs of some queues.",
    "relay": "Hand due jobs to the workers, make timer ticks, order the event log.",
    "ingest": "Take in readings from the MQTT broker.",
    "migrate": "Bring the database to the present schema.",
    "account": "Create a sign-in for a person of the office.",
    "plan": "Plan now, and print what changed.",
    "backtest": "Try a policy on days that are over, and print what it would have come to.",
    "travel": "Build a road network from a map, learn how long trips take, or ask for one trip.",
    "model": "Train prediction models, show their backtests, promote them.",
    "import": "Read customers, assets, technicians, parts or work orders from CSV.",
    "export": "Write everything as JSON Lines.",
    "authority": "Make the authority that signs devices' certificates, and print its settings.",
    "logins": "Keep Mosquitto's files equal to the devices that may come in.",
    "health": "Exit 0 when a process of ours does its work.",
    "ping": "Exit 0 when the worker on this host answers.",
    "openapi": "Print the API description.",
    "reference": "Print commands, settings, events and jobs as Markdown.",
    "warm": "Compile and cache what is slow on first use.",
    "up": "Run the whole product on this machine with embedded servers.",
    "demo": "Run the whole product with an imaginary city in it.",
}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if name in ("-h", "--help"):
        print("Usage: firstfix COMMAND [OPTIONS]\n\nCommands (each has --help):")
        for command, sentence in COMMANDS.items():
            print(f"  {command:9} {sentence}")
        return
    if name not in COMMANDS:
        print(f"firstfix has no command {name!r}; see firstfix --help", file=sys.stderr)
        sys.exit(2)
    module = importlib.import_module(f"server.commands.{name.replace('import', 'import_')}")
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(help=COMMANDS[name])(module.run)
    sys.argv = [f"firstfix {name}", *sys.argv[2:]]
    try:
        app(prog_name=f"firstfix {name}")
    except StartError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
