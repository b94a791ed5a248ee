"""The vakantiegemeente label: criteria, dossiers, decisions, awards and the public register."""
