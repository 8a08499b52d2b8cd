"""What no schema knows of the Kubernetes manifests: do they agree with the code and themselves?"""

import dataclasses
import os
import re
import subprocess
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path

import nkeys
import pytest
import yaml

from chassis.provision import Settings as ProvisionSettings
from chassis.settings import is_required, names_of
from gateway.settings import Settings as GatewaySettings
from ledger.settings import Settings as LedgerSettings
from policy.settings import Settings as PolicySettings
from tests.tidy.manifests import (
    BIN,
    OURS,
    OVERLAYS,
    containers,
    edges,
    name_of,
    of_kind,
    pods,
    render,
    selects,
)
from tests.tidy.tree import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
HOWTO = (ROOT / "docs" / "howto" / "kubernetes.md").read_text(encoding="utf-8")
SETTINGS = {
    "GATEWAY": GatewaySettings,
    "POLICY": PolicySettings,
    "LEDGER": LedgerSettings,
    "PROVISION": ProvisionSettings,
}
BY_THE_OPERATOR = {
    ("ConfigMap", "gateway"),
    ("ConfigMap", "nats-users"),
    ("Secret", "gateway-enforce"),
    ("Secret", "gateway-ingest"),
    ("Secret", "ledger"),
    ("Secret", "policy-dispatch"),
    ("Secret", "policy-judge"),
    ("Secret", "postgres-passwords"),
    ("Secret", "provision"),
}

in_every_overlay = pytest.mark.parametrize("overlay", OVERLAYS)


@in_every_overlay
def test_every_pod_is_restricted(overlay):
    for workload, pod in pods(overlay).items():
        assert pod["spec"]["automountServiceAccountToken"] is False, workload
        assert pod["spec"]["serviceAccountName"], workload
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True, workload
        assert pod["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod["spec"].keys(), workload


@in_every_overlay
def test_every_container_is_restricted_and_bounded(overlay):
    for workload, container in containers(overlay):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, workload
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), workload
        assert "memory" in container["resources"]["limits"], workload


@in_every_overlay
def test_every_probe_asks_a_port_that_is_open(overlay):
    for workload, container in containers(overlay):
        ports = {port["name"] for port in container.get("ports", [])}
        probes = [container[key] for key in container if key.endswith("Probe")]

        assert len(probes) == (0 if workload == "provision" else 3), workload
        assert {each["httpGet"]["port"] for each in probes if "httpGet" in each} <= ports, workload


@in_every_overlay
def test_a_service_of_ours_is_probed_where_it_answers(overlay):
    for workload, container in containers(overlay):
        if container["image"].startswith("reeve-") and workload != "provision":
            assert container["startupProbe"]["httpGet"]["path"] == "/livez", workload
            assert container["livenessProbe"]["httpGet"]["path"] == "/livez", workload
            assert container["readinessProbe"]["httpGet"]["path"] == "/readyz", workload


@in_every_overlay
def test_every_service_leads_to_a_pod_and_a_port(overlay):
    for service in of_kind(overlay, "Service"):
        chosen = [
            pod
            for pod in pods(overlay).values()
            if selects({"matchLabels": service["spec"]["selector"]}, pod["metadata"]["labels"])
        ]
        open_ports = {
            port["name"]
            for pod in chosen
            for container in pod["spec"]["containers"]
            for port in container["ports"]
        }

        assert len(chosen) == 1, name_of(service)
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= open_ports


@in_every_overlay
def test_a_selector_chooses_its_own_pods_only(overlay):
    workloads = of_kind(overlay, "Deployment", "StatefulSet")
    for workload in workloads:
        chosen = [
            name
            for name, pod in pods(overlay).items()
            if selects(workload["spec"]["selector"], pod["metadata"]["labels"])
        ]

        assert chosen == [name_of(workload)]


@in_every_overlay
def test_the_network_allows_the_arrows_of_the_picture_and_no_others(overlay):
    ours = {name for name, pod in pods(overlay).items() if _app(pod) in OURS}
    stores = {name for name, pod in pods(overlay).items() if _app(pod) in {"policy", "ledger"}}

    assert edges(overlay) == (
        {(name, "nats", 4222) for name in ours | {"provision"}}
        | {(name, "postgres", 5432) for name in stores}
        | {("nats", "nats", 6222)}
    )


@in_every_overlay
def test_with_the_component_whoever_serves_rest_reaches_https_outside(overlay, tmp_path):
    manifests = Path(os.path.relpath(ROOT / "deploy" / "k8s", tmp_path.resolve()))
    own = {
        "resources": [str(manifests / overlay)],
        "components": [str(manifests / "components" / "outside")],
    }
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(own))
    made = {name_of(each): each for each in of_kind(str(tmp_path), "NetworkPolicy")}
    before = {name_of(each) for each in of_kind(overlay, "NetworkPolicy")}
    reached = made["to-outside"]["spec"]
    serving = {
        name
        for name, pod in pods(overlay).items()
        if selects(reached["podSelector"], pod["metadata"]["labels"])
    }

    assert set(made) - before == {"to-outside"}
    assert serving == {"ledger", "policy-dispatch"}
    assert [(each["port"], each["protocol"]) for each in reached["egress"][0]["ports"]] == [
        (443, "TCP")
    ]
    blocks = [to["ipBlock"] for to in reached["egress"][0]["to"]]
    within = [ip_network(each) for block in blocks for each in block["except"]]
    for inside in ("10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "fd00::1"):
        assert any(ip_address(inside) in network for network in within), inside


@in_every_overlay
def test_everything_is_denied_first(overlay):
    policies = {name_of(each): each["spec"] for each in of_kind(overlay, "NetworkPolicy")}

    assert policies["deny-all"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@in_every_overlay
def test_a_budget_never_blocks_a_drain(overlay):
    for budget in of_kind(overlay, "PodDisruptionBudget"):
        chosen = [
            name
            for name, pod in pods(overlay).items()
            if selects(budget["spec"]["selector"], pod["metadata"]["labels"])
        ]

        assert chosen, name_of(budget)
        assert budget["spec"]["maxUnavailable"] == 1
        assert budget["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


@in_every_overlay
def test_what_is_referred_to_exists_or_the_operator_is_told_to_make_it(overlay):
    made = {(each["kind"], name_of(each)) for each in render(overlay)}
    wanted = set()
    for pod in pods(overlay).values():
        for volume in pod["spec"].get("volumes", []):
            if "secret" in volume:
                wanted.add(("Secret", volume["secret"]["secretName"]))
            if "configMap" in volume:
                wanted.add(("ConfigMap", volume["configMap"]["name"]))
        for container in pod["spec"]["containers"]:
            for source in container.get("envFrom", []):
                wanted.add(("ConfigMap", source["configMapRef"]["name"]))

    assert wanted - made == BY_THE_OPERATOR
    assert [name for _, name in sorted(BY_THE_OPERATOR) if f"`{name}`" not in HOWTO] == []


@in_every_overlay
def test_every_variable_is_a_setting_of_the_service_that_gets_it(overlay):
    configs = {name_of(each): each["data"] for each in of_kind(overlay, "ConfigMap")}
    told = re.search(r"name: gateway\n.*?^data:\n(.*?)```", HOWTO, re.DOTALL | re.MULTILINE).group(
        1
    )
    configs["gateway"] = yaml.safe_load(told)
    for workload, container in containers(overlay):
        if not container["image"].startswith("reeve-"):
            continue
        prefix = container["args"][0].removeprefix("chassis.").upper()
        fields = dataclasses.fields(SETTINGS[prefix])
        known = {name for each in fields for name in names_of(each.name, prefix)}
        given = {each["name"] for each in container["env"]}
        for source in container.get("envFrom", []):
            given |= configs[source["configMapRef"]["name"]].keys()

        assert {name for name in given if name.removesuffix("_FILE") not in known} <= known
        needed = {names_of(each.name, prefix) for each in fields if is_required(each)}
        either = given | {name.removesuffix("_FILE") for name in given}
        assert [names for names in needed if not either & {*names}] == [], workload


@in_every_overlay
def test_our_images_carry_our_version(overlay):
    images = {container["image"] for _, container in containers(overlay)}

    assert {image for image in images if image.startswith("reeve-")} == {
        f"reeve-{service}:{VERSION}" for service in OURS
    }
    assert not [image for image in images if ":" not in image or image.endswith(":latest")]


@in_every_overlay
def test_nats_accepts_its_configuration(overlay, tmp_path):
    config = next(each for each in of_kind(overlay, "ConfigMap") if "nats.conf" in each["data"])
    for name, text in config["data"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    users = re.findall(r"\$(\w+_NKEY)", config["data"]["users.conf"])
    public_keys = {user: _public_key(user) for user in users}

    checked = subprocess.run(
        [BIN / "nats-server", "-t", "-c", tmp_path / "nats.conf"],
        env={**os.environ, "POD_NAME": "nats-0", **public_keys},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr


@in_every_overlay
def test_streams_have_as_many_replicas_as_there_are_servers(overlay):
    (nats,) = (each for each in of_kind(overlay, "StatefulSet") if name_of(each) == "nats")
    (provision,) = of_kind(overlay, "Job")
    env = {
        each["name"]: each.get("value")
        for each in provision["spec"]["template"]["spec"]["containers"][0]["env"]
    }

    assert env["PROVISION_REPLICAS"] == str(nats["spec"]["replicas"])


def test_the_dockerfile_makes_the_images_that_the_manifests_run():
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")

    assert re.search(r"^USER 65532:65532$", dockerfile, re.MULTILINE)
    assert "--require-hashes" in dockerfile
    assert all((ROOT / "requirements" / f"{service}.txt").exists() for service in OURS)


def _public_key(user):
    seed = nkeys.encode_seed(user.encode().ljust(32, b"."), nkeys.PREFIX_BYTE_USER)
    return nkeys.from_seed(bytearray(seed)).public_key.decode()


def _app(pod):
    return pod["metadata"]["labels"].get("app.kubernetes.io/name")
