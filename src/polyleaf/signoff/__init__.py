"""Sign-off: whether a leaflet in a locale may be given to a patient, and the sheet that a clinician reads first."""
