"""The words that the tables of the catalogue may use: levels, units, measures, owners, states."""

from __future__ import annotations

LEVELS = (
    "group",
    "route",
    "country",
    "region",
    "city",
    "municipality",
    "district",
    "municipality_rs",
)
# Indicators may be wanted for places that are no areas of the catalogue: a centre, a survey.
INDICATOR_LEVELS = (
    "group",
    "route",
    "country",
    "region",
    "city",
    "municipality",
    "facility",
    "project",
    "police_region",
    "inspection_region",
    "border_crossing",
    "team_area",
    "survey",
)
DOMAINS = (
    "population",
    "migration",
    "asylum",
    "movement",
    "reception",
    "trafficking",
    "victim_services",
    "services",
    "governance",
    "integration",
    "programme",
    "policy",
)
MEASURES = (
    "stock",
    "flow",
    "change",
    "share",
    "rate",
    "score",
    "yes_no",
    "duration",
    "money",
)
DIRECTIONS = ("neutral", "higher_is_better", "lower_is_better", "target_range")
SCHEDULES = ("none", "once", "census", "yearly", "half-yearly", "monthly", "irregular")
VERIFICATIONS = ("verified", "partly", "unverified")
STATUSES = ("needed", "draft", "adopted", "in_force", "expired", "refused_locally")
# How a figure was read: in the source itself, in somebody's account of it, or not surely.
READINGS = (
    "read",
    "read_makstat_copy",
    "read_secondary_source",
    "region_sum_only",
    "derived_by_subtraction",
    "unverified",
)
SEXES = ("total", "female", "male")
AGES = ("total", "adult", "child")
TIERS = ("1", "2", "2 watch list", "3", "special case")
MILESTONE_KINDS = ("law", "institution", "practice")
CENTRE_STATUSES = ("active", "suspended", "not_operating", "closed", "closed_permanently")
POPULATION_SUBJECTS = ("victims", "children", "offenders", "centres")
PREFIXES = ("has_", "is_")

# What is counted, and how the id of an indicator ends for it. A yes or no begins the id instead.
SUFFIXES = {
    "persons": "_persons",
    "crossings": "_crossings",
    "places": "_places",
    "percent": "_pct",
    "percentage_points": "_pp",
    "per_100": "_per_100",
    "per_1000": "_per_1000",
    "per_100000": "_per_100000",
    "per_facility": "_per_facility",
    "score": "_score",
    "points": "_points",
    "rating": "_rating",
    "days": "_days",
    "person_days": "_person_days",
    "mkd_per_person": "_mkd_per_person",
    "rsd_per_person_day": "_rsd_per_person_day",
    "permits": "_permits",
    "offences": "_offences",
    "cases": "_cases",
    "teams": "_teams",
    "units": "_units",
    "contacts": "_contacts",
    "documents": "_documents",
    "meetings": "_meetings",
    "memoranda": "_memoranda",
    "attendances": "_attendances",
    "assessments": "_assessments",
    "plans": "_plans",
    "reach": "_reach",
    "yes_no": "",
}
UNITS = tuple(SUFFIXES)

# Who may hold the figures of an indicator, by code.
OWNERS = {
    "sso": "State Statistical Office",
    "unhcr": "UNHCR",
    "moi": "Ministry of Interior",
    "mspdy": "Ministry of Social Policy, Demography and Youth",
    "national_commission": (
        "National Commission for Combating Trafficking in Human Beings and Illegal Migration"
    ),
    "myla": "Macedonian Young Lawyers Association",
    "municipality": "the municipality itself",
    "frontex": "Frontex",
    "eurostat": "Eurostat",
    "worldbank": "World Bank",
    "undesa": "UN DESA",
    "unodc": "UNODC",
    "iom": "International Organization for Migration",
    "kirs": "Commissariat for Refugees and Migration of the Republic of Serbia",
    "centre_rs": "Centre for the Protection of Victims of Trafficking in Human Beings, Serbia",
    "prosecution": "Public Prosecutor's Office",
    "labour_inspectorate": "State Labour Inspectorate",
    "compensation_commission": "Commission for compensation of victims of violent crime",
    "ombudsman": "Ombudsman, as National Rapporteur",
    "astra": "ASTRA, for the regional monitoring tool",
    "project": "the body that carries out the project",
}
