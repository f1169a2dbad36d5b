"""What nobody foresaw, as a finding: what the system refused (a folder that cannot be written, a full disk), a fault of the program."""

from __future__ import annotations

import errno
import os
import traceback
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Finding, Place, Text

_WORDS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只读的磁盘",
    errno.ENOSPC: "磁盘已满",
    errno.ENOENT: "不存在",
    errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "是文件，不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENAMETOOLONG: "名称太长",
    errno.EBUSY: "正被其他程序使用",
}


def system_refused(error: OSError) -> Finding:
    """Return what the system refused, with the file or folder that it names."""
    english = os.strerror(error.errno) if error.errno else str(error)
    found = Text(_WORDS.get(error.errno or 0, english), english)
    name = error.filename2 or error.filename or ""
    return finding("workflow.system_refused", Place(file=os.fsdecode(name) if isinstance(name, str | bytes) else ""), found)


def program_failed(error: Exception) -> Finding:
    """Return a fault of the program, with the file and line at which it was noticed."""
    *_, last = traceback.extract_tb(error.__traceback__)
    found = f"{type(error).__name__}: {error}"
    return finding("workflow.program_failed", Place(file=Path(last.filename).name, row=last.lineno), found)
