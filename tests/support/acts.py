"""A request of each operation that changes something, by whoever may send it: rows for tests of all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from tests.support import accounts, belongings, images, moderators, recipes, society
from tests.support.accounts import RESET_CODE, SIGN_UP_CODE
from tests.support.belongings import Stage
from tests.support.people import PASSWORD

_OTHER_PASSWORD = "Xoi-gac-456!"


@dataclass
class Act:
    """A request, and who sends it."""

    body: Any = None
    ids: dict[str, str] = field(default_factory=dict)
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


Maker = Callable[[Stage], Act]


def _own(made: Callable[[Stage], dict[str, str]], body: Any = None) -> Maker:
    return lambda on: Act(body, made(on), on.ana.token)


def _plain(body: Any = None) -> Maker:
    return lambda on: Act(body, {}, on.ana.token)


def _by_ben(made: Callable[[Stage], dict[str, str]], body: Any = None) -> Maker:
    return lambda on: Act(body, {**made(on), "user_id": on.ana.id}, on.ben.token)


def _registered(on: Stage) -> accounts.Applicant:
    name = accounts.fresh_name()
    made = accounts.Applicant(name, f"{name}@example.com")
    assert on.api.post("/v1/auth/register", json=made.as_json()).status_code == 201
    return made


def _register(_on: Stage) -> Act:
    name = accounts.fresh_name()
    return Act(accounts.Applicant(name, f"{name}@example.com").as_json())


def _confirm(on: Stage) -> Act:
    return Act({"username": _registered(on).username, "code": SIGN_UP_CODE})


def _reset(on: Stage) -> Act:
    assert on.api.post("/v1/auth/forgot-password", json={"username": on.ana.username}).status_code == 202
    return Act({"username": on.ana.username, "code": RESET_CODE, "new_password": _OTHER_PASSWORD})


def _change_email(on: Stage) -> Act:
    return Act({"email": f"{accounts.fresh_name()}@example.com", "password": PASSWORD}, {}, on.ana.token)


def _confirm_email(on: Stage) -> Act:
    from apps.users import email_changes  # noqa: PLC0415  reads settings
    from apps.users.repositories import stored_accounts  # noqa: PLC0415  reads settings

    asked = _change_email(on)
    assert on.api.post("/v1/auth/change-email", json=asked.body, token=on.ana.token).status_code == 202
    row = stored_accounts.find_email_change(on.ana.id)
    assert row is not None
    return Act({"code": email_changes.code_of(row)}, {}, on.ana.token)


def _verify_mfa(on: Stage) -> Act:
    import pyotp  # noqa: PLC0415

    secret = on.post("auth/mfa", password=PASSWORD)["secret"]
    return Act({"password": PASSWORD, "code": pyotp.TOTP(secret).now()}, {}, on.ana.token)


def _log_in(on: Stage) -> Act:
    return Act({"username": on.ana.username, "password": PASSWORD})


def _browser(body: Callable[[Stage], Any]) -> Maker:
    return lambda on: Act(body(on), {}, None, {"X-Smart-Cooking": "web", "Cookie": f"session={on.ana.refresh_token}"})


def _friend_request(on: Stage) -> Act:
    return Act({"user_id": on.ben.id, "message": "Chào bạn!"}, {}, on.ana.token)


def _shown(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ben)["id"]
    recipes.publish(recipe)
    return {"recipe_id": recipe}


def _cook(on: Stage) -> Act:
    return Act({"recipe_id": recipes.create(on.api, on.ana)["id"]}, {}, on.ana.token)


def _household_invitation(on: Stage) -> Act:
    on.post("household", name="Nhà Ana")
    return Act({"username": on.ben.username}, {}, on.ana.token)


def _import_ready(on: Stage) -> Act:
    found = belongings.imported(on)
    draft = on.api.get(f"/v1/imports/{found['import_id']}", token=on.ana.token).json()["recipes"][0]
    return Act({"recipes": [{"draft_id": draft["draft_id"]}]}, found, on.ana.token)


def _shopping(on: Stage) -> Act:
    recipe = recipes.create(on.api, on.ana)["id"]
    return Act({"recipes": [{"recipe_id": recipe, "servings": 2}]}, {}, on.ana.token)


def _use(on: Stage) -> Act:
    lot, session = belongings.lot(on), belongings.session(on)
    use = {"ingredient_id": lot["ingredient_id"], "quantity": 100, "unit": "g"}
    return Act({"items": [use], "session_id": session["session_id"]}, {}, on.ana.token)


def _change_plan(on: Stage) -> Act:
    plan = belongings.plan(on)
    slots = on.api.get(f"/v1/plans/{plan['plan_id']}", token=on.ana.token).json()["slots"]
    return Act({"slots": [{"id": slots[0]["id"], "locked": True}]}, plan, on.ana.token)


def _planned(on: Stage) -> dict[str, str]:
    recipe = _shown(on)["recipe_id"]
    plan = belongings.plan(on)
    slots = on.api.get(f"/v1/plans/{plan['plan_id']}", token=on.ana.token).json()["slots"]
    change = {"slots": [{"id": slots[0]["id"], "recipe_id": recipe}]}
    assert on.api.patch(f"/v1/plans/{plan['plan_id']}", json=change, token=on.ana.token).status_code == 200
    return plan


def _shared_recipe(on: Stage) -> Act:
    recipe = recipes.create(on.api, on.ana)["id"]
    post = society.post(on.api, on.ana, recipe_id=recipe, share_recipe=True)["id"]
    return Act(None, {"post_id": post}, on.ben.token)


def _report_post(on: Stage) -> Act:
    post = society.post(on.api, on.ben)["id"]
    return Act({"target_type": "post", "target_id": post, "reason": "spam", "note": "Quảng cáo"}, {}, on.ana.token)


def _appeal(on: Stage) -> Act:
    recipe, mod = recipes.create(on.api, on.ana)["id"], moderators.make()
    hide = f"/v1/moderation/recipes/{recipe}/hide"
    assert on.api.post(hide, json={"reason": "sai"}, token=mod.token).status_code == 200
    return Act({"target_type": "recipe", "target_id": recipe, "text": "Món này đúng."}, {}, on.ana.token)


def _decide(on: Stage) -> Act:
    recipe = recipes.create(on.api, on.ana)["id"]
    return Act({"reason": "sai"}, {"kind": "recipes", "target_id": recipe, "act": "hide"}, moderators.make().token)


def _suggestion(on: Stage) -> Act:
    found = on.post("suggestions", ingredients=["thịt bò", "cà chua"], recipe_count=1)
    return Act({"accepted": True}, {"suggestion_id": found["id"]}, on.ana.token)


def _uploaded(on: Stage) -> Act:
    form = images.request_upload(on.api, on.ana)
    assert images.post(form, images.encoded(images.picture((64, 48)))) == 204
    return Act(None, {"upload_id": form["id"]}, on.ana.token)


def _consent(on: Stage) -> Act:
    return Act({"version": settings.TERMS_VERSION}, {}, on.ana.token)


def _preferences(on: Stage) -> Act:
    return Act({"allergies": ["fish"]}, {}, on.ana.token)


_REACTION = {"reaction": "wow"}
_LOT = {"quantity": 2, "unit": "kg"}
_STARS = {"stars": 4, "comment": "Ngon"}

ROWS: dict[str, Maker] = {
    "post /v1/appeals": _appeal,
    "post /v1/auth/change-email": _change_email,
    "post /v1/auth/change-email/confirm": _confirm_email,
    "post /v1/auth/change-password": _plain({"old_password": PASSWORD, "new_password": _OTHER_PASSWORD}),
    "post /v1/auth/change-username": lambda on: Act(
        {"username": accounts.fresh_name(), "password": PASSWORD}, {}, on.ana.token
    ),
    "post /v1/auth/confirm": _confirm,
    "post /v1/auth/forgot-password": lambda on: Act({"username": on.ana.username}),
    "post /v1/auth/login": _log_in,
    "post /v1/auth/logout": lambda on: Act({"refresh_token": on.ana.refresh_token}, {}, on.ana.token),
    "post /v1/auth/mfa": _plain({"password": PASSWORD}),
    "post /v1/auth/mfa/verify": _verify_mfa,
    "post /v1/auth/refresh": lambda on: Act({"refresh_token": on.ana.refresh_token}),
    "post /v1/auth/register": _register,
    "post /v1/auth/resend-code": lambda on: Act({"username": _registered(on).username}),
    "post /v1/auth/reset-password": _reset,
    "post /v1/cooking/sessions": _cook,
    "patch /v1/cooking/sessions/{session_id}": _own(belongings.session, {"current_step": 1}),
    "post /v1/cooking/sessions/{session_id}/abandon": _own(belongings.session),
    "post /v1/cooking/sessions/{session_id}/complete": _own(belongings.session, {"notes": "Bớt muối"}),
    "post /v1/friends/requests": _friend_request,
    "post /v1/friends/requests/{user_id}/accept": _by_ben(belongings.request),
    "post /v1/friends/requests/{user_id}/reject": _by_ben(belongings.request),
    "post /v1/household": _plain({"name": "Nhà Ana"}),
    "patch /v1/household": _own(belongings.household, {"name": "Nhà khác"}),
    "post /v1/household/invitations": _household_invitation,
    "post /v1/household/invitations/{code}/accept": lambda on: Act({}, belongings.invitation(on), on.ben.token),
    "patch /v1/household/members/{user_id}": _own(belongings.member, {"role": "owner"}),
    "post /v1/imports": _plain({"text": "Rau luộc\nNguyên liệu:\n- 1 bó rau muống\nCách làm:\n- Luộc rau."}),
    "post /v1/imports/{import_id}/accept": _import_ready,
    "post /v1/ingredients/validate": _plain({"ingredients": ["thịt bò"]}),
    "post /v1/lists": _shopping,
    "post /v1/lists/{list_id}/done": _own(belongings.shopping_list),
    "put /v1/lists/{list_id}/items/{item_id}": _own(belongings.shopping_list, {"checked": True}),
    "post /v1/moderation/{kind}/{target_id}/{act}": _decide,
    "post /v1/notifications/{notification_id}/read": _own(belongings.notification),
    "post /v1/notifications/read-all": _plain(),
    "post /v1/pantry": _plain({"text": "2 quả cà chua"}),
    "put /v1/pantry/{ingredient_id}": _own(belongings.lot, _LOT),
    "post /v1/pantry/{ingredient_id}/lots": _own(belongings.lot, _LOT),
    "patch /v1/pantry/{ingredient_id}/lots/{lot_id}": _own(belongings.lot, _LOT),
    "post /v1/pantry/use": _use,
    "post /v1/plans": _plain({"start": "2027-03-01", "days": 1, "meals": ["dinner"]}),
    "patch /v1/plans/{plan_id}": _change_plan,
    "post /v1/plans/{plan_id}/calendar": _own(belongings.plan),
    "post /v1/plans/{plan_id}/copy": _own(belongings.plan, {"start": "2027-04-01"}),
    "post /v1/plans/{plan_id}/list": _own(_planned),
    "post /v1/posts": _plain({"content": "Hôm nay nấu canh chua."}),
    "patch /v1/posts/{post_id}": _own(belongings.comment, {"content": "Đổi món."}),
    "post /v1/posts/{post_id}/comments": _own(belongings.comment, {"content": "Ngon!"}),
    "patch /v1/posts/{post_id}/comments/{comment_id}": _own(belongings.comment, {"content": "Ngon!"}),
    "put /v1/posts/{post_id}/comments/{comment_id}/reaction": _own(belongings.comment, _REACTION),
    "put /v1/posts/{post_id}/reaction": _own(belongings.comment, _REACTION),
    "post /v1/posts/{post_id}/recipe": _shared_recipe,
    "post /v1/recipes": lambda on: Act(recipes.body(), {}, on.ana.token),
    "patch /v1/recipes/{recipe_id}": _own(belongings.recipe, {"title": "Tên khác"}),
    "put /v1/recipes/{recipe_id}/favorite": _own(_shown),
    "put /v1/recipes/{recipe_id}/rating": _own(_shown, _STARS),
    "put /v1/recipes/{recipe_id}/tags": _own(belongings.recipe, {"tags": ["quick"]}),
    "post /v1/reports": _report_post,
    "post /v1/session": _browser(lambda on: {"username": on.ana.username, "password": PASSWORD}),
    "post /v1/session/refresh": _browser(lambda _on: None),
    "post /v1/suggestions": _plain({"ingredients": ["thịt bò", "cà chua"], "recipe_count": 1}),
    "post /v1/suggestions/{suggestion_id}/feedback": _suggestion,
    "post /v1/uploads": _plain({"purpose": "post", "content_type": "image/jpeg", "size": 1000}),
    "post /v1/uploads/{upload_id}/complete": _uploaded,
    "patch /v1/users/me": _plain({"bio": "Thích nấu món miền Trung."}),
    "put /v1/users/me/consent": _consent,
    "post /v1/users/me/export": _plain(),
    "patch /v1/users/me/notification-settings": _plain({"language": "en"}),
    "put /v1/users/me/preferences": _preferences,
    "patch /v1/users/me/privacy": _plain({"history": "friends"}),
    "put /v1/users/{user_id}/block": lambda on: Act(None, {"user_id": on.ben.id}, on.ana.token),
}
