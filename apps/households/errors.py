"""Errors of the households app."""

from apps.core.errors import Conflict, DomainError, Forbidden, NotFound
from apps.core.language import Text


class HouseholdNotFound(NotFound):
    code = "household_not_found"
    title = Text("Bạn chưa ở trong gia đình nào", "You belong to no household")


class MemberNotFound(NotFound):
    code = "member_not_found"
    title = Text("Không có thành viên này", "There is no such member")


class InvitationNotFound(NotFound):
    """Absent, expired, for somebody else, or of a household that the caller may not join."""

    code = "household_invitation_not_found"
    title = Text("Không có lời mời này hoặc lời mời đã hết hạn", "There is no such invitation, or it has expired")


class AlreadyInHousehold(Conflict):
    code = "already_in_household"
    title = Text("Bạn đã ở trong một gia đình", "You belong to a household already")


class AlreadyMember(Conflict):
    code = "already_member"
    title = Text("Người này đã là thành viên", "This person is a member already")


class HouseholdFull(Conflict):
    code = "household_full"
    title = Text("Gia đình đã đủ 10 thành viên", "The household has ten members already")


class TooManyInvitations(Conflict):
    code = "too_many_invitations"
    title = Text("Có quá nhiều lời mời đang mở", "Too many invitations are open")


class OwnersOnly(Forbidden):
    code = "owners_only"
    title = Text("Chỉ chủ gia đình mới làm được việc này", "Only an owner of the household can do this")


class OwnerNeeded(Conflict):
    code = "owner_needed"
    title = Text("Gia đình cần ít nhất một chủ", "A household needs at least one owner")


class NotInHousehold(DomainError):
    """One of the named eaters is not a member."""

    code = "not_in_household"
    title = Text("Có người không thuộc gia đình của bạn", "Somebody named does not belong to your household")
