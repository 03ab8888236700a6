"""Catalogs: gettext PO files, read as they are and never compiled."""

from polyleaf.catalog.lookup import Catalogs, Translation
from polyleaf.catalog.pseudo import PseudoCatalogs
from polyleaf.catalog.read import Catalog, Entry, read_catalog

__all__ = ["Catalog", "Catalogs", "Entry", "PseudoCatalogs", "Translation", "read_catalog"]
