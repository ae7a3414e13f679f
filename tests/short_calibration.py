"""The work that tells how fast the host is, timed twice: tests measure hundreds of commits."""

from pathlib import Path

WORKLOAD = Path(__file__).parents[1] / "unladen" / "measure" / "calibration_workload.py"

names = {"__name__": "workload"}
exec(compile(WORKLOAD.read_text(), str(WORKLOAD), "exec"), names)
names["REPETITIONS"] = 2
names["main"]()
