"""What an opened case says of signatures and of the keys that open them."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from forensics.casestore import Queries
from forensics.model.key_lines import KeyLine, KeyUse, SignatureVerdict
from forensics.model.rows.chains import ChainRow
from forensics.model.signer_lines import SignedPartLine, SignerKeyLine, SignerUse
from forensics.model.summary import ItemFacts
from forensics.reader.lines import Lines
from forensics.reader.sealing.gate import Gate
from forensics.reader.stored_keys import read_keys, read_uses
from forensics.reader.stored_signatures import read_chain, read_signatures
from forensics.reader.stored_signed_parts import read_signed_parts
from forensics.reader.stored_signers import read_signer_keys, read_signers


class Signing(ABC):
    """The part of `Case` that is about signatures."""

    _tables: Callable[[], Queries]
    """Gives the tables of the case."""

    @abstractmethod
    def _gate(self) -> Gate:
        """Return what everything passes that is shown."""

    def keys(self) -> Lines[KeyLine]:
        """Return the keys that the case has, by domain and selector, with what each opens, as it was last judged."""
        return read_keys(self._tables()).changed(self._gate().clean)

    def key_coverage(self) -> Lines[KeyUse]:
        """Return the selectors that signatures use and the key at hand for each, as the case was last judged.

        First come those whose keys would decide most mails.
        """
        return read_uses(self._tables()).changed(self._gate().clean)

    def signer_keys(self) -> Lines[SignerKeyLine]:
        """Return the authors' keys that the case has, by address, with what each opens, as it was last judged."""
        return read_signer_keys(self._tables()).changed(self._gate().signer_key)

    def signer_coverage(self) -> Lines[SignerUse]:
        """Return the authors who sign with S/MIME or OpenPGP and the key at hand for each, as the case was last judged.

        First come those whose keys would decide most mails.
        """
        return read_signers(self._tables()).changed(self._gate().clean)

    def signatures(self, facts: ItemFacts) -> tuple[SignatureVerdict, ...]:
        """Return what the signatures of a mail say under the keys at hand, as the case was last judged."""
        shown = facts.ref.sha256 and not self._gate().seals(facts.ref.sha256)
        return self._gate().clean(read_signatures(self._tables(), [facts.ref.sha256] if shown else []))

    def chain(self, facts: ItemFacts) -> ChainRow | None:
        """Return what a verifier says of the ARC chain of a mail under the keys at hand; none where it has no chain."""
        if self._gate().seals(facts.ref.sha256):
            return None
        return self._gate().clean(read_chain(self._tables(), facts.ref.sha256))

    def signed_parts(self, facts: ItemFacts) -> tuple[SignedPartLine, ...]:
        """Return what the parts of a mail say that its author signed or encrypted, as the case was last judged."""
        if self._gate().seals(facts.ref.sha256):
            return ()
        return self._gate().clean(read_signed_parts(self._tables(), facts.ref.sha256))
