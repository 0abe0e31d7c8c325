"""The table of keys of docs/keys.md, from the registry: `python -m tests.support.key_table` prints it."""

from __future__ import annotations

from tui.actions import ACTIONS, Action, shown


def key_table() -> str:
    """Return the keys as a Markdown table, group by group."""
    rows = ["| where | key | what it does | id |", "|---|---|---|---|"]
    groups: dict[str, list[Action]] = {}
    for action in ACTIONS:
        if action.label:
            groups.setdefault(action.group, []).append(action)
    for group, actions in groups.items():
        for place, action in enumerate(actions):
            keys = " ".join(f"`{shown(key)}`".replace("|", r"\|") for key in action.keys)
            rows.append(
                f"| {'' if place else group} | {keys} | {action.title or action.label} | `{action.id}` |"
            )
    return "\n".join(rows)


if __name__ == "__main__":
    print(key_table())
