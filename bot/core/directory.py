"""The directory: which partners fit a trade, a region and a kind of help, and how a place or trade is called."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.core.facts import Facts, Partner, Region


@dataclass(frozen=True, slots=True)
class Fit:
    """A partner with what speaks for it. Nobody is left out for a region: sources name regions, they exclude none."""

    partner: Partner
    trade: bool
    region: bool
    names_trade: bool  # the source names the trade's sector, so the partner is worth naming first


def partners_for(
    facts: Facts,
    *,
    trade: str | None = None,
    region: str | None = None,
    help_kind: str | None = None,
) -> tuple[Fit, ...]:
    """Return the partners that may be named, the best fit first.

    A trade or kind of help that a partner does not offer takes it out, and so does a fact about it that staff have
    switched off; a region only changes the order. `region` is a code of today; a region that was split counts as the
    old one too (Kita is covered where Kayes is).
    """
    named = [p for p in facts.partners.values() if p.listed and _helps(p, help_kind) and not _switched_off(facts, p)]
    fits = [_fit(facts, p, trade, region) for p in named]
    return tuple(sorted((f for f in fits if f.trade), key=lambda f: (not f.region, not f.names_trade)))


def _helps(partner: Partner, help_kind: str | None) -> bool:
    return help_kind is None or help_kind in partner.helps


def _switched_off(facts: Facts, partner: Partner) -> bool:
    return any(facts.facts[i].suspended for i in partner.facts if i in facts.facts)


def _fit(facts: Facts, partner: Partner, trade: str | None, region: str | None) -> Fit:
    return Fit(
        partner=partner,
        trade=trade is None or partner.all_trades or trade in partner.trades,
        region=region is None or not partner.regions or bool(_with_old(facts, region) & set(partner.regions)),
        names_trade=trade is not None and trade in partner.trades,
    )


def _with_old(facts: Facts, region: str) -> set[str]:
    known = facts.regions.get(region)
    return {region, known.old} if known else {region}


def names_of_region(region: Region) -> tuple[str, ...]:
    """Return what people call a region: its name, the Bambara name and the other words."""
    return tuple(dict.fromkeys((region.name, region.bambara, region.code, *region.words)))


def help_kinds(partners: Iterable[Partner]) -> tuple[str, ...]:
    """Return the kinds of help that these partners offer, each once."""
    return tuple(dict.fromkeys(kind for partner in partners for kind in partner.helps))


def for_actions(facts: Facts) -> dict[str, Any]:
    """Return the directory as actions get it with the domain.

    `directory`: {trade: {region: ids of the partners that the sources tie to both}};
    `partners`: {trade or kind of help: {region: who could help, as words, the best fit first}}.
    """
    return {
        "directory": {
            trade: {region: _tied(facts, trade, region) for region in facts.regions} for trade in facts.trades
        },
        "partners": {
            **{
                trade: {r: _named(facts, partners_for(facts, trade=trade, region=r)) for r in facts.regions}
                for trade in facts.trades
            },
            **{
                kind: {r: _named(facts, partners_for(facts, help_kind=kind, region=r)) for r in facts.regions}
                for kind in help_kinds(facts.partners.values())
            },
        },
    }


def domain_digest(rev: str, facts: Facts) -> str:
    """Return a digest of what actions get: the revision of flows and domain, and the directory of these facts."""
    directory = hashlib.sha256(repr(for_actions(facts)).encode())
    return f"{rev}-{directory.hexdigest()[:12]}"


def _named(facts: Facts, fits: Iterable[Fit]) -> str:
    """Write partners as words; one whose source names other regions carries those, for nobody is shut out."""
    return ", ".join(
        fit.partner.short if fit.region else f"{fit.partner.short} ({_places(facts, fit)})" for fit in fits
    )


def _places(facts: Facts, fit: Fit) -> str:
    return ", ".join(facts.regions[code].name for code in fit.partner.regions)


def _tied(facts: Facts, trade: str, region: str) -> list[str]:
    return [fit.partner.id for fit in partners_for(facts, trade=trade, region=region) if fit.region and fit.names_trade]
