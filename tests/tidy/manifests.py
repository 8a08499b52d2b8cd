"""The Kubernetes manifests as kustomize renders them, and questions to ask of them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.tidy.tree import ROOT

BIN = Path(sys.executable).parent
OVERLAYS = ("base", "overlays/small", "overlays/ha")
WORKLOADS = ("Deployment", "StatefulSet", "Job")
OURS = ("gateway", "policy", "ledger")

Resource = Mapping[str, Any]


@cache
def render(overlay: str) -> tuple[Resource, ...]:
    rendered = subprocess.run(
        [BIN / "kubectl", "kustomize", ROOT / "deploy" / "k8s" / overlay],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "KUBECONFIG": os.devnull},
    ).stdout
    return tuple(yaml.safe_load_all(rendered))


def of_kind(overlay: str, *kinds: str) -> list[Resource]:
    return [each for each in render(overlay) if each["kind"] in kinds]


def name_of(resource: Resource) -> str:
    return resource["metadata"]["name"]


def pods(overlay: str) -> dict[str, Resource]:
    """Every pod template, by the name of its workload."""
    return {name_of(each): each["spec"]["template"] for each in of_kind(overlay, *WORKLOADS)}


def containers(overlay: str) -> Iterator[tuple[str, Resource]]:
    for workload, pod in pods(overlay).items():
        for container in pod["spec"].get("initContainers", []) + pod["spec"]["containers"]:
            yield workload, container


def selects(selector: Resource, labels: Mapping[str, str]) -> bool:
    """Say whether a label selector matches; an empty one matches everything."""
    wanted = selector.get("matchLabels", {})
    choices = selector.get("matchExpressions", [])
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        each["operator"] == "In" and labels.get(each["key"]) in each["values"] for each in choices
    )


def edges(overlay: str) -> set[tuple[str, str, int]]:
    """Who may reach whom on which port inside the namespace: both ends must allow it."""
    policies = [each["spec"] for each in of_kind(overlay, "NetworkPolicy")]
    labels = {name: pod["metadata"]["labels"] for name, pod in pods(overlay).items()}
    out = _reach(policies, labels, "egress", "to")
    into = {(near, far, port) for far, near, port in _reach(policies, labels, "ingress", "from")}
    return out & into


def _reach(
    policies: list[Resource], labels: Mapping[str, Mapping[str, str]], way: str, peer: str
) -> set[tuple[str, str, int]]:
    return {
        (owner, other, port["port"])
        for policy in policies
        for rule in policy.get(way, [])
        for end in rule.get(peer, [])
        for port in rule.get("ports", [])
        for owner in labels
        for other in labels
        if selects(policy["podSelector"], labels[owner])
        and "podSelector" in end
        and selects(end["podSelector"], labels[other])
    }
