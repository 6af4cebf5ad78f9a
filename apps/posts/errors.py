"""Errors of the posts app."""

from apps.core.errors import Conflict, DomainError, NotFound
from apps.core.language import Text


class PostNotFound(NotFound):
    code = "post_not_found"
    title = Text("Không có bài đăng này", "There is no such post")


class PostExists(Conflict):
    code = "post_exists"
    title = Text("Bài đăng này đã được tạo", "This post was created already")


class CommentNotFound(NotFound):
    code = "comment_not_found"
    title = Text("Không có bình luận này", "There is no such comment")


class CommentExists(Conflict):
    code = "comment_exists"
    title = Text("Bình luận này đã được tạo", "This comment was created already")


class NotACommentToReplyTo(DomainError):
    """Replies have one level."""

    code = "reply_to_reply"
    title = Text("Không thể trả lời một câu trả lời", "Replies cannot be replied to")


class ReactionNotFound(NotFound):
    code = "reaction_not_found"
    title = Text("Bạn chưa bày tỏ cảm xúc ở đây", "You have not reacted to this")
