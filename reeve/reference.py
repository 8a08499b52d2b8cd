"""Write the reference of settings, metrics, conditions and REST from the code: it stays true.

``python -m reeve.reference`` writes ``settings.md``, ``metrics.md``, ``conditions.md``, the schema
of rulebooks and ``openapi/*.json`` in ``docs/reference``.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from chassis import metrics, settings
from gateway.settings import Settings as GatewaySettings
from ledger.settings import Settings as LedgerSettings
from policy.core.schema import schema_text
from policy.settings import Settings as PolicySettings
from reeve import openapi
from reeve.conditions import render_conditions

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
SERVICES: Mapping[str, type[settings.Common]] = {
    "GATEWAY": GatewaySettings,
    "POLICY": PolicySettings,
    "LEDGER": LedgerSettings,
}

SETTINGS_INTRO = """# Settings

Written by `python -m reeve.reference` from the code; do not edit.

A service reads its settings from the environment, once, when it starts.
Every fault is shown at once, and a service with wrong settings ends with status 2.
With `_FILE` behind its name, a setting names a file that holds the value, as mounted secrets do.
Instead of `POLICY_DATABASE_URL`, for instance, one may set `POLICY_DATABASE_URL_FILE`.

| also read | meaning |
| --- | --- |
| `REEVE_PORT_FILE` | file to write the bound HTTP port to, for whoever started the service |
| `REEVE_INTERPRETED` | if set, a judge core that was compiled is interpreted all the same |
| `OTEL_EXPORTER_OTLP_ENDPOINT` | collector to send metrics and sampled spans to |

Sending to a collector needs the package `opentelemetry-exporter-otlp-proto-http`.
"""

METRICS_INTRO = """# Metrics

Written by `python -m reeve.reference` from the code; do not edit.

Every service serves its metrics on `/metrics` as Prometheus reads them, under exactly these names.
Histograms add `_bucket`, `_sum` and `_count`.
A counter with attributes shows one series of 0 without them until it has counted something.
"""


def render() -> dict[str, str]:
    """Return the text of every page by its file name."""
    described = {f"openapi/{name}.json": text for name, text in openapi.documents().items()}
    pages = {
        "settings.md": render_settings(),
        "metrics.md": render_metrics(),
        "conditions.md": render_conditions((FOLDER / "conditions.md").read_text("utf-8")),
    }
    return {**pages, "rulebook.schema.json": schema_text(), **described}


def render_settings() -> str:
    """Return the page of settings: those all services share, and each one's own."""
    shared = dataclasses.fields(settings.Common)
    parts = [SETTINGS_INTRO, "\n## Every service\n"]
    parts.append(
        "\nEach can be set for all services at once, or with the prefix of one, which is "
        "stronger: `NATS_URL`, or `GATEWAY_NATS_URL` for the gateway alone.\n\n"
    )
    parts.append(_settings_table(settings.Common, shared, ""))
    for prefix, cls in SERVICES.items():
        common = {each.name for each in shared}
        own = [each for each in dataclasses.fields(cls) if each.name not in common]
        parts.append(f"\n## {prefix.title()}\n\n")
        parts.append(_settings_table(cls, own, f"{prefix}_"))
    return "".join(parts)


def render_metrics() -> str:
    """Return the page of metrics, one table a kind."""
    parts = [METRICS_INTRO]
    for kind in typing.get_args(metrics.Kind):
        parts.append(f"\n## {kind.title()}s\n\n")
        parts.append("| name | services | attributes | unit | meaning |\n")
        parts.append("| --- | --- | --- | --- | --- |\n")
        for name, metric in metrics.METRICS.items():
            if metric.kind == kind:
                services = ", ".join(metric.services)
                words = ", ".join(f"`{each}`" for each in metric.attributes)
                unit = {"": "", "s": "seconds", "By": "bytes"}[metric.unit]
                parts.append(f"| `{name}` | {services} | {words} | {unit} | {metric.meaning} |\n")
    return "".join(parts)


def main() -> None:
    """Write every page."""
    for name, text in render().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _settings_table(
    cls: type[settings.Common], fields: "typing.Iterable[dataclasses.Field[Any]]", prefix: str
) -> str:
    hints = typing.get_type_hints(cls)
    lines = ["| setting | value | default | meaning |", "| --- | --- | --- | --- |"]
    for each in fields:
        name = f"{prefix}{each.name}".upper()
        kind = _kind(hints[each.name], each.metadata)
        meaning = each.metadata.get("help", "")
        lines.append(f"| `{name}` | {kind} | {_default(each)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _kind(hint: object, limits: Mapping[str, Any]) -> str:
    if isinstance(hint, types.UnionType):
        hint = next(each for each in typing.get_args(hint) if each is not types.NoneType)
    if typing.get_origin(hint) is Literal:
        return " or ".join(f"`{word}`" for word in typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        return "words, separated by commas"
    words = {int: "whole number", float: "number", bool: "true or false", Path: "path"}
    word = words.get(typing.cast("type", hint), "secret" if limits.get("secret") else "text")
    bounds = [
        f"{sign} {limits[key]:,}" for key, sign in (("min", "≥"), ("max", "≤")) if key in limits
    ]
    return ", ".join([word, *bounds])


def _default(each: "dataclasses.Field[Any]") -> str:
    if settings.is_required(each):
        return "required"
    made = each.default
    if made is dataclasses.MISSING and each.default_factory is not dataclasses.MISSING:
        made = each.default_factory()
    if isinstance(made, bool):
        return f"`{str(made).lower()}`"
    if made in (None, "", ()):
        return ""
    return f"`{','.join(made) if isinstance(made, tuple) else made}`"


if __name__ == "__main__":
    main()
