"""Builds every layer of the pack, in the order in which they build on one another."""

from . import chemical, divisions, hazards, land, places, rivers, roads, shelters, townships

for step in (divisions, townships, places, land, rivers, chemical, hazards, shelters, roads):
    step.main()
