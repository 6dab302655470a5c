"""The two engines behind one expression: DuckDB in this process, or Spark for a site that has it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from equipoise.panel.extras import needs
from equipoise.vocabulary.errors import RequestError, UnknownTermError

ENGINES = ("duckdb", "spark")
# Below the 4 GB that an evaluation may take: Python and Arrow have their share too.
MEMORY_LIMIT = "3GB"
THREADS = 2
OLDEST_JAVA = 17


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    # Ibis calls functions that DuckDB is about to rename, and Spark warns about a newer pandas, which takes no part
    # here: nothing that whoever reads a panel could mend.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Engine(Protocol):
    """What an evaluation needs of an engine."""

    parts_at_once: int | None
    """How many parts are worked through together; ``None`` for all."""

    def read(self, name: str, files: Sequence[str]) -> Any:
        """Return Parquet files of one table as an expression; a name that was there stands for these files now."""

    def compiled(self, expression: Any) -> str:
        """Return an expression in the engine's own SQL, to be run for one part after the other."""

    def run(self, sql: str) -> Any:
        """Return what a compiled expression comes to, as an Arrow table."""

    def close(self) -> None:
        """Give everything back."""


class DuckDB:
    """DuckDB: one part after the other, within a memory limit, on this machine. Nothing is downloaded.

    Parameters
    ----------
    scratch
        A folder that it may spill to.
    threads, memory_limit
        How much of the machine it may use.
    """

    def __init__(self, scratch: Path, *, threads: int = THREADS, memory_limit: str = MEMORY_LIMIT) -> None:
        ibis = needs("ibis")
        needs("duckdb")
        self.parts_at_once: int | None = 1
        with _quiet():
            self._connection = ibis.duckdb.connect(
                threads=threads,
                memory_limit=memory_limit,
                temp_directory=str(scratch / "duckdb"),
                preserve_insertion_order=False,
                autoinstall_known_extensions=False,
                autoload_known_extensions=False,
            )

    def read(self, name: str, files: Sequence[str]) -> Any:
        """Return Parquet files of one table as an expression; a name that was there stands for these files now."""
        with _quiet():
            return self._connection.read_parquet(list(files), table_name=f"equipoise_{name}")

    def compiled(self, expression: Any) -> str:
        """Return an expression in DuckDB's SQL."""
        with _quiet():
            return str(self._connection.compile(expression))

    def run(self, sql: str) -> Any:
        """Return what a compiled expression comes to, as an Arrow table."""
        with _quiet():
            return self._connection.raw_sql(sql).to_arrow_table()

    def close(self) -> None:
        """Close the connection."""
        self._connection.disconnect()


class Spark:
    """Spark: all parts at once, on the cluster that the surrounding ``SPARK_*`` settings name, or on this machine.

    Raises
    ------
    RequestError
        If pyspark or Java is missing.
    """

    def __init__(self, scratch: Path, *, threads: int = THREADS) -> None:
        with _quiet():
            session = needs("pyspark.sql").SparkSession
            ibis = needs("ibis")
            _check_java()
            self.parts_at_once: int | None = None
            self._scratch = scratch
            builder = session.builder.appName("equipoise panel").config("spark.sql.session.timeZone", "UTC")
            builder = builder.config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
            builder = builder.config("spark.ui.showConsoleProgress", "false")
            if "SPARK_REMOTE" not in os.environ and "MASTER" not in os.environ:
                # Alone on this machine it listens to nobody else.
                builder = (
                    builder.master(f"local[{threads}]")
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.driver.memory", "3g")
                    .config("spark.sql.shuffle.partitions", str(4 * threads))
                    .config("spark.local.dir", str(scratch))
                    .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
                )
            self._session = builder.getOrCreate()
            self._connection = ibis.pyspark.connect(self._session)
        self._written = 0

    def read(self, name: str, files: Sequence[str]) -> Any:
        """Return Parquet files of one table as an expression; a name that was there stands for these files now."""
        with _quiet():
            self._session.read.parquet(*files).createOrReplaceTempView(f"equipoise_{name}")
            return self._connection.table(f"equipoise_{name}")

    def compiled(self, expression: Any) -> str:
        """Return an expression in Spark's SQL."""
        with _quiet():
            return str(self._connection.compile(expression))

    def run(self, sql: str) -> Any:
        """Return what a compiled expression comes to, as an Arrow table; Spark writes it as Parquet first."""
        folder = self._scratch / f"spark-{self._written}"
        self._written += 1
        with _quiet():
            self._session.sql(sql).write.parquet(str(folder))
        table = needs("pyarrow.parquet").read_table(folder)
        shutil.rmtree(folder, ignore_errors=True)
        return table

    def close(self) -> None:
        """Stop the session."""
        self._session.stop()


def engine(name: str, scratch: Path, *, threads: int = THREADS) -> Engine:
    """Return an engine by name.

    Raises
    ------
    UnknownTermError
        If there is none of that name.
    RequestError
        If what it needs is not installed.
    """
    if name == "duckdb":
        return DuckDB(scratch, threads=threads)
    if name == "spark":
        return Spark(scratch, threads=threads)
    raise UnknownTermError("engine", name, ENGINES)


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        raise RequestError(
            f"Spark needs Java {OLDEST_JAVA} or newer, and there is no 'java' on this machine.\n"
            "  do:      install it (Debian, Ubuntu: apt install openjdk-17-jre-headless), or use --engine duckdb,\n"
            "           which gives the same answer"
        )
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = _java_version(said.split('"')[1::2])
    if version is not None and version < OLDEST_JAVA:
        raise RequestError(
            f"Spark needs Java {OLDEST_JAVA} or newer; this machine has Java {version}.\n"
            "  do:      install a newer one and name it in JAVA_HOME, or use --engine duckdb"
        )


def _java_version(quoted: Iterable[str]) -> int | None:
    for text in quoted:
        first = text.split(".")
        # "1.8.0" is Java 8; from 9 on the first number counts.
        number = first[1] if first[0] == "1" and len(first) > 1 else first[0]
        if number.isdecimal():
            return int(number)
    return None
