"""The ordinary documents of the campaign: attachments by key, and what lies in the folder of documents."""

from datetime import datetime
from random import Random

from forensics._demo.leak import office, pdf, photo
from forensics._demo.leak.bodies import Attachment
from forensics._demo.leak.clock import later, minute
from forensics._demo.leak.office import Properties

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
_DAY = 86_400

_WORDS = {
    "statuts": ("Statuts de l'association de financement", "Inès Valcourbe", "statuts_association.docx"),
    "tract": ("Tract cantine", "Inès Valcourbe", "tract_cantine_v3.docx"),
    "projet": ("Projet de contrat d'impression", "Basile Troisplatane", "projet_contrat_impression.docx"),
}
_PARAGRAPHS = (
    "Le présent document a été préparé pour la campagne municipale de l'Élan Garrigue.",
    "Il est communiqué à titre de travail et n'engage que ses auteurs jusqu'à sa validation.",
    "Les montants sont exprimés en euros, toutes taxes comprises, sauf mention contraire.",
    "Toute modification est portée à la connaissance du mandataire financier.",
)
_SHEETS = {
    "budget": ("Budget prévisionnel", "budget_previsionnel_v1.xlsx"),
    "dons": ("Dons au 22 octobre", "dons_2016-10-22.xlsx"),
    "releve": ("Relevé de novembre", "releve_2016-11.xlsx"),
    "frais": ("Frais de janvier", "frais_janvier_2017.xlsx"),
}
_PRINTED = {
    "devis": ("Devis n° 16-0412", "devis_16-0412.pdf"),
    "facture": ("Facture n° 16-0907", "facture_16-0907.pdf"),
}


def table(rng: Random, rows: int = 9) -> list[list[str | float]]:
    """Return a small table of amounts with a total."""
    heads = (
        "Impression",
        "Location",
        "Déplacements",
        "Sono",
        "Badges",
        "Timbres",
        "Café",
        "Colle",
        "Téléphone",
        "Divers",
    )
    body: list[list[str | float]] = [[heads[index % 10], rng.randrange(40, 2400)] for index in range(rows)]
    total = sum([int(row[1]) for row in body])
    return [["Poste", "Montant"], *body, ["Total", total]]


def _word(key: str, sent: datetime, rng: Random) -> Attachment:
    title, author, name = _WORDS[key]
    modified = minute(later(sent, -rng.randrange(1200, 9000)))
    created = minute(later(modified, -rng.randrange(1, 6) * _DAY + rng.randrange(7000)))
    about = Properties(title, author, author, created, modified, revision=rng.randrange(3, 9))
    data = office.word(about, [title, *_PARAGRAPHS, f"Fait le {sent:%d/%m/%Y}."], rng)
    return Attachment(name, DOCX, data, later(modified, 31))


def _sheet(key: str, sent: datetime, rng: Random) -> Attachment:
    title, name = _SHEETS[key]
    author = "Gaël Tournebize-Lorp" if key == "frais" else "Théodule Marcheroux"
    modified = later(sent, -rng.randrange(600, 5000))
    created = later(modified, -rng.randrange(1, 9) * _DAY + rng.randrange(7000))
    about = Properties(title, author, author, created.replace(microsecond=0), modified.replace(microsecond=0))
    return Attachment(name, XLSX, office.excel(about, table(rng)), modified)


def _printed(key: str, sent: datetime, rng: Random) -> Attachment:
    title, name = _PRINTED[key]
    made = later(sent, -rng.randrange(400, 4000)).replace(microsecond=0)
    producer = ("Acrobat PDFMaker 15 pour Word", "Adobe PDF Library 15.0")
    about = pdf.Pdf(title, "Atelier Troisplatane", *producer, made, later(made, 2))
    lines = [title, "Atelier Troisplatane, imprimeur", *[f"{row[0]} : {row[1]} euros" for row in table(rng, 4)]]
    return Attachment(name, "application/pdf", pdf.write(about, lines, rng), later(made, 3))


def _picture(key: str, sent: datetime, rng: Random) -> Attachment:
    taken = later(sent, -2 * _DAY + rng.randrange(7000)).replace(microsecond=0)
    if key == "portrait":
        changed = later(taken, 7311)
        shot = photo.Shot(taken, changed, software="GIMP 2.8.18")
        return Attachment("portrait_valide.jpg", "image/jpeg", photo.write(shot, rng, 240, 320), changed)
    return Attachment("LV201844.jpg", "image/jpeg", photo.write(photo.Shot(taken, taken), rng), taken)


def _programme(sent: datetime, rng: Random) -> Attachment:
    made = later(sent, -1500).replace(microsecond=0)
    about = pdf.Pdf("Programme du 14 octobre", "Inès Valcourbe", "Writer", "LibreOffice 5.1", made, made)
    lines = ["Réunion publique, salle des Tisserands", "18 h ouverture", "19 h Clovis Dambrelange", "20 h questions"]
    return Attachment("programme_14_octobre.pdf", "application/pdf", pdf.write(about, lines, rng, office=False), made)


def attachment(key: str, sent: datetime, rng: Random) -> Attachment:
    """Make the attachment of a thread, finished shortly before the mail leaves."""
    if key in _WORDS:
        return _word(key, sent, rng)
    if key in _SHEETS:
        return _sheet(key, sent, rng)
    if key in _PRINTED:
        return _printed(key, sent, rng)
    if key in ("photo", "portrait"):
        return _picture(key, sent, rng)
    if key == "programme":
        return _programme(sent, rng)
    author = "Lucette Abrivardou" if key == "reglement" else "Perrine Oustalet-Vire"
    title, name = {
        "reglement": ("Règlement intérieur", "Règlement intérieur.odt"),
        "note": ("Note sur le pont des Oules", "note_pont_des_oules.odt"),
    }[key]
    modified = later(sent, -rng.randrange(600, 3000))
    about = Properties(title, author, author, later(modified, -rng.randrange(_DAY, 4 * _DAY)), modified)
    return Attachment(name, ODT, office.opendocument(about, [title, *_PARAGRAPHS]), modified)


CONTRACTS = {
    "contrat": ("Contrat d'impression", "Basile Troisplatane", "contrat_impression_definitif.docx", 12_900),
    "attestation": ("Attestation d'occupation", "Lucette Abrivardou", "attestation_locaux.docx", 340),
}
"""Title, author, file name and amount of the two documents that are edited later."""


def contract_properties(key: str, sent: datetime) -> Properties:
    """Properties of a contract finished the day before its mail."""
    title, author, _, _ = CONTRACTS[key]
    modified = minute(later(sent, -_DAY + 4000))
    return Properties(title, author, author, minute(later(modified, -3 * _DAY - 7260)), modified, revision=5)


def contract_text(key: str, sent: datetime, amount: int) -> list[str]:
    """Paragraphs of a contract for an amount."""
    return [CONTRACTS[key][0], *_PARAGRAPHS, f"Montant convenu : {amount} euros.", f"Fait le {sent:%d/%m/%Y}."]


def contract(key: str, sent: datetime, rng: Random) -> Attachment:
    """Make one of the two documents as it was before it was edited."""
    about = contract_properties(key, sent)
    data = office.word(about, contract_text(key, sent, CONTRACTS[key][3]), rng)
    return Attachment(CONTRACTS[key][2], DOCX, data, later(about.modified, 22))
