"""Errors of the jobs app, and the reasons why a job fails."""

from apps.core.errors import Conflict, NotFound, Unavailable
from apps.core.language import Text


class JobNotFound(NotFound):
    code = "job_not_found"
    title = Text("Không có công việc này", "There is no such job")


class JobExists(Conflict):
    code = "job_exists"
    title = Text("Công việc này đã được tạo", "This job was created already")


class JobBegun(Conflict):
    """Only jobs that have not started can be canceled."""

    code = "job_begun"
    title = Text("Công việc đã bắt đầu nên không hủy được", "This job has begun and can no longer be canceled")


class JobEnded(Conflict):
    """The job was closed while it was running; the work stops."""

    code = "job_ended"
    title = Text("Công việc đã kết thúc", "This job has ended")


class JobNotRetried(Conflict):
    """The job's subject was closed with it, or nobody waits for it any more."""

    code = "job_not_retried"
    title = Text("Không chạy lại được công việc này", "This job cannot be run again")


class JobInterrupted(Unavailable):
    """The reason for closing a job after several attempts."""

    code = "job_interrupted"
    title = Text(
        "Công việc bị gián đoạn nhiều lần nên đã dừng; bạn hãy thử lại",
        "The work was interrupted several times and has been stopped; please try again",
    )
