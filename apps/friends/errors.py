"""Errors of the friends app."""

from apps.core.errors import Conflict, DomainError, NotFound
from apps.core.language import Text


class Oneself(DomainError):
    code = "oneself"
    title = Text("Không thể làm điều này với chính mình", "You cannot do this to yourself")


class AlreadyFriends(Conflict):
    code = "already_friends"
    title = Text("Hai người đã là bạn bè", "You are already friends")


class AlreadyRequested(Conflict):
    code = "already_requested"
    title = Text("Bạn đã gửi lời mời kết bạn", "You have already sent a friend request")


class TooManyFriends(Conflict):
    """Either of the two people: the error does not say which, since the other's number of friends is private."""

    code = "too_many_friends"
    title = Text("Một trong hai người đã đạt giới hạn số bạn bè", "One of you has reached the limit of friends")


class RequestNotFound(NotFound):
    code = "friend_request_not_found"
    title = Text("Không có lời mời kết bạn này", "There is no such friend request")


class BlockNotFound(NotFound):
    code = "block_not_found"
    title = Text("Bạn chưa chặn người này", "You have not blocked this person")


class FriendNotFound(NotFound):
    code = "friend_not_found"
    title = Text("Hai người chưa là bạn bè", "You are not friends")
