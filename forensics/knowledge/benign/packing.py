"""What programs and people do to archives and packages, innocently."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="packing_order",
        tested=("rule", "record"),
        title=says("benign.packing_order", one="an order of the packing program"),
        wording=says(
            "benign.packing_order.wording",
            one="The program took the files as they were chosen or found, and the order of the others is chance.",
        ),
        settle=says(
            "benign.packing_order.settle",
            one="The same program, given the same files, packs them in the same order.",
        ),
    ),
    BenignCause(
        id="line_ends_changed",
        tested=("rule", "record"),
        title=says("benign.line_ends_changed", one="other line ends"),
        wording=says(
            "benign.line_ends_changed.wording",
            one="A program that moved the file between systems changed its line ends, as Git and mail do.",
        ),
        settle=says(
            "benign.line_ends_changed.settle",
            one="The file has the listed digest once its line ends are those of the system on which the list was made.",
        ),
    ),
    BenignCause(
        id="list_of_other_state",
        tested=("record",),
        title=says("benign.list_of_other_state", one="a list made before or after"),
        wording=says(
            "benign.list_of_other_state.wording",
            one="The list was made at another time, and the files were changed, added or deleted between as usual.",
        ),
        settle=says(
            "benign.list_of_other_state.settle",
            one="Whoever made the list can say when and from which folder; an older copy of the files fits it.",
        ),
    ),
    BenignCause(
        id="list_of_part",
        tested=("record",),
        title=says("benign.list_of_part", one="a part of what the list was made of"),
        wording=says(
            "benign.list_of_part.wording",
            one="The list was made of more, of less, or of some kinds of files only, and copied together with others.",
        ),
        settle=says(
            "benign.list_of_part.settle",
            one="The program or script that made the list shows which files it takes.",
        ),
    ),
    BenignCause(
        id="daylight_saving",
        tested=("rule", "record"),
        title=says("benign.daylight_saving", one="daylight saving time"),
        wording=says(
            "benign.daylight_saving.wording",
            one="Where the archive was packed, some of the files' dates fall into summer time and the others do not.",
        ),
        settle=says(
            "benign.daylight_saving.settle",
            one="Other archives of the same packer show the same two offsets at the same times of the year.",
        ),
    ),
    BenignCause(
        id="packed_twice",
        tested=("record",),
        title=says("benign.packed_twice", one="members were added in another season"),
        wording=says(
            "benign.packed_twice.wording",
            one=(
                "Some programs convert all times by the offset of the day on which they pack, and members were added "
                "before and after a change of the clock."
            ),
        ),
        settle=says(
            "benign.packed_twice.settle",
            one="Whoever packed the archive knows when members were added; their program does the same again.",
        ),
    ),
    BenignCause(
        id="members_of_several",
        tested=("record",),
        title=says("benign.members_of_several", one="members from several computers"),
        wording=says(
            "benign.members_of_several.wording",
            one="The archive was put together from archives that were packed in several places.",
        ),
        settle=says(
            "benign.members_of_several.settle",
            one="The archives that it was put together from, or whoever did so.",
        ),
    ),
    BenignCause(
        id="one_time_kept",
        tested=("record",),
        title=says("benign.one_time_kept", one="a program wrote only one of the two times"),
        wording=says(
            "benign.one_time_kept.wording",
            one=(
                "A program that changes a member in its place gives it a new local time and keeps the extra field as "
                "it was: so does Windows where a file is opened and saved inside an archive."
            ),
        ),
        settle=says(
            "benign.one_time_kept.settle",
            one="All members that went through that program show the same.",
        ),
    ),
    BenignCause(
        id="parts_taken_over",
        tested=("rule", "record"),
        title=says("benign.parts_taken_over", one="parts taken over from a template"),
        wording=says(
            "benign.parts_taken_over.wording",
            one=(
                "The program took parts over as they stood in a template or in the document that it opened, with "
                "their old times, and wrote the others."
            ),
        ),
        settle=says(
            "benign.parts_taken_over.settle",
            one="Other documents made from the same template have the same parts with the same times.",
        ),
    ),
    BenignCause(
        id="part_maintained",
        tested=("record",),
        title=says("benign.part_maintained", one="a program keeps single parts up to date"),
        wording=says(
            "benign.part_maintained.wording",
            one=(
                "Document management, labelling and add-ins change single parts of a package in its place, "
                "and reports are made by filling single parts of a finished document."
            ),
        ),
        settle=says(
            "benign.part_maintained.settle",
            one="Other documents of that system show the same parts with such marks; its operator knows the program.",
        ),
    ),
    BenignCause(
        id="member_added",
        tested=("record",),
        title=says("benign.member_added", one="members were added or replaced later"),
        wording=says(
            "benign.member_added.wording",
            one="Whoever keeps the archive added or replaced members with another program, as people do.",
        ),
        settle=says(
            "benign.member_added.settle",
            one="Whoever packed the archive knows it; an earlier copy lacks these members or has others.",
        ),
    ),
    BenignCause(
        id="marks_by_entry",
        tested=("rule", "record"),
        title=says("benign.marks_by_entry", one="the packing program marks members differently"),
        wording=says(
            "benign.marks_by_entry.wording",
            one="Some programs mark members otherwise that have permissions of Unix, are encrypted, or are very large.",
        ),
        settle=says(
            "benign.marks_by_entry.settle",
            one="An archive that the same program makes of such files shows the same.",
        ),
    ),
    BenignCause(
        id="archive_damaged",
        tested=("record",),
        title=says("benign.archive_damaged", one="damage"),
        wording=says(
            "benign.archive_damaged.wording",
            one="Bytes of the archive were damaged on a disk or in transit, or it was saved from a damaged disk.",
        ),
        settle=says(
            "benign.archive_damaged.settle",
            one="Another copy of the archive is whole; damage hits other places without sense too.",
        ),
    ),
    BenignCause(
        id="build_duplicates",
        tested=("record",),
        title=says("benign.build_duplicates", one="two sources of one name"),
        wording=says(
            "benign.build_duplicates.wording",
            one="The program packed files of two folders that have the same name, such as licences of two libraries.",
        ),
        settle=says(
            "benign.build_duplicates.settle",
            one="Other archives of the same program hold the same names twice.",
        ),
    ),
    BenignCause(
        id="packer_sets_time",
        tested=("rule", "record"),
        title=says("benign.packer_sets_time", one="the packing program sets the times"),
        wording=says(
            "benign.packer_sets_time.wording",
            one="The packing program gives members a time of its own: of a release, of a folder, of a fixed day.",
        ),
        settle=says(
            "benign.packer_sets_time.settle",
            one="Other archives of the same program give all their members one time.",
        ),
    ),
    BenignCause(
        id="coarse_store",
        tested=("record",),
        title=says("benign.coarse_store", one="a stick, a network drive or a program with coarse times"),
        wording=says(
            "benign.coarse_store.wording",
            one="The files were kept on a stick, a card or a network drive, where times are coarse, or were unpacked.",
        ),
        settle=says(
            "benign.coarse_store.settle",
            one="Whoever packed the archive knows where the files were; the same files elsewhere have exact times.",
        ),
    ),
    BenignCause(
        id="copied_set",
        tested=("record",),
        title=says("benign.copied_set", one="the files were copied before they were packed"),
        wording=says(
            "benign.copied_set.wording",
            one=(
                "Whoever collected the files copied or unpacked them first with a program that keeps no times; what "
                "the files say of themselves is as it was."
            ),
        ),
        settle=says(
            "benign.copied_set.settle",
            one="Whoever packed the archive knows how the files came together; the first copy has other times.",
        ),
    ),
    BenignCause(
        id="recorded_in_turn",
        tested=("record",),
        title=says("benign.recorded_in_turn", one="recorded one after another"),
        wording=says(
            "benign.recorded_in_turn.wording",
            one="A recorder, camera or instrument wrote the files in turn: the longer each took, the larger it is.",
        ),
        settle=says(
            "benign.recorded_in_turn.settle",
            one="What is in the files, and their own times, show whether they are such recordings.",
        ),
    ),
    BenignCause(
        id="months_from_zero",
        tested=("rule",),
        title=says("benign.months_from_zero", one="a program that counts months from 0"),
        wording=says(
            "benign.months_from_zero.wording",
            one="The program that wrote the package counts months from 0: one of the two times is a month early.",
        ),
        settle=says(
            "benign.months_from_zero.settle",
            one="Other files of the same program show the same for all members.",
        ),
    ),
    BenignCause(
        id="packed_in_other_zone",
        tested=("record",),
        title=says("benign.packed_in_other_zone", one="packed in another time zone"),
        wording=says(
            "benign.packed_in_other_zone.wording",
            one="Whoever packed the archive worked, travelled or had a computer in another time zone than the others.",
        ),
        settle=says(
            "benign.packed_in_other_zone.settle",
            one="Other archives and mails of the same hand show the same zone.",
        ),
    ),
    BenignCause(
        id="packed_elsewhere",
        tested=("record",),
        title=says("benign.packed_elsewhere", one="packed by somebody of that language"),
        wording=says(
            "benign.packed_elsewhere.wording",
            one="The owner of the files, or whoever packed them for good reasons, uses a system in that language.",
        ),
        settle=says(
            "benign.packed_elsewhere.settle",
            one="Other archives from the same hand have names in the same code page.",
        ),
    ),
    BenignCause(
        id="archive_writer",
        tested=("record",),
        title=says("benign.archive_writer", one="a habit of the packing program"),
        wording=says(
            "benign.archive_writer.wording",
            one=(
                "The program that packed the archive writes the two headers at different times, or writes only "
                "one of them in full."
            ),
        ),
        settle=says(
            "benign.archive_writer.settle",
            one="An archive made with the same program shows the same for all members.",
        ),
    ),
)
