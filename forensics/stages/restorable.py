"""Query of the mails whose signed body is unknown, with the mails that may still have its words."""

import msgspec

from forensics.authenticity.repairs.bodies import Target
from forensics.model.locations import Location
from forensics.stages.broken_mails import ROUTES

WITNESSES = 4
"""Mails of each part that are read for one mail."""
STEPS = 4
"""Repairs that restored most mails of its route."""

RESTORABLE = f"""
WITH {ROUTES},
wanted AS MATERIALIZED (
    SELECT item, sha256, location, route FROM routes JOIN flat.items USING (item)
    WHERE NOT holds AND sha256 NOT IN (SELECT sha256 FROM repairs WHERE part = 'body')),
ways AS (
    SELECT route, list(steps ORDER BY n DESC, steps)[:{STEPS}] AS ways
    FROM (SELECT route, steps, count(DISTINCT sha256) AS n FROM repairs JOIN flat.items USING (sha256)
          JOIN routes USING (item)
          WHERE part = 'body' GROUP BY ALL) GROUP BY route),
told AS (
    SELECT original_sha256 AS sha256, sha256 AS other, 'answer' AS part, same + differing AS n FROM quotes
    UNION ALL SELECT sha256, original_sha256, 'quoted', same + differing FROM quotes
    UNION ALL SELECT sha256, other_sha256, 'copy', 1 FROM copies
    UNION ALL SELECT other_sha256, sha256, 'copy', 1 FROM copies),
others AS (
    SELECT t.sha256, part, other, i.location, n FROM told t SEMI JOIN wanted USING (sha256)
    JOIN flat.items i ON i.sha256 = other WHERE n > 0 AND other <> t.sha256
    UNION ALL
    SELECT c.sha256, 'original', original_sha256, o.location, 1 FROM counterparts c SEMI JOIN wanted USING (sha256)
    JOIN (SELECT sha256, arg_min(location, location_text) AS location FROM originals GROUP BY sha256) o
        ON o.sha256 = original_sha256 WHERE c.mail AND outcome <> 'identical'),
few AS (
    SELECT sha256, part, other, any_value(location) AS location, max(n) AS n FROM others GROUP BY sha256, part, other
    QUALIFY row_number() OVER (PARTITION BY sha256, part ORDER BY max(n) DESC, other) <= {WITNESSES}),
witnesses AS (
    SELECT sha256, list({{'sha256': other, 'part': part, 'location': location}}
        ORDER BY list_position(['original', 'copy', 'answer', 'quoted'], part), n DESC, other) AS witnesses
    FROM few GROUP BY sha256),
stated AS (
    SELECT s.sha256, list({{
        'kind': kind, 'index': index, 'domain': "domain", 'selector': selector, 'canonicalization': canonicalization,
        'body_length': body_length, 'algorithm': algorithm, 'body_hash_stated': body_hash_stated
        }} ORDER BY kind DESC, index) AS signatures
    FROM signatures s SEMI JOIN wanted USING (sha256)
    WHERE kind NOT IN ('as', 'google') AND body_hash <> '' AND body_hash_stated <> '' GROUP BY s.sha256)
SELECT w.sha256, w.location, coalesce(ways, []) AS ways, signatures, witnesses
FROM wanted w JOIN witnesses USING (sha256) JOIN stated USING (sha256) LEFT JOIN ways USING (route)
ORDER BY w.location, w.sha256
"""
"""Mails of which no body hash holds, repaired or not, and that have a version, an answer with a quote, or quotes."""


class Stated(msgspec.Struct, frozen=True):
    """What a signature states of the body."""

    kind: str
    index: int
    domain: str
    selector: str
    canonicalization: str
    body_length: int | None
    algorithm: str
    body_hash_stated: str

    @property
    def target(self) -> Target | None:
        """The hash to meet; ``None``: its form is unknown."""
        name = "sha1" if self.algorithm.endswith("-sha1") else "sha256"
        return Target.of(self.canonicalization, self.body_length, name, self.body_hash_stated)


class Witness(msgspec.Struct, frozen=True):
    """A mail that may still have the words."""

    sha256: str
    part: str
    location: str
    """JSON text of a `Location`."""


class Restorable(msgspec.Struct, frozen=True):
    """A row of `RESTORABLE`."""

    sha256: str
    location: Location
    ways: list[list[str]]
    """Steps that restored bodies of its route, the most frequent first."""
    signatures: list[Stated]
    witnesses: list[Witness]
    """Those first that have most of its text."""
