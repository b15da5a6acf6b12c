"""Second copies of a clean mail as the world makes them: nothing that it says is changed.

Each form is one lawful cause; some mails cannot take some (a mail without a link has none to be rewritten).
"""

from samples.planting.lawful import anew, gateways, lists, mailboxes
from samples.planting.lawful.form import Form

FORMS: tuple[Form, ...] = (*mailboxes.FORMS, *lists.FORMS, *anew.FORMS, *gateways.FORMS)
