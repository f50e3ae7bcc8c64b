PRAGMA version
