"""Partners by trade, region and kind of help."""

from bot.core.directory import for_actions, help_kinds, names_of_region, partners_for


def ids(fits) -> list[str]:
    return [fit.partner.id for fit in fits]


def test_a_partner_whose_sector_fits_the_trade_comes_first_in_its_region(facts):
    assert ids(partners_for(facts, trade="maraichage", region="kayes"))[0] == "apej"


def test_a_trade_outside_a_partners_sectors_leaves_it_out(facts):
    assert "apej" not in ids(partners_for(facts, trade="coiffure", region="kayes"))


def test_another_region_changes_the_order_but_leaves_nobody_out(facts):
    far = ids(partners_for(facts, trade="maraichage", region="mopti"))

    assert far[-1] == "apej"
    assert set(far) == {"oim", "ccim", "apej"}


def test_a_region_that_was_split_counts_as_the_old_one(facts):
    assert ids(partners_for(facts, trade="maraichage", region="kita"))[0] == "apej"


def test_a_kind_of_help_narrows_the_list(facts):
    assert ids(partners_for(facts, help_kind="stage")) == ["oim", "ccim"]


def test_organisations_without_a_contact_are_never_named(facts):
    assert not {"icco", "waste", "efopprimes", "gallice", "snv"} & set(ids(partners_for(facts)))


def test_a_region_is_found_by_its_bambara_name(facts):
    assert "Kayi" in names_of_region(facts.regions["kayes"])


def test_trades_of_a_group_keep_the_order_of_the_menu(facts):
    assert facts.trade_groups["metal"] == ("soudure", "tolerie", "mecanique", "transport")


def test_help_kinds_are_listed_once(facts):
    kinds = help_kinds(facts.partners.values())

    assert len(kinds) == len(set(kinds))
    assert "formation" in kinds


def test_actions_get_who_could_help_as_words_with_the_regions_of_whoever_is_far(facts):
    partners = for_actions(facts)["partners"]

    assert partners["formation"]["kita"] == "OIM, APEJ, CCIM"
    assert partners["formation"]["mopti"] == "OIM, CCIM, APEJ (Bamako, Kayes, Koulikoro, Gao)"
    assert partners["stage"]["mopti"] == "OIM, CCIM"
    assert partners["couture"]["kayes"].startswith("APEJ")
