"""The providers that an operator has set up."""

from chassis.errors import Explained
from ledger.providers.port import Provider
from ledger.settings import Settings


def chosen(config: Settings) -> dict[str, Provider]:
    """Return the providers that ``config`` has keys for, by their names.

    Their libraries are loaded only then, since they take 40 MB.

    Raises:
        Explained: One is set up in part, or a key is none.
    """
    providers: dict[str, Provider] = {}
    if _is_set_up("stripe", config.stripe_key, config.stripe_webhook_secrets):
        from ledger.providers.stripe import Stripe  # noqa: PLC0415 - said above

        providers["stripe"] = Stripe(
            key=config.stripe_key,
            secrets=config.stripe_webhook_secrets,
            url=config.stripe_url,
            return_url=config.payment_return_url,
        )
    if _is_set_up(
        "wechat", config.wechat_app_id, config.wechat_merchant, config.wechat_serial,
        config.wechat_private_key, config.wechat_api_key, config.wechat_platform_keys,
        config.wechat_notify_url,
    ):  # fmt: skip
        from ledger.providers.wechat import WeChat  # noqa: PLC0415 - said above

        assert config.wechat_platform_keys is not None, "it is set up"
        try:
            providers["wechat"] = WeChat(
                app_id=config.wechat_app_id,
                merchant=config.wechat_merchant,
                serial=config.wechat_serial,
                private_key=config.wechat_private_key,
                api_key=config.wechat_api_key,
                platform_keys=config.wechat_platform_keys,
                url=config.wechat_url,
                notify_url=config.wechat_notify_url,
            )
        except (ValueError, OSError) as fault:
            raise Explained(f"WeChat Pay cannot be set up: {fault}") from fault
    return providers


def _is_set_up(name: str, *needed: object) -> bool:
    if any(needed) and not all(needed):
        raise Explained(f"{name} is set up in part: see LEDGER_{name.upper()}_* in the settings")
    return all(needed)
