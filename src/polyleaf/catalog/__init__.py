"""Catalogs: gettext PO files, read as they are and never compiled."""

from polyleaf.catalog.lookup import Catalogs, Translation
from polyleaf.catalog.read import Catalog, Entry, read_catalog

__all__ = ["Catalog", "Catalogs", "Entry", "Translation", "read_catalog"]
