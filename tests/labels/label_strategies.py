"""What hypothesis draws for the tests of this room: keys, GS1 elements, hostile text."""

from datetime import date

from hypothesis import strategies as st

from labels import gs1

charset_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def numeric(low, high=None):
    return st.text("0123456789", min_size=low, max_size=high or low)


def alphanumeric(longest):
    return st.text(charset_82, min_size=1, max_size=longest)


def key(length):
    return numeric(length - 1).map(lambda body: body + gs1.check_digit(body))


days = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda day: day.strftime("%y%m%d"))
elements = st.one_of(
    st.tuples(st.just("00"), key(18)),
    st.tuples(st.sampled_from(["01", "02"]), key(14)),
    st.tuples(st.sampled_from(["11", "13", "15", "17"]), days),
    st.tuples(st.sampled_from(["10", "21"]), alphanumeric(20)),
    st.tuples(st.sampled_from(["30", "37"]), numeric(1, 8)),
    st.tuples(st.sampled_from(["3100", "3103", "3302"]), numeric(6)),
    st.tuples(st.sampled_from(["400", "403"]), alphanumeric(30)),
    st.tuples(st.just("410"), key(13)),
    st.tuples(st.just("421"), st.tuples(numeric(3), alphanumeric(9)).map("".join)),
    st.tuples(st.just("8008"), numeric(8, 12)),
    st.tuples(st.sampled_from(["91", "99"]), alphanumeric(90)),
)
element_sets = st.lists(elements, min_size=1, max_size=6, unique_by=lambda pair: pair[0])

printable_ascii = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)
hostile = st.one_of(
    st.text(max_size=40),
    st.text("^~\\_>,:{}<>&\"'|", max_size=20),
    st.sampled_from(
        [
            "^XZ^XA^JUS",
            "~JR",
            "_5E",
            "\\",
            "A\0B",
            "A\nB",
            "\u202eABC",
            "\u2066",
            "😀",
            "👨\u200d👩",
            "e\u0301",
            "\u0301",
            "\ud800",
            "한국어",
            "ابجد",
            "龑䶮㛃𬭎",
            "很长的名字" * 40,
            "W" * 200,
            "W" * 500,
            "",
            "   ",
            "\u3000",
        ]
    ),
)
