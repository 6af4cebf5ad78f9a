"""Full names: nobody passes for the service by theirs, and it is neither markup nor an address."""

from typing import Any

import pytest

from apps.users import pool_attributes
from apps.users.full_names import find_fault
from tests.support.accounts import Applicant

IMPERSONATING = [
    "Admin", "the admin", "A d m i n", "Admin 2", "Nguyễn Văn Admin", "An (Moderator)", "Mode Rator",
    "Admin-Team", "Support", "Support Team", "Our Official Support VN", "Customer Service", "No Reply",
    "Help Desk", "Smart Cooking", "Smart Cooking Support", "smart.cooking", "SMARTCOOKING", "Bếp Thông Minh",
    "Bep thong minh", "Quản trị viên", "Quan tri vien An", "Ban Quản Trị", "Hỗ trợ khách hàng", "Hổ trợ An",
    "Kiểm duyệt viên", "Nhân viên hỗ trợ", "CSKH", "Ho tro", "Chính thức",
]  # fmt: skip
LOOKING_ALIKE = [
    "Аdmin", "Smаrt Cооking", "ΑDΜΙΝ", "ᴀᴅᴍɪɴ", "𝐀𝐝𝐦𝐢𝐧", "🅰dmin", "🇦🇩🇲🇮🇳", "Ａｄｍｉｎ", "Ádmìn", "Adm1n", "Adm!n",
    "@dmin", "Srnart C00king", "5mart Cooking", "Ad\u0335min", "A\u00addm\u00adin",
]  # fmt: skip
NO_NAMES = [
    "<b>An</b>", "An<script", "＜b＞An", "&lt;b&gt;", "&#60;", "evil.com", "An evil.vn", "evil.com/an",
    "http://evil", "www.evil.zz", "an@evil.example", "An bit.ly.com", "...", "—", "!!!", "An" + "\u0301" * 4,
]  # fmt: skip
NAMES = [
    "Nguyễn Thị Diệu Hạnh", "Dieu Hanh", "Hồ Trọng", "Trần Bảo Mật", "Nguyễn Chính Thức", "Đỗ Thị Tổng",
    "Văn Nhân", "Joe Root", "Le Gal", "Sarah Manager", "J.R.R. Tolkien", "St. John", "Mr. Co", "O'Brien",
    "Anne-Marie", "An & Bình", "An (Bếp nhỏ)", "Bếp nhà Minh", "Smart Mom", "Ada Min", "X Æ A-12", "3636",
    "Hello!", "🍜", "An 🍜", "李小龙", "Іван", "محمد", "สมชาย", "नमस्ते", "Ng\u0302\u0301o",
]  # fmt: skip


@pytest.mark.parametrize("name", [*IMPERSONATING, *LOOKING_ALIKE])
def test_names_that_pass_for_the_service_are_reserved(name: str) -> None:
    assert find_fault(name) == "reserved"


@pytest.mark.parametrize("name", NO_NAMES)
def test_markup_and_addresses_are_no_names(name: str) -> None:
    assert find_fault(name) == "not_a_name"


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_are_free_whatever_they_contain(name: str) -> None:
    assert find_fault(name) is None


@pytest.mark.parametrize(
    ("name", "code"), [("Smart Cооking", "reserved"), ("<b>An</b>", "not_a_name"), ("\u3164", "blank")]
)
def test_a_profile_cannot_be_registered_under_or_renamed_to_such_a_name(
    api: Any, applicant: Applicant, ana: Any, name: str, code: str
) -> None:
    registered = api.post("/v1/auth/register", json=applicant.as_json() | {"full_name": name})
    renamed = api.patch("/v1/users/me", json={"full_name": name}, token=ana.token)

    for answer in (registered, renamed):
        assert (answer.status_code, [(one["field"], one["code"]) for one in answer.json()["errors"]]) == (
            400,
            [("full_name", code)],
        )


@pytest.mark.parametrize("held", ["Smart Cооking Support", "<b>An</b>", "evil.com", "\u3164"])
def test_such_a_name_in_the_pool_is_not_believed(held: str) -> None:
    assert pool_attributes.name_of({"name": held}) == ""
