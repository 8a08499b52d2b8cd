"""Chinese. Fields stand in braces; a text may leave one out."""

TEXTS: dict[str, str | tuple[str, str]] = {
    # What was done
    "removed": "你的消息已被移除。",
    "notice": "温馨提醒。",
    "warn": "警告一次。",
    "mute": "禁言{length}，至 {until}。",
    "mute_longer": "继续禁言，至 {until}。",
    "kick": "你已被移出本群。",
    "ban": "你已被本群封禁。",
    "ban_until": "你已被本群封禁{length}，至 {until}。",
    # Why
    "rule": "群规“{rule}”：{why}",
    "seen": "原因：{what}。",
    "word": "出现了词语 {masked}",
    "word_listed": "出现了名单“{listed}”里的词语（{masked}）",
    "pattern": "出现了本条群规所列的说法（{masked}）",
    "pattern_listed": "出现了名单“{listed}”里的说法（{masked}）",
    "link": "发了链接",
    "link_listed": "链接指向名单“{listed}”里的网站",
    "link_named": "链接指向本条群规所列的网站",
    "cold_link": "链接之外只有 {count} 个字是自己的话，至少要 {limit} 个字",
    "short": "除去标点和表情只有 {count} 个字，至少要 {limit} 个字",
    "long": "一条消息有 {count} 个字，最多 {limit} 个字",
    "flood_messages": "{window}内发了 {count} 条消息，最多 {limit} 条",
    "flood_lines": "{window}内发了 {count} 行，最多 {limit} 行",
    "flood_characters": "{window}内发了 {count} 个字，最多 {limit} 个字",
    "unpaid": "发了广告，却没有按时发出至少 {amount} {asset}、{shares} 份的红包",
    # What comes next
    "points": "你现在有 {n} 个违规分。",
    "next": "满 {at} 分：{what}。",
    "fade": "每{every}减 {n} 分。",
    "do_notice": "提醒",
    "do_warn": "警告",
    "do_mute": "禁言{length}",
    "do_kick": "移出本群",
    "do_ban": "封禁",
    "do_ban_for": "封禁{length}",
    "do_delete": "移除该消息",
    "do_points": "记 {n} 个违规分",
    # Red packets
    "owed": (
        "在本群发广告要发红包：至少 {amount} {asset}，至少 {shares} 份，{within}之内，"
        "即 {until} 之前。"
    ),
    "owed_else": "否则：{what}。",
    "owed_how": "请发：!红包 {amount} {shares}",
    "settled": "谢谢 {name}，广告红包已收到。",
    "packet_sent": "{sender} 发了红包：{total} {asset}，共 {shares} 份，{mode}。发 !抢 领取。",
    "packet_greeting": "“{greeting}”。",
    "mode_equal": "平均分",
    "mode_lucky": "拼手气",
    "share_taken": "{member} 抢到 {sender} 的红包 {amount} {asset}，还剩 {n} 份。",
    "share_last": "{member} 抢到 {sender} 的红包 {amount} {asset}，这是最后一份。",
    "best_luck": "手气最佳：{member}，{amount} {asset}。",
    "packet_expired": "{sender} 的红包已过期，退回 {refunded} {asset}。",
    "packet_recalled": "{sender} 收回了红包，剩余 {refunded} {asset}。",
    "transferred": "{source} 转给 {destination} {amount} {asset}。",
    # Refusals of the ledger, by code
    "refused_insufficient_funds": "余额不足。",
    "refused_packet_sold_out": "来晚了，红包已被抢完。",
    "refused_packet_closed": "这个红包已经结束。",
    "refused_packet_expired": "这个红包已经过期。",
    "refused_already_taken": "这个红包你已经抢过了。",
    "refused_packet_unknown": "这里没有这个红包。",
    "refused_no_open_packet": "这里没有可以抢的红包。",
    "refused_own_packet": "自己发的红包留给别人抢吧。",
    "refused_account_frozen": "你的账户已冻结，请联系管理员。",
    "refused_too_late": "来晚了。",
    "refused": "办不到：{detail}（{code}）。",
    # Commands
    "usage_packet": (
        "格式：!红包 金额 份数 [平均|拼手气] [祝福语]，例如 !红包 500 10 拼手气 恭喜发财。"
        "金额是整数{asset}，最多 {amount_max}；份数最多 {shares_max}，每份至少 1。"
    ),
    "usage_grab": "格式：!抢，或 !抢 红包编号。",
    "rules": "“{name}”的群规：",
    "rules_line": "{rule}：{why}",
    "rules_more": "……还有 {count} 条。",
    "help": (
        "!规则：本群群规。!红包 金额 份数 [平均|拼手气] [祝福语]：发红包。!抢：领取最新的红包。"
    ),
    # Lengths of time
    "unit_d": "{n}天",
    "unit_h": "{n}小时",
    "unit_m": "{n}分钟",
    "unit_s": "{n}秒",
    "unit_ms": "{n}毫秒",
    "each_d": "天",
    "each_h": "小时",
    "each_m": "分钟",
    "each_s": "秒",
    "asset_points": "积分",
    "asset_coins": "金币",
}
