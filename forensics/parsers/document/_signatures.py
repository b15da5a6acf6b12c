"""The digital signatures of a package: what each covers, what of that is as it was signed, and what it leaves out.

Digests are compared here; whose key made a signature is `forensics.authenticity.document_signatures`' to say. What the
manifest states counts as the signature does only where the manifest itself is among what was signed.

Source: ECMA-376 part 2 (OPC) 10, [MS-OFFCRYPTO] 2.5.2, OASIS OpenDocument 1.3 part 2 section 5.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from forensics.model.document_signatures import MOST_NAMED, DigestOutcome, DocumentSignature, SignedReference
from forensics.model.locations import Locator, quote
from forensics.parsers._canonical_xml import NotCanonical
from forensics.parsers._gathering import Gathering
from forensics.parsers._xml import Element
from forensics.parsers.document._package import Part
from forensics.parsers.document._part_names import plain
from forensics.parsers.document._signature_claims import METHODS, claims
from forensics.parsers.document._signature_digests import RELATIONSHIPS, Digests, Missing, Signable, Untested
from forensics.parsers.document._signature_markup import (
    MOST_REFERENCES,
    SPACE,
    Markup,
    Sheet,
    Stated,
    attribute,
    decoded,
)

MOST_SIGNATURES = 20
"""Of one document."""
MOST_PARTS = 50
"""That are looked through for signatures."""
MOST_IN_ALL = 10_000
"""References of all signatures of one document, after which no more signature is read."""
MAX_BYTES = 8_000_000
"""Of a part that holds signatures."""
_MOST_INSIDE = 20
"""References of one signature to what stands beside it."""
_LEFT_OUT = frozenset(
    {"coreproperties", "extendedproperties", "customproperties", "origin", "signature", "thumbnail", "certificate"}
)
"""Relationships that Office never signs."""
Standing = Sequence[tuple[bytes, bytes]]
"""Names of the parts of a package, each also as `plain` writes it."""


class Kept(NamedTuple):
    """What of a package a signature need not cover, and what it says of the others' types."""

    own: frozenset[bytes]
    """Names of the parts that signatures are made of, as `plain` writes them."""
    type_of: Mapping[bytes, str]
    """Content types of parts by name, as `plain` writes it; empty: the format has none, or they are not known."""
    texts: re.Pattern[bytes]
    """Names of the parts that readers read: told first where they are left out."""
    sealed: bool = False
    """Whether parts are stored encrypted: what was signed is then not what stands there."""
    typed: bool = True
    """Whether parts have content types at all: the streams of a compound file have none."""
    unproved: frozenset[bytes] = frozenset()
    """Names of what programs sign in part, in a way that no signed file has proved: another digest says nothing."""


def signatures(package: Signable, names: Iterable[bytes], kept: Kept, gathering: Gathering) -> list[DocumentSignature]:
    """Return the signatures in parts of these names, and add what they say as facts and times."""
    found: list[DocumentSignature] = []
    digests = Digests(package)
    standing = [(name, plain(name)) for name in package.names if not name.endswith(b"/")]
    standing.sort(key=lambda one: kept.texts.fullmatch(one[0]) is None)
    for place, name in enumerate(names):
        if place >= MOST_PARTS:
            gathering.note(
                "signature_limit", f"more than {MOST_PARTS} parts may hold signatures; the others are not read"
            )
            break
        member = package.find(name)
        if member is not None and member.size > MAX_BYTES:
            gathering.note("signature_limit", f"{quote(name)} has {member.size} bytes, more than {MAX_BYTES}; not read")
            continue
        part = package.part(name)
        for markup in _markups(part) if part else ():
            if len(found) >= MOST_SIGNATURES or sum([len(one.references) for one in found]) > MOST_IN_ALL:
                text = f"{len(found)} signatures are read, limit {MOST_SIGNATURES} of {MOST_IN_ALL} references in all"
                gathering.note("signature_limit", text)
                return found
            found.append(_signature(standing, markup, digests, kept, gathering))
    return found


def _markups(part: Part) -> Iterator[Markup]:
    sheet = Sheet(part)
    return (Markup(sheet, one) for one in sheet.order if one.tag == f"{{{SPACE}}}Signature")


def _signature(
    standing: Standing, markup: Markup, digests: Digests, kept: Kept, gathering: Gathering
) -> DocumentSignature:
    inside, stated, signed = _references(markup)
    parts = [_compared(one, digests, kept) for one in stated[:MOST_REFERENCES]]
    own = kept.own | {plain(markup.part.path.partition(":")[2].encode())}
    uncovered, relationships = _uncovered(standing, stated, digests, own)
    value, info = markup.child("SignatureValue"), markup.child("SignedInfo")
    algorithm = attribute(markup.child("SignedInfo", "SignatureMethod"), "Algorithm")
    problem, canonical = "", b""
    if info is None or value is None:
        problem = "it has no SignedInfo or no value"
    elif len(stated) > MOST_REFERENCES:
        problem = f"it names more than {MOST_REFERENCES} parts"
    elif len(inside) > _MOST_INSIDE:
        problem = f"it names more than {_MOST_INSIDE} elements beside it"
    else:
        method = markup.child("CanonicalizationMethod", of=info)
        prefixes = markup.child("InclusiveNamespaces", of=method) if method else None
        try:
            canonical = markup.sheet.canonical(
                info, attribute(method, "Algorithm") or "none", tuple(attribute(prefixes, "PrefixList").split())
            )
        except NotCanonical as error:
            problem = str(error)
    claimed = claims(markup, signed, gathering)
    made = DocumentSignature(
        part=markup.part.path.partition(":")[2],
        method=METHODS.get(algorithm, algorithm[:120]),
        problem=problem,
        signed=canonical,
        value=decoded(value.value.text) if value else b"",
        certificates=markup.certificates(),
        rsa_key=markup.rsa_key(),
        unread_keys=markup.unread_keys(),
        named_certificate=claimed.certificate,
        tokens=claimed.tokens,
        references=(*inside[:_MOST_INSIDE], *parts),
        uncovered=tuple([quote(name) for name in uncovered[:MOST_NAMED]]),
        uncovered_count=len(uncovered),
        uncovered_relationships=tuple(relationships[:MOST_NAMED]),
        uncovered_relationships_count=len(relationships),
        claimed=claimed.time,
        opening=markup.opening(),
        place=markup.opening().locator,
    )
    _told(made, gathering)
    return made


def _references(markup: Markup) -> tuple[list[SignedReference], list[Stated], list[Element]]:
    """Return what it states of what stands beside it, what it states of parts, and the elements that are as it signed.

    Manifests count only within what it names: another one may say anything.
    """
    info = markup.child("SignedInfo")
    inside: list[SignedReference] = []
    stated: list[Stated] = []
    signed: list[Element] = []
    manifests: dict[int, Element] = {}

    def take(one: Stated) -> Element | None:
        if not one.beside:
            stated.append(one)
        elif len(inside) <= _MOST_INSIDE:  # one more than is read shows that there are more, as of parts
            compared, target = markup.inside(one)
            inside.append(compared)
            if target is not None and compared.outcome is DigestOutcome.SAME:
                signed.append(target)
            return target
        return None

    for one in markup.stated(info) if info else ():
        target = take(one)
        if target is not None:
            manifests |= {id(one): one for one in markup.named(target, "Manifest")}
    for manifest in manifests.values():
        for one in islice(markup.stated(manifest), max(0, MOST_REFERENCES + 1 - len(stated))):
            take(one)
    return inside, stated, signed


def _compared(stated: Stated, digests: Digests, kept: Kept) -> SignedReference:
    """Compare what a reference states of a part."""
    name, outcome, reason, form = _name(stated), DigestOutcome.UNTESTED, "", ""
    if not stated.known:
        reason = f"the hash {stated.method} is not known"
    elif ":" in stated.uri.partition("/")[0]:
        reason = "it is outside the document"
    elif kept.sealed:
        reason = "parts of the document are stored encrypted"
    else:
        try:
            same = digests.of(name, stated.method, stated.transforms) == stated.value
        except Untested as error:
            reason = str(error)
        except Missing:
            outcome, reason = DigestOutcome.MISSING, "no such part"
        else:
            outcome = DigestOutcome.SAME if same else DigestOutcome.OTHER
            if not same and plain(name) in kept.unproved:
                outcome, reason = DigestOutcome.UNTESTED, "a part of it is left out, and which is not proved"
            if outcome is DigestOutcome.OTHER and not stated.transforms:
                form = digests.form(name, stated.method, stated.value)
            if same:
                outcome, reason = _narrowed(stated, name, digests, kept)
    return SignedReference(
        name=quote(name) or "nothing",
        method=stated.method,
        outcome=outcome,
        reason=reason,
        form=form,
        relationships=any(one.algorithm == RELATIONSHIPS for one in stated.transforms),
        stated=stated.stated,
    )


def _name(stated: Stated) -> bytes:
    """Return the name of a part as `plain` writes it, but in the case in which it is written."""
    return stated.uri.partition("?")[0].lstrip("/").encode("utf-8", "surrogatepass")


def _narrowed(stated: Stated, name: bytes, digests: Digests, kept: Kept) -> tuple[DigestOutcome, str]:
    """Ask of a part with the stated digest whether it has the type that was signed, and whether anything was."""
    if any(one.algorithm == RELATIONSHIPS for one in stated.transforms):
        ids, types = set(stated.transforms[0].ids), set(stated.transforms[0].types)
        if not any(one.id in ids or one.kind in types for one in digests.relationships(name)):
            return DigestOutcome.UNTESTED, "it covers none of the relationships there"
    _, _, query = stated.uri.partition("?")
    key, _, wanted = query.partition("=")
    if key != "ContentType" or not kept.typed:
        return DigestOutcome.SAME, ""
    if not kept.type_of:
        return DigestOutcome.UNTESTED, "the content types of the document are not known"
    name = plain(name)
    found = kept.type_of.get(name) or kept.type_of.get(b"." + name.rpartition(b".")[2]) or ""
    same = found.strip().lower() == wanted.strip().lower()
    return (DigestOutcome.SAME if same else DigestOutcome.OTHER_TYPE), ""


def _uncovered(
    standing: Standing, stated: list[Stated], digests: Digests, own: frozenset[bytes]
) -> tuple[list[bytes], list[str]]:
    """Return the parts that nothing is stated of, and the relationships that are left out beside others."""
    covered = {plain(_name(one)) for one in stated} | own
    left = [name for name, spelled in standing if spelled not in covered]
    relationships: list[str] = []
    chosen: dict[bytes, tuple[set[str], set[str]]] = {}
    for one in stated:
        for step in one.transforms[:1]:
            if step.algorithm == RELATIONSHIPS:
                ids, types = chosen.setdefault(plain(_name(one)), (set(), set()))
                ids.update(step.ids)
                types.update(step.types)
    for name, (ids, types) in chosen.items():
        try:
            listed = digests.relationships(name)
        except (Untested, Missing):  # then what is stated of them is not as it was, or not tested
            continue
        for entry in listed:
            kind = entry.kind.rstrip("/").rpartition("/")[2]
            if entry.id not in ids and entry.kind not in types and kind.replace("-", "").lower() not in _LEFT_OUT:
                relationships.append(f"{quote(name)} {entry.id[:60]} {kind[:60]}")
    return left, relationships


def _told(made: DocumentSignature, gathering: Gathering) -> None:
    """Add what it states of each thing, and what it leaves out, as facts."""
    prefix = f"{gathering.area}.signature"
    opening = made.opening
    gathering.add_fact(prefix, f"{made.part} {made.method or 'no method'}", opening.locator, opening.raw)
    for one in made.references:
        more = f" ({one.reason})" if one.reason else f" (undone: {one.form})" if one.form else ""
        value = f"{one.name} {one.method} {one.outcome}{more}"
        gathering.add_fact(f"{prefix}_reference", value, one.stated.locator, one.stated.raw)
    for name in (*made.uncovered, *made.uncovered_relationships):
        place = Locator(path=f"xml:{made.part}#uncovered[{name}]")
        gathering.add_fact(f"{prefix}_uncovered", name, place, b"")
    if made.uncovered_relationships_count > MOST_NAMED:
        text = f"{made.part} leaves out {made.uncovered_relationships_count} relationships, {MOST_NAMED} are named"
        gathering.note("signature_uncovered", text)
    if made.uncovered_count > MOST_NAMED:
        text = f"{made.part} does not cover {made.uncovered_count} parts, of which {MOST_NAMED} are named"
        gathering.note("signature_uncovered", text)
    if made.problem:
        gathering.note("signature_untested", f"the signature in {made.part} is not tested: {made.problem}")
