"""Clocks, zones and dates that were wrong or set by a program."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="sender_clock",
        tested=("rule", "explainer", "record"),
        title=says("benign.sender_clock", one="the sender's clock was wrong"),
        wording=says(
            "benign.sender_clock.wording",
            one="The clock of the computer that wrote the mail was fast or slow.",
        ),
        settle=says(
            "benign.sender_clock.settle",
            one=(
                "Other mails from the same computer in those days show the same difference, or the first "
                "server's log gives the true time."
            ),
        ),
    ),
    BenignCause(
        id="author_clock",
        tested=("record",),
        title=says("benign.author_clock", one="the author's clock was wrong"),
        wording=says(
            "benign.author_clock.wording",
            one="The clock of the computer that saved the document was fast.",
        ),
        settle=says(
            "benign.author_clock.settle",
            one="Other documents saved on the same computer in those days show the same difference.",
        ),
    ),
    BenignCause(
        id="camera_clock",
        tested=("rule", "record"),
        title=says("benign.camera_clock", one="the camera's clock was wrong"),
        wording=says(
            "benign.camera_clock.wording",
            one="Nobody had set the camera's clock, or its battery had run out.",
        ),
        settle=says(
            "benign.camera_clock.settle",
            one="Other pictures from the same camera show the same difference, or the camera still does.",
        ),
    ),
    BenignCause(
        id="clock_skew",
        tested=("rule", "explainer", "record"),
        title=says("benign.clock_skew", one="a server's clock was wrong"),
        wording=says(
            "benign.clock_skew.wording",
            one="The clock of one of the relays was fast or slow in those days.",
        ),
        settle=says(
            "benign.clock_skew.settle",
            one=(
                "Other mails that passed the same relay in those days, in this archive or elsewhere, show the "
                "same difference."
            ),
        ),
    ),
    BenignCause(
        id="wrong_offset",
        tested=("rule", "record"),
        title=says("benign.wrong_offset", one="a clock had the wrong time zone"),
        wording=says(
            "benign.wrong_offset.wording",
            one="A computer showed the right local time under the wrong UTC offset.",
        ),
        settle=says(
            "benign.wrong_offset.settle",
            one="Other mails from the same computer are off by the same whole number of hours.",
        ),
    ),
    BenignCause(
        id="timezone_misconfigured",
        tested=("rule", "record"),
        title=says("benign.timezone_misconfigured", one="a time zone was set by hand"),
        wording=says(
            "benign.timezone_misconfigured.wording",
            one="Somebody set a time zone by hand, or a computer did not know a change in the zone's rules.",
        ),
        settle=says(
            "benign.timezone_misconfigured.settle",
            one="Other mails from the same computer carry the same offset.",
        ),
    ),
    BenignCause(
        id="weekday_other_zone",
        tested=("rule", "record"),
        title=says("benign.weekday_other_zone", one="the weekday of another time zone"),
        wording=says(
            "benign.weekday_other_zone.wording",
            one="A program took the weekday from the UTC calendar and the day from the local one.",
        ),
        settle=says(
            "benign.weekday_other_zone.settle",
            one="Other mails from the same program, sent near midnight, show the same.",
        ),
    ),
    BenignCause(
        id="as_of_wrong",
        tested=("record",),
        title=says("benign.as_of_wrong", one="the date of capture is wrong"),
        wording=says(
            "benign.as_of_wrong.wording",
            one=(
                "The archive was captured later than stated, or the examining computer's clock was slow at the "
                "first scan."
            ),
        ),
        settle=says(
            "benign.as_of_wrong.settle",
            one="The custody log, and whoever captured the archive, can give the day.",
        ),
    ),
    BenignCause(
        id="date_set_by_tool",
        tested=("record",),
        title=says("benign.date_set_by_tool", one="a tool set the date"),
        wording=says(
            "benign.date_set_by_tool.wording",
            one="A converter, a download or a synchronisation program wrote one of the dates, not the person at work.",
        ),
        settle=says(
            "benign.date_set_by_tool.settle",
            one="Other files that went through the same tool show the same.",
        ),
    ),
    BenignCause(
        id="local_time_as_utc",
        tested=("rule", "record"),
        title=says("benign.local_time_as_utc", one="local time written as UTC"),
        wording=says(
            "benign.local_time_as_utc.wording",
            one="A program wrote its local time and marked it as UTC.",
        ),
        settle=says(
            "benign.local_time_as_utc.settle",
            one="Other documents from the same program and place are off by the same number of whole hours.",
        ),
    ),
    BenignCause(
        id="zone_changed",
        tested=("rule", "record"),
        title=says("benign.zone_changed", one="the clock was moved to another time zone"),
        wording=says(
            "benign.zone_changed.wording",
            one="The computer or camera travelled, or summer time ended, between the two times.",
        ),
        settle=says(
            "benign.zone_changed.settle",
            one="Other files from the same device in those days change by the same number of hours.",
        ),
    ),
    BenignCause(
        id="told_by_server",
        tested=("rule",),
        title=says("benign.told_by_server", one="its own server already shows it"),
        wording=says(
            "benign.told_by_server.wording",
            one="The mail's own trace already contradicts its Date: one wrong clock is one finding.",
        ),
        settle=says(
            "benign.told_by_server.settle",
            one="The finding on the mail's trace fields says what would settle it.",
        ),
    ),
)
