"""The cast and its machines. Names are invented; domains (RFC 2606) and addresses (RFC 5737, 3849) are reserved."""

from dataclasses import dataclass
from datetime import datetime

from forensics._demo.leak.clock import Zone, at, montreal, paris

CAMPAIGN = "elan-garrigue.example"
FIRM = "cabinet-marcheroux.example"
POST = "postelibre.example"
CLOUD = "prod.cloudpost.example"
ASSOCIATION = "asso-garrigue.example"
PRINTER = "troisplatane.example"
LIST = f"benevoles@listes.{CAMPAIGN}"
LIST_NAME = "Bénévoles de l'Élan"


@dataclass(frozen=True)
class Person:
    """Someone who writes or receives mail."""

    key: str
    name: str
    address: str
    client: str
    """Key of the client in `forensics._demo.leak.clients`."""
    ip: str
    """Address from which the client connects."""
    account: str = ""
    """What the provider writes into every id of this account."""

    def zone(self, instant: datetime) -> int:
        """UTC offset of this person's computer."""
        away = self.key == "maelle" and at("2017-01-30") <= instant < at("2017-02-14")
        zone: Zone = montreal if away else paris
        return zone(instant)

    def clock_error(self, instant: datetime) -> int:
        """Seconds by which this person's computer is ahead."""
        if self.key == "gael" and instant < at("2016-12-20"):
            return 26 * 60 + 11
        return 0


def _cast(*people: Person) -> dict[str, Person]:
    return {person.key: person for person in people}


PEOPLE: dict[str, Person] = _cast(
    Person("ines", "Inès Valcourbe", f"ines.valcourbe@{CAMPAIGN}", "thunderbird", "198.51.100.21"),
    Person("theodule", "Théodule Marcheroux", f"t.marcheroux@{FIRM}", "exchange", "203.0.113.77", "AM5PR0501MB1021"),
    Person("clovis", "Clovis Dambrelange", f"clovis.dambrelange@{CAMPAIGN}", "iphone", "198.51.100.140"),
    Person("maelle", "Maëlle Quincandre", f"presse@{CAMPAIGN}", "apple", "198.51.100.33"),
    Person("gael", "Gaël Tournebize-Lorp", f"terrain@{CAMPAIGN}", "outlook", "198.51.100.58"),
    Person("ondine", "Ondine Sarrelongue", f"ondine.sarrelongue@{POST}", "webpost", "198.51.100.201", "CAJq7Rt"),
    Person("remi", "Rémi Castelfroid", f"remi@{CAMPAIGN}", "mutt", "192.0.2.41"),
    Person("lucette", "Lucette Abrivardou", f"contact@{ASSOCIATION}", "roundcube", "203.0.113.60"),
    Person("basile", "Basile Troisplatane", f"atelier@{PRINTER}", "exchange", "203.0.113.90", "DB6PR0501MB2280"),
    Person("perrine", "Perrine Oustalet-Vire", f"perrine.oustalet@{POST}", "webpost", "198.51.100.202", "CAFxm2w"),
    Person("lettre", "La Lettre de la Garrigue", "lettre@gazette-garrigue.example", "bulk", "203.0.113.150"),
    Person("copieur", "Copieur du local", f"copieur@{CAMPAIGN}", "copier", "198.51.100.99"),
    Person("promo", "Encres Discount", "offres@encres-moins-cheres.example", "spam", "198.51.100.230"),
    Person("colis", "Service Livraison", "suivi@colis-attente.example", "spam", "198.51.100.231"),
)
"""Everybody with an address, by key."""

AUTHORS = (
    *("Inès Valcourbe", "Théodule Marcheroux", "Gaël Tournebize-Lorp"),
    *("Lucette Abrivardou", "Perrine Oustalet-Vire", "Anatole Brugeirade"),
)
"""Original authors of the nine spreadsheets."""

STRANGER = "Вымышленский Т. Т."
"""The foreign user of the batch; the name says "made up"."""


@dataclass(frozen=True)
class Host:
    """A mail server."""

    name: str
    ip: str
    software: str
    """Grammar of its trace fields: ``postfix``, ``postfix-short``, ``exim``, ``exchange``, ``webpost``, ``dovecot``."""
    zone: Zone = paris

    def clock_error(self, instant: datetime) -> int:
        """Seconds by which this server is ahead (negative: slow)."""
        if self is RELAY and at("2016-11-01") <= instant < at("2016-12-01"):
            return -7 * 60 - 4
        return 0


MAIL = Host(f"mail.{CAMPAIGN}", "192.0.2.10", "postfix")
STORE = Host(f"imap.{CAMPAIGN}", "192.0.2.11", "dovecot")
SHELL = Host(f"brassens.{CAMPAIGN}", "192.0.2.41", "exim")
LISTS = Host(f"listes.{CAMPAIGN}", "192.0.2.40", "exim")
RELAY = Host("relais.oustal-hebergement.example", "203.0.113.25", "postfix-short")
ASSO = Host(f"smtp.{ASSOCIATION}", "203.0.113.61", "postfix-short")
BULK = Host("envoi.gazette-garrigue.example", "203.0.113.151", "postfix-short")
