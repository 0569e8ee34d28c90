"""What a message costs, and what one letter can cost."""

from datetime import UTC, datetime, timedelta

from bot.core.prices import Price, Prices, dear_letters, in_francs, letters_left

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LAST_YEAR = NOW - timedelta(days=365)


def table(*lines: Price) -> Prices:
    return Prices(lines, sms_centimes=2500)


def test_without_a_line_the_setting_counts():
    assert table().of("sms", now=NOW) == 2500


def test_the_most_special_line_counts_and_of_equals_the_newest():
    prices = table(
        Price("sms", 2000, LAST_YEAR),
        Price("sms", 1800, NOW - timedelta(days=1)),
        Price("sms", 1500, LAST_YEAR, operator="orange"),
        Price("sms", 1200, LAST_YEAR, operator="orange", provider="kannel"),
        Price("sms", 1, NOW + timedelta(days=1)),
    )

    assert prices.of("sms", now=NOW, provider="twilio") == 1800
    assert prices.of("sms", now=NOW, operator="orange", provider="twilio") == 1500
    assert prices.of("sms", now=NOW, operator="orange", provider="kannel") == 1200


def test_before_the_provider_is_chosen_the_dearest_is_counted():
    prices = table(Price("sms", 1200, LAST_YEAR, provider="kannel"), Price("sms", 9000, LAST_YEAR, provider="twilio"))

    assert prices.of("sms", now=NOW) == 9000


def test_one_letter_that_sms_cannot_carry_would_cost_a_second_segment():
    text = "a" * 100 + "ŋ"

    (letter,) = dear_letters(text)

    assert (letter.character, letter.plain, letter.with_it, letter.without) == ("ŋ", "ng", 2, 1)
    assert dear_letters("I ni ce, ŋ") == ()
    assert letters_left("a" * 160) == 0
    assert letters_left("a" * 150) == 10


def test_francs_are_written_as_staff_read_them():
    assert in_francs(1_234_500) == "12 345 F CFA"
    assert in_francs(1650) == "16,50 F CFA"
