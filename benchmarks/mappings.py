"""From codes of `cx` to the labels of public data sets.

Written from label names and guidelines alone, before any result. A set's label may be reached by several codes.
"""

from __future__ import annotations

FABSA = {
    "service.attitude": "staff-support.attitude-of-staff",
    "service.competence": "staff-support.attitude-of-staff",
    "service.communication": "staff-support.attitude-of-staff",
    "service.resolution": "staff-support.attitude-of-staff",
    "service.reachability": "staff-support.phone",
    "price.value": "value.price-value-for-money",
    "price.discounts": "value.discounts-promotions",
    "delivery": "logistics-rides.speed",
    "reliability": "logistics-rides.speed",
    "digital.usability": "online-experience.app-website",
    "digital.stability": "online-experience.app-website",
    "product.features": "online-experience.app-website",
    "digital.account": "account-management.account-access",
    "ordering": "purchase-booking-experience.ease-of-use",
    "competitor": "company-brand.competitor",
    "general": "company-brand.general-satisfaction",
    "safety": "company-brand.general-satisfaction",
}
SEMEVAL14 = {
    "food_drink": "food",
    "service.attitude": "service",
    "service.competence": "service",
    "wait_time": "service",
    "price.value": "price",
    "place.ambience": "ambience",
    "general": "anecdotes/miscellaneous",
}
GERMEVAL = {
    "reliability": "Sonstige_Unregelmaessigkeiten",
    "place.ambience": "Atmosphaere",
    "safety": "Sicherheit",
    "ordering": "Ticketkauf",
    "price.value": "Ticketkauf",
    "price.billing": "Ticketkauf",
    "service.communication": "Informationen",
    "service.attitude": "Service_und_Kundenbetreuung",
    "service.competence": "Service_und_Kundenbetreuung",
    "service.reachability": "Service_und_Kundenbetreuung",
    "service.resolution": "Service_und_Kundenbetreuung",
    "digital.usability": "DB_App_und_Website",
    "digital.stability": "DB_App_und_Website",
    "place.facilities": "Komfort_und_Ausstattung",
    "food_drink": "Gastronomisches_Angebot",
    "place.cleanliness": "Toiletten",
}
# NHS phase 2, its columns; what no code means (funding, discharge, care plans …) is left out.
NHS = {
    "service.attitude": "Staff manner & personal attributes",
    "service.competence": "Competence & training",
    "service.communication": "Staff listening, understanding & involving patients",
    "service.reachability": "Contacting services",
    "wait_time": "Timeliness of care",
    "place.cleanliness": "Cleanliness, tidiness & infection control",
    "place.facilities": "Environment & Facilities",
    "place.location": "Service location",
    "food_drink": "Food & drink provision & facilities",
    "outcome": "Impact of treatment/ care",
    "safety": "Feeling safe",
    "general": "Positive experience & gratitude",
}
# SemEval-2016 restaurants, entity and attribute; cx does not part the prices of food, drinks and restaurant.
SEMEVAL16 = {
    "food_drink": "food quality",
    "product.quality": "food quality",
    "product.range": "food style_options",
    "service.attitude": "service general",
    "service.competence": "service general",
    "service.communication": "service general",
    "service.reachability": "service general",
    "service.resolution": "service general",
    "wait_time": "service general",
    "delivery": "service general",
    "price.value": "restaurant prices",
    "price.discounts": "restaurant prices",
    "price.billing": "restaurant prices",
    "place.ambience": "ambience general",
    "place.facilities": "ambience general",
    "place.location": "location general",
    "place.cleanliness": "restaurant miscellaneous",
    "ordering": "restaurant miscellaneous",
    "reliability": "restaurant miscellaneous",
    "general": "restaurant general",
    "competitor": "restaurant general",
}
# MobASA: cx knows no lifts, escalators, ramps or displays by themselves; most of its labels cannot be reached.
MOBASA = {
    "place.facilities": "barrier general",
    "place.location": "barrier others",
    "place.ambience": "space",
    "safety": "security",
    "service.communication": "info",
}
