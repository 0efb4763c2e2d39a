"""The rights register's file: read line by line, written all or nothing."""

from rights.imports.lines import BadFile, BadLine
from rights.imports.register import Report, import_rights

__all__ = ["BadFile", "BadLine", "Report", "import_rights"]
