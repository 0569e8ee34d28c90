"""Kannel's own fake message centre at the other end: two phones write, in GSM-7 and in UCS-2."""

import subprocess
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest

from bench.kannel import ABSENT, FAKE_CENTRE, free_ports, is_installed, kannel_boxes
from tests.gateway.parts import Heard, Product

pytestmark = pytest.mark.gateway
FRENCH = "22376000001 36000 text Bonjour"
BAMBARA = f"22366000002 36000 ucs2 {quote_from_bytes('I ni sɔgɔma'.encode('utf-16-be'), safe='')}"


def test_what_the_fake_centre_s_phones_write_is_answered(tmp_path: Path) -> None:
    if not is_installed():
        pytest.fail(ABSENT)
    (port,) = free_ports(1)
    with kannel_boxes(tmp_path / "kannel", f"http://127.0.0.1:{port}", fake=True) as boxes:
        product = Product(tmp_path / "data", port, boxes.settings)
        product.start()
        smsc_port = str(boxes.ports["smsc_port"])
        centre = subprocess.Popen(
            [FAKE_CENTRE, "-H", "127.0.0.1", "-r", smsc_port, "-i", "0.1", "-m", "20", FRENCH, BAMBARA],
            stderr=subprocess.PIPE,
        )
        try:
            Heard().until(lambda: product.taken_in() == 20, "all twenty are taken in")
            Heard().until(lambda: {str(row.status) for row in product.rows()} == {"delivered"}, "all is delivered")
            rows, read = product.rows(), set(product.read("+22376000001") + product.read("+22366000002"))
        finally:
            centre.kill()
            handed_over = centre.communicate()[1].count(b"Got message")
            product.stop()

    assert read <= {"Bonjour", "I ni sɔgɔma"}
    assert handed_over == len([line for row in rows for line in row.text.split("\n")])  # it takes a line for a message
