"""Files of results on the clinic's page: looked at first, refused row by row, told what nothing can be held against."""

from __future__ import annotations

import json
import re

import pytest

from equipoise.safety.monitoring_tests import ANALYTES
from tests.support.clinic_web import CSV, Client, SmallClinic, count

CREATININE = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": ANALYTES["creatinine"].loinc}]},
    "subject": {"identifier": {"value": "N-17"}},
    "effectiveDateTime": "2026-11-19",
    "valueQuantity": {"value": 140, "code": "umol/L"},
}


def test_an_import_is_looked_at_first_then_confirmed(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    before = count(clinic, "result")
    client.get("/import")
    page = client.upload(CSV).text
    assert "what would happen" in page
    assert "nothing is written yet" in page
    assert count(clinic, "result") == before
    key = re.search(r'name="upload" value="([^"]+)"', page)
    assert key is not None
    client.post("/import/confirm", upload=key.group(1))
    assert "what was done" in client.page.text
    assert count(clinic, "result") == before + 1
    assert count(clinic, "unmatched") == 1
    assert client.post("/import/confirm", upload=key.group(1)).status_code == 410  # used up
    page = client.upload(CSV).text
    assert "There is nothing to import" in page
    assert "/import/confirm" not in page
    assert "<strong>1</strong> imported row kept aside" in client.get("/").text
    assert client.sent_files == []
    assert client.sent_files == []
    page = client.get("/aside").text
    assert "X-9" in page
    client.get("/add")
    client.post("/add", label="X-9", jurisdiction="EU")
    client.get("/aside")
    client.post("/aside")
    assert "1 of 1 rows belong to somebody now" in client.page.text
    assert count(clinic, "unmatched") == 0


@pytest.mark.parametrize(("name", "where"), [("a.csv", "line 2"), ("a.ndjson", "line 1")])
def test_a_look_says_which_rows_nothing_can_be_held_against(clinic: SmallClinic, name: str, where: str) -> None:
    client = clinic.client("ben")
    client.get("/import")
    text = "person,test,value,unit,taken_on\nN-17,creatinine,140,umol/L,2026-11-19\n"
    page = client.upload(text if name.endswith(".csv") else json.dumps(CREATININE), name).text
    assert "Nothing to hold against: 1 result" in page
    assert "Whether this is normal cannot be told: the laboratory&#39;s range is missing" in page
    assert f"{where.capitalize()}, “N-17”: Serum creatinine" in page
    assert ("reference_low" if name.endswith(".csv") else "referenceRange") in page
    key = re.search(r'name="upload" value="([^"]+)"', page)
    assert key is not None
    client.post("/import/confirm", upload=key.group(1))
    assert "hold them against" not in client.page.text  # said in a look; afterwards the list of the morning says it
    assert "Whether this is normal cannot be told" in client.get("/").text


def test_a_faulty_file_is_refused_row_by_row_and_nothing_is_kept(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    client.get("/import")
    faulty = CSV + "N-17,platelet-count,many,10*9/L,2026-11-19\nN-17,platelet-count,1,10*9/L,2030-01-01\n"
    assert client.upload(faulty).status_code == 422
    assert "2 faults; nothing was imported" in client.page.text
    assert '<th scope="row" data-column="Line">4</th>' in client.page.text
    assert 'name="upload"' not in client.page.text
    assert client.upload("a,b\n1,2\n", "<odd>.csv").status_code == 422
    assert "&lt;odd&gt;.csv, line 1" in client.page.text
    assert "equipoise-clinic-" not in client.page.text  # no path of this machine
    assert client.sent_files == []


@pytest.mark.parametrize("token", ["--as", "k3--x7"])
def test_a_fault_is_told_whatever_the_file_lies_under(
    clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    client = clinic.client("ben")
    client.get("/import")
    monkeypatch.setattr("equipoise.interfaces.clinic_web.submissions.new_token", lambda: token)
    client.upload("a,b\n1,2\n")
    assert "results.csv, line 1: the names of the columns are not right" in client.page.text
    assert "allowed: person" in client.page.text


def test_a_name_that_no_file_can_have_is_no_fault_of_the_page(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    client.get("/import")
    part = '--B\r\nContent-Disposition: form-data; name="{}\r\n\r\n{}\r\n'
    body = part.format('form_token"', client.token) + part.format('file"; filename="a.c\0sv"', "a,b") + "--B--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=B"}
    page = client.http.post("/import", content=body.encode(), headers=kind)
    assert page.status_code == 422
    assert "a.csv, line 1" in page.text


def test_one_session_cannot_import_what_another_sent(clinic: SmallClinic) -> None:
    client = clinic.client("ben")
    client.get("/import")
    key = re.search(r'name="upload" value="([^"]+)"', client.upload(CSV).text)
    assert key is not None
    before = count(clinic, "result")
    other = Client(clinic, client.app)
    other.sign_in("anna")
    assert other.post("/import/confirm", upload=key.group(1)).status_code == 410
    assert count(clinic, "result") == before
    client.post("/sign-out")
    assert client.sent_files == []
