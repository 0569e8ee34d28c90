"""An operator's message centre (SMPP 3.4, package smpp34) as a program: orders and events are lines of JSON.

Orders: {"from", "text", "parts": 1} a phone writes; {"report": "DELIVRD" | "UNDELIV" | ""} the fate of what follows.
Events: {"event": "bound"}, {"event": "unbound"}, {"event": "sms", "to", "from", "text", "coding", "parts"}.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from typing import Any

import gsm0338
import smpp34

GSM = gsm0338.Codec()
SHORT_CODE = "36000"
UCS2, HEADER, RECEIPT = 8, 0x40, 0x04
TAKES = 0.1  # seconds to a phone; a report that overtakes the answer to its message is unknown to Kannel, and lost
RECEIPT_TEXT = "id:{id} sub:001 dlvrd:001 submit date:2611211200 done date:2611211201 stat:{stat} err:{err} text:"


@dataclass
class Centre:
    """One centre with one client."""

    server: Any
    esme: Any = None
    report: str = "DELIVRD"
    count: int = 0
    reference: int = 0
    halves: dict[tuple[str, int], dict[int, str]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    waiting: list[dict[str, Any]] = field(default_factory=list)

    async def run(self) -> None:
        await self.server.start()
        tell(event="listening")
        self.later(self.obey())
        while True:
            await self.take(await self.server.next())

    async def take(self, event: Any) -> None:
        if isinstance(event, smpp34.Esme):
            self.esme = event
            tell(event="bound")
            held, self.waiting = self.waiting, []
            for order in held:
                self.later(self.write(order))
        elif isinstance(event, smpp34.Unbound):
            tell(event="unbound")
        elif isinstance(event, smpp34.SubmitSmEvent):
            self.count += 1
            ident = f"{self.count:08x}"
            event.accept(message_id=ident)
            self.read(event)
            if self.report and event.registered_delivery:
                self.later(self.receipt(event, ident, self.report))

    def read(self, event: Any) -> None:
        raw, part, parts, reference = bytes(event.short_message), 1, 1, -1
        if event.esm_class & HEADER:
            reference, parts, part = raw[3], raw[4], raw[5]
            raw = raw[raw[0] + 1 :]
        text = raw.decode("utf-16-be") if event.data_coding == UCS2 else GSM.decode(raw)[0]
        known = self.halves.setdefault((event.destination_addr, reference), {})
        known[part] = text
        if len(known) == parts:
            whole = "".join(known[number] for number in sorted(known))
            self.halves.pop((event.destination_addr, reference))
            tell(event="sms", to=event.destination_addr, text=whole, coding=event.data_coding, parts=parts)

    async def receipt(self, event: Any, ident: str, stat: str) -> None:
        await asyncio.sleep(TAKES)
        text = RECEIPT_TEXT.format(id=ident, stat=stat, err="000" if stat == "DELIVRD" else "027")
        await self.esme.deliver_sm(
            source_addr=event.destination_addr,
            destination_addr=event.source_addr,
            esm_class=RECEIPT,
            short_message=text.encode(),
        )

    async def obey(self) -> None:
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            order = json.loads(line)
            if "report" in order:
                self.report = order["report"]
            elif self.esme is None:
                self.waiting.append(order)
            else:
                self.later(self.write(order))
        sys.exit()

    async def write(self, order: dict[str, Any]) -> None:
        self.reference = self.reference % 255 + 1
        for header, coding, octets in parts_of(order["text"], order.get("parts", 1), self.reference):
            await self.esme.deliver_sm(
                source_addr=order["from"].removeprefix("+"),
                source_addr_ton=1,
                destination_addr=SHORT_CODE,
                dest_addr_ton=0,
                data_coding=coding,
                esm_class=HEADER if header else 0,
                short_message=header + octets,
            )

    def later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


def parts_of(text: str, parts: int, reference: int) -> list[tuple[bytes, int, bytes]]:
    """Cut a text as a phone does: GSM-7 where its letters allow, else UCS-2; joined by a user-data header."""
    try:
        GSM.encode(text)
        coding = 0
    except UnicodeError:
        coding = UCS2
    size = -(-len(text) // parts)
    pieces = [text[start : start + size] for start in range(0, len(text), size)] or [""]
    return [
        (
            bytes([5, 0, 3, reference, len(pieces), number]) if len(pieces) > 1 else b"",
            coding,
            piece.encode("utf-16-be") if coding else GSM.encode(piece)[0],
        )
        for number, piece in enumerate(pieces, start=1)
    ]


def tell(**event: Any) -> None:
    print(json.dumps(event), flush=True)  # noqa: T201 - its way of speaking


if __name__ == "__main__":
    asyncio.run(Centre(smpp34.Server(host="127.0.0.1", port=int(sys.argv[1]), system_id="CENTRE")).run())
