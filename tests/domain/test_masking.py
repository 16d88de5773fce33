"""What may stand of a person on a posted notice: never the whole name, never a number that can be called."""

from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.masking import mask_name, mask_number

NAMES = st.text(st.characters(whitelist_categories=("Lu", "Ll", "Lo")), min_size=1, max_size=30)


@given(NAMES)
def test_a_masked_name_is_as_long_and_never_the_name(name):
    masked = mask_name(name)
    assert len(masked) == len(name) and masked != name and "*" in masked


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_each_part_of_a_name_is_masked(parts):
    assert all("*" in part for part in mask_name(" ".join(parts)).split(" "))


@given(st.text("0123456789 ", min_size=1, max_size=25))
def test_at_most_four_digits_and_half_of_a_number_are_shown(number):
    shown = mask_number(number).replace("*", "")
    assert len(shown) <= min(4, len(number) // 2) and number.strip().endswith(shown)


def test_worked_examples():
    assert mask_name("阿依古丽·托合塔尔") == "阿**丽·托**尔"
    assert (mask_number("13812345678"), mask_number("12")) == ("*******5678", "*2")
