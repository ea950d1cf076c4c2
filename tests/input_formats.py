"""The same documents in every format that is read, and web archives to order."""

import csv
import gzip
import io
import json
import tarfile
import zipfile

STORIES = (
    ("a1", "The harbour of Port Alder opened again on Monday, nine days after the storm."),
    ("a2", 'Ines Brandt said: "We mended the quay; it took 14 men, and a crane."\n\nSo it was.'),
    ("a3", "Größe, naïveté, Ђорђе and 港町 stay as they are, 3 < 4 & 5 > 4 as well."),
)


def jsonl(stories):
    return "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in stories).encode()


def array(stories):
    return json.dumps([{"id": name, "text": text} for name, text in stories], indent=1).encode()


def table(stories, separator=","):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator)
    writer.writerows([("id", "text"), *stories])
    return stream.getvalue().encode()


def tsv(stories):
    return table(stories, "\t")


def parquet_of(columns, **options):
    import pyarrow as pa
    from pyarrow import parquet

    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def parquet(stories):
    return parquet_of({"id": [one[0] for one in stories], "text": [one[1] for one in stories]})


def zipped(stories):
    return zip_of({f"{name}.txt": text.encode() for name, text in stories})


def zip_of(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(stories):
    return tar_of({f"{name}.txt": text.encode() for name, text in stories})


def tar_of(members, **fields):
    """An archive of files; `fields` are set on each member."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            for field, value in fields.items():
                setattr(member, field, value)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def wet(stories):
    return b"".join(warc_record("conversion", text.encode(), name) for name, text in stories)


def warc(stories):
    return b"".join(
        warc_record("response", http(text.encode(), "text/plain; charset=utf-8"), name)
        for name, text in stories
    )


def http(body, kind="text/html", status="200 OK", **headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc_record(kind, block, name="", url="https://alder.example/a", **headers):
    media = "text/plain" if kind == "conversion" else f"application/http; msgtype={kind}"
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": name,
        "WARC-Date": "2024-03-04T05:06:07Z",
        "WARC-Target-URI": url,
        "Content-Type": media,
        **{key.replace("_", "-"): value for key, value in headers.items()},
        "Content-Length": len(block),
    }
    head = "".join(f"{key}: {value}\r\n" for key, value in fields.items() if value != "")
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


FORMATS = {
    "rows.jsonl": jsonl,
    "rows.json": array,
    "rows.csv": table,
    "rows.tsv": tsv,
    "rows.parquet": parquet,
    "rows.zip": zipped,
    "rows.tar": tarred,
    "rows.tar.gz": lambda stories: gzip.compress(tarred(stories)),
    "rows.wet": wet,
    "rows.warc": warc,
    "rows.warc.gz": lambda stories: gzip.compress(warc(stories)),
}
