"""The rules of model.check: one module a family, thresholds as data beside them (*.csv)."""
