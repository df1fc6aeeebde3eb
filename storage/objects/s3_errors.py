"""What an S3 server or the way to it can answer, in sentences: what happened, what is safe, what to do next.

Codes are those of S3, and the few of MinIO that a person can do something about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import ParseError

from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError, MaxRetryError, ReadTimeoutError

from storage.errors import Away, Missing, NotReady

GONE = frozenset({"NoSuchKey", "NoSuchObject", "NoSuchVersion"})
FULL = "档案库满了，这一份没有存；已存的都完好。请给档案库清出空间或加盘后再做一次。"
BUSY = "档案库太忙，这一步没有做；已存的都完好。请过一会儿再做一次，一直这样时请检查档案库的服务。"
NO_BUCKET = "档案库里没有这个桶，这一步没有做；请核对地址里的桶名，先不要新建同名的空桶。"
NOT_ALLOWED = "档案库的账号没有这个权限，这一步没有做；已存的都完好。请给账号加上列出、读、写、删（含旧版本）的权限。"
WRONG_KEY = "档案库不接受这个账号或口令，这一步没有做；已存的都完好。请核对地址里的 key 和 secret。"
WRONG_CLOCK = "档案库的时钟与这台机器差得太多，这一步没有做；已存的都完好。请校准两边的时钟。"
TOO_LARGE = "这一份太大，档案库不收，没有存；已存的都完好。请分成几份，或调大档案库的上限。"
NO_S3 = "那里应答的不是 S3 档案库，或者桶名不合规矩，什么都没有存；请核对地址和桶名。"
SILENT = "档案库太久没有应答，这一步没有做完；已存的都完好。请检查档案库的负载和网络后再做一次。"
AWAY = "档案库连不上，这一份没有存；已存的都完好。请检查网络和档案库服务后再做一次。"

SAID = {
    "NoSuchBucket": NO_BUCKET,
    "AccessDenied": NOT_ALLOWED,
    "AllAccessDisabled": NOT_ALLOWED,
    "AccountProblem": NOT_ALLOWED,
    "InvalidAccessKeyId": WRONG_KEY,
    "SignatureDoesNotMatch": WRONG_KEY,
    "RequestTimeTooSkewed": WRONG_CLOCK,
    "EntityTooLarge": TOO_LARGE,
    "XMinioStorageFull": FULL,
    "XMinioAdminBucketQuotaExceeded": FULL,
    "QuotaExceeded": FULL,
    "InsufficientStorage": FULL,
    "SlowDown": BUSY,
    "SlowDownRead": BUSY,
    "SlowDownWrite": BUSY,
    "ServiceUnavailable": BUSY,
    "XMinioServerNotInitialized": BUSY,
    "RequestTimeout": SILENT,
}


class SourceFailed(Exception):
    """The stream that is being put failed, not the store; its error is the cause."""


@contextmanager
def translated(key: str) -> Iterator[None]:
    """Errors of the client as our own; those of the stream being put as they were.

    Raises:
        Missing: there is no such key.
        Away: no answer.
        NotReady: anything else, as one sentence.
    """
    try:
        yield
    except SourceFailed as error:
        raise error.__cause__ or error from None
    except S3Error as error:
        if error.code in GONE:
            raise Missing(f"档案库里没有 {key}。请用 village-archive verify 核对，再从备份恢复。") from error
        raise NotReady(said_of(error)) from error
    except (ValueError, ParseError) as error:
        raise NotReady(NO_S3) from error
    except (MinioException, HTTPError, OSError) as error:
        raise Away(SILENT if _was_silent(error) else AWAY) from error


def said_of(error: S3Error) -> str:
    """The sentence for an answer of the server."""
    other = f"档案库拒绝了（{error.code}），这一步没有做；已存的都完好。请检查档案库的地址、账号和空间。"
    return SAID.get(error.code or "", other)


def _was_silent(error: Exception) -> bool:
    reason = error.reason if isinstance(error, MaxRetryError) else error
    return isinstance(reason, ReadTimeoutError)
