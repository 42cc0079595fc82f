#!/usr/bin/env python3
"""Verifies an export of Daybook's audit trail, with nothing but its files and one public key.

    python3 verify.py DIR --public-key FILE [--json]
    python3 verify.py --batch --public-key FILE       reads a DIR from each line of stdin, answers each with a line of JSON

Exit code 0: all of it holds. 1: it does not; the first finding is on stderr. 2: the call was wrong. No network; writes no file.

docs/audit.md is the specification, and the sections below follow its steps. Files are read as streams: what stays in memory is a
version and a hash for each stream of commits, and the index once a commit is wrong.
"""
import argparse
import base64
import gzip
import hashlib
import json
import os
import re
import stat
import sys
from bisect import bisect_left, bisect_right
from contextlib import contextmanager
from itertools import zip_longest

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
except ImportError:
    print("verify.py needs the package cryptography: pip install cryptography", file=sys.stderr)
    sys.exit(2)

NO_HASH = "0" * 64
COMMITS = {"commits.jsonl", "commits.jsonl.gz"}
EVENTS = {"events.csv", "events.parquet"}
REQUIRED = {"index.jsonl", "digests.jsonl", "proofs.jsonl", "keys.jsonl"}
LONGEST = 64 * 1024 * 1024  # of a line, in bytes; Daybook makes none of a quarter of this


class Finding(Exception):
    """What is wrong. `name` is that of a file, or TENANT/TYPE/ID@VERSION of a commit."""

    def __init__(self, kind, name, why):
        super().__init__(why)
        self.kind, self.name, self.why = kind, name, why


@contextmanager
def blaming(kind, name):
    """Whatever goes wrong within is a finding, also what nobody thought of: the files may hold anything."""
    try:
        yield
    except Finding:
        raise
    except Exception as error:
        raise Finding(kind, name, str(error) or type(error).__name__) from error


def need(holds, otherwise):
    if not holds:
        raise ValueError(otherwise)


# ---- Files, JSON, JCS


def opened(directory, name, unpack=True):
    """A file of the export itself: no link, no device."""
    path = os.path.join(directory, name)
    with blaming("file", name):
        need(os.path.lexists(path), "is not there")
        need(stat.S_ISREG(os.lstat(path).st_mode), "is no regular file")
        return gzip.open(path) if unpack and name.endswith(".gz") else open(path, "rb")


def lines_of(file):
    for line in iter(lambda: file.readline(LONGEST), b""):
        yield line[:-1] if line.endswith(b"\n") else line


def sha256(data):
    return hashlib.sha256(data).digest()


def parse(line):
    return json.loads(line.decode("utf-8"))


def jcs(value):
    """RFC 8785 of what signed documents are made of: objects, lists, texts, whole numbers, booleans, null. No fractions."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(jcs(key) + ":" + jcs(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    need(not isinstance(value, float), "holds a fraction")
    return json.dumps(value, ensure_ascii=False)


# ---- What documents hold: {field: …} these fields and no others, […] any number of these, {…} this text, or what a function tells


def text(value):
    return isinstance(value, str)


def count(value):
    return type(value) is int and 0 <= value < 2**53


def a_hash(value):
    return text(value) and re.fullmatch("[0-9a-f]{64}", value)


def time(value):
    return text(value) and re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}\.[0-9]{3}Z", value)


def check(value, shape, name="the document"):
    if isinstance(shape, dict):
        need(isinstance(value, dict) and set(value) == set(shape), f"{name} has other fields than {', '.join(shape)}")
        for field in shape:
            check(value[field], shape[field], field)
    elif isinstance(shape, list):
        need(isinstance(value, list), f"{name} is no list")
        for each in value:
            check(each, shape[0], name)
    elif isinstance(shape, set):
        need(text(value) and value in shape, f"{name} is not {shape}")
    else:
        need(shape(value), f"{name} is not what it has to be")
    return value


def entry_or_null(value):
    return value is None or check(value, ENTRY)


def a_filter(value):
    return isinstance(value, dict) and set(value) <= {"actor", "stream", "type", "correlation"}


ENTRY = {"commitId": text, "hash": text, "stream": {"id": text, "tenant": text, "type": text}, "version": count}
KEY = {
    **{"format": {"daybook.key.1"}, "sequence": count, "keyId": a_hash, "publicKey": text, "validFrom": time},
    **{"previousKey": a_hash},
}
DIGEST = {
    **{"format": {"daybook.digest.1"}, "tenant": text, "sequence": count, "from": time, "to": time, "sealedAt": time},
    **{"commits": count, "root": a_hash, "first": entry_or_null, "last": entry_or_null, "leavesSha256": a_hash},
    **{"previousDigest": a_hash},
}
MANIFEST = {
    **{"format": {"daybook.export.1"}, "tenant": text, "exportedAt": time, "from": time, "to": time, "filter": a_filter},
    **{"commits": count, "events": count, "files": [{"name": text, "sha256": a_hash, "size": count}]},
}
PROOF = {"sequence": count, "included": [[count]], "nodes": [text]}


# ---- Signed documents


def signed(line, shape):
    return check(parse(line), {"body": shape, "signatures": [{"keyId": a_hash, "signature": text}]})


def hash_of(body):
    return sha256(jcs(body).encode()).hex()


def from_base64(value):
    data = base64.b64decode(value)
    need(base64.b64encode(data).decode() == value, "holds base64 that is not spelt as usual")
    return data


def check_signature(document, key_id, public_key):
    for signature in [each["signature"] for each in document["signatures"] if each["keyId"] == key_id]:
        try:
            public_key.verify(from_base64(signature), jcs(document["body"]).encode(), ec.ECDSA(hashes.SHA256()))
            return
        except (ValueError, InvalidSignature):
            continue
    raise ValueError(f"is not signed by key {key_id}")


def check_signed_at(moment, document, keys):
    valid = [key for key in keys if key[0] <= moment]
    need(valid, f"no key was valid at {moment}")
    check_signature(document, *valid[-1][1:])


def der_of(public_key):
    need(isinstance(public_key, ec.EllipticCurvePublicKey) and public_key.curve.name == "secp256r1", "is no key of P-256")
    return public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


# ---- Step 1: the manifest and the key history


def read_manifest(directory):
    with opened(directory, "manifest.json") as file:
        content = file.read(LONGEST)
    document = signed(content, MANIFEST)
    need(content == jcs(document).encode() + b"\n", "is not in JCS form, ended by a line feed")
    names = [file["name"] for file in document["body"]["files"]]
    need(set(names) <= COMMITS | EVENTS | REQUIRED, "lists a name that no file of an export has")
    need(len(set(names)) == len(names) and REQUIRED <= set(names), "lists a file twice, or lacks one")
    need(len(COMMITS & set(names)) == 1 and len(EVENTS & set(names)) <= 1, "lists no commits, or a file in two forms")
    return document


def read_keys(directory, given):
    """The history as (valid from, key id, public key), oldest first. `given`: the public key that is trusted, in DER."""
    keys, before = [], None
    with opened(directory, "keys.jsonl") as file:
        for number, line in enumerate(lines_of(file), 1):
            document = signed(line, KEY)
            body = document["body"]
            der = from_base64(body["publicKey"])
            key = (body["validFrom"], body["keyId"], serialization.load_der_public_key(der))
            need(der_of(key[2]) == der and sha256(der).hex() == body["keyId"], f"entry {number} has not the id of its key")
            need(body["sequence"] == number, f"entry {number} has another sequence")
            need(body["previousKey"] == (hash_of(before) if before else NO_HASH), f"entry {number} names another before it")
            need(not before or before["validFrom"] < body["validFrom"], f"entry {number} is valid before the one before it")
            for _, key_id, public_key in [key] + keys[-1:]:
                check_signature(document, key_id, public_key)
            keys.append(key)
            before = body
    need(sha256(given).hex() in [key_id for _, key_id, _ in keys], "the given public key is not in the history")
    return keys


# ---- Step 2: the files


def check_files(directory, files):
    """Raises what is wrong; but answers it where it is only the bytes of the commits: a later step may name one of them."""
    for name in sorted(set(os.listdir(directory)) - {file["name"] for file in files} - {"manifest.json"}):
        raise Finding("file", name, "is not listed in the manifest")
    of_commits = None
    for name, size, digest in [(file["name"], file["size"], file["sha256"]) for file in files]:
        with blaming("file", name), opened(directory, name, unpack=False) as file:
            found_size, found = 0, hashlib.sha256()
            for part in iter(lambda: file.read(1024 * 1024), b""):
                found_size += len(part)
                found.update(part)
            if (found_size, found.hexdigest()) != (size, digest):
                of_commits = Finding("file", name, "is not the file that the manifest lists")
                if name not in COMMITS or found_size == 0 and name.endswith(".gz"):
                    raise of_commits
                with opened(directory, name) as unpacked:
                    for _ in lines_of(unpacked):
                        pass
    return of_commits


# ---- Step 3: the digests; step 4: the index and the proofs give their roots. Both go window by window.


def entries_of(directory):
    with opened(directory, "index.jsonl") as file:
        for line in lines_of(file):
            with blaming("file", "index.jsonl"):
                entry = check(parse(line), ENTRY)
            yield entry


def check_windows(directory, manifest, keys):
    """Answers the sequence of the last."""
    entries, first, before = entries_of(directory), None, None
    with opened(directory, "digests.jsonl") as digests, opened(directory, "proofs.jsonl") as proofs:
        for line, proof_line in zip_longest(lines_of(digests), lines_of(proofs)):
            with blaming("proof", "proofs.jsonl"):
                need(line is not None, "there are more proofs than digests")
            with blaming("digest", "digests.jsonl"):
                document = signed(line, DIGEST)
            digest = document["body"]
            with blaming("digest", f"digest {digest['sequence']}"):
                check_digest(document, before, manifest, keys)
            with blaming("proof", "proofs.jsonl"):
                need(proof_line is not None, "there are fewer proofs than digests")
                proof = check(parse(proof_line), PROOF)
            with blaming("proof", f"digest {digest['sequence']}"):
                need(proof["sequence"] == digest["sequence"], f"its proof is that of digest {proof['sequence']}")
                need(root_of(proof, digest["commits"], entries) == digest["root"], "the commits have another root")
                if not manifest["filter"] and manifest["from"] <= digest["from"] and digest["to"] <= manifest["to"]:
                    whole = [[0, digest["commits"]]] if digest["commits"] > 0 else []
                    need(proof["included"] == whole, "not all of its commits are there, though there is no filter")
            first, before = first or digest, digest
    with blaming("digest", "digests.jsonl"):
        start, end = (first["from"], before["to"]) if first else (manifest["from"], manifest["from"])
        need(start <= manifest["from"] <= manifest["to"] <= end, "they do not cover the range")
    with blaming("proof", "index.jsonl"):
        need(next(entries, None) is None, "entries are left over")
    with blaming("manifest", "manifest.json"):
        need(manifest["commits"] == sum(1 for _ in entries_of(directory)), "tells of another number of commits than the index")
    return before["sequence"] if before else 0


def check_digest(document, before, manifest, keys):
    digest = document["body"]
    check_signed_at(digest["sealedAt"], document, keys)
    need(digest["tenant"] == manifest["tenant"], "is of another tenant")
    if before:
        need(digest["sequence"] == before["sequence"] + 1, f"follows digest {before['sequence']}")
        need(digest["from"] == before["to"], "does not begin where the one before it ends")
        need(digest["previousDigest"] == hash_of(before), "does not name the one before it")
    else:
        need(digest["sequence"] > 1 or digest["previousDigest"] == NO_HASH, "names one before it")


def taken(hashes_left, what):
    value = next(hashes_left, None)
    need(a_hash(value), f"{what} are too few, or one is no hash")
    return bytes.fromhex(value)


def root_of(proof, size, entries):
    """The root of a window of `size` commits. Takes as many of the entries as the proof includes."""
    bounds = [bound for pair in proof["included"] for bound in pair]
    need(all(len(pair) == 2 for pair in proof["included"]), "a range has not two ends")
    need(all(low < high for low, high in zip(bounds, bounds[1:] + [size + 1])), "the ranges are not in order")
    nodes, leaves = iter(proof["nodes"]), (entry["hash"] for entry in entries)

    def root(low, high):
        begun = bisect_right(bounds, low)  # an odd number of bounds up to here: `low` lies in a range
        if begun % 2 == 0 and begun == bisect_left(bounds, high):
            return taken(nodes, "nodes")
        if high == low + 1:
            return sha256(b"\0" + taken(leaves, "entries of the index"))
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        return sha256(b"\1" + root(low, middle) + root(middle, high))

    found = root(0, size) if size > 0 else sha256(b"")
    need(next(nodes, None) is None, "nodes are left over")
    return found.hex()


# ---- Step 5: the commits against the index; step 6: the chains of their streams

HASH = re.compile(rb'.*(,"hash":"([0-9a-f]{64})")', re.DOTALL)


def hashes_in(line):
    """The hash that a line names and the one that it has; None and None where it names none, or where there is no line."""
    found = HASH.match(line or b"")
    if not found:
        return None, None
    return found[2].decode(), sha256(line[: found.start(1)] + line[found.end(1) :]).hex()


def name_of(holder):
    """TENANT/TYPE/ID@VERSION of an entry or a commit."""
    return "{tenant}/{type}/{id}@".format(**holder["stream"]) + str(holder["version"])


def name_in(line):
    """The same of a line that may hold anything; None where it tells none."""
    try:
        return name_of(check({field: parse(line)[field] for field in ENTRY}, ENTRY))
    except Exception:
        return None


def check_commits(directory, name):
    ends, broken = {}, None
    with opened(directory, name) as file:
        rest = lines_of(file)
        for position, (line, entry) in enumerate(zip_longest(rest, entries_of(directory))):
            named, own = hashes_in(line)
            if entry is None or not named == own == entry["hash"]:
                index = list(entries_of(directory))
                raise of_line(f"line {position + 1}", line, position, index) or of_entry(position, index, [line, *rest])
            commit = parse(line)
            if any(commit[field] != entry[field] for field in ENTRY):
                raise Finding("altered", name_of(entry), "the index tells of it otherwise than it does itself")
            broken = broken or of_chain(ends, commit)
    if broken:
        raise broken


def of_line(here, line, position, index):
    """`altered`, `inserted` or None: what the table of docs/audit.md says of a line, where those before it were index[:position]."""
    if line is None:
        return None
    named, own = hashes_in(line)
    positions = {entry["hash"]: at for at, entry in enumerate(index)}
    expected = name_of(index[position]) if position < len(index) else here
    if named is None or named != own:
        blamed = name_of(index[positions[named]]) if named in positions else expected
        return Finding("altered", blamed, "its hash is not that of what it holds")
    if named not in positions and name_in(line) == expected:
        return Finding("altered", expected, "it is not what was sealed, though its hash is right")
    if positions.get(named, -1) < position:
        why = "it stands there twice" if named in positions else "it was never sealed"
        return Finding("inserted", name_in(line) or here, why)
    return None


def of_entry(position, index, lines):
    """`reordered`, `missing` or `truncated`: what it says of an entry that is not met where it should be; `lines` are left."""
    entry, behind = index[position], {hashes_in(line)[0] for line in lines}
    if entry["hash"] in behind:
        return Finding("reordered", name_of(entry), "it stands behind later ones")
    later = [each for each in index[position + 1 :] if each["stream"] == entry["stream"]]
    if any(each["hash"] in behind for each in later):
        return Finding("missing", name_of(entry), "it is not there, though later ones of its stream are")
    return Finding("truncated", name_of(entry), f"its stream ends before it, and should end with {name_of([entry, *later][-1])}")


def of_chain(ends, commit):
    """`chain`, or None where the commit names the one before it, or that was not exported. `ends`: (next version, hash) by stream."""
    stream, version = (commit["stream"]["type"], commit["stream"]["id"]), commit["version"]
    next_version, last_hash = ends.get(stream, (1, NO_HASH))
    ends[stream] = (version + len(commit["events"]), commit["hash"])
    if version in (1, next_version) and commit["previousHash"] != (NO_HASH if version == 1 else last_hash):
        return Finding("chain", name_of(commit), "it does not name the hash of the commit before it")
    return None


# ---- The whole, and the command line


def verify(directory, given):
    """What was verified; raises the first finding."""
    with blaming("manifest", "manifest.json"):
        document = read_manifest(directory)
        manifest = document["body"]
    with blaming("key", "keys.jsonl"):
        keys = read_keys(directory, given)
    with blaming("manifest", "manifest.json"):
        check_signed_at(manifest["exportedAt"], document, keys)
    of_commits = check_files(directory, manifest["files"])
    last = check_windows(directory, manifest, keys)
    [name] = COMMITS & {file["name"] for file in manifest["files"]}
    with blaming("file", name):
        check_commits(directory, name)
    if of_commits:
        raise of_commits
    return {"lastDigest": last, **{field: manifest[field] for field in ("tenant", "commits", "events", "from", "to")}}


def result_of(directory, given):
    try:
        with blaming("file", directory):
            return {"ok": True, **verify(directory, given)}
    except Finding as finding:
        return {"ok": False, "finding": finding.kind, "name": finding.name, "why": finding.why}


def main():
    parser = argparse.ArgumentParser(description="Verifies an export of Daybook's audit trail.")
    parser.add_argument("directory", nargs="?", metavar="DIR", help="the export")
    parser.add_argument("--public-key", required=True, metavar="FILE", help="the public key that you trust, PEM")
    parser.add_argument("--json", action="store_true", help="write the result as JSON on stdout")
    parser.add_argument("--batch", action="store_true", help="read directories from stdin")
    options = parser.parse_args()
    if (options.directory is None) != options.batch or not options.batch and not os.path.isdir(options.directory):
        parser.error("give one directory, or --batch")
    try:
        with open(options.public_key, "rb") as file:
            given = der_of(serialization.load_pem_public_key(file.read()))
    except Exception as error:
        parser.error(f"--public-key {options.public_key}: {error}")
    code = 0
    for directory in map(str.rstrip, sys.stdin) if options.batch else [options.directory]:
        result = result_of(directory, given)
        if options.json or options.batch:
            print(json.dumps(result), flush=True)
        elif result["ok"]:
            what = "verified: {tenant}, {commits} commits ({events} events asked for), digests up to number {lastDigest}, {from} to {to}"
            print(what.format(**result))
        if not result["ok"]:
            code = 1
            name, kind, why = (json.dumps(result[field])[1:-1] for field in ("name", "finding", "why"))
            print(f"FINDING: {name} {kind}: {why}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
