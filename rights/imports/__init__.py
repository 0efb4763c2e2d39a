"""The rights register's file: read line by line, written all or nothing."""

from rights.imports.register import Report, import_rights
from rights.imports.table import BadFile, BadLine

__all__ = ["BadFile", "BadLine", "Report", "import_rights"]
