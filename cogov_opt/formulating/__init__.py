"""FORMULATE: an instance and a card become integer rows and columns (convention S4-S9)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import PolicyError
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.candidates import find_candidates
from cogov_opt.formulating.capacity import add_capacity
from cogov_opt.formulating.clauses import add_clauses
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.matching import unmatched
from cogov_opt.formulating.model import Model
from cogov_opt.formulating.money import Awards, add_award_rules, add_money
from cogov_opt.formulating.overlap import add_no_overlap
from cogov_opt.formulating.sets import add_choices, add_links, add_needs
from cogov_opt.formulating.sharing_limits import add_agreements
from cogov_opt.formulating.terms import add_stages


def formulate(instance: Instance, policy: Policy) -> Formulation:
    """
    Build the formulation of an instance under a card.

    Raises
    ------
    PolicyError
        A clause's selector matches nothing, and the clause does not say that it may (S8.12).
    InputError
        A pinned standing row gives what may not be used (S8.10).
    """
    lost = [i for i in unmatched(instance, policy) if i.severity == "error"]
    if lost:
        raise PolicyError(lost)
    facts = Facts(instance)
    model = Model(facts, find_candidates(facts))
    add_choices(model)
    add_needs(model)
    add_links(model)
    money = add_money(model)
    awards = Awards(model)
    add_award_rules(model, awards)
    add_capacity(model)
    add_no_overlap(model)
    add_agreements(model)
    building = Building(model, policy, awards, money)
    add_clauses(building)
    add_stages(building)
    return model.freeze(_stages(building), money)


def _stages(building: Building) -> list[Stage]:
    """Add up the coefficients of each stage."""
    found = []
    for number, objective in enumerate(building.policy.objectives, start=1):
        costs = np.zeros(building.model.width, dtype=np.int64)
        for stage, columns, coefficients in building.costs:
            if stage == number:
                np.add.at(costs, columns, coefficients)
        found.append(Stage(number, costs, building.constants.get(number, 0), objective))
    return found


__all__ = ["formulate"]
