"""XML memory files, losslessly: read, repaired, edited by splices, merged."""
