"""Does an edit script with real system calls inside a folder (chroot), and lists what is there afterwards.

usage: edit-tree.py FOLDER < script.json
Prints one JSON object: "done" says for each edit whether the kernel allowed it; "tree" lists every path.
"""
import errno
import hashlib
import json
import os
import shutil
import stat
import sys

script = json.load(sys.stdin)
os.chroot(sys.argv[1])
os.chdir("/")
os.umask(0)


def below(path):
    yield path
    if stat.S_ISDIR(os.lstat(path).st_mode):
        for name in sorted(os.listdir(path)):
            yield from below(path + "/" + name)


def make_parents(path):
    made = ""
    for name in path.strip("/").split("/"):
        made += "/" + name
        if not os.path.isdir(made):
            os.mkdir(made, 0o755)


def remove(path):
    if stat.S_ISDIR(os.lstat(path).st_mode):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def copy(source, target, links):
    """As `cp -a`: attributes, times and hard links kept."""
    info = os.lstat(source)
    if not stat.S_ISDIR(info.st_mode) and info.st_nlink > 1 and info.st_ino in links:
        os.link(links[info.st_ino], target, follow_symlinks=False)
        return
    links[info.st_ino] = target
    if stat.S_ISDIR(info.st_mode):
        os.mkdir(target)
        for name in os.listdir(source):
            copy(source + "/" + name, target + "/" + name, links)
    elif stat.S_ISLNK(info.st_mode):
        os.symlink(os.readlink(source), target)
    else:
        shutil.copyfile(source, target)
    os.chown(target, info.st_uid, info.st_gid, follow_symlinks=False)
    if not stat.S_ISLNK(info.st_mode):
        os.chmod(target, stat.S_IMODE(info.st_mode))
    os.utime(target, ns=(info.st_atime_ns, info.st_mtime_ns), follow_symlinks=False)


def move(source, target):
    try:
        os.rename(source, target)
    except OSError as error:
        # An overlay does not rename a directory of its lower layers; mv copies then.
        if error.errno != errno.EXDEV:
            raise
        if os.path.lexists(target):
            os.rmdir(target)
        copy(source, target, {})
        shutil.rmtree(source)


def change_mode(path, mode, recursive):
    if os.path.islink(path):
        raise OSError(errno.EINVAL, "a symlink has no mode")
    for one in below(path) if recursive else [path]:
        if not os.path.islink(one):
            os.chmod(one, mode)


def change_owner(path, uid, gid, recursive):
    for one in below(path) if recursive else [path]:
        os.chown(one, uid, gid, follow_symlinks=False)


def write(path, text):
    # 0644 also under the umask of nothing.
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o644)) as target:
        target.write(text.encode())


DEEDS = {
    "write": lambda edit: write("/" + edit["path"], edit["text"]),
    "mkdir": lambda edit: make_parents("/" + edit["path"]) if edit["parents"] else os.mkdir("/" + edit["path"], 0o755),
    "rm": lambda edit: remove("/" + edit["path"]),
    "mv": lambda edit: move("/" + edit["from"], "/" + edit["to"]),
    "chmod": lambda edit: change_mode("/" + edit["path"], edit["mode"], edit["recursive"]),
    "chown": lambda edit: change_owner("/" + edit["path"], edit["uid"], edit["gid"], edit["recursive"]),
    "ln": lambda edit: os.symlink(edit["target"], "/" + edit["path"]),
}


def attempt(edit):
    try:
        DEEDS[edit["do"]](edit)
        return True
    except OSError:
        return False


def facts(path):
    info = os.lstat(path)
    kind = {stat.S_IFDIR: "dir", stat.S_IFLNK: "symlink", stat.S_IFREG: "file"}.get(stat.S_IFMT(info.st_mode), "other")
    return {
        "path": path[2:],
        "type": kind,
        "mode": stat.S_IMODE(info.st_mode),
        "uid": info.st_uid,
        "gid": info.st_gid,
        "mtime": int(info.st_mtime),
        "linkname": os.readlink(path) if kind == "symlink" else "",
        "sha256": hashlib.sha256(open(path, "rb").read()).hexdigest() if kind == "file" else "",
    }


done = [attempt(edit) for edit in script]
tree = [facts(path) for path in below("/") if path != "/"]
json.dump({"done": done, "tree": tree}, sys.stdout)
