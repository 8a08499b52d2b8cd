"""Every metric that the dashboard and the alerts show is there on the running services."""

import re

from tests.bank import Bank
from tests.e2e.books import FAST
from tests.hall import NETWORK
from tests.matrix import is_redaction, is_text, until
from tests.tidy.tree import ROOT

SERVICES = ("ingest", "enforce", "judge", "dispatch", "ledger")
SHOWN = (
    ROOT / "deploy" / "grafana" / "reeve.json",
    *(ROOT / "deploy" / "prometheus").glob("*.y*ml"),
)
NAME = re.compile(r"\breeve_[a-z_]+[a-z]\b")
PART = re.compile(r"_(?:bucket|sum|count)$")


async def test_every_metric_of_the_dashboard_is_on_the_services(hall):
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=FAST)
    await Bank(hall.ledger, NETWORK).send(room, mia.id, total=9, shares=3)
    await tom.say(room, "!grab")
    await mia.see(room, lambda raw: is_text(raw, sender=hall.bot.user_id, holds="shares left"))
    insult = await tom.say(room, "you moron")
    await mia.see(room, lambda raw: is_redaction(raw, of=insult))
    wanted = {PART.sub("", name) for path in SHOWN for name in NAME.findall(path.read_text())}
    assert wanted

    async def missing():
        return sorted(wanted - {name for each in SERVICES for name in await _exported(hall, each)})

    await until(missing, lambda names: names == [])


async def _exported(hall, service):
    """The metrics that a service declares, as a scraper reads them."""
    async with hall.session.get(hall.stack.address(service) + "/metrics") as response:
        text = await response.text()
    return {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
