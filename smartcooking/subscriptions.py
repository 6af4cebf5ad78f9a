"""Which tasks subscribe to which events: the only place that connects an app's events with tasks of apps above it."""

from apps.core.events import subscribe
from apps.feed import tasks as feed
from apps.friends.events import BlockChanged, FriendshipBegan, FriendshipEnded
from apps.households.events import MemberLeft
from apps.imports import tasks as imports
from apps.imports.events import OwnNetworkAddressed
from apps.jobs.events import JobAbandoned
from apps.media.events import PictureReady
from apps.moderation import tasks as moderation
from apps.notifications import tasks as notifications
from apps.plans import tasks as plans
from apps.posts import tasks as posts
from apps.posts.events import PostPublished, PostWithdrawn
from apps.recipes import tasks as recipes
from apps.recipes.events import TagsWanted
from apps.rights import tasks as rights
from apps.suggestions import tasks as suggestions
from apps.users import tasks as users
from apps.users.events import (
    AccountChanged,
    AvatarChanged,
    EmailChanged,
    EmailChangeRequested,
    ErasureDue,
    SuspensionChanged,
    UsernameChanged,
)

subscribe(AccountChanged, notifications.deliver)
subscribe(AvatarChanged, posts.show_author)
subscribe(UsernameChanged, posts.show_author)
subscribe(UsernameChanged, recipes.show_owner)
subscribe(EmailChangeRequested, notifications.mail_email_code)
subscribe(EmailChanged, users.write_email)
subscribe(EmailChanged, notifications.mail_replaced_email)
subscribe(ErasureDue, rights.erase)
subscribe(SuspensionChanged, recipes.recount_ratings)
subscribe(BlockChanged, recipes.recount_ratings)
subscribe(FriendshipBegan, feed.welcome)
subscribe(FriendshipEnded, posts.recheck_between)
subscribe(JobAbandoned, imports.close_abandoned)
subscribe(JobAbandoned, plans.close_abandoned)
subscribe(MemberLeft, plans.forget_member)
subscribe(OwnNetworkAddressed, moderation.reject_import)
subscribe(PictureReady, imports.attach_picture)
subscribe(PostPublished, feed.fan_out)
subscribe(PostWithdrawn, feed.withdraw)
subscribe(TagsWanted, suggestions.tag_recipe)
