"""Lists a tar as JSON lines with Python's own tarfile: an independent reader for the comparison with `lamina ls`.

Names are hex, since they are bytes. Hard links are resolved to what they link to, as a person sees them.
"""
import hashlib
import json
import stat
import sys
import tarfile

KINDS = {tarfile.DIRTYPE: "dir", tarfile.SYMTYPE: "symlink", tarfile.CHRTYPE: "char", tarfile.BLKTYPE: "block", tarfile.FIFOTYPE: "fifo"}


def raw(name):
    return name.encode("utf-8", "surrogateescape")


with tarfile.open(sys.argv[1], errors="surrogateescape") as archive:
    rows = {}
    for member in archive:
        name = raw(member.name).strip(b"/")
        if name in (b"", b"."):
            continue
        if member.islnk():
            rows[name] = dict(rows[raw(member.linkname).strip(b"/")], path=name.hex())
            continue
        row = {
            "path": name.hex(),
            "type": KINDS.get(member.type, "file"),
            "mode": "%04o" % stat.S_IMODE(member.mode),
            "uid": member.uid,
            "gid": member.gid,
            "size": member.size if member.isreg() else 0,
            "mtime": int(member.mtime),
            "linkname": raw(member.linkname).hex() if member.issym() else "",
            "dev": [member.devmajor, member.devminor] if member.type in (tarfile.CHRTYPE, tarfile.BLKTYPE) else None,
            "sha256": "",
        }
        if member.isreg():
            row["sha256"] = hashlib.file_digest(archive.extractfile(member), "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(archive.extractfile(member).read()).hexdigest()
        rows[name] = row
    for row in rows.values():
        print(json.dumps(row))
