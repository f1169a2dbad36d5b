"""Gates of the record, each with a red control: how many points are tried is given by who runs them (tests a slice, benchmarks all)."""
