"""The zip of documents: what lay on the shared disk, and the nine spreadsheets that one stranger saved."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from forensics._demo.leak import office, pdf, photo
from forensics._demo.leak.clock import at, later, minute, paris
from forensics._demo.leak.files import table
from forensics._demo.leak.office import Properties
from forensics._demo.leak.packing import Member, infozip, pack
from forensics._demo.leak.people import AUTHORS, STRANGER

_STRANGE_FOLDER = "D:\\Рабочий стол\\обработка\\"
_TOUCHED = (
    ("adherents_2006.xlsx", 0, "2006-11-08 09:14:22"),
    ("caisse_2008.xlsx", 1, "2008-02-19 16:40:05"),
    ("fournisseurs.xlsx", 1, "2009-09-01 07:55:48"),
    ("planning_tracts.xlsx", 2, "2011-05-17 12:31:19"),
    ("salles_et_tarifs.xlsx", 3, "2012-10-23 08:02:57"),
    ("contacts_quartier.xlsx", 4, "2013-03-12 18:20:33"),
    ("inventaire_local.xlsx", 5, "2014-06-30 10:47:01"),
    ("dons_2015.xlsx", 1, "2015-12-28 14:09:44"),
    ("depenses_2016.xlsx", 0, "2016-07-04 09:36:10"),
)
_FIRST_SAVE = "2017-03-21 13:12:08"
_GAPS = (0, 24, 31, 22, 29, 27, 35, 21, 30)


@dataclass(frozen=True)
class Filed:
    """A file of the folder."""

    path: str
    data: bytes
    modified: datetime
    touched: bool = False


def touched_spreadsheets(rng: Random) -> list[Filed]:
    """Nine workbooks of six authors and ten years, saved again by one user within four minutes."""
    out, moment = [], at(_FIRST_SAVE)
    for (name, author, created), gap in zip(_TOUCHED, _GAPS, strict=True):
        moment = later(moment, gap)
        about = Properties(name.removesuffix(".xlsx"), AUTHORS[author], STRANGER, at(created), moment, version="16")
        data = office.excel(about, table(rng, 7), _STRANGE_FOLDER)
        out.append(Filed(f"Comptabilité/{name}", data, later(moment, 1), touched=True))
    return out


def _words(rng: Random) -> list[Filed]:
    rows = (
        ("Notes/fiche_pont.docx", "Perrine Oustalet-Vire", "2016-09-21 09:30:00", "Le pont des Oules en deux pages"),
        ("Notes/fiche_cantine.docx", "Inès Valcourbe", "2016-09-28 15:10:00", "La cantine en deux pages"),
        (
            "Notes/fiche_bibliotheque.docx",
            "Maëlle Quincandre",
            "2016-10-06 08:45:00",
            "Les horaires de la bibliothèque",
        ),
        (
            "Réunions/compte_rendu_mars.docx",
            "Inès Valcourbe",
            "2016-03-11 10:20:00",
            "Compte rendu du premier tour de table",
        ),
    )
    out = []
    for path, author, created, title in rows:
        start = at(created)
        saved = minute(later(start, rng.randrange(6) * 86_400 + rng.randrange(4000, 15_000)))
        about = Properties(title, author, "Inès Valcourbe", start, saved, revision=rng.randrange(4, 11))
        lines = [title, "Document de travail de l'Élan Garrigue.", "Ne pas diffuser avant relecture."]
        out.append(Filed(path, office.word(about, lines, rng), later(saved, rng.randrange(2, 50))))
    return out


def _sheets(rng: Random) -> list[Filed]:
    rows = (
        ("Comptabilité/budget_v2.xlsx", "Théodule Marcheroux", "2016-05-30 08:11:07", "2016-06-14 16:25:51"),
        ("Comptabilité/remboursements.xlsx", "Théodule Marcheroux", "2016-09-02 07:40:13", "2017-04-06 09:58:26"),
        ("Terrain/porte_a_porte.xlsx", "Gaël Tournebize-Lorp", "2016-09-19 11:02:38", "2017-04-18 19:37:44"),
        ("Terrain/panneaux.xlsx", "Gaël Tournebize-Lorp", "2017-03-03 13:15:09", "2017-03-24 10:08:03"),
    )
    out = []
    for path, author, created, modified in rows:
        about = Properties(path.split("/")[1][:-5], author, author, at(created), at(modified))
        out.append(Filed(path, office.excel(about, table(rng, 8)), later(at(modified), 2)))
    return out


def _others(rng: Random) -> list[Filed]:
    saved = at("2016-12-19 17:03:41")
    text = Properties("Idées pour avril", "Clovis Dambrelange", "Inès Valcourbe", at("2016-12-12 08:20:15"), saved, 4)
    odt = office.opendocument(text, ["Idées pour avril", "Dormir.", "Traverser le pont."])
    printed = at("2017-03-21 08:05:33")
    about = pdf.Pdf(
        *("Profession de foi", "Élan Garrigue", "Acrobat PDFMaker 15 pour Word", "Adobe PDF Library 15.0"),
        printed,
        later(printed, 3),
    )
    out = [
        Filed("Notes/idees_avril.odt", odt, saved),
        Filed(
            "Impression/profession_de_foi.pdf",
            pdf.write(about, ["Élan Garrigue", "On traverse."], rng),
            later(printed, 4),
        ),
    ]
    for number, taken in (("201907", "2016-10-14 17:22:10"), ("202010", "2017-02-11 10:40:55")):
        shot = photo.Shot(at(taken), at(taken))
        out.append(Filed(f"Photos/LV{number}.jpg", photo.write(shot, rng, 200, 152), at(taken)))
    return out


def archive(touched: list[Filed], rng: Random) -> bytes:
    """Pack the folder as it was copied, in the order of the names."""
    every = [*touched, *_words(rng), *_sheets(rng), *_others(rng)]
    return pack([_member(item) for item in sorted(every, key=lambda item: item.path)])


def _member(item: Filed) -> Member:
    return infozip(item.path, item.data, item.modified, paris(item.modified))
