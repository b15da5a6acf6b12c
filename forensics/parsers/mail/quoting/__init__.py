"""What a text says of the mails that it quotes: the lines and header blocks by which clients introduce a quote.

`reader` finds them in the texts of a message; `attributions` reads lines such as ``On ..., X wrote:``, `blocks` header
blocks such as Outlook's, `times` the time in either, and `lines` gives the lines around a place.
"""
