"""The page of the stand-in: what was "delivered", newest first."""

from flask import Flask, render_template_string

from tests.twilio_stand_in.account import Account

SHOWN = 200

_PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2"><title>Twilio, joué</title>
<style>body{font:1rem system-ui;margin:1rem;max-width:60rem}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ccc;padding:.3rem;text-align:left;vertical-align:top}
td.text{white-space:pre-line}</style>
</head><body><h1>Twilio, joué sur cette machine</h1>
<p>{{ total }} messages ;
{% for status, count in counts %}{{ status }} : {{ count }}{{ ", " if not loop.last }}{% endfor %}</p>
<table><tr><th>Heure</th><th>Sens</th><th>De</th><th>À</th><th>Texte</th><th>État</th></tr>
{% for one in messages %}<tr><td>{{ one.created.strftime("%H:%M:%S") }}</td>
<td>{{ "reçu" if one.direction == "inbound" else "envoyé" }}</td><td>{{ one.sender or one.service }}</td>
<td>{{ one.to }}</td><td class="text">{{ one.body or one.content or "—" }}</td>
<td>{{ one.status }}{{ " %s" % one.error_code if one.error_code }}</td></tr>{% endfor %}
</table></body></html>
"""


def add_page(app: Flask, account: Account) -> None:
    """Show the account's messages at the root; nobody has to sign in, for it answers on this machine alone."""

    @app.get("/")
    def page() -> str:
        messages = list(account.messages.values())
        counts: dict[str, int] = {}
        for message in messages:
            counts[message.status] = counts.get(message.status, 0) + 1
        shown = messages[-SHOWN:][::-1]
        return render_template_string(_PAGE, messages=shown, total=len(messages), counts=sorted(counts.items()))
