"""`python -m tests.twilio_stand_in`: Twilio, played on a port of this machine, reporting by itself."""

import time

import click

from bot.adapters.clock import SystemClock
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, WHATSAPP_NUMBER, stand_in
from tests.twilio_stand_in.reporter import reporting

TEMPLATE = "HX" + "0" * 31 + "1"


@click.command()
@click.option("--port", default=8010, show_default=True)
def main(port: int) -> None:
    """Serve the REST API, knock at our webhooks with signed reports, and show what was delivered."""
    twilio = stand_in(now=SystemClock().now)
    with twilio.running(port), reporting(twilio):
        settings = {
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "SEGIN_TWILIO_SMS_FROM": SMS_NUMBER,
            "SEGIN_TWILIO_WHATSAPP_FROM": WHATSAPP_NUMBER.removeprefix("whatsapp:"),
            "SEGIN_TWILIO_TEMPLATE_SID": TEMPLATE,
            "SEGIN_TWILIO_API_URL": twilio.url,
        }
        click.echo(f"What is delivered: {twilio.url}/\nSettings for `make run`:")
        for name, value in settings.items():
            click.echo(f"  {name}={value}")
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
