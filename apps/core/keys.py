"""Every key of the single table: one pure function per kind of row, and one per partition of an index.

A listing in one file on purpose: whoever adds a key sees all others, so that no two collide (`docs/data-model.md`).
"""

from datetime import date
from typing import NamedTuple

SEPARATOR = "#"
META = "META"
# The owner's type in the keys of pantries, plans and lists.
USER = "USER"
HOUSEHOLD = "HOUSEHOLD"


class Key(NamedTuple):
    pk: str
    sk: str


def join(*parts: str) -> str:
    """Join the parts of a key; ValueError if one is empty or contains the separator."""
    for part in parts:
        if not part or SEPARATOR in part:
            message = f"{part!r} cannot be part of a key"
            raise ValueError(message)
    return SEPARATOR.join(parts)


def user(user_id: str) -> Key:
    return Key(join("USER", user_id), "PROFILE")


def preferences(user_id: str) -> Key:
    return Key(join("USER", user_id), "PREFERENCES")


def recently_cooked(user_id: str) -> Key:
    """Under the prefix PREFERENCES, so that one query reads it with the preferences."""
    return Key(join("USER", user_id), join("PREFERENCES", "COOKED"))


def recently_rejected(user_id: str) -> Key:
    """Under the prefix PREFERENCES too."""
    return Key(join("USER", user_id), join("PREFERENCES", "REJECTED"))


def privacy(user_id: str) -> Key:
    return Key(join("USER", user_id), "PRIVACY")


def relations(user_id: str) -> Key:
    return Key(join("USER", user_id), "CIRCLE")


def suspension(user_id: str) -> Key:
    return Key(join("USER", user_id), "SUSPENSION")


def signed_out(user_id: str) -> Key:
    """Under the prefix SUSPENSION, so that one query reads it with the suspension."""
    return Key(join("USER", user_id), join("SUSPENSION", "SIGNEDOUT"))


def current_name(user_id: str) -> Key:
    """Under the prefix SUSPENSION too: a person's username where it differs from Cognito's."""
    return Key(join("USER", user_id), join("SUSPENSION", "NAME"))


def sign_outs_feed(at: str, user_id: str, login_id: str) -> Key:
    """GSI1: sign-outs by time, with the login that stays valid."""
    return Key("SIGNOUTS", join(at, user_id, login_id))


def known_address(user_id: str, address: str) -> Key:
    """An address (hashed) from which somebody signed in."""
    return Key(join("USER", user_id), join("ADDRESS", address))


def active_day(user_id: str) -> Key:
    """The last day on which somebody was counted as active."""
    return Key(join("USER", user_id), "ACTIVE")


def email_change(user_id: str) -> Key:
    """A person's pending or latest change of the e-mail address."""
    return Key(join("USER", user_id), "EMAILCHANGE")


def consent(user_id: str, version: str) -> Key:
    """A person's consent to a version of the terms."""
    return Key(join("USER", user_id), join("CONSENT", version))


def registration(account: str) -> Key:
    """An unconfirmed account, by its username in Cognito."""
    return Key(join("REGISTRATION", account), META)


def registrations_queue(due: str, account: str) -> Key:
    """GSI4: unconfirmed accounts by expiry."""
    return Key("REGISTRATIONS", join(due, account))


def email(address: str) -> Key:
    """The claim of an e-mail address (hashed)."""
    return Key(join("EMAIL", address), "CLAIM")


def registration_by_email(address: str, account: str) -> Key:
    """An unconfirmed account under the e-mail address (hashed) that it was registered with."""
    return Key(join("EMAIL", address), join("REGISTRATION", account))


def suspended_queue(until: str, user_id: str) -> Key:
    """GSI4: suspensions by their end, which may have passed."""
    return Key("SUSPENDED", join(until, user_id))


def friend(user_id: str, other_id: str) -> Key:
    """One person's side of a friendship or request."""
    return Key(join("USER", user_id), join("FRIEND", other_id))


def friends_list(user_id: str, since: str, other_id: str) -> Key:
    """GSI2: somebody's friends by time."""
    return Key(join("FRIENDS", user_id), join(since, other_id))


def friend_requests_list(user_id: str, direction: str, since: str, other_id: str) -> Key:
    """GSI2: requests that somebody sent, or received, by time."""
    return Key(join("FRIENDREQUESTS", user_id, direction), join(since, other_id))


def told_request(user_id: str, other_id: str) -> Key:
    """A recent notification of a friend request between two people, whoever asked."""
    first, second = sorted((user_id, other_id))
    return Key(join("USER", first), join("TOLDREQUEST", second))


def block(user_id: str, other_id: str) -> Key:
    return Key(join("USER", user_id), join("BLOCK", other_id))


def username(name: str) -> Key:
    return Key(join("USERNAME", name), "CLAIM")


def usernames_feed(name: str) -> Key:
    """GSI1: people by the first two letters of their username."""
    return Key(join("USERNAMES", name[:2]), name)


def name_word(user_id: str, word: str) -> Key:
    """A word of somebody's full name, folded."""
    return Key(join("USER", user_id), join("NAMEWORD", word))


def name_words_feed(word: str, name: str, user_id: str) -> Key:
    """GSI1: people by the first two letters of a word of their full name; `name` is all of it, folded."""
    return Key(join("NAMES", word[:2]), join(word, name, user_id))


def erasure(user_id: str) -> Key:
    """The requested erasure of an account, with its progress."""
    return Key(join("USER", user_id), "ERASURE")


def erasures_queue(due: str, user_id: str) -> Key:
    """GSI4: accounts to be erased, by due time."""
    return Key("ERASURES", join(due, user_id))


def reserved_username(digest: str) -> Key:
    """The username of an erased account, as a digest: nobody can claim it."""
    return Key(join("USERNAME", digest), "RESERVED")


def traces_of(user_id: str, what: str) -> Key:
    """GSI2: rows about a person in other partitions, so that an erasure finds them."""
    return Key(join("TRACES", user_id), what)


def second_factor(user_id: str, login_id: str) -> Key:
    """A login with a one-time code, by the id that its tokens share."""
    return Key(join("USER", user_id), join("SECONDFACTOR", login_id))


def throttle(scope: str, subject: str, window: int) -> Key:
    return Key(join("THROTTLE", scope, subject), str(window))


def ingredient(ingredient_id: str) -> Key:
    return Key(join("INGREDIENT", ingredient_id), META)


def ingredients_feed(changed_at: str, ingredient_id: str) -> Key:
    """GSI1: the whole master list in one partition, by change."""
    return Key("INGREDIENTS", join(changed_at, ingredient_id))


def unknown_name(name_hash: str) -> Key:
    return Key(join("UNKNOWN", name_hash), META)


def unknown_name_reporter(name_hash: str, user_id: str) -> Key:
    return Key(join("UNKNOWN", name_hash), join("REPORTER", user_id))


def unknown_names_queue(since: str, name_hash: str) -> Key:
    """GSI4: unknown ingredients for moderators to review."""
    return Key("UNKNOWN_INGREDIENTS", join(since, name_hash))


def pantry(scope: str, holder_id: str, ingredient_id: str) -> Key:
    return Key(join(scope, holder_id), join("PANTRY", ingredient_id))


def pantry_month(scope: str, holder_id: str, month: str) -> Key:
    return Key(join(scope, holder_id), join("PANTRYMONTH", month))


def expiring_queue(due: str, scope: str, holder_id: str, ingredient_id: str) -> Key:
    """GSI4: expiring food, by the day of the notification."""
    return Key("EXPIRING", join(due, scope, holder_id, ingredient_id))


def recipe(recipe_id: str) -> Key:
    return Key(join("RECIPE", recipe_id), META)


def recipe_state(recipe_id: str) -> Key:
    """Under the prefix META, so that one query reads content and state."""
    return Key(join("RECIPE", recipe_id), join(META, "STATE"))


def recipe_edition(recipe_id: str) -> Key:
    """Under the prefix META too: the edition that waits beside the approved one."""
    return Key(join("RECIPE", recipe_id), join(META, "EDITION"))


def recipe_access(recipe_id: str, user_id: str) -> Key:
    return Key(join("RECIPE", recipe_id), join("ACCESS", user_id))


def rating(recipe_id: str, user_id: str) -> Key:
    return Key(join("RECIPE", recipe_id), join("RATING", user_id))


def cooked(recipe_id: str, user_id: str) -> Key:
    return Key(join("RECIPE", recipe_id), join("COOKED", user_id))


def ratings_list(recipe_id: str, updated_at: str, user_id: str) -> Key:
    """GSI2: ratings of a recipe by time."""
    return Key(join("RATINGS", recipe_id), join(updated_at, user_id))


def owned_recipe(user_id: str, recipe_id: str) -> Key:
    return Key(join("USER", user_id), join("RECIPE", recipe_id))


def rated_recipe(user_id: str, recipe_id: str) -> Key:
    """A person's list of ratings; the rating itself is in the recipe's partition."""
    return Key(join("USER", user_id), join("RATED", recipe_id))


def favorite(user_id: str, recipe_id: str) -> Key:
    return Key(join("USER", user_id), join("FAVORITE", recipe_id))


def catalogue_feed(changed_at: str, recipe_id: str) -> Key:
    """GSI1: the states of all recipes that are or were in the catalogue, by change."""
    return Key("CATALOGUE", join(changed_at, recipe_id))


def pending_queue(since: str, recipe_id: str) -> Key:
    """GSI4: recipes for moderators to review."""
    return Key("PENDING", join(since, recipe_id))


def suggestion(user_id: str, suggestion_id: str) -> Key:
    return Key(join("USER", user_id), join("SUGGESTION", suggestion_id))


def generation_cache(request_hash: str) -> Key:
    return Key(join("GENERATION", request_hash), META)


def generation_record(day: date, generation_id: str) -> Key:
    return Key(join("GENERATIONS", day.isoformat()), generation_id)


def generation_flight(request_hash: str) -> Key:
    """In the partition of the cached answer: the generation in progress for the same question."""
    return Key(join("GENERATION", request_hash), "FLIGHT")


def generation_follower(request_hash: str, suggestion_id: str) -> Key:
    return Key(join("GENERATION", request_hash), join("FOLLOWER", suggestion_id))


def flights_queue(since: str, request_hash: str) -> Key:
    """GSI4: generations in progress, for the command that closes abandoned ones."""
    return Key("FLIGHTS", join(since, request_hash))


def tag_answer(question_hash: str) -> Key:
    return Key(join("TAGANSWER", question_hash), META)


def ai_budget(month: str) -> Key:
    return Key(join("AIBUDGET", month), META)


def ai_settings() -> Key:
    return Key("AISETTINGS", META)


def breaker(provider: str) -> Key:
    return Key(join("BREAKER", provider), META)


def suggestion_figures(day: date, shard: int) -> Key:
    return Key(join("FIGURES", day.isoformat()), str(shard))


def quota(user_id: str, day: date) -> Key:
    return Key(join("USER", user_id), join("QUOTA", day.isoformat()))


def tag_quota(user_id: str, day: date) -> Key:
    return Key(join("USER", user_id), join("TAGQUOTA", day.isoformat()))


def cooking_session(user_id: str, session_id: str) -> Key:
    return Key(join("USER", user_id), join("COOKING", session_id))


def cooking_stats(user_id: str) -> Key:
    return Key(join("USER", user_id), "COOKED")


def change(at: str, change_id: str) -> Key:
    """All changes of the last minutes in one partition, by time."""
    return Key("CHANGES", join(at, change_id))


def hidden_content(copy: int) -> Key:
    return Key(join("WITHHELD", str(copy)), META)


def hidden_content_beside_changes() -> Key:
    """After all changes, whose sort keys begin with a digit, so that one query reads both."""
    return Key("CHANGES", "WITHHELD")


def post(post_id: str) -> Key:
    return Key(join("POST", post_id), META)


def post_pointer(user_id: str, post_id: str) -> Key:
    return Key(join("USER", user_id), join("POST", post_id))


def public_posts(month: str, post_id: str) -> Key:
    """GSI3: public posts by the month of their id."""
    return Key(join("PUBLIC", month), post_id)


def comment(post_id: str, comment_id: str) -> Key:
    return Key(join("POST", post_id), join("COMMENT", comment_id))


def comment_place(comment_id: str, post_id: str) -> Key:
    """GSI2: the post of a comment, to find it by its own id."""
    return Key(join("COMMENT", comment_id), post_id)


def comments_of(user_id: str, comment_id: str) -> Key:
    """GSI1: what somebody commented."""
    return Key(join("COMMENTS", user_id), comment_id)


def post_reaction(post_id: str, user_id: str) -> Key:
    return Key(join("POST", post_id), join("REACTION", user_id))


def comment_reaction(post_id: str, comment_id: str, user_id: str) -> Key:
    """By person first, so that one query reads somebody's reactions to a page of comments."""
    return Key(join("POST", post_id), join("REACTION", user_id, comment_id))


def reacted_posts(user_id: str, post_id: str) -> Key:
    """GSI2: somebody's reactions to posts, by post: one range for a page of posts."""
    return Key(join("REACTIONS", user_id), join("POST", post_id))


def reacted_comments(user_id: str, post_id: str, comment_id: str) -> Key:
    """GSI2: somebody's reactions to comments."""
    return Key(join("REACTIONS", user_id), join("COMMENT", post_id, comment_id))


def feed_reference(user_id: str, post_id: str) -> Key:
    return Key(join("FEED", user_id), post_id)


def fan_out(post_id: str, part: str) -> Key:
    return Key(join("POST", post_id), join("FANOUT", part))


def report_case(target_type: str, target_id: str) -> Key:
    return Key(join("REPORT", target_type, target_id), META)


def report(target_type: str, target_id: str, user_id: str) -> Key:
    return Key(join("REPORT", target_type, target_id), join("REPORTER", user_id))


def own_report(user_id: str, target_type: str, target_id: str) -> Key:
    """A person's list of reports; the report itself is in its target's partition."""
    return Key(join("USER", user_id), join("REPORT", target_type, target_id))


def reports_queue(since: str, target_type: str, target_id: str) -> Key:
    """GSI4: cases for moderators, reported by several people."""
    return Key("REPORTED", join(since, target_type, target_id))


def rejected_recipes(since: str, recipe_id: str) -> Key:
    """GSI4: recipes that moderators have rejected."""
    return Key("REJECTED", join(since, recipe_id))


def decided_reports(since: str, target_type: str, target_id: str) -> Key:
    """GSI4: content that moderators have hidden."""
    return Key("CONFIRMED", join(since, target_type, target_id))


def reporter_record(user_id: str) -> Key:
    """How often a person's reports were upheld."""
    return Key(join("USER", user_id), "REPORTING")


def abuse_points(user_id: str) -> Key:
    return Key(join("USER", user_id), "POINTS")


def appeal(decision_id: str) -> Key:
    """By the audit entry of the decision, so that there is one appeal per decision."""
    return Key(join("APPEAL", decision_id), META)


def appeals_queue(since: str, decision_id: str) -> Key:
    """GSI4: open appeals."""
    return Key("APPEALS", join(since, decision_id))


def upload(user_id: str, upload_id: str) -> Key:
    return Key(join("USER", user_id), join("UPLOAD", upload_id))


def open_uploads(user_id: str) -> Key:
    return Key(join("USER", user_id), "UPLOADS")


def removals_queue(due: str, upload_id: str) -> Key:
    """GSI4: unused uploads by their time of removal."""
    return Key("REMOVALS", join(due, upload_id))


def plan(scope: str, holder_id: str, plan_id: str) -> Key:
    return Key(join(scope, holder_id), join("PLAN", plan_id))


def shopping_list(scope: str, holder_id: str, list_id: str) -> Key:
    return Key(join(scope, holder_id), join("LIST", list_id))


def shopping_list_item(scope: str, holder_id: str, list_id: str, item_id: str) -> Key:
    return Key(join(scope, holder_id), join("LISTITEM", list_id, item_id))


def recipe_import(user_id: str, import_id: str) -> Key:
    return Key(join(USER, user_id), join("IMPORT", import_id))


def import_draft(user_id: str, import_id: str, draft_id: str) -> Key:
    return Key(join(USER, user_id), join("IMPORTDRAFT", import_id, draft_id))


def import_quota(user_id: str, hour: str) -> Key:
    return Key(join(USER, user_id), join("IMPORTQUOTA", hour))


def job(user_id: str, job_id: str) -> Key:
    return Key(join("USER", user_id), join("JOB", job_id))


def jobs_queue(due: str, user_id: str, job_id: str) -> Key:
    """GSI4: open jobs by the time from which they count as abandoned."""
    return Key("JOBS", join(due, user_id, job_id))


def failed_jobs(at: str, user_id: str, job_id: str) -> Key:
    """GSI4: jobs that have failed, by when they ended."""
    return Key("FAILEDJOBS", join(at, user_id, job_id))


def household(household_id: str) -> Key:
    return Key(join(HOUSEHOLD, household_id), META)


def membership(user_id: str) -> Key:
    return Key(join(USER, user_id), "HOUSEHOLD")


def household_invitation(household_id: str, secret: str) -> Key:
    return Key(join(HOUSEHOLD, household_id), join("INVITATION", secret))


def received_household_invitation(user_id: str, household_id: str, secret: str) -> Key:
    return Key(join(USER, user_id), join("INVITED", household_id, secret))


def notification(user_id: str, notification_id: str) -> Key:
    return Key(join("USER", user_id), join("NOTIFICATION", notification_id))


def unread_list(user_id: str, epoch: int, notification_id: str) -> Key:
    """GSI4: unread notifications of an inbox's epoch; marking everything as read starts a new partition."""
    return Key(join("UNREAD", user_id, str(epoch)), notification_id)


def notifications_about(subject_id: str, user_id: str, notification_id: str) -> Key:
    """GSI2: notifications about a post with its comments, a recipe or a person, by recipient."""
    return Key(join("NOTIFICATIONSABOUT", subject_id), join(user_id, notification_id))


def inbox(user_id: str) -> Key:
    return Key(join("USER", user_id), "INBOX")


def notification_settings(user_id: str) -> Key:
    return Key(join("USER", user_id), "NOTIFICATION_SETTINGS")


def fold(user_id: str, target_type: str, target_id: str) -> Key:
    return Key(join("USER", user_id), join("FOLD", target_type, target_id))


def folded(user_id: str, target_type: str, target_id: str, actor_id: str) -> Key:
    return Key(join("USER", user_id), join("FOLDED", target_type, target_id, actor_id))


def audit_entry(target_type: str, target_id: str, entry_id: str) -> Key:
    """Actions on one target by time. These rows are never changed; only refused sign-ins expire."""
    return Key(join("AUDIT", target_type, target_id), entry_id)


def audit_by_actor(actor_id: str, entry_id: str) -> Key:
    """GSI1: actions of one person."""
    return Key(join("AUDITACTOR", actor_id), entry_id)


def audit_by_act(act: str, entry_id: str) -> Key:
    """GSI2: actions of one kind."""
    return Key(join("AUDITACT", act), entry_id)


def audit_log(entry_id: str) -> Key:
    """GSI4: the whole audit log by time."""
    return Key("AUDITLOG", entry_id)


def refused_sign_ins(name_hash: str, address_hash: str, window: int) -> Key:
    """How often a name was refused from one address within a window."""
    return Key(join("REFUSEDSIGNINS", name_hash), join(str(window), address_hash))


def admin_session(key_hash: str) -> Key:
    return Key(join("ADMINSESSION", key_hash), META)


def admin_sessions_of(user_id: str, key_hash: str) -> Key:
    """GSI2: a person's sessions of the admin."""
    return Key(join("ADMINSESSIONS", user_id), key_hash)


def tally(day: date, name: str) -> Key:
    return Key(join("TALLY", day.isoformat()), name)


def day_figures(day: date) -> Key:
    """A day's totals, sorted by day, so that one query reads a range."""
    return Key("DAYS", day.isoformat())


def outbox(shard: int, message_id: str) -> Key:
    return Key(join("OUTBOX", str(shard)), message_id)


def processed_event(scope: str, event: str) -> Key:
    return Key(join("ONCE", scope, event), META)


def idempotency(caller: str, key_hash: str) -> Key:
    return Key(join("IDEMPOTENCY", caller), key_hash)


def prefix(*parts: str) -> str:
    """Return the start of the sort keys that begin with these parts: ("RATING",) → "RATING#"."""
    return join(*parts) + SEPARATOR


def first_part(key: str) -> str:
    """Return what stands before the first separator: the moment at the start of a sort key."""
    return key.partition(SEPARATOR)[0]


def last_part(key: str) -> str:
    """Return what follows the last separator: the id at the end of a key."""
    return key.rpartition(SEPARATOR)[2]
