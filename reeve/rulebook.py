"""``reeve rulebook``: the tree of settings of a network, from the running stack."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from policy.core.schema import schema_text
from reeve import quality, versions
from reeve.publish import read_text
from reeve.rest import Rest, everything, only_network, policy_rest
from reeve.stack.errors import Unusable

FINDINGS = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare its verbs."""
    verbs = parser.add_subparsers(dest="part", metavar="VERB", required=True)
    says = verbs.add_parser("set", help="let a place of the tree say something")
    says.add_argument("file", type=Path, metavar="FILE", help="a rulebook, whole or in part")
    says.add_argument("--reason", default="", help="why, for the record")
    _place(says)
    _place(verbs.add_parser("show", help="show the whole rulebook in force at a place"))
    where = verbs.add_parser("where", help="show where a setting comes from")
    where.add_argument("key", metavar="KEY", help="such as ladder, packets.asset, rules.flood")
    _place(where)
    compare = verbs.add_parser("compare", help="show the settings in which two groups differ")
    compare.add_argument("group", metavar="GROUP", help="one group")
    compare.add_argument("other", metavar="OTHER", help="the other group")
    compare.add_argument("--network", default="", help="their network; not needed if it is alone")
    verbs.add_parser("schema", help="print the JSON Schema of rulebooks, for editors")
    drift = verbs.add_parser("drift", help="show how far each place is from its network")
    drift.add_argument("--network", default="", help="which; not needed if it is alone")
    versions.add_verbs(verbs)
    quality.add_verb(verbs)


def _place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", default="", help="the network; not needed if it is alone")
    parser.add_argument("--platform", default="", help="such as matrix or discord")
    parser.add_argument("--group", default="", help="a group's id")
    parser.add_argument("--channel", default="", help="a channel of the group")


def run(options: argparse.Namespace) -> int:
    """Do what the verb says; 1 where layers have faults, which are printed."""
    if options.part == "schema":
        sys.stdout.write(schema_text())
        return 0
    if getattr(options, "channel", "") and not options.group:
        raise Unusable("--channel needs --group: a channel belongs to one.")
    rest = policy_rest()
    network = options.network or only_network(rest)
    return VERBS[options.part](rest, network, options)


def _spot(network: str, options: argparse.Namespace) -> dict[str, str]:
    return {
        "network": network,
        "platform": options.platform,
        "group": options.group,
        "channel": options.channel,
    }


def _set(rest: Rest, network: str, options: argparse.Namespace) -> int:
    form = {
        **_spot(network, options),
        "source": read_text(options.file),
        "reason": options.reason,
    }
    answer = rest.call("PUT", "/v1/layers", form=form)
    if answer.code == "invalid_layers":
        for fault in answer.body["errors"]:
            sys.stdout.write(f"{fault['where']}: {fault['reason']}\n")
        return FINDINGS
    for adoption in answer.checked("Nothing was changed"):
        sys.stdout.write(f"{adoption['digest']} {_name(adoption)}\n")
    return 0


def _show(rest: Rest, network: str, options: argparse.Namespace) -> int:
    answer = rest.call("GET", "/v1/layers/effective", query=_spot(network, options))
    sys.stdout.write(answer.checked("It cannot be shown")["source"])
    return 0


def _where(rest: Rest, network: str, options: argparse.Namespace) -> int:
    wanted = {**_spot(network, options), "key": options.key}
    answer = rest.call("GET", "/v1/layers/effective", query=wanted)
    table = _table("key", "value", "from", "locked by", "instead of")
    for setting in answer.checked("It cannot be told")["settings"]:
        instead = [f"{one['value']} ({_at(one['place'])})" for one in setting["overridden"]]
        lock = setting["locked"]
        _row(
            table,
            setting["key"],
            setting["value"],
            _at(setting["place"]),
            "" if lock is None else _at(lock),
            "\n".join(instead),
        )
    _print(table)
    return 0


def _compare(rest: Rest, network: str, options: argparse.Namespace) -> int:
    wanted = {"network": network, "group": options.group, "other": options.other}
    differences = everything(rest, "/v1/layers/comparison", wanted, "They cannot be compared")
    if not differences:
        sys.stdout.write("They do not differ.\n")
        return 0
    table = _table("key", options.group, options.other)
    for each in differences:
        _row(table, each["key"], each["one"] or "–", each["other"] or "–")
    _print(table)
    return 0


def _drift(rest: Rest, network: str, _options: argparse.Namespace) -> int:
    places = everything(rest, "/v1/layers/drift", {"network": network}, "It cannot be told")
    table = _table("place", "differs in", "", "set by", "why")
    for each in places:
        state = each["fault"] or ("put in force by hand" if each["by_hand"] else "")
        _row(table, _name(each), "\n".join(each["keys"]), state, each["author"], each["reason"])
    _print(table)
    return 0


VERBS: dict[str, Callable[[Rest, str, argparse.Namespace], int]] = {
    "set": _set,
    "show": _show,
    "where": _where,
    "compare": _compare,
    "drift": _drift,
    "quality": quality.quality,
    "history": versions.history,
    "diff": versions.diff,
    "rollback": versions.rollback,
}


def _name(place: dict[str, Any]) -> str:
    named = [f"{level} {place[level]}" for level in ("platform", "group", "channel")]
    told = ", ".join(each for each in named if not each.endswith(" "))
    return told or "network"


def _at(place: dict[str, Any]) -> str:
    return f"{place['level']} {place['name']}".rstrip() + f", line {place['line']}"


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _row(table: Table, *cells: str) -> None:
    table.add_row(*map(Text, cells))


def _print(table: Table) -> None:
    Console().print(table)
