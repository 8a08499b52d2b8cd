"""English. Fields stand in braces; of two forms, the first is for `n` of one."""

TEXTS: dict[str, str | tuple[str, str]] = {
    # What was done
    "removed": "Your message was removed.",
    "notice": "A friendly reminder.",
    "warn": "This is a warning.",
    "mute": "You are muted for {length}, until {until}.",
    "mute_longer": "You stay muted, until {until}.",
    "kick": "You were removed from the group.",
    "ban": "You are banned from the group.",
    "ban_until": "You are banned from the group for {length}, until {until}.",
    # Why
    "rule": "The rule “{rule}”: {why}",
    "seen": "Seen: {what}.",
    "word": "the word {masked}",
    "word_listed": "a word on the list “{listed}” ({masked})",
    "pattern": "wording that this rule names ({masked})",
    "pattern_listed": "wording on the list “{listed}” ({masked})",
    "link": "a link",
    "link_listed": "a link to a host on the list “{listed}”",
    "link_named": "a link to a host that this rule names",
    "cold_link": "a link with {count} characters of your own beside it; from {limit} on it is fine",
    "short": "a message of {count} characters without marks and emoji; from {limit} on it is fine",
    "long": "a message of {count} characters; up to {limit} are fine",
    "flood_messages": "{count} messages within {window}; up to {limit} are fine",
    "flood_lines": "{count} lines within {window}; up to {limit} are fine",
    "flood_characters": "{count} characters within {window}; up to {limit} are fine",
    "unpaid": "an advertisement, and no red packet of {amount} {asset} in {shares} shares in time",
    # What comes next
    "points": ("You have {n} strike point.", "You have {n} strike points."),
    "next": "At {at}: {what}.",
    "fade": ("{n} fades every {every}.", "{n} fade every {every}."),
    "do_notice": "a reminder",
    "do_warn": "a warning",
    "do_mute": "muted for {length}",
    "do_kick": "removed from the group",
    "do_ban": "banned",
    "do_ban_for": "banned for {length}",
    "do_delete": "the message is removed",
    "do_points": ("{n} strike point", "{n} strike points"),
    # Red packets
    "owed": (
        "An advertisement owes this group a red packet: at least {amount} {asset} in at least "
        "{shares} shares within {within}, until {until}."
    ),
    "owed_else": "Otherwise: {what}.",
    "owed_how": "To send it, say: !packet {amount} {shares}",
    "settled": "Thank you, {name}: the advertisement owes nothing any more.",
    "packet_sent": (
        "{sender} sends a red packet: {total} {asset} in {shares} shares, {mode}. "
        "Say !grab to take one."
    ),
    "packet_greeting": "“{greeting}”.",
    "mode_equal": "equal",
    "mode_lucky": "by luck",
    "share_taken": (
        "{member} took {amount} {asset} from the red packet of {sender}; {n} share left.",
        "{member} took {amount} {asset} from the red packet of {sender}; {n} shares left.",
    ),
    "share_last": "{member} took {amount} {asset}, the last share of the red packet of {sender}.",
    "best_luck": "Best luck: {member} with {amount} {asset}.",
    "packet_expired": "The red packet of {sender} has expired; {refunded} {asset} go back.",
    "packet_recalled": "{sender} took the red packet back; {refunded} {asset} were left.",
    "transferred": "{source} gives {destination} {amount} {asset}.",
    # Refusals of the ledger, by code
    "refused_insufficient_funds": "Your balance is not enough for that.",
    "refused_packet_sold_out": "Too late: every share of that red packet is taken.",
    "refused_packet_closed": "That red packet is closed.",
    "refused_packet_expired": "That red packet has expired.",
    "refused_already_taken": "You have had your share of that red packet.",
    "refused_packet_unknown": "There is no such red packet here.",
    "refused_no_open_packet": "There is no red packet open here.",
    "refused_own_packet": "A red packet is for the others; you gave it.",
    "refused_account_frozen": "Your account is frozen; please ask a moderator.",
    "refused_too_late": "That came too late.",
    "refused": "That was not possible: {detail} ({code}).",
    # Commands
    "usage_packet": (
        "Say it like this: !packet AMOUNT SHARES [equal|lucky] [greeting], for instance "
        "!packet 500 10 lucky Enjoy! The amount is a whole number of {asset}, at most "
        "{amount_max}; the shares are at most {shares_max}, and each gets at least 1."
    ),
    "usage_grab": "Say it like this: !grab, or !grab PACKET.",
    "rules": "Rules of “{name}”:",
    "rules_line": "{rule}: {why}",
    "rules_more": "… and {count} more.",
    "help": (
        "!rules: the rules of this group. !packet AMOUNT SHARES [equal|lucky] [greeting]: send a "
        "red packet. !grab: take a share of the newest one."
    ),
    # Lengths of time
    "unit_d": ("{n} day", "{n} days"),
    "unit_h": ("{n} hour", "{n} hours"),
    "unit_m": ("{n} minute", "{n} minutes"),
    "unit_s": ("{n} second", "{n} seconds"),
    "unit_ms": "{n} ms",
    "each_d": "day",
    "each_h": "hour",
    "each_m": "minute",
    "each_s": "second",
    "asset_points": "points",
    "asset_coins": "coins",
}
