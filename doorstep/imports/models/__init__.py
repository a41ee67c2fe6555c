from doorstep.imports.models.batch import BatchState, ImportBatch, Mode
from doorstep.imports.models.file import ImportFile
from doorstep.imports.models.problem import Problem, Severity
from doorstep.imports.models.sighting import Sighting
from doorstep.imports.models.staged import Outcome, Staged, StagedKind

__all__ = [
    "BatchState",
    "ImportBatch",
    "ImportFile",
    "Mode",
    "Outcome",
    "Problem",
    "Severity",
    "Sighting",
    "Staged",
    "StagedKind",
]
