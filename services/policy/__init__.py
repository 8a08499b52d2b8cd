"""The judge: decides what each event means under the rules, and why."""

from policy.native import use

IS_NATIVE = use()
